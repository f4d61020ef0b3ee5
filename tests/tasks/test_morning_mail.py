"""The mail of the morning: once, in its window, only when something is due, and nobody's name in it."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.permissions import Role
from portal.desk.jobs import send_morning_mails
from portal.outbox.models import Delivery
from portal.people.actions import change_profile, change_staff
from portal.tasks.actions import choose_morning_mail
from tests.conftest import Time
from tests.factories import make_application, make_opening, make_person, make_staff, make_task, signed_in
from tests.tasks.test_task_pages import be_away

pytestmark = pytest.mark.both_in_soak

TODAY = date(2026, 3, 4)


@pytest.fixture
def rita(app: Flask) -> int:
    person_id = make_staff("Rita Sander", email="rita@example.org")
    signed_in(app, person_id)
    return person_id


def mails() -> list[Delivery]:
    end_reading()
    return list(session().scalars(select(Delivery).where(Delivery.kind == "tasks/morning").order_by(Delivery.id)))


def look_all_day(time: Time, hours: int = 24) -> None:
    for _ in range(hours * 2):
        send_morning_mails(clock.now())
        time.pass_by(minutes=30)


def test_one_mail_says_what_how_many_and_the_oldest(rita: int) -> None:
    opening = make_opening()
    for number in range(12):
        ada = make_application(opening, rita, name=f"Person {number}", promised=TODAY - timedelta(days=number % 2))
        make_task(rita, due=TODAY - timedelta(days=number), person_id=ada.person_id)
    send_morning_mails(clock.now())
    (mail,) = mails()
    assert mail.to_address == "rita@example.org"
    assert mail.subject == "24 things are due, the oldest since Saturday 21 February 2026"
    assert "12 letters did not arrive, since Saturday 21 February 2026" in mail.text
    assert "http://localhost/recruiting/tasks?kind=dead_letter" in mail.text
    assert "12 people wait for a word, since Tuesday 3 March 2026" in mail.text
    assert "http://localhost/recruiting/?whose=mine" in mail.text
    assert "http://localhost/recruiting/tasks#morning-mail" in mail.text
    assert "Person" not in mail.text + mail.html


def test_never_two_on_one_day_however_often_it_is_looked(rita: int, time: Time) -> None:
    make_task(rita)
    look_all_day(time, hours=20)
    assert len(mails()) == 1
    look_all_day(time)
    assert len(mails()) == 2


def test_a_worker_that_was_away_for_three_days_sends_one(rita: int, time: Time) -> None:
    make_task(rita)
    send_morning_mails(clock.now())
    time.pass_by(days=5, hours=1)
    look_all_day(time, hours=6)
    assert len(mails()) == 2


def test_none_at_other_hours_and_on_days_off(rita: int, time: Time) -> None:
    make_task(rita)
    time.pass_by(hours=3)
    look_all_day(time, hours=19)
    assert mails() == []
    time.pass_by(days=2, hours=2)
    look_all_day(time, hours=40)
    assert mails() == []


def test_none_when_nothing_is_due_nor_when_it_comes_later_in_the_morning(rita: int) -> None:
    make_task(rita, due=TODAY + timedelta(days=1))
    send_morning_mails(clock.now())
    make_task(rita)
    send_morning_mails(clock.now())
    assert mails() == []


def test_it_is_morning_where_somebody_is(rita: int, time: Time) -> None:
    change_profile(rita, name="Rita Sander", locale="en", timezone="America/New_York", actor_id=rita, now=clock.now())
    make_task(rita)
    time.pass_by(hours=4, minutes=50)
    send_morning_mails(clock.now())
    assert mails() == []
    time.pass_by(minutes=20)
    send_morning_mails(clock.now())
    assert len(mails()) == 1


def test_who_switched_it_off_gets_none(rita: int) -> None:
    make_task(rita)
    assert choose_morning_mail(rita, False, clock.now())
    assert not choose_morning_mail(rita, False, clock.now())
    send_morning_mails(clock.now())
    assert mails() == []
    choose_morning_mail(rita, True, clock.now())
    send_morning_mails(clock.now())
    assert len(mails()) == 1


def test_who_left_or_never_came_and_who_is_no_colleague_gets_none(app: Flask, rita: int) -> None:
    invited, gone = make_staff("Invited"), make_staff("Gone")
    signed_in(app, gone)
    signed_in(app, make_person())
    for owner in (invited, gone):
        make_task(owner)
    with transaction():
        change_staff(gone, role=Role.RECRUITER, lead_id=None, is_active=False)
    send_morning_mails(clock.now())
    assert mails() == []


def test_one_thing_is_named_and_leads_to_itself(rita: int) -> None:
    make_task(rita)
    send_morning_mails(clock.now())
    (mail,) = mails()
    assert mail.subject == "1 letter did not arrive"
    assert "http://localhost/recruiting/tasks/" in mail.text


def test_the_stand_in_reads_what_a_colleague_who_is_away_owes(app: Flask, rita: int) -> None:
    omar = make_staff("Omar Haddad", email="omar@example.org")
    signed_in(app, omar)
    be_away(rita, omar)
    make_application(make_opening(), rita, name="Ada Lind")
    send_morning_mails(clock.now())
    found = {mail.to_address: mail.text for mail in mails()}
    assert "1 person waits for a word from Rita Sander, who is away" in found["omar@example.org"]


def test_a_mail_that_waits_until_the_next_day_is_not_sent(rita: int) -> None:
    make_task(rita)
    send_morning_mails(clock.now())
    assert mails()[0].expires_at.isoformat() == "2026-03-04T23:00:00+00:00"
