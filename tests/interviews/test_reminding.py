"""Reminders: a day and an hour before, once of each time, and never of what is over."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from portal.applications.actions import withdraw_application
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.permissions import Role
from portal.interviews.jobs import remind
from portal.interviews.models import Interview, InterviewHistory
from portal.interviews.rules.reminding import BEFORE, Ahead, makes_sense_until, reminder_due
from portal.interviews.states import HistoryKind, InterviewState
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.people.models import Person, Staff
from tests.conftest import START, Time
from tests.factories import Made, make_application, make_opening, make_staff, settle_mail
from tests.interviews.rows import make_interview

_ZONES = ("Europe/Warsaw", "America/New_York", "Asia/Tokyo", "Australia/Lord_Howe", "UTC")
#: A year with all its clock changes.
_INSTANTS = st.integers(0, 365 * 24 * 60).map(lambda one: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=one))


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander")


@pytest.fixture
def hugo(app: Flask) -> int:
    return make_staff("Hugo Berg", Role.HIRING_MANAGER)


@pytest.fixture
def ada(rita: int) -> Made:
    return make_application(make_opening("Data Analyst"), rita, name="Ada Lind")


def mails() -> list[Delivery]:
    """The reminders that were ever written, the oldest first."""
    end_reading()
    kinds = ("interviews/reminder", "interviews/reminder_hour", "interviews/panel_reminder")
    return list(session().scalars(select(Delivery).where(Delivery.kind.in_(kinds)).order_by(Delivery.id)))


def kinds() -> list[str]:
    return [mail.kind.partition("/")[2] for mail in mails()]


def change(public_id: str, **facts: object) -> None:
    """Let the row of an interview say something else."""
    with transaction() as own:
        row = own.scalars(select(Interview).where(Interview.public_id == public_id)).one()
        for name, value in facts.items():
            setattr(row, name, value)


def note(public_id: str, kind: HistoryKind, delivery_id: int | None = None) -> None:
    """Let this have happened to an interview just now."""
    with transaction() as own:
        row = own.scalars(select(Interview).where(Interview.public_id == public_id)).one()
        own.add(
            InterviewHistory(
                interview_id=row.id,
                kind=kind,
                actor_id=None,
                starts_before=None,
                words="",
                delivery_id=delivery_id,
                created_at=clock.now(),
            )
        )


def tick(time: Time, minutes: int = 10) -> Iterator[datetime]:
    """Let the worker run every ten minutes for as long as somebody asks."""
    while True:
        remind(clock.now())
        yield clock.now()
        time.pass_by(minutes=minutes)


def run_until(time: Time, end: datetime) -> None:
    for at in tick(time):
        if at >= end:
            return


def test_both_sides_are_reminded_a_day_and_an_hour_before(ada: Made, rita: int, hugo: int, time: Time) -> None:
    starts_at = START + timedelta(days=2)
    make_interview(ada.id, rita, starts_at=starts_at, panel=[(hugo, None)])
    run_until(time, starts_at - timedelta(hours=25))
    assert kinds() == []
    run_until(time, starts_at - timedelta(hours=23))
    assert kinds() == ["reminder", "panel_reminder"]
    run_until(time, starts_at + timedelta(hours=3))
    assert kinds() == ["reminder", "panel_reminder", "reminder_hour", "panel_reminder"]


def test_the_candidate_reads_their_own_clock_and_whom_to_call(ada: Made, rita: int, hugo: int, time: Time) -> None:
    with transaction() as own:
        own.get_one(Person, ada.person_id).timezone = "America/New_York"
    starts_at = datetime(2026, 3, 10, 13, 0, tzinfo=UTC)
    make_interview(ada.id, rita, starts_at=starts_at, panel=[(hugo, None)])
    time.at = starts_at - timedelta(hours=24)
    remind(clock.now())
    to_ada, to_hugo = mails()
    # New York has changed its clocks two days before; Warsaw has not.
    assert "Tuesday 10 March 2026, 09:00" in to_ada.text
    assert "14:00 in Warsaw" in to_ada.text
    assert "Rita Sander: +48 22 123 45 67" in to_ada.text
    assert "Hugo Berg" in to_ada.text
    assert "Tuesday 10 March 2026, 14:00" in to_hugo.subject
    assert "Ada" not in to_hugo.text


def test_reminders_go_at_night_too(ada: Made, rita: int, time: Time) -> None:
    starts_at = datetime(2026, 3, 6, 3, 0, tzinfo=UTC)
    make_interview(ada.id, rita, starts_at=starts_at)
    time.at = starts_at - timedelta(hours=1)
    remind(clock.now())
    (mail,) = mails()
    assert (mail.timing, mail.mail_class) == ("at_once", "own")
    assert mail.next_try_at == clock.now()


def test_an_interview_that_moved_is_reminded_of_its_new_time(ada: Made, rita: int, time: Time) -> None:
    first, second = START + timedelta(days=2), START + timedelta(days=5)
    interview = make_interview(ada.id, rita, starts_at=first)
    run_until(time, first - timedelta(hours=20))
    assert kinds() == ["reminder"]
    change(interview, starts_at=second, state=InterviewState.MOVED)
    note(interview, HistoryKind.MOVED)
    run_until(time, second + timedelta(hours=1))
    assert kinds() == ["reminder", "reminder", "reminder_hour"]
    assert "Friday 6 March" in mails()[0].subject
    assert "Monday 9 March" in mails()[1].subject


def test_a_reminder_that_waits_is_stopped_when_the_interview_moves(ada: Made, rita: int, time: Time) -> None:
    starts_at = START + timedelta(days=1)
    interview = make_interview(ada.id, rita, starts_at=starts_at)
    remind(clock.now())
    assert [mail.state for mail in mails()] == [DeliveryState.QUEUED]
    change(interview, starts_at=starts_at + timedelta(days=3), state=InterviewState.MOVED)
    note(interview, HistoryKind.MOVED)
    remind(clock.now())
    assert [mail.state for mail in mails()] == [DeliveryState.CANCELLED]


@pytest.mark.parametrize("state", [InterviewState.CANCELLED, InterviewState.DONE])
def test_nobody_is_reminded_of_what_does_not_stand(ada: Made, rita: int, time: Time, state: InterviewState) -> None:
    make_interview(ada.id, rita, starts_at=START + timedelta(hours=20), state=state)
    time.pass_by(hours=1)
    remind(clock.now())
    assert kinds() == []


def test_whoever_withdrew_is_not_reminded(ada: Made, rita: int, time: Time) -> None:
    starts_at = START + timedelta(days=2)
    make_interview(ada.id, rita, starts_at=starts_at)
    withdraw_application(ada.person_id, ada.public_id, why="", now=clock.now())
    time.at = starts_at - timedelta(hours=24)
    remind(clock.now())
    assert kinds() == []


def test_a_time_chosen_half_an_hour_before_needs_no_reminder(ada: Made, rita: int, time: Time) -> None:
    starts_at = START + timedelta(hours=6)
    interview = make_interview(ada.id, rita, starts_at=starts_at)
    time.at = starts_at - timedelta(minutes=30)
    note(interview, HistoryKind.CHOSEN)
    run_until(time, starts_at + timedelta(hours=1))
    assert kinds() == []


def test_a_time_chosen_five_hours_before_gets_the_last_reminder_only(ada: Made, rita: int, time: Time) -> None:
    starts_at = START + timedelta(hours=5)
    interview = make_interview(ada.id, rita, starts_at=starts_at)
    note(interview, HistoryKind.CHOSEN)
    run_until(time, starts_at + timedelta(hours=1))
    assert kinds() == ["reminder_hour"]


def test_while_the_letter_about_a_new_time_waits_nobody_is_reminded_of_it(ada: Made, rita: int, time: Time) -> None:
    starts_at = START + timedelta(days=1)
    interview = make_interview(ada.id, rita, starts_at=starts_at, state=InterviewState.MOVED)
    other = make_interview(ada.id, rita, starts_at=starts_at)
    remind(clock.now())
    waiting = [mail.id for mail in mails()]
    assert len(waiting) == 2
    time.at = starts_at - timedelta(hours=1)
    note(interview, HistoryKind.MOVED, waiting[0])
    remind(clock.now())
    assert [mail.dedupe_key.split(":")[1] for mail in mails()[2:]] == [other]
    settle_mail()
    with transaction() as own:
        own.get_one(Delivery, waiting[0]).sent_at = START
    remind(clock.now())
    assert kinds() == ["reminder", "reminder", "reminder_hour", "reminder_hour"]


def test_a_worker_that_was_away_for_three_days_reminds_of_nothing_that_is_over(
    ada: Made, rita: int, hugo: int, time: Time
) -> None:
    make_interview(ada.id, rita, starts_at=START + timedelta(days=2), panel=[(hugo, None)])
    make_interview(ada.id, rita, starts_at=START + timedelta(days=3, hours=5), panel=[(hugo, None)])
    time.pass_by(days=3)
    remind(clock.now())
    assert kinds() == ["reminder", "panel_reminder"]
    assert all("Saturday 7 March 2026, 14:00" in mail.subject for mail in mails())


def test_a_reminder_that_a_slow_server_did_not_take_in_time_is_not_sent(ada: Made, rita: int, time: Time) -> None:
    starts_at = START + timedelta(days=1)
    make_interview(ada.id, rita, starts_at=starts_at)
    remind(clock.now())
    (mail,) = mails()
    assert mail.expires_at == starts_at - timedelta(hours=2)


def test_running_twice_reminds_once(ada: Made, rita: int, hugo: int) -> None:
    make_interview(ada.id, rita, starts_at=START + timedelta(hours=24), panel=[(hugo, None)])
    for _number in range(3):
        remind(clock.now())
    assert kinds() == ["reminder", "panel_reminder"]


def test_a_colleague_who_has_left_is_not_reminded(ada: Made, rita: int, hugo: int) -> None:
    make_interview(ada.id, rita, starts_at=START + timedelta(hours=24), panel=[(hugo, None)])
    with transaction() as own:
        own.get_one(Staff, hugo).is_active = False
    remind(clock.now())
    assert kinds() == ["reminder"]


def test_a_reminder_is_read_by_somebody_who_applied_here_and_works_here_once(rita: int, hugo: int) -> None:
    own = make_application(make_opening(), rita, person_id=hugo)
    make_interview(own.id, rita, starts_at=START + timedelta(hours=24), panel=[(hugo, None)])
    remind(clock.now())
    assert kinds() == ["reminder"]


@given(
    starts_at=_INSTANTS,
    settled_before=st.integers(0, 60 * 24 * 10),
    runs=st.lists(st.integers(-60 * 24 * 4, 60 * 24 * 4), max_size=40).map(sorted),
)
def test_each_reminder_comes_once_in_its_time_or_not_at_all(
    starts_at: datetime, settled_before: int, runs: list[int]
) -> None:
    """Whenever the worker runs, and however long it was away."""
    settled_at = starts_at - timedelta(minutes=settled_before)
    sent: dict[Ahead, datetime] = {}
    for minutes in runs:
        at = starts_at + timedelta(minutes=minutes)
        ahead = reminder_due(starts_at, settled_at, at)
        if ahead is not None and ahead not in sent:
            sent[ahead] = at
    for ahead, at in sent.items():
        assert starts_at - BEFORE[ahead] <= at < makes_sense_until(starts_at, ahead)
        assert at < starts_at
        assert settled_at <= starts_at - BEFORE[ahead]
    if len(sent) == 2:
        assert sent[Ahead.DAY] < sent[Ahead.HOUR]


@given(starts_at=_INSTANTS, moved_by=st.integers(-60 * 24 * 3, 60 * 24 * 3), moved_before=st.integers(0, 60 * 24 * 2))
def test_of_a_time_that_is_no_more_nobody_is_reminded(starts_at: datetime, moved_by: int, moved_before: int) -> None:
    moved_at = starts_at - timedelta(minutes=moved_before)
    second = starts_at + timedelta(minutes=moved_by)
    at, seen = starts_at - timedelta(days=3), []
    while at < max(starts_at, second):
        begins, settled = (second, moved_at) if at >= moved_at else (starts_at, starts_at - timedelta(days=9))
        ahead = reminder_due(begins, settled, at)
        if ahead is not None and (begins, ahead) not in seen:
            seen.append((begins, ahead))
            assert at < begins
        at += timedelta(minutes=7)
    of_second = [ahead for begins, ahead in seen if begins == second and moved_by]
    if moved_at > second - timedelta(hours=1):
        assert of_second == []
    assert len(of_second) <= 2


@given(starts_at=_INSTANTS, zone=st.sampled_from(_ZONES))
def test_a_day_before_is_twenty_four_hours_whatever_the_clocks_do(starts_at: datetime, zone: str) -> None:
    """Around a clock change the wall clock shows another hour; the reminder comes as long before as ever."""
    due_at = starts_at - timedelta(hours=24)
    settled_at = starts_at - timedelta(days=9)
    assert reminder_due(starts_at, settled_at, due_at) is Ahead.DAY
    assert reminder_due(starts_at, settled_at, due_at - timedelta(seconds=1)) is None
