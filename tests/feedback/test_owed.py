"""What feedback is owed and when: every outcome, zones and clock changes, panels, endings that were taken back."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.applications.states import ENDINGS, OPEN_STATUSES, ApplicationStatus, EventKind
from portal.company.rules import WorkCalendar
from portal.company.states import FEEDBACK_DAYS, FeedbackWay
from portal.feedback.rules import (
    WHEN_ASKED,
    Called,
    Change,
    Debt,
    Facts,
    Interviewed,
    Reached,
    due_day,
    ending_of,
    form_after,
    given_at,
    is_none_given,
    may_ask,
    owed,
    settle,
)
from portal.feedback.states import DebtState, FeedbackForm
from portal.interviews.states import InterviewFormat, InterviewState
from portal.tasks.rules import begins_on, is_too_late
from portal.tasks.states import TaskKind

WARSAW = "Europe/Warsaw"
ENDED = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
MET = Interviewed(InterviewState.DONE, InterviewFormat.ON_SITE, 60, ENDED - timedelta(days=3))
LATER = ENDED + timedelta(days=2)


def reached(*statuses: ApplicationStatus, kind: EventKind = EventKind.MESSAGE) -> list[Reached]:
    """Events a minute apart, the last of them read when the application ended."""
    return [
        Reached(number, kind, status, ENDED - timedelta(minutes=len(statuses) - number))
        for number, status in enumerate(statuses, start=1)
    ]


def facts(
    *statuses: ApplicationStatus,
    interviews: tuple[Interviewed, ...] = (MET,),
    way: FeedbackWay = FeedbackWay.WRITTEN,
    kind: EventKind = EventKind.MESSAGE,
    asked: dict[int, datetime] | None = None,
) -> Facts:
    """An application that went through these statuses."""
    return Facts(reached(*statuses, kind=kind), interviews, way, FEEDBACK_DAYS, asked or {})


NOT_SELECTED = ApplicationStatus.NOT_SELECTED
IN_REVIEW = ApplicationStatus.IN_REVIEW


def test_not_selected_after_an_interview_brings_feedback_within_seven_days() -> None:
    found = owed(facts(IN_REVIEW, NOT_SELECTED), WARSAW, LATER)
    assert found is not None
    assert (found.due_on, found.form, found.way) == (date(2026, 3, 11), FeedbackForm.FULL, FeedbackWay.WRITTEN)


@pytest.mark.parametrize("status", sorted(frozenset(ApplicationStatus) - {NOT_SELECTED}))
def test_no_other_outcome_brings_it_by_itself(status: ApplicationStatus) -> None:
    assert owed(facts(IN_REVIEW, status), WARSAW, LATER) is None


@pytest.mark.parametrize("status", sorted(ApplicationStatus))
def test_after_these_endings_and_no_others_they_may_ask(status: ApplicationStatus) -> None:
    there = facts(IN_REVIEW, status)
    assert may_ask(there, LATER) == (status in WHEN_ASKED)
    asked = replace(there, asked={2: LATER})
    found = owed(asked, WARSAW, LATER)
    if status in WHEN_ASKED:
        assert found is not None
        assert (found.due_on, found.asked_at) == (date(2026, 3, 13), LATER)
        assert not may_ask(asked, LATER)
    else:
        # What they asked after another ending has no say in this one.
        assert (found is not None) == (status is NOT_SELECTED)


@pytest.mark.parametrize("status", sorted(ENDINGS))
def test_who_was_not_interviewed_here_is_owed_nothing(status: ApplicationStatus) -> None:
    there = facts(IN_REVIEW, status, interviews=())
    assert owed(there, WARSAW, LATER) is None
    assert not may_ask(there, LATER)


@pytest.mark.parametrize("status", sorted(ENDINGS))
def test_what_had_ended_before_it_came_here_is_not_owed(status: ApplicationStatus) -> None:
    there = facts(status, kind=EventKind.ENDED_BEFORE_US)
    assert owed(there, WARSAW, LATER) is None
    assert not may_ask(there, LATER)


def test_an_import_that_was_interviewed_here_and_then_ended_is_owed_it() -> None:
    there = facts(IN_REVIEW, NOT_SELECTED, kind=EventKind.IMPORTED)
    assert owed(there, WARSAW, LATER) is not None


def test_where_our_promises_say_that_there_is_none_none_is_owed() -> None:
    there = facts(IN_REVIEW, NOT_SELECTED, way=FeedbackWay.NONE)
    assert owed(there, WARSAW, LATER) is None
    assert is_none_given(there, LATER)
    assert not is_none_given(replace(there, interviews=()), LATER)
    assert not may_ask(facts(IN_REVIEW, ApplicationStatus.WITHDRAWN, way=FeedbackWay.NONE), LATER)


@pytest.mark.parametrize(
    ("state", "is_held"),
    [
        (InterviewState.PROPOSED, False),
        (InterviewState.CONFIRMED, True),
        (InterviewState.MOVED, True),
        (InterviewState.CANCELLED, False),
        (InterviewState.DONE, True),
        (InterviewState.MISSED_BY_THEM, False),
        # Nobody met them, so nobody could say anything true: they get an apology and another time.
        (InterviewState.MISSED_BY_US, False),
    ],
)
def test_only_an_interview_that_took_place_counts(state: InterviewState, is_held: bool) -> None:
    there = facts(IN_REVIEW, NOT_SELECTED, interviews=(replace(MET, state=state),))
    assert (owed(there, WARSAW, LATER) is not None) == is_held


@pytest.mark.parametrize("state", [InterviewState.MISSED_BY_THEM, InterviewState.MISSED_BY_US])
@pytest.mark.parametrize(
    ("called", "counts"),
    [
        # Said before they could read the ending.
        ([(False, -60)], False),
        ([(False, -60), (False, 60)], False),
        # Said only after it; and said to be done in between is a new beginning.
        ([(False, 1)], True),
        ([(False, -60), (True, 10), (False, 20)], True),
        # A slip of the finger, and what stood as done.
        ([(True, -120), (False, -61)], False),
        ([(True, -180), (False, -60)], True),
        ([(True, -180), (False, -60), (True, -50), (False, -40)], True),
    ],
)
def test_calling_it_missed_counts_only_when_it_is_said_in_time(
    state: InterviewState, called: list[tuple[bool, int]], counts: bool
) -> None:
    said = tuple(Called(took_place, ENDED + timedelta(minutes=minutes)) for took_place, minutes in called)
    there = facts(IN_REVIEW, NOT_SELECTED, interviews=(replace(MET, state=state, called=said),))
    assert (owed(there, WARSAW, LATER) is not None) == counts


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5_000)), max_size=6), st.integers(0, 5_000))
def test_nothing_that_is_said_after_the_ending_does_away_with_a_debt(
    said: list[tuple[bool, int]], minutes: int
) -> None:
    """Whatever stood when they read the ending, what colleagues call it afterwards leaves them no worse."""
    after = sorted((ENDED + timedelta(minutes=at + 1), took_place) for took_place, at in said)
    called = tuple(Called(took_place, at) for at, took_place in after)
    last = called[-1].took_place if called else True
    state = InterviewState.DONE if last else InterviewState.MISSED_BY_THEM
    begun = Called(True, MET.starts_at + timedelta(hours=1)) if MET.starts_at else None
    assert begun is not None
    for before in ((), (begun,)):
        one = replace(MET, state=state, called=(*before, *called))
        now = ENDED + timedelta(minutes=5_001 + minutes)
        assert owed(facts(IN_REVIEW, NOT_SELECTED, interviews=(one,)), WARSAW, now) is not None


def test_an_interview_that_nobody_closed_counts_once_its_time_is_over() -> None:
    begun = Interviewed(InterviewState.CONFIRMED, InterviewFormat.ON_SITE, 60, ENDED - timedelta(minutes=10))
    there = facts(IN_REVIEW, NOT_SELECTED, interviews=(begun,))
    assert owed(there, WARSAW, ENDED + timedelta(minutes=49)) is None
    assert owed(there, WARSAW, ENDED + timedelta(minutes=50)) is not None


def test_an_interview_that_was_still_to_come_when_it_ended_does_not_count() -> None:
    ahead = Interviewed(InterviewState.CONFIRMED, InterviewFormat.ON_SITE, 60, ENDED + timedelta(hours=1))
    assert owed(facts(IN_REVIEW, NOT_SELECTED, interviews=(ahead,)), WARSAW, LATER) is None
    waiting = Interviewed(InterviewState.MOVED, InterviewFormat.ON_SITE, 60, None)
    assert owed(facts(IN_REVIEW, NOT_SELECTED, interviews=(waiting,)), WARSAW, LATER) is None


SCREEN = Interviewed(InterviewState.DONE, InterviewFormat.TELEPHONE, 30, ENDED - timedelta(days=5))


@pytest.mark.parametrize(
    ("held", "form"),
    [
        ([SCREEN], FeedbackForm.SHORT),
        ([replace(SCREEN, format=InterviewFormat.VIDEO, minutes=15)], FeedbackForm.SHORT),
        ([replace(SCREEN, minutes=31)], FeedbackForm.FULL),
        ([replace(SCREEN, format=InterviewFormat.ON_SITE)], FeedbackForm.FULL),
        ([replace(SCREEN, format=InterviewFormat.OTHER)], FeedbackForm.FULL),
        ([SCREEN, SCREEN], FeedbackForm.FULL),
        ([SCREEN, MET], FeedbackForm.FULL),
    ],
)
def test_one_short_screen_brings_the_short_form(held: list[Interviewed], form: FeedbackForm) -> None:
    assert form_after(held) is form


def test_one_that_they_missed_makes_a_screen_no_longer() -> None:
    missed = replace(MET, state=InterviewState.MISSED_BY_THEM)
    found = owed(facts(IN_REVIEW, NOT_SELECTED, interviews=(SCREEN, missed)), WARSAW, LATER)
    assert found is not None
    assert found.form is FeedbackForm.SHORT


@pytest.mark.parametrize(
    ("since", "zone", "due_on"),
    [
        # Half past eleven at night in Warsaw is the same day, although it is the next one further east.
        (datetime(2026, 3, 4, 22, 30, tzinfo=UTC), WARSAW, date(2026, 3, 11)),
        (datetime(2026, 3, 4, 23, 30, tzinfo=UTC), WARSAW, date(2026, 3, 12)),
        (datetime(2026, 3, 4, 23, 30, tzinfo=UTC), "America/New_York", date(2026, 3, 11)),
        (datetime(2026, 3, 4, 11, 30, tzinfo=UTC), "Pacific/Auckland", date(2026, 3, 12)),
        # The clock goes forward on 29 March and back on 25 October: the day is the same.
        (datetime(2026, 3, 25, 22, 59, tzinfo=UTC), WARSAW, date(2026, 4, 1)),
        (datetime(2026, 3, 25, 23, 1, tzinfo=UTC), WARSAW, date(2026, 4, 2)),
        (datetime(2026, 10, 20, 21, 59, tzinfo=UTC), WARSAW, date(2026, 10, 27)),
        (datetime(2026, 10, 20, 22, 1, tzinfo=UTC), WARSAW, date(2026, 10, 28)),
        # On Samoa there was no 30 December 2011.
        (datetime(2011, 12, 28, 12, 0, tzinfo=UTC), "Pacific/Apia", date(2012, 1, 4)),
    ],
)
def test_the_day_is_counted_on_the_calendar_of_the_company(since: datetime, zone: str, due_on: date) -> None:
    assert due_day(since, FEEDBACK_DAYS, zone) == due_on


@given(st.integers(0, 15 * 365 * 24 * 60), st.sampled_from([WARSAW, "Asia/Kathmandu", "UTC"]))
def test_it_is_always_the_seventh_day_after(minutes: int, zone: str) -> None:
    since = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    assert due_day(since, FEEDBACK_DAYS, zone) == since.astimezone(ZoneInfo(zone)).date() + timedelta(days=7)


@given(st.dates(date(2026, 1, 1), date(2028, 1, 1)), st.sets(st.integers(0, 20)))
def test_whoever_owes_it_is_asked_so_that_their_lead_has_it_on_the_last_day(due_on: date, off: set[int]) -> None:
    calendar = WorkCalendar(frozenset(due_on - timedelta(days=days) for days in off))
    day = begins_on(TaskKind.FEEDBACK_DUE, due_on, calendar)
    last = max(due_on - timedelta(days=n) for n in range(40) if calendar.is_working_day(due_on - timedelta(days=n)))
    assert calendar.is_working_day(day)
    assert is_too_late(day, last, calendar)
    assert not is_too_late(day, last - timedelta(days=1), calendar)


def test_an_ending_that_was_taken_back_owes_nothing() -> None:
    assert ending_of(reached(IN_REVIEW, NOT_SELECTED, IN_REVIEW)) is None
    assert owed(facts(IN_REVIEW, NOT_SELECTED, IN_REVIEW), WARSAW, LATER) is None


def test_a_second_ending_is_a_new_debt_from_its_own_day() -> None:
    first = facts(IN_REVIEW, NOT_SELECTED)
    again = Reached(4, EventKind.MESSAGE, NOT_SELECTED, ENDED + timedelta(days=10))
    back = Reached(3, EventKind.REVERTED, IN_REVIEW, ENDED + timedelta(days=1))
    second = replace(first, reached=[*first.reached, back, again])
    found = owed(second, WARSAW, ENDED + timedelta(days=11))
    assert found is not None
    assert (found.event_id, found.due_on) == (4, date(2026, 3, 21))
    changes = settle(second, [Debt(2, DebtState.OPEN, FeedbackForm.FULL)], WARSAW, ENDED + timedelta(days=11))
    assert [(one.event_id, one.state) for one in changes] == [(2, DebtState.VOID), (4, DebtState.OPEN)]


def test_what_was_written_after_the_ending_does_not_move_the_day() -> None:
    there = facts(IN_REVIEW, NOT_SELECTED)
    more = Reached(3, EventKind.MESSAGE, NOT_SELECTED, ENDED + timedelta(days=5))
    assert owed(replace(there, reached=[*there.reached, more]), WARSAW, LATER) == owed(there, WARSAW, LATER)


def test_feedback_covers_a_second_ending_unless_they_were_interviewed_since() -> None:
    there = replace(facts(NOT_SELECTED, IN_REVIEW, NOT_SELECTED), given=[ENDED - timedelta(days=1)])
    assert given_at(there, LATER) == ENDED - timedelta(days=1)
    anew = replace(MET, starts_at=ENDED - timedelta(hours=2))
    assert given_at(replace(there, interviews=(MET, anew)), LATER) is None


def test_feedback_that_was_taken_back_is_owed_again_within_seven_days() -> None:
    taken_back_at = ENDED + timedelta(days=20)
    there = replace(facts(IN_REVIEW, NOT_SELECTED), retracted_at=taken_back_at)
    change = settle(there, [Debt(2, DebtState.GIVEN, FeedbackForm.FULL)], WARSAW, taken_back_at)[0]
    assert change.state is DebtState.OPEN
    assert change.owed is not None
    assert change.owed.due_on == date(2026, 3, 31)


moments = st.integers(-200, 200).map(lambda hours: ENDED + timedelta(hours=hours))
interviews = st.builds(
    Interviewed,
    st.sampled_from(InterviewState),
    st.sampled_from(InterviewFormat),
    st.sampled_from([15, 30, 45]),
    st.none() | moments,
)


@st.composite
def histories(draw: st.DrawFn) -> Facts:
    """Any facts: events in order, interviews, what was asked and what was given."""
    numbers, at = count(1), ENDED - timedelta(days=30)
    events = []
    for status in draw(st.lists(st.sampled_from(ApplicationStatus), max_size=6)):
        at += timedelta(hours=draw(st.integers(0, 200)))
        events.append(Reached(next(numbers), draw(st.sampled_from(EventKind)), status, at))
    asked = draw(st.dictionaries(st.sampled_from([one.event_id for one in events] or [1]), moments, max_size=2))
    return Facts(
        events,
        draw(st.lists(interviews, max_size=3)),
        draw(st.sampled_from(FeedbackWay)),
        FEEDBACK_DAYS,
        asked,
        draw(st.lists(moments, max_size=2)),
        draw(st.none() | moments),
    )


def noted(debts: list[Debt], changes: list[Change]) -> list[Debt]:
    """The debts after these changes."""
    known = {one.event_id: one for one in debts}
    for change in changes:
        form = change.owed.form if change.owed else known[change.event_id].form
        known[change.event_id] = Debt(change.event_id, change.state, form)
    return list(known.values())


debts_of = st.dictionaries(st.integers(1, 6), st.tuples(st.sampled_from(DebtState), st.sampled_from(FeedbackForm)))


@given(histories(), debts_of, moments)
def test_whatever_happened_one_debt_stands_at_most_and_noting_it_twice_is_once(
    there: Facts, before: dict[int, tuple[DebtState, FeedbackForm]], now: datetime
) -> None:
    debts = [Debt(event_id, *rest) for event_id, rest in before.items()]
    after = noted(debts, settle(there, debts, WARSAW, now))
    assert settle(there, after, WARSAW, now) == []
    standing = [one for one in after if one.state in {DebtState.OPEN, DebtState.HELD}]
    due = owed(there, WARSAW, now)
    is_due = due is not None and given_at(there, now) is None
    assert [one.event_id for one in standing] == ([due.event_id] if due is not None and is_due else [])


@given(histories(), moments)
def test_nothing_is_owed_without_an_ending_an_interview_and_a_promise(there: Facts, now: datetime) -> None:
    found = owed(there, WARSAW, now)
    if found is None:
        return
    assert there.reached[-1].status in ENDINGS
    assert there.way is not FeedbackWay.NONE
    assert any(one.state not in {InterviewState.CANCELLED, InterviewState.PROPOSED} for one in there.interviews)
    asked_at = there.asked.get(found.event_id)
    assert there.reached[-1].status is NOT_SELECTED or asked_at is not None
    ending = next(one for one in there.reached if one.event_id == found.event_id)
    assert found.due_on >= due_day(found.asked_at or ending.at, FEEDBACK_DAYS, WARSAW)


@given(histories(), moments)
def test_nobody_is_offered_to_ask_for_what_is_owed_already(there: Facts, now: datetime) -> None:
    assert not (may_ask(there, now) and owed(there, WARSAW, now) is not None)
    assert not (there.reached and there.reached[-1].status in OPEN_STATUSES and may_ask(there, now))
