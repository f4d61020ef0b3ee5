"""Where the times of an interview meet others of its panel."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portal.core.i18n import reading_as
from portal.interviews.rules.conflicts import Taken, conflict_words, conflicts_of

AT = datetime(2026, 3, 10, 13, tzinfo=UTC)
SHIFTS = st.integers(-300, 300).map(lambda minutes: timedelta(minutes=minutes))


def taken(starts_at: datetime, minutes: int = 45, *, is_only_offered: bool = False) -> Taken:
    return Taken(7, "Hugo Berg", starts_at, minutes, "Data Analyst", is_only_offered)


def test_an_interview_that_ends_as_the_other_begins_is_no_conflict() -> None:
    assert not conflicts_of([AT], 45, [taken(AT + timedelta(minutes=45)), taken(AT - timedelta(minutes=45))])


def test_a_conflict_names_the_time_the_colleague_and_the_opening() -> None:
    (found,) = conflicts_of([AT, AT + timedelta(days=1)], 45, [taken(AT + timedelta(minutes=44))])
    with reading_as("en", "Europe/Warsaw"):
        words = conflict_words(found)
    assert words == "Tuesday 10 March 2026, 14:00: Hugo Berg has an interview for Data Analyst then."


def test_a_time_that_is_only_offered_may_become_one() -> None:
    (found,) = conflicts_of([AT], 45, [taken(AT, is_only_offered=True)])
    assert "has not chosen yet" in conflict_words(found)


@given(SHIFTS, st.integers(5, 480), st.integers(5, 480))
def test_two_meet_when_they_share_a_minute(shift: timedelta, minutes: int, other: int) -> None:
    begins = AT + shift
    shared = min(AT + timedelta(minutes=minutes), begins + timedelta(minutes=other)) - max(AT, begins)
    assert bool(conflicts_of([AT], minutes, [taken(begins, other)])) == (shared > timedelta())
