"""What came to somebody by mail is theirs to read, goes with them, and follows them when two records become one."""

from flask import Flask
from sqlalchemy import func, select

from portal.contact.actions import stop
from portal.contact.states import Purpose, Rhythm
from portal.core.db import session, transaction
from portal.digests.models import MailedUpdate
from portal.digests.privacy import erase, export, merge
from portal.outbox.privacy import merge as merge_letters
from tests.conftest import Time
from tests.digests.mails import mails_to, prepare, reader, way_of, work
from tests.factories import make_staff
from tests.updates.posting import post


def rows_of(person_id: int) -> int:
    return session().scalar(select(func.count()).where(MailedUpdate.person_id == person_id)) or 0


def test_people_read_which_updates_came_by_mail(app: Flask, time: Time) -> None:
    ada, weekly, rita = reader(), reader("Bo Ek", Rhythm.WEEKLY), make_staff()
    post(rita)
    work()
    ((title, said),) = export(ada)[0].rows
    assert title == "What we pay"
    assert said.startswith("came on Wednesday")
    assert export(weekly)[0].rows == [("What we pay", "waits for your next mail with several updates")]


def test_people_read_that_a_letter_never_came(app: Flask, time: Time) -> None:
    ada, rita = reader(), make_staff()
    time.pass_by(hours=14)
    post(rita)
    prepare()
    assert export(ada)[0].rows == [("What we pay", "is on its way")]
    stop(ada, [Purpose.INSIDER_UPDATES], source="/unsubscribe", now=time.at)
    time.pass_by(hours=12)
    work()
    assert export(ada)[0].rows == [("What we pay", "did not come by mail")]


def test_whoever_is_erased_leaves_nothing(app: Flask, time: Time) -> None:
    ada = reader()
    post(make_staff())
    work()
    erase(ada, time.at)
    assert rows_of(ada) == 0


def test_two_records_that_become_one_get_an_update_once(app: Flask, time: Time) -> None:
    kept, gone, rita = reader(), reader("Ada L."), make_staff()
    time.pass_by(hours=14)
    slug = post(rita)
    prepare()
    with transaction():
        merge_letters(kept, gone, time.at)
        merge(kept, gone, time.at)
    assert (rows_of(kept), rows_of(gone)) == (1, 0)
    time.pass_by(hours=14)
    work()
    assert len(mails_to(kept)) + len(mails_to(gone)) == 1
    assert way_of(slug, kept)


def test_what_one_record_got_does_not_come_to_the_other_again(app: Flask, time: Time) -> None:
    kept, gone, rita = reader(rhythm=Rhythm.MONTHLY), reader("Ada L."), make_staff()
    post(rita)
    work()
    with transaction():
        merge_letters(kept, gone, time.at)
        merge(kept, gone, time.at)
    for _day in range(40):
        time.pass_by(days=1)
        work()
    assert len(mails_to(kept)) == 0
    assert len(mails_to(gone)) == 1
