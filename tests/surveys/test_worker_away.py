"""A worker that was away for an hour, for days or for weeks, at each touchpoint, with all of its jobs that matter."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from portal.applications.actions.withdrawing import withdraw_application
from portal.applications.states import ApplicationStatus
from portal.community.actions import join
from portal.contact.actions.consents import choose
from portal.contact.states import Purpose
from portal.core import clock
from portal.core.db import end_reading, transaction
from portal.interviews.states import InterviewState
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState, WhyStopped
from portal.people.models import Person
from portal.surveys.actions.answering import answer_survey, save_answers
from portal.surveys.jobs import ask_people, remind_people
from portal.surveys.states import Touchpoint, WhyNotAsked
from portal.timetable import TIMETABLE
from portal.worker import run_worker
from tests.conftest import START, Time
from tests.factories import Made, add_event, make_staff, make_submission, signed_in
from tests.feedback.debts import end, meet, write_feedback
from tests.interviews.rows import make_interview
from tests.surveys.asking import LATER, asked, candidate, deliveries, survey_mails, told, why_not, withdrew
from tests.surveys.results import reach_of
from tests.surveys.rows import make_survey

pytestmark = pytest.mark.both_in_soak

HOUR, THREE_DAYS, THREE_WEEKS = timedelta(hours=1), timedelta(days=3), timedelta(weeks=3)
#: What has to do with who is asked, in the order in which the worker does it.
JOBS = tuple(one for one in TIMETABLE if one.name.split("/")[0] in {"worker", "surveys", "feedback", "applications"})
ANSWERS = {"q-recommend": ["9"]}


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander")


@pytest.fixture
def ada(rita: int) -> Made:
    return candidate(rita)


def work(app: Flask) -> None:
    """The worker is here, and does all that is due."""
    end_reading()
    assert run_worker(app, until_idle=True, stop=threading.Event(), timetable=JOBS) == 0
    end_reading()


def be_away(time: Time, away: timedelta) -> None:
    time.at += away


def sent() -> list[str]:
    """Which mails about surveys a mail server has taken, the first one first."""
    mails = [one for one in survey_mails() if one.state is DeliveryState.SENT]
    return [one.kind for one in sorted(mails, key=lambda one: (one.sent_at, one.id))]


def stays_so(app: Flask, time: Time) -> None:
    """However often the worker looks again on the same day, it asks nobody a second time."""
    before = [(one.id, one.why_not) for one in asked()], len(survey_mails())
    for _time in range(2):
        time.pass_by(minutes=20)
        work(app)
    assert ([(one.id, one.why_not) for one in asked()], len(survey_mails())) == before


# Each touchpoint


@pytest.mark.parametrize(
    ("away", "expected"), [(HOUR, None), (THREE_DAYS, None), (THREE_WEEKS, WhyNotAsked.TOO_LATE)], ids=str
)
@pytest.mark.parametrize(
    "touchpoint", [Touchpoint.INTERVIEWED, Touchpoint.NOT_SELECTED, Touchpoint.LEFT, Touchpoint.HIRED]
)
def test_whoever_was_to_be_asked_meanwhile_is_asked_once_or_not_any_more(
    app: Flask, ada: Made, rita: int, time: Time, touchpoint: Touchpoint, away: timedelta, expected: WhyNotAsked | None
) -> None:
    survey_id = make_survey(touchpoint)
    if touchpoint is Touchpoint.INTERVIEWED:
        make_interview(ada.id, rita, state=InterviewState.DONE, starts_at=clock.now())
        time.pass_by(hours=4, minutes=44)
    elif touchpoint is Touchpoint.LEFT:
        withdrew(ada)
        time.pass_by(hours=23)
    elif touchpoint is Touchpoint.HIRED:
        told(ada, ApplicationStatus.HIRED)
        time.pass_by(days=13, hours=23)
    else:
        told(ada)
        time.pass_by(days=6, hours=23)
    work(app)
    assert asked() == []
    be_away(time, away)
    work(app)
    assert why_not() == [expected]
    assert sent() == ([] if expected else [f"surveys/{touchpoint}"])
    stays_so(app, time)
    reached = reach_of(survey_id)
    assert (reached.asked, reached.passed_over) == ((0, {expected: 1}) if expected else (1, {}))


@pytest.mark.parametrize(("away", "is_asked"), [(HOUR, True), (THREE_DAYS, True), (THREE_WEEKS, False)], ids=str)
def test_the_receipt_asks_while_the_worker_is_away_and_not_weeks_later(
    app: Flask, ada: Made, time: Time, away: timedelta, is_asked: bool
) -> None:
    survey_id = make_survey(Touchpoint.APPLIED)
    make_submission(ada.public_id, ada.person_id)
    be_away(time, away)
    page = signed_in(app, ada.person_id).get(f"/me/applications/{ada.public_id}/received")
    assert ("/received/survey" in page.body) is is_asked
    assert asked() == []
    work(app)
    assert why_not() == [None if is_asked else WhyNotAsked.TOO_LATE]
    assert survey_mails() == []
    stays_so(app, time)
    assert reach_of(survey_id).asked == int(is_asked)


@pytest.mark.parametrize("away", [HOUR, THREE_DAYS, THREE_WEEKS], ids=str)
def test_the_pulse_has_no_moment_that_passes_and_the_next_is_a_year_after_it_went(
    app: Flask, ada: Made, time: Time, away: timedelta
) -> None:
    make_survey(Touchpoint.COMMUNITY)
    join(ada.person_id, (), clock.now())
    choose(ada.person_id, Purpose.COMMUNITY_PULSE, True, source="/me/preferences", now=clock.now())
    add_event(ada.id, promised=LATER.replace(year=2028), message="Word.")
    time.pass_by(days=29, hours=22)
    work(app)
    assert asked() == []
    be_away(time, away)
    work(app)
    assert sent() == ["surveys/community"]
    stays_so(app, time)
    answer_survey(asked()[0].id, given=ANSWERS, now=clock.now())
    time.pass_by(days=363)
    work(app)
    assert sent() == ["surveys/community"]
    time.pass_by(days=3)
    work(app)
    assert sent() == ["surveys/community"] * 2


def test_the_pulse_comes_to_nobody_in_the_week_after_a_rejection_however_late_it_is(
    app: Flask, ada: Made, rita: int, time: Time
) -> None:
    make_survey(Touchpoint.COMMUNITY)
    join(ada.person_id, (), clock.now())
    choose(ada.person_id, Purpose.COMMUNITY_PULSE, True, source="/me/preferences", now=clock.now())
    time.pass_by(days=33)
    end(ada, rita)
    time.pass_by(hours=2)
    work(app)
    assert asked() == []
    time.pass_by(days=6)
    work(app)
    assert asked() == []
    time.pass_by(days=2)
    work(app)
    assert sent() == ["surveys/community"]


# What was to reach them first


@pytest.mark.parametrize("away", [HOUR, THREE_DAYS, THREE_WEEKS], ids=str)
def test_the_clock_of_a_rejection_starts_when_its_letter_was_accepted_however_late(
    app: Flask, ada: Made, rita: int, time: Time, away: timedelta
) -> None:
    make_survey(Touchpoint.NOT_SELECTED)
    end(ada, rita)
    (letter,) = deliveries()
    be_away(time, away)
    while letter.sent_at is None:
        time.pass_by(hours=4)
        work(app)
        (letter,) = [one for one in deliveries() if one.id == letter.id]
    assert letter.sent_at >= START + away
    assert asked() == []
    time.at = letter.sent_at + timedelta(days=6, hours=22)
    work(app)
    assert asked() == []
    time.pass_by(hours=2)
    work(app)
    assert sent() == ["surveys/not_selected"]


@pytest.mark.parametrize("away", [HOUR, THREE_DAYS, THREE_WEEKS], ids=str)
def test_who_took_it_back_is_asked_the_day_after_we_confirmed_it(
    app: Flask, ada: Made, time: Time, away: timedelta
) -> None:
    make_survey(Touchpoint.LEFT)
    withdraw_application(ada.person_id, ada.public_id, why="", now=clock.now())
    be_away(time, away)
    work(app)
    assert [one.state for one in deliveries(["applications/withdrawn"])] == [DeliveryState.SENT]
    assert asked() == []
    time.pass_by(hours=23)
    work(app)
    assert asked() == []
    time.pass_by(hours=1)
    work(app)
    assert sent() == ["surveys/left"]


def test_feedback_that_waits_for_office_hours_comes_before_the_survey(
    app: Flask, ada: Made, rita: int, time: Time
) -> None:
    make_survey(Touchpoint.NOT_SELECTED)
    meet(ada, rita)
    # A Friday.
    time.at = datetime(2026, 3, 6, 14, 0, tzinfo=UTC)
    told(ada)
    work(app)
    time.at = datetime(2026, 3, 13, 13, 0, tzinfo=UTC)
    work(app)
    write_feedback(ada, rita)
    # The last day for it is not over, and the survey would be due; what was approved goes first.
    time.pass_by(hours=1)
    ask_people(clock.now())
    assert asked() == []
    be_away(time, THREE_DAYS)
    work(app)
    assert survey_mails() == []
    time.pass_by(days=1)
    work(app)
    assert sent() == ["surveys/not_selected"]


# Over a night in which the clocks change


def test_a_change_of_the_clock_while_it_was_away_moves_no_hour(app: Flask, ada: Made, rita: int, time: Time) -> None:
    make_survey(Touchpoint.LEFT)
    # Saturday, 18:00 in Warsaw; after a night that has an hour less.
    time.at = datetime(2026, 3, 28, 17, 0, tzinfo=UTC)
    withdrew(ada)
    work(app)
    time.at = datetime(2026, 3, 29, 15, 59, tzinfo=UTC)
    work(app)
    assert asked() == []
    time.at = datetime(2026, 3, 29, 16, 10, tzinfo=UTC)
    work(app)
    assert sent() == ["surveys/left"]
    stays_so(app, time)


# At what hour it comes back


@pytest.mark.parametrize("zone", ["Europe/Warsaw", "America/New_York"])
def test_coming_back_at_night_it_asks_in_the_morning_of_each(app: Flask, ada: Made, time: Time, zone: str) -> None:
    make_survey(Touchpoint.LEFT)
    with transaction() as own:
        own.get_one(Person, ada.person_id).timezone = zone
    withdrew(ada)
    morning = {"Europe/Warsaw": 7, "America/New_York": 13}[zone]
    time.at = datetime(2026, 3, 7, 2, 30, tzinfo=UTC)
    for hour in range(3, morning):
        time.at = datetime(2026, 3, 7, hour, 30, tzinfo=UTC)
        if hour >= 5 or zone == "Europe/Warsaw":
            work(app)
            assert asked() == []
    time.at = datetime(2026, 3, 7, morning, 0, tzinfo=UTC)
    work(app)
    assert sent() == ["surveys/left"]


# A mail that was written when it went away


def asked_and_gone(ada: Made, time: Time) -> None:
    """Ada was asked, and the worker was gone before any mail server had the mail."""
    make_survey(Touchpoint.LEFT)
    withdrew(ada)
    time.pass_by(days=1)
    ask_people(clock.now())
    end_reading()
    (mail,) = survey_mails()
    assert mail.state is DeliveryState.QUEUED


@pytest.mark.parametrize("away", [HOUR, THREE_DAYS], ids=str)
def test_it_goes_when_the_worker_is_back(app: Flask, ada: Made, time: Time, away: timedelta) -> None:
    asked_and_gone(ada, time)
    be_away(time, away)
    work(app)
    assert sent() == ["surveys/left"]
    stays_so(app, time)


def test_it_does_not_go_to_who_has_answered_meanwhile(app: Flask, ada: Made, time: Time) -> None:
    asked_and_gone(ada, time)
    answer_survey(asked()[0].id, given=ANSWERS, now=clock.now())
    be_away(time, HOUR)
    work(app)
    assert sent() == []


def test_it_does_not_go_while_an_outcome_waits_and_is_written_anew_afterwards(
    app: Flask, ada: Made, rita: int, time: Time
) -> None:
    asked_and_gone(ada, time)
    other = candidate(rita, person_id=ada.person_id, title="Engineer")
    end(other, rita)
    be_away(time, HOUR)
    work(app)
    kinds = [one.kind for one in deliveries() if one.state is DeliveryState.SENT and one.person_id == ada.person_id]
    assert kinds[0] != "surveys/left"
    assert sent() == ["surveys/left"]
    stays_so(app, time)


def test_about_an_interview_it_does_not_go_to_who_has_read_meanwhile_how_it_ended(
    app: Flask, ada: Made, rita: int, time: Time
) -> None:
    make_survey(Touchpoint.INTERVIEWED)
    make_interview(ada.id, rita, state=InterviewState.DONE, starts_at=clock.now())
    time.pass_by(hours=5)
    ask_people(clock.now())
    withdrew(ada)
    be_away(time, HOUR)
    work(app)
    assert sent() == []


@pytest.mark.parametrize("touchpoint", [Touchpoint.INTERVIEWED, Touchpoint.LEFT])
def test_three_weeks_later_it_does_not_go_and_they_count_as_not_asked(
    app: Flask, ada: Made, rita: int, time: Time, touchpoint: Touchpoint
) -> None:
    survey_id = make_survey(touchpoint)
    if touchpoint is Touchpoint.LEFT:
        withdrew(ada)
    else:
        make_interview(ada.id, rita, state=InterviewState.DONE, starts_at=clock.now() - timedelta(hours=3))
    time.pass_by(days=1)
    ask_people(clock.now())
    assert reach_of(survey_id).asked == 1
    be_away(time, THREE_WEEKS)
    work(app)
    assert sent() == []
    work(app)
    assert why_not() == [WhyNotAsked.TOO_LATE]
    reached = reach_of(survey_id)
    assert (reached.asked, reached.passed_over) == (0, {WhyNotAsked.TOO_LATE: 1})


def test_whoever_had_begun_keeps_what_they_saved(app: Flask, ada: Made, time: Time) -> None:
    asked_and_gone(ada, time)
    save_answers(asked()[0].id, ANSWERS, now=clock.now())
    be_away(time, THREE_WEEKS)
    work(app)
    assert sent() == []
    assert [(one.why_not, one.is_opened) for one in asked()] == [(None, True)]


# Reminders


def test_the_reminder_comes_three_days_after_the_mail_that_came_late(app: Flask, ada: Made, time: Time) -> None:
    asked_and_gone(ada, time)
    be_away(time, THREE_DAYS)
    time.pass_by(hours=2)
    work(app)
    time.pass_by(days=2, hours=23)
    work(app)
    assert sent() == ["surveys/left"]
    time.pass_by(hours=1)
    work(app)
    assert sent() == ["surveys/left", "surveys/reminder"]
    stays_so(app, time)


@pytest.mark.parametrize(("away", "count"), [(HOUR, 1), (THREE_DAYS, 1), (THREE_WEEKS, 0)], ids=str)
def test_a_reminder_that_was_due_meanwhile_goes_once_or_not_any_more(
    app: Flask, ada: Made, time: Time, away: timedelta, count: int
) -> None:
    asked_and_gone(ada, time)
    work(app)
    time.pass_by(days=2, hours=23)
    work(app)
    assert sent() == ["surveys/left"]
    be_away(time, away)
    work(app)
    assert sent() == ["surveys/left"] + ["surveys/reminder"] * count
    stays_so(app, time)


def test_a_reminder_that_was_written_does_not_go_to_who_has_answered_since(app: Flask, ada: Made, time: Time) -> None:
    asked_and_gone(ada, time)
    work(app)
    time.pass_by(days=3)
    remind_people(clock.now())
    assert len(survey_mails()) == 2
    answer_survey(asked()[0].id, given=ANSWERS, now=clock.now())
    be_away(time, HOUR)
    work(app)
    assert sent() == ["surveys/left"]


def test_nobody_is_reminded_of_an_interview_three_weeks_ago(app: Flask, ada: Made, rita: int, time: Time) -> None:
    make_survey(Touchpoint.INTERVIEWED)
    make_interview(ada.id, rita, state=InterviewState.DONE, starts_at=clock.now())
    time.pass_by(days=7)
    work(app)
    assert sent() == ["surveys/interviewed"]
    be_away(time, timedelta(days=9))
    work(app)
    assert sent() == ["surveys/interviewed"]


# Several at once


def test_who_came_past_one_touchpoint_twice_meanwhile_is_asked_once(
    app: Flask, ada: Made, rita: int, time: Time
) -> None:
    survey_id = make_survey(Touchpoint.LEFT)
    other = candidate(rita, person_id=ada.person_id, title="Engineer")
    withdrew(ada)
    time.pass_by(hours=5)
    withdrew(other)
    be_away(time, THREE_DAYS)
    work(app)
    time.pass_by(minutes=10)
    work(app)
    assert sent() == ["surveys/left"]
    assert why_not() == [None, WhyNotAsked.ASKED_LATELY]
    assert reach_of(survey_id).passed_over == {WhyNotAsked.ASKED_LATELY: 1}


def test_who_was_interviewed_and_left_meanwhile_is_asked_about_all_of_it_once(
    app: Flask, ada: Made, rita: int, time: Time
) -> None:
    interviewed = make_survey(Touchpoint.INTERVIEWED)
    make_survey(Touchpoint.LEFT)
    make_interview(ada.id, rita, state=InterviewState.DONE, starts_at=clock.now())
    time.pass_by(hours=5)
    withdrew(ada)
    be_away(time, THREE_DAYS)
    work(app)
    assert sent() == ["surveys/left"]
    assert reach_of(interviewed).passed_over == {WhyNotAsked.TOO_LATE: 1}


def test_who_waits_for_our_word_since_is_not_asked_before_they_have_it(
    app: Flask, ada: Made, rita: int, time: Time
) -> None:
    make_survey(Touchpoint.INTERVIEWED)
    add_event(ada.id, promised=clock.now().date() + timedelta(days=1), message="Word.")
    make_interview(ada.id, rita, state=InterviewState.DONE, starts_at=clock.now())
    be_away(time, THREE_DAYS)
    work(app)
    assert survey_mails() == []
    add_event(ada.id, promised=LATER, message="Here is our word.")
    time.pass_by(minutes=20)
    work(app)
    assert sent() == ["surveys/interviewed"]


# Counts


def test_who_was_counted_and_is_asked_anew_counts_once(app: Flask, ada: Made, rita: int, time: Time) -> None:
    asked_and_gone(ada, time)
    survey_id = asked()[0].survey_id
    assert reach_of(survey_id).asked == 1
    other = candidate(rita, person_id=ada.person_id, title="Engineer")
    end(other, rita)
    be_away(time, HOUR)
    work(app)
    time.pass_by(minutes=20)
    work(app)
    assert sent() == ["surveys/left"]
    assert reach_of(survey_id).asked == 1


def test_a_mail_that_nobody_may_take_back_is_not_written_twice(app: Flask, ada: Made, time: Time) -> None:
    asked_and_gone(ada, time)
    with transaction() as own:
        own.execute(
            update(Delivery)
            .where(Delivery.kind == "surveys/left")
            .values(attempts=1, first_tried_at=clock.now(), next_try_at=clock.now())
        )
    be_away(time, timedelta(days=6))
    work(app)
    time.pass_by(minutes=20)
    work(app)
    (mail,) = survey_mails()
    assert (mail.state, mail.stopped_reason) == (DeliveryState.CANCELLED, WhyStopped.EXPIRED)
    assert why_not() == [None]
