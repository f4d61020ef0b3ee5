"""The journal of erasures: written before the database knows, readable to nobody, and good after a restore."""

import stat
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from portal.contact.actions import choose
from portal.contact.states import Purpose
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.people.models import Person
from portal.privacy.actions import erase_again, erase_person, merge_people
from portal.privacy.adapters import Erased, journal_path, note_erased, read_journal
from portal.prospects.queries import erased_hash, erased_on_of
from tests import factories
from tests.accounts.visitors import hire
from tests.ats.exports import counts, row, run, write_file
from tests.conftest import Time
from tests.privacy.erasing import entries, is_gone, journal, what_had_been_said

__all__ = ["journal"]
ADA = "ada@canary.example"

pytestmark = pytest.mark.usefixtures("journal")


def bring_back(person_id: int, name: str, email: str, parked: str = "gonegonegone") -> None:
    """As a restored backup has them: the same row, full again."""
    restored = factories.make_person(name, email)
    with transaction() as own:
        old, new = own.get_one(Person, person_id), own.get_one(Person, restored)
        taken = old.public_id
        old.public_id = parked
        own.flush()
        new.public_id = taken
        new.created_at = clock.now() - timedelta(days=30)
    end_reading()


def restored_id(public_id: str) -> int:
    end_reading()
    return session().query(Person.id).filter(Person.public_id == public_id).scalar()


def test_an_erasure_is_a_line_that_names_nobody(app: Flask) -> None:
    ada = factories.make_person("Ada Lind", ADA)
    public_id = factories.public_id_of(ada)
    erase_person(ada, None, clock.now())
    assert entries() == [Erased(clock.now(), public_id, (erased_hash(ADA),))]
    assert stat.S_IMODE(journal_path().stat().st_mode) == 0o600
    assert "ada" not in journal_path().read_text().lower().replace(public_id.lower(), "")


def test_who_could_not_be_erased_is_not_in_it(app: Flask) -> None:
    rita = factories.make_staff()
    with pytest.raises(Exception, match="works here"):
        erase_person(rita, None, clock.now())
    assert entries() == []


def test_nobody_is_erased_whom_the_journal_cannot_name(app: Flask) -> None:
    ada = factories.make_person("Ada Lind", ADA)
    journal_path().mkdir()
    try:
        with pytest.raises(OSError, match="directory"):
            erase_person(ada, None, clock.now())
    finally:
        journal_path().rmdir()
    assert not is_gone(ada)


def test_a_crash_before_the_commit_loses_no_erasure(app: Flask) -> None:
    """The line is there, the database knows nothing: the next replay does it."""
    ada = factories.make_person("Ada Lind", ADA)
    with suppress(OperationalError), transaction():
        erase_person(ada, None, clock.now())
        raise OperationalError("commit", {}, Exception("killed"))
    assert not is_gone(ada)
    assert len(entries()) == 1
    assert erase_again([], clock.now()) == 1
    assert is_gone(ada)
    assert erase_again([], clock.now()) == 0
    assert len(entries()) == 1


def test_whoever_a_backup_brings_back_is_erased_again(app: Flask, time: Time) -> None:
    ada = factories.make_person("Ada Lind", ADA)
    public_id = factories.public_id_of(ada)
    erase_person(ada, None, clock.now())
    bring_back(ada, "Ada Lind", ADA)
    time.pass_by(days=3)
    assert erase_again([], clock.now()) == 1
    assert is_gone(restored_id(public_id))


def test_a_record_that_was_joined_since_the_backup_goes_too(app: Flask, time: Time) -> None:
    """The backup has both apart, as they were before they became one."""
    ada, other = factories.make_person("Ada Lind", ADA), factories.make_person("A. Lind", "lind@canary.example")
    both = [factories.public_id_of(one) for one in (ada, other)]
    merge_people(ada, other, None, clock.now())
    erase_person(ada, None, clock.now())
    bring_back(ada, "Ada Lind", ADA)
    time.pass_by(hours=1)
    bring_back(other, "A. Lind", "lind@canary.example", parked="goneonceagan")
    assert erase_again([], clock.now()) == 2
    assert all(is_gone(restored_id(one)) for one in both)


def test_who_gave_up_an_address_stays_when_its_next_owner_was_erased(app: Flask, time: Time) -> None:
    """The backup is from before Nora let it go; somebody else registered with it later, and was erased."""
    nora = factories.make_person("Nora Lindgren", ADA)
    note_erased(Erased(clock.now() + timedelta(days=1), "notherehere1", (erased_hash(ADA),)))
    time.pass_by(days=2)
    assert erase_again([], clock.now()) == 0
    assert not is_gone(nora)


def test_who_joined_again_by_themselves_stays(app: Flask, time: Time) -> None:
    ada = factories.make_person("Ada Lind", ADA)
    erase_person(ada, None, clock.now())
    time.pass_by(hours=1)
    again = factories.make_person("Ada Lind", ADA)
    assert erase_again([], clock.now()) == 0
    assert not is_gone(again)


def test_who_came_and_went_after_the_backup_is_not_brought_in_again(app: Flask, time: Time, tmp_path: Path) -> None:
    """The restored database has never heard of them; a list from another system has them still."""
    hire()
    note_erased(Erased(clock.now(), "cameandwent1", (erased_hash("ada@demo.example"),)))
    for _twice in range(2):
        assert erase_again([], clock.now()) == 0
    end_reading()
    report = run(write_file(tmp_path, [row(), row(id="2", email="bo@demo.example", name="Bo")]))
    (refused,) = report.refusals()
    assert "was deleted here on Wednesday 4 March 2026" in refused.reason
    assert counts(report) == (1, 0, 0, 1)


def test_what_is_known_of_an_erased_address_stays(app: Flask, time: Time) -> None:
    ada = factories.make_person("Ada Lind", ADA)
    choose(ada, Purpose.JOB_ALERTS, True, source="/join", now=clock.now())
    erase_person(ada, None, clock.now())
    before = what_had_been_said(erased_hash(ADA))
    time.pass_by(days=3)
    note_erased(Erased(clock.now(), "cameandwent1", (erased_hash(ADA),)))
    erase_again([], clock.now())
    assert before
    assert what_had_been_said(erased_hash(ADA)) == before
    assert erased_on_of([ADA]) == {ADA: clock.now().date()}


def test_journals_are_put_together_once(app: Flask, tmp_path: Path) -> None:
    ada, bo = factories.make_person("Ada Lind", ADA), factories.make_person("Bo Ek", "bo@canary.example")
    other = tmp_path / "from-the-backup.journal"
    line = f'{{"at":"{clock.now().isoformat()}","person":"{factories.public_id_of(bo)}","addresses":[],"joined":[]}}\n'
    other.write_text(line + "cut short in the mid")
    erase_person(ada, None, clock.now())
    assert erase_again([other, other, tmp_path / "not-there"], clock.now()) == 1
    assert is_gone(bo)
    assert erase_again([other], clock.now()) == 0
    assert [entry.public_id for entry in entries()][1:] == [factories.public_id_of(bo)]


def test_a_line_cut_short_by_a_crash_takes_nothing_with_it(app: Flask) -> None:
    with journal_path().open("a") as broken:
        broken.write('{"at":"2026-03-')
    ada = factories.make_person("Ada Lind", ADA)
    erase_person(ada, None, clock.now())
    assert len(read_journal(journal_path())) == 1


def test_a_colleague_of_a_restored_backup_is_left_and_the_others_go(app: Flask) -> None:
    rita, ada = factories.make_staff(), factories.make_person("Ada Lind", ADA)
    for person_id in (rita, ada):
        note_erased(Erased(clock.now(), factories.public_id_of(person_id), ()))
    assert erase_again([], clock.now()) == 1
    assert is_gone(ada)
    assert not is_gone(rita)
