"""A candidate chooses a time while a letter that ends their application waits: they notice nothing of it."""

from datetime import timedelta

import pytest
from flask import Flask

from portal.applications.actions.taking_back import take_back_letter
from portal.applications.queries import StaffScope, find_for_staff
from portal.core import clock
from portal.core.db import end_reading, transaction
from portal.core.permissions import Role
from portal.interviews.actions.changing import Move, call_off, move_interview
from portal.interviews.actions.choosing import choose_time
from portal.interviews.jobs import call_off_ended, remind
from portal.interviews.rules.arranging import Said
from portal.interviews.states import InterviewState
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from tests.applications.promise_jobs import send_what_is_due
from tests.conftest import Time
from tests.factories import Made, make_staff, signed_in
from tests.feedback.debts import end
from tests.interviews.arranging import outbox
from tests.interviews.meeting import TUESDAY, WEDNESDAY, make_candidate, row_of, time_id
from tests.interviews.rows import make_interview

pytestmark = pytest.mark.both_in_soak

SAID = Said("I am sorry.", None, "")


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def hugo(app: Flask) -> int:
    return make_staff("Hugo Berg", Role.HIRING_MANAGER, "hugo@example.org")


@pytest.fixture
def made(rita: int) -> Made:
    return make_candidate(rita)


@pytest.fixture
def one(made: Made, rita: int, hugo: int) -> str:
    return make_interview(
        made.id, rita, state=InterviewState.PROPOSED, times=(TUESDAY, WEDNESDAY), panel=[(hugo, None)]
    )


def choose(made: Made, one: str) -> None:
    choose_time(made.person_id, one, time_id(one), now=clock.now())
    end_reading()


def waiting_for(person_id: int) -> list[str]:
    """Kinds of mail about interviews that could go to this person now."""
    now = clock.now()
    theirs = [one for one in outbox() if one.person_id == person_id and one.state is not DeliveryState.CANCELLED]
    return [one.kind for one in theirs if one.state is DeliveryState.SENT or one.next_try_at <= now]


def arrived(person_id: int) -> None:
    """The mail server took what waited for this person."""
    for one in outbox():
        if one.person_id == person_id:
            with transaction() as own:
                row = own.get_one(Delivery, one.id)
                row.state, row.sent_at = DeliveryState.SENT, clock.now()


def scope_of(person_id: int) -> StaffScope:
    return StaffScope(person_id, Role.RECRUITER)


def take_ending_back(made: Made, rita: int) -> None:
    view = find_for_staff(made.public_id, scope_of(rita))
    assert view is not None
    assert view.waiting_ending is not None
    take_back_letter(made.public_id, view.waiting_ending.public_id, scope=scope_of(rita), now=clock.now())


def test_the_candidate_reads_what_they_always_read(app: Flask, made: Made, rita: int, one: str) -> None:
    end(made, rita)
    ada = signed_in(app, made.person_id)
    page = ada.submit(ada.get(f"/me/interviews/{one}"), having="time", time=time_id(one))
    assert "Thank you, the time is yours." in page.text
    assert "Your interview is on Tuesday 10 March" in page.text
    assert waiting_for(made.person_id) == ["interviews/confirmed"]


def test_whoever_arranges_it_hears_of_it_at_once_and_the_panel_does_not(
    made: Made, rita: int, hugo: int, one: str
) -> None:
    end(made, rita)
    choose(made, one)
    assert waiting_for(rita) == ["interviews/panel_confirmed"]
    assert waiting_for(hugo) == []


def test_the_panel_never_hears_of_an_interview_that_falls_away(
    made: Made, rita: int, hugo: int, one: str, time: Time
) -> None:
    end(made, rita)
    choose(made, one)
    time.at = clock.now() + timedelta(hours=1)
    send_what_is_due()
    call_off_ended(clock.now())
    assert row_of(one).state is InterviewState.CANCELLED
    assert waiting_for(hugo) == []
    assert waiting_for(rita) == ["interviews/panel_confirmed", "interviews/panel_cancelled"]


def test_when_the_ending_is_taken_back_the_panel_is_told(made: Made, rita: int, hugo: int, one: str) -> None:
    end(made, rita)
    choose(made, one)
    call_off_ended(clock.now())
    assert waiting_for(hugo) == []
    take_ending_back(made, rita)
    call_off_ended(clock.now())
    assert waiting_for(hugo) == ["interviews/panel_confirmed"]


def test_shortly_before_the_interview_the_panel_is_told_in_any_case(
    made: Made, rita: int, hugo: int, one: str, time: Time
) -> None:
    time.at = TUESDAY - timedelta(hours=2)
    end(made, rita)
    choose(made, one)
    assert waiting_for(hugo) == ["interviews/panel_confirmed"]


def test_without_an_ending_the_panel_is_told_at_once(made: Made, hugo: int, one: str) -> None:
    choose(made, one)
    assert waiting_for(hugo) == ["interviews/panel_confirmed"]


def test_nobody_is_reminded_of_what_they_were_not_told(made: Made, rita: int, hugo: int, one: str, time: Time) -> None:
    time.at = TUESDAY - timedelta(hours=40)
    end(made, rita)
    choose(made, one)
    arrived(made.person_id)
    time.at = TUESDAY - timedelta(hours=23)
    remind(clock.now())
    assert waiting_for(hugo) == []
    assert waiting_for(made.person_id) == ["interviews/confirmed", "interviews/reminder"]


def test_who_is_told_on_the_day_is_reminded_an_hour_before(
    made: Made, rita: int, hugo: int, one: str, time: Time
) -> None:
    time.at = TUESDAY - timedelta(hours=40)
    end(made, rita)
    choose(made, one)
    arrived(made.person_id)
    time.at = TUESDAY - timedelta(hours=3)
    arrived(hugo)
    for minutes, reminders in ((170, []), (50, ["interviews/panel_reminder"])):
        time.at = TUESDAY - timedelta(minutes=minutes)
        remind(clock.now())
        assert waiting_for(hugo) == ["interviews/panel_confirmed", *reminders]


def test_an_older_entry_does_not_follow_a_newer_one(made: Made, rita: int, hugo: int, one: str) -> None:
    end(made, rita)
    choose(made, one)
    take_ending_back(made, rita)
    move_interview(
        one, Move((WEDNESDAY,), "Europe/Warsaw", True, SAID), scope=scope_of(rita), seen=None, now=clock.now()
    )
    call_off_ended(clock.now())
    assert waiting_for(hugo) == ["interviews/panel_moved"]


def test_who_never_heard_of_it_does_not_hear_that_it_is_off(made: Made, rita: int, hugo: int, one: str) -> None:
    end(made, rita)
    choose(made, one)
    take_ending_back(made, rita)
    call_off(one, SAID, scope=scope_of(rita), seen=None, now=clock.now())
    call_off_ended(clock.now())
    assert waiting_for(hugo) == []
    assert waiting_for(rita) == ["interviews/panel_confirmed", "interviews/panel_cancelled"]
