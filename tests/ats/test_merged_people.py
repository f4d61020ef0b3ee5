"""An import that runs while two records become one: its applications belong to the record that was kept."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

from flask import Flask
from sqlalchemy import select

from portal.applications.models import Application
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.people.models import Person
from portal.privacy.actions import merge_people
from tests import factories
from tests.accounts.visitors import RITA, hire
from tests.ats.exports import row, run, write_file

#: Seconds in which the import comes to the people it has to wait for.
_A_WHILE = 1.0


def test_a_record_that_is_emptied_meanwhile_gets_no_application(app: Flask, tmp_path: Path) -> None:
    hire()
    kept = factories.make_person("Ada Lind", "ada@home.example")
    gone = factories.make_person("Ada Lind", "ada@demo.example")
    path = write_file(tmp_path, [row(name="Ada L. Lind"), row(id="2", email="new@demo.example", name="Nora Berg")])
    is_merged, may_end = Event(), Event()

    def merge() -> None:
        with app.app_context():
            with transaction():
                merge_people(kept, gone, None, clock.now())
                is_merged.set()
                may_end.wait(_A_WHILE)
            end_reading()

    end_reading()
    with ThreadPoolExecutor(1) as pool:
        merging = pool.submit(merge)
        assert is_merged.wait(10)
        run(path, owner_email=RITA)
        may_end.set()
        merging.result()
    end_reading()
    owners = session().scalars(select(Application.person_id).order_by(Application.external_key)).all()
    assert len(owners) == 2
    assert kept in owners
    assert gone not in owners
    # Nor does the empty row get its name back.
    assert session().get_one(Person, gone).name == ""


def test_a_later_import_finds_the_record_that_was_kept(app: Flask, tmp_path: Path) -> None:
    hire()
    kept = factories.make_person("Ada Lind", "ada@home.example")
    gone = factories.make_person("Ada Lind", "ada@demo.example")
    run(write_file(tmp_path, [row()]), owner_email=RITA)
    with transaction():
        merge_people(kept, gone, None, clock.now())
    run(write_file(tmp_path, [row(stage="Offer"), row(id="2", job="Writer")]), owner_email=RITA)
    end_reading()
    assert set(session().scalars(select(Application.person_id))) == {kept}
