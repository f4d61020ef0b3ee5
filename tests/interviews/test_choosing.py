"""A candidate chooses one of the proposed times."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.applications.states import ApplicationStatus
from portal.core import clock
from portal.core.db import db, session, transaction
from portal.core.errors import NotFound
from portal.interviews.actions.choosing import choose_time
from portal.interviews.actions.wishing import tell_us
from portal.interviews.models import InterviewHistory, InterviewTime
from portal.interviews.rules.own import NotNow
from portal.interviews.states import HistoryKind, InterviewState, TimeState, WishKind
from portal.outbox.states import DeliveryState
from portal.tasks.models import Task
from portal.tasks.states import TaskKind, TaskState
from tests.conftest import START, Time
from tests.factories import Made, add_event, make_staff, signed_in
from tests.interviews.meeting import (
    TUESDAY,
    WEDNESDAY,
    change,
    happened,
    mails,
    make_candidate,
    proposed,
    row_of,
    time_id,
    times_of,
    wishes_of,
)
from tests.pages import Browser


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander")


@pytest.fixture
def made(rita: int) -> Made:
    return make_candidate(rita)


@pytest.fixture
def ada(app: Flask, made: Made) -> Browser:
    return signed_in(app, made.person_id)


def choose(made: Made, one: str, time: str) -> None:
    choose_time(made.person_id, one, time, now=clock.now())


def test_two_taps_agree_on_a_time(ada: Browser, made: Made, rita: int) -> None:
    one = proposed(made, rita)
    page = ada.get(f"/me/interviews/{one}")
    assert "time" not in page.form(having="time").values, "a time is chosen beforehand"
    page = ada.submit(page, having="time", time=time_id(one))
    assert "the time is yours" in page.text
    assert "Your interview is on Tuesday 10 March 2026, 14:00" in page.text
    assert row_of(one).state is InterviewState.CONFIRMED
    assert times_of(one) == {TUESDAY: "taken", WEDNESDAY: "withdrawn"}
    assert [mail.person_id for mail in mails("interviews/confirmed")] == [made.person_id]
    assert "BEGIN:VCALENDAR" in mails("interviews/confirmed")[0].calendar


def test_without_a_choice_it_asks_for_one(ada: Browser, made: Made, rita: int) -> None:
    one = proposed(made, rita)
    page = ada.submit(ada.get(f"/me/interviews/{one}"), having="time", expect=422)
    assert "Please choose one of these times." in page.text
    assert row_of(one).starts_at is None


def test_a_double_tap_has_one_effect(made: Made, rita: int) -> None:
    one = proposed(made, rita)
    time = time_id(one)
    choose(made, one, time)
    choose(made, one, time)
    assert len(mails("interviews/confirmed")) == 1
    assert row_of(one).sequence == 1
    chosen = select(func.count(InterviewHistory.id)).where(InterviewHistory.kind == HistoryKind.CHOSEN)
    assert session().scalar(chosen) == 1


def test_the_second_of_two_windows_reads_that_it_has_its_time(ada: Browser, made: Made, rita: int) -> None:
    one = proposed(made, rita)
    page = ada.get(f"/me/interviews/{one}")
    choose(made, one, time_id(one))
    page = ada.submit(page, having="time", time=time_id(one, WEDNESDAY))
    assert "This interview has its time already." in page.text
    assert row_of(one).starts_at == TUESDAY


def test_a_time_that_was_taken_back_meanwhile_is_not_given(ada: Browser, made: Made, rita: int) -> None:
    one = proposed(made, rita)
    page = ada.get(f"/me/interviews/{one}")
    with transaction() as own:
        own.scalars(select(InterviewTime).where(InterviewTime.starts_at == TUESDAY)).one().state = TimeState.WITHDRAWN
    page = ada.submit(page, having="time", time=time_id(one))
    assert "That time is not to be had any more." in page.text
    assert "Wednesday 11 March 2026, 14:00" in page.text
    assert row_of(one).state is InterviewState.PROPOSED


def test_a_time_that_has_passed_is_not_given(made: Made, rita: int, time: Time) -> None:
    one = proposed(made, rita)
    chosen = time_id(one)
    time.at = TUESDAY + timedelta(minutes=1)
    with pytest.raises(NotNow):
        choose(made, one, chosen)


def test_when_all_times_have_passed_it_says_so_and_asks_what_would_fit(
    ada: Browser, made: Made, rita: int, time: Time
) -> None:
    one = proposed(made, rita)
    time.at = WEDNESDAY + timedelta(hours=1)
    page = ada.get(f"/me/interviews/{one}")
    assert "have gone by" in page.text
    assert f"/me/interviews/{one}/another-time" in page.links
    assert "expired" not in page.body.lower()


def test_nothing_is_chosen_in_an_application_that_has_ended(ada: Browser, made: Made, rita: int) -> None:
    one = proposed(made, rita)
    page = ada.get(f"/me/interviews/{one}")
    add_event(made.id, status=ApplicationStatus.NOT_SELECTED, message="We chose somebody else.", actor_id=rita)
    page = ada.submit(page, having="time", time=time_id(one))
    assert "There is nothing to choose here any more." in page.text
    assert "Your application has ended, so this interview does not take place." in page.text
    assert mails("interviews/confirmed") == []


def test_nobody_chooses_for_somebody_else(made: Made, rita: int) -> None:
    one = proposed(made, rita)
    bob = make_candidate(rita, "Bob Eriksen")
    with pytest.raises(NotFound):
        choose(bob, one, time_id(one))


def test_a_time_of_another_interview_is_not_given(made: Made, rita: int) -> None:
    one, other = proposed(made, rita), proposed(make_candidate(rita, "Bob Eriksen"), rita)
    with pytest.raises(NotNow):
        choose(made, one, time_id(other))


def test_what_they_had_asked_for_waits_no_more(made: Made, rita: int) -> None:
    one = proposed(made, rita)
    tell_us(made.person_id, one, WishKind.ANOTHER_TIME, words="Mornings.", now=clock.now())
    choose(made, one, time_id(one))
    assert wishes_of(one) == [("another_time", "Mornings.", False)]
    task = session().scalars(select(Task).where(Task.kind == TaskKind.INTERVIEW_WISH)).one()
    assert task.state is TaskState.DONE


def test_new_times_wait_for_the_mail_that_brings_them(ada: Browser, made: Made, rita: int) -> None:
    one = proposed(made, rita)
    happened(one, HistoryKind.MOVED, DeliveryState.QUEUED)
    change(one, state=InterviewState.MOVED)
    page = ada.get(f"/me/interviews/{one}")
    assert "being changed just now" in page.text
    assert "Tuesday 10 March" not in page.text
    with pytest.raises(NotNow):
        choose(made, one, time_id(one))


def test_one_that_is_to_be_chosen_anew_gets_its_new_time(made: Made, rita: int) -> None:
    one = proposed(made, rita)
    happened(one, HistoryKind.MOVED, DeliveryState.SENT, before=TUESDAY - timedelta(days=1))
    change(one, state=InterviewState.MOVED)
    choose(made, one, time_id(one, WEDNESDAY))
    assert (row_of(one).state, row_of(one).starts_at) == (InterviewState.CONFIRMED, WEDNESDAY)


def test_two_taps_at_once_have_one_effect(app: Flask, made: Made, rita: int) -> None:
    one = proposed(made, rita)
    first, second = time_id(one), time_id(one, WEDNESDAY)

    def tap(time: str) -> str:
        with app.app_context(), clock.running_from(lambda: START):
            try:
                choose(made, one, time)
            except NotNow as error:
                return error.message
            finally:
                db.session.remove()
        return ""

    db.session.remove()
    with ThreadPoolExecutor(4) as pool:
        said = [done.result() for done in [pool.submit(tap, each) for each in (first, second, first, second)]]
    assert sorted(times_of(one).values()) == ["taken", "withdrawn"]
    assert said.count("") == 2, "whoever tapped on the time that it got is told so twice"
    assert len(mails("interviews/confirmed")) == 1
    assert row_of(one).sequence == 1
