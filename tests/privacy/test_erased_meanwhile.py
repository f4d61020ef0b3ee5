"""An import that runs while somebody is erased: nothing is added to the row that stays empty."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

from flask import Flask
from sqlalchemy import select

from portal.applications.models import Application
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.people.models import Person
from portal.privacy.actions import erase_person
from tests import factories
from tests.accounts.visitors import RITA, hire
from tests.ats.exports import row, run, write_file

#: Seconds in which the import comes to the people it has to wait for.
_A_WHILE = 1.0


def test_nothing_is_imported_to_somebody_who_is_erased_meanwhile(app: Flask, tmp_path: Path) -> None:
    hire()
    gone = factories.make_person("Ada Lind", "ada@demo.example")
    path = write_file(
        tmp_path,
        [row(name="Ada L. Lind", applied="2026-03-05"), row(id="2", email="new@demo.example", name="Nora Berg")],
    )
    is_erased, may_end = Event(), Event()

    def erase() -> None:
        with app.app_context():
            with transaction():
                erase_person(gone, None, clock.now())
                is_erased.set()
                may_end.wait(_A_WHILE)
            end_reading()

    end_reading()
    with ThreadPoolExecutor(1) as pool:
        erasing = pool.submit(erase)
        assert is_erased.wait(10)
        run(path, owner_email=RITA)
        may_end.set()
        erasing.result()
    end_reading()
    owners = session().scalars(select(Application.person_id)).all()
    assert len(owners) == 2
    assert gone not in owners
    assert session().get_one(Person, gone).name == ""
