"""Promises 1 and 2 over random histories in which everything can happen to everybody, with the clock in hand."""

import pytest
from flask import Flask
from sqlalchemy import select

from portal.applications import jobs
from portal.applications.queries import find_application_of
from portal.applications.states import AUTOMATIC
from portal.contact.actions import suppress
from portal.core import clock
from portal.core.db import end_reading, session
from portal.outbox.actions import retry_dead_letter
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from tests import factories
from tests.applications.machine.running import run
from tests.applications.promise_jobs import send_what_is_due
from tests.conftest import Time


@pytest.mark.only("sqlite")  # the long run tries both
def test_nobody_is_left_in_silence_and_nothing_ends_in_any_other_way(app: Flask, database: str, time: Time) -> None:
    run(app, database, time, examples=3, steps=20)


def test_a_note_that_reached_nobody_is_on_the_page_before_another_is_thought_of(app: Flask, time: Time) -> None:
    """Found by the machine: two notes on one day, the second because the first was not on the page yet."""
    rita = factories.make_staff()
    made = factories.make_application(factories.make_opening(recruiter_id=rita), rita)
    suppress(factories.primary_email(made.person_id), code=550, words="5.1.1 no such user", now=clock.now())
    time.pass_by(hours=10)
    for _minute in range(3):
        jobs.break_silences(clock.now())
        time.pass_by(days=1)
        send_what_is_due()
    jobs.settle_lost_notes(clock.now())
    end_reading()
    shown = find_application_of(made.person_id, made.public_id)
    assert shown is not None
    assert sum(event.kind in AUTOMATIC for event in shown.events) == 1


def test_a_note_that_the_page_tells_goes_no_more_by_mail(app: Flask, time: Time) -> None:
    """Found by the machine: tried again by an admin, it came after an ending and said that there was no news."""
    rita = factories.make_staff()
    made = factories.make_application(factories.make_opening(recruiter_id=rita), rita)
    time.pass_by(days=1)
    jobs.break_silences(clock.now())
    time.pass_by(hours=6)
    assert send_what_is_due("refused") == 1
    jobs.settle_lost_notes(clock.now())
    end_reading()
    shown = find_application_of(made.person_id, made.public_id)
    assert shown is not None
    assert sum(event.kind in AUTOMATIC for event in shown.events) == 1
    states = select(Delivery.key, Delivery.state).where(Delivery.kind == "applications/holding_note")
    key, state = session().execute(states).one()
    assert state is DeliveryState.DEAD
    retry_dead_letter(key, may_lift=True, actor_id=rita, now=clock.now())
    assert send_what_is_due() == 0
    assert session().execute(states).one() == (key, DeliveryState.CANCELLED)
