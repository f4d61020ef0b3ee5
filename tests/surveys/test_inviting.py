"""When somebody is asked after each touchpoint, and what keeps them from being asked, for now or for good."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from portal.contact.rules.hours import months_after
from portal.interviews.rules.afterwards import Met
from portal.interviews.states import InterviewState
from portal.surveys.rules.inviting import (
    FOR_NOW,
    PATIENCE_DAYS,
    Ask,
    PassOver,
    Standing,
    Wait,
    after_ending,
    after_interviews,
    closes_on,
    decide,
    is_reminder_due,
    is_too_late_to_remind,
    mail_until,
    may_hear,
    pulse_after,
    reminder_at,
)
from portal.surveys.states import Touchpoint, WhyNotAsked

WARSAW = "Europe/Warsaw"
ZONES = ("Europe/Warsaw", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "Australia/Lord_Howe")
NOON = datetime(2026, 3, 4, 11, 0, tzinfo=UTC)
TODAY = date(2026, 3, 4)
FREE = Standing()
ONE_BY_ONE = {
    WhyNotAsked.OPTED_OUT: Standing(is_opted_out=True),
    WhyNotAsked.ENDED_BEFORE_US: Standing(told=WhyNotAsked.ENDED_BEFORE_US),
    WhyNotAsked.ASKED_LATELY: Standing(asked_on=date(2025, 10, 1)),
    WhyNotAsked.HELD_IMPORT: Standing(is_held=True),
    WhyNotAsked.OUTCOME_QUEUED: Standing(is_outcome_queued=True),
    WhyNotAsked.UNANSWERED: Standing(is_unanswered=True),
    WhyNotAsked.ACTIVE_ELSEWHERE: Standing(is_active_elsewhere=True),
}

instants = st.integers(0, 3 * 365 * 24 * 60).map(
    lambda minutes: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
touchpoints = st.sampled_from(Touchpoint)
zones = st.sampled_from(ZONES)
standings = st.builds(
    Standing,
    is_opted_out=st.booleans(),
    has_consent=st.booleans(),
    told=st.sampled_from((None, WhyNotAsked.ENDED_BEFORE_US, WhyNotAsked.TOLD_ELSEWHERE)),
    has_ended=st.booleans(),
    is_held=st.booleans(),
    is_outcome_queued=st.booleans(),
    is_unanswered=st.booleans(),
    is_active_elsewhere=st.booleans(),
    asked_on=st.none() | st.dates(date(2024, 6, 1), date(2027, 12, 31)),
)


def met(state: InterviewState, starts_at: datetime, minutes: int = 45) -> Met:
    return Met(starts_at, minutes, state, None)


# Moments


@given(instants, zones)
def test_days_are_counted_on_their_clock_also_over_a_change_of_it(told_at: datetime, zone: str) -> None:
    due_at = after_ending(Touchpoint.NOT_SELECTED, told_at, None, zone)
    before, after = (at.astimezone(ZoneInfo(zone)) for at in (told_at, due_at))
    assert after.date() - before.date() == timedelta(days=7)
    # In the hour that a change leaves out, it is an hour later.
    assert abs(after.utcoffset().total_seconds() - before.utcoffset().total_seconds()) <= 3600  # type: ignore[union-attr]
    assert timedelta(days=6, hours=23) <= due_at - told_at <= timedelta(days=7, hours=1)


@given(instants, st.timedeltas(timedelta(), timedelta(days=20)), zones)
def test_after_feedback_it_is_the_day_after_it_and_never_sooner_than_the_day_after_the_letter(
    told_at: datetime, later: timedelta, zone: str
) -> None:
    for feedback_at in (told_at + later, told_at - later):
        due_at = after_ending(Touchpoint.NOT_SELECTED, told_at, feedback_at, zone)
        last = max(told_at, feedback_at)
        assert timedelta(hours=23) <= due_at - last <= timedelta(hours=25)


def test_over_the_night_in_which_the_clocks_change_the_hour_stays() -> None:
    told_at = datetime(2026, 3, 28, 17, 0, tzinfo=UTC)
    assert after_ending(Touchpoint.LEFT, told_at, None, WARSAW) == datetime(2026, 3, 29, 16, 0, tzinfo=UTC)


@pytest.mark.parametrize(("touchpoint", "days"), [(Touchpoint.LEFT, 1), (Touchpoint.HIRED, 14)])
def test_days_after_the_other_endings(touchpoint: Touchpoint, days: int) -> None:
    assert after_ending(touchpoint, NOON, None, "UTC") == NOON + timedelta(days=days)


def test_the_first_interview_that_took_place_counts() -> None:
    meetings = [
        met(InterviewState.DONE, NOON + timedelta(days=3)),
        met(InterviewState.MISSED_BY_US, NOON - timedelta(days=3)),
        met(InterviewState.CANCELLED, NOON - timedelta(days=2)),
        met(InterviewState.MISSED_BY_THEM, NOON - timedelta(days=1)),
        met(InterviewState.DONE, NOON),
    ]
    assert after_interviews(meetings, WARSAW) == NOON + timedelta(hours=4, minutes=45)
    assert after_interviews(meetings[1:4], WARSAW) is None
    assert after_interviews([], WARSAW) is None


@given(st.integers(0, 23), st.integers(15, 240))
def test_an_interview_that_is_not_closed_counts_in_the_evening_and_four_hours_after_its_end(
    hour: int, minutes: int
) -> None:
    starts_at = datetime(2026, 3, 4, hour, 0, tzinfo=ZoneInfo(WARSAW)).astimezone(UTC)
    due_at = after_interviews([met(InterviewState.CONFIRMED, starts_at, minutes)], WARSAW)
    assert due_at is not None
    assert due_at >= starts_at + timedelta(minutes=minutes, hours=4)
    assert due_at >= datetime(2026, 3, 4, 18, 0, tzinfo=ZoneInfo(WARSAW))


@given(instants, zones, st.integers(0, 800))
def test_the_pulse_comes_a_month_after_the_yes_and_a_year_after_the_last(at: datetime, zone: str, days: int) -> None:
    first = pulse_after(at, None, zone)
    assert timedelta(days=29, hours=23) <= first - at <= timedelta(days=30, hours=1)
    last_on = at.date() + timedelta(days=days)
    again = pulse_after(at, last_on, zone)
    assert again >= first
    assert again.astimezone(ZoneInfo(zone)).date() >= months_after(last_on, 12)


# Decisions


@pytest.mark.parametrize("why", ONE_BY_ONE)
def test_each_reason_keeps_a_rejected_candidate_from_being_asked(why: WhyNotAsked) -> None:
    decision = decide(Touchpoint.NOT_SELECTED, NOON, ONE_BY_ONE[why], NOON, TODAY)
    assert decision == (Wait(why) if why in FOR_NOW else PassOver(why))


@pytest.mark.parametrize("why", FOR_NOW)
def test_what_is_only_for_now_is_asked_later_and_in_the_end_not_at_all(why: WhyNotAsked) -> None:
    for days, standing, expected in (
        (0, ONE_BY_ONE[why], Wait(why)),
        (13, ONE_BY_ONE[why], Wait(why)),
        (13, FREE, Ask()),
        (14, ONE_BY_ONE[why], PassOver(why)),
        (14, FREE, PassOver(WhyNotAsked.TOO_LATE)),
    ):
        now = NOON + timedelta(days=days)
        assert decide(Touchpoint.LEFT, NOON, standing, now, now.date()) == expected


def test_the_tap_on_the_receipt_waits_for_nothing_because_nothing_is_sent() -> None:
    busy = Standing(is_held=True, is_outcome_queued=True, is_unanswered=True, is_active_elsewhere=True)
    assert decide(Touchpoint.APPLIED, NOON, busy, NOON, TODAY) == Ask()


@pytest.mark.parametrize("touchpoint", [Touchpoint.APPLIED, Touchpoint.INTERVIEWED, Touchpoint.COMMUNITY])
def test_another_open_application_is_no_reason_where_the_decision_is_open_anyway(touchpoint: Touchpoint) -> None:
    assert decide(touchpoint, NOON, Standing(is_active_elsewhere=True), NOON, TODAY) == Ask()


@given(touchpoints, instants, standings, st.timedeltas(timedelta(days=-30), timedelta(days=60)))
def test_whoever_is_asked_is_asked_in_time_and_with_nothing_against_it(
    touchpoint: Touchpoint, due_at: datetime, standing: Standing, later: timedelta
) -> None:
    now = due_at + later
    decision = decide(touchpoint, due_at, standing, now, now.date())
    if later < timedelta():
        assert decision == Wait()
    if not isinstance(decision, Ask):
        return
    assert timedelta() <= later
    assert touchpoint not in PATIENCE_DAYS or later < timedelta(days=PATIENCE_DAYS[touchpoint])
    assert standing.told is None
    if touchpoint is Touchpoint.COMMUNITY:
        assert standing.has_consent
    else:
        assert not standing.is_opted_out
        assert standing.asked_on is None or now.date() >= months_after(standing.asked_on, 6)
    if touchpoint is not Touchpoint.APPLIED:
        assert decision == decide(touchpoint, due_at, replace(standing, is_active_elsewhere=False), now, now.date())
        assert not any((standing.is_outcome_queued, standing.is_unanswered, standing.is_held))
    if touchpoint is Touchpoint.INTERVIEWED:
        assert not standing.has_ended


@given(touchpoints, instants, standings, st.timedeltas(timedelta(), timedelta(days=400)))
def test_nobody_waits_for_ever_but_for_the_pulse(
    touchpoint: Touchpoint, due_at: datetime, standing: Standing, later: timedelta
) -> None:
    assume(touchpoint is not Touchpoint.COMMUNITY)
    end = due_at + timedelta(days=PATIENCE_DAYS[touchpoint]) + later
    assert isinstance(decide(touchpoint, due_at, standing, end, end.date()), PassOver)


@given(touchpoints, instants, standings)
def test_who_waits_is_asked_once_what_kept_them_is_over(
    touchpoint: Touchpoint, due_at: datetime, standing: Standing
) -> None:
    decision = decide(touchpoint, due_at, standing, due_at, due_at.date())
    if isinstance(decision, Wait):
        assert decision.why in FOR_NOW
        free = replace(standing, is_held=False, is_outcome_queued=False, is_unanswered=False, is_active_elsewhere=False)
        assert decide(touchpoint, due_at, free, due_at, due_at.date()) == Ask()


@given(touchpoints, st.lists(st.tuples(instants, standings), max_size=12))
def test_nobody_is_asked_twice_in_six_months_at_one_touchpoint(
    touchpoint: Touchpoint, came: list[tuple[datetime, Standing]]
) -> None:
    assume(touchpoint is not Touchpoint.COMMUNITY)
    days: list[date] = []
    for due_at, standing in sorted(came, key=lambda one: one[0]):
        known = replace(standing, asked_on=max(days, default=None))
        if isinstance(decide(touchpoint, due_at, known, due_at, due_at.date()), Ask):
            days.append(due_at.date())
    assert all(later >= months_after(day, 6) for day, later in pairwise(days))


# Reminders


@given(touchpoints, instants, standings)
def test_whoever_may_not_be_asked_may_not_be_reminded_either(
    touchpoint: Touchpoint, due_at: datetime, standing: Standing
) -> None:
    free = replace(standing, asked_on=None)
    is_asked = isinstance(decide(touchpoint, due_at, free, due_at, due_at.date()), Ask)
    if may_hear(touchpoint, free):
        assert is_asked


@given(instants, zones, st.timedeltas(timedelta(), timedelta(days=40)))
def test_a_reminder_is_due_from_the_third_day_to_the_tenth(sent_at: datetime, zone: str, later: timedelta) -> None:
    now, asked_on = sent_at + later, sent_at.astimezone(ZoneInfo(zone)).date()
    first = reminder_at(sent_at, zone)
    assert first.astimezone(ZoneInfo(zone)).date() == asked_on + timedelta(days=3)
    assert is_reminder_due(sent_at, closes_on(asked_on), zone, now, now.date()) == (
        first <= now < first + timedelta(days=7)
    )


def test_no_reminder_comes_when_answers_are_taken_no_more() -> None:
    now = NOON + timedelta(days=4)
    assert is_reminder_due(NOON, now.date(), "UTC", now, now.date())
    assert not is_reminder_due(NOON, now.date() - timedelta(days=1), "UTC", now, now.date())


@given(touchpoints, instants, st.timedeltas(timedelta(), timedelta(days=30)), st.booleans())
def test_no_mail_waits_longer_than_anybody_would_be_asked_or_reminded(
    touchpoint: Touchpoint, due_at: datetime, later: timedelta, is_reminder: bool
) -> None:
    now = due_at + later
    until = mail_until(touchpoint, due_at, now, is_reminder=is_reminder)
    assert timedelta(hours=12) <= until - now <= timedelta(days=5)
    is_soon_over = until < now + timedelta(days=5) and until > now + timedelta(hours=12)
    if is_soon_over and is_reminder:
        assert is_too_late_to_remind(touchpoint, due_at, until)
    elif is_soon_over:
        assert isinstance(decide(touchpoint, due_at, FREE, until, until.date()), PassOver)


def test_nobody_is_reminded_two_weeks_after_an_interview_and_of_the_pulse_there_is_no_such_day() -> None:
    assert not is_too_late_to_remind(Touchpoint.INTERVIEWED, NOON, NOON + timedelta(days=13, hours=23))
    assert is_too_late_to_remind(Touchpoint.INTERVIEWED, NOON, NOON + timedelta(days=14))
    assert not is_too_late_to_remind(Touchpoint.COMMUNITY, NOON, NOON + timedelta(days=400))
