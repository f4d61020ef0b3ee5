"""Times for an interview, as somebody types or pastes them."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.company.rules import Hours, WorkCalendar
from portal.core.i18n import reading_as
from portal.interviews.rules.times import (
    FURTHEST,
    TimesRefused,
    as_lines,
    hints,
    moment_in_both,
    place_of,
    read_times,
)

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
WARSAW = "Europe/Warsaw"
TWO_PM = datetime(2026, 3, 3, 13, tzinfo=UTC)
OFFICE = Hours(time(9), time(17))
CALENDAR = WorkCalendar(frozenset({date(2026, 3, 4)}), frozenset({0, 1, 2, 3, 4}))

ZONES = st.sampled_from([WARSAW, "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia", "UTC"])
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(  # noqa: DTZ001 - a zone is put on below
    lambda wall: wall.replace(second=0, microsecond=0, tzinfo=UTC)
)
FORMS = st.sampled_from(
    ["%Y-%m-%d %H:%M", "%-d %B %Y %H:%M", "%a %-d %b %Y, %H:%M", "%-d.%-m.%Y %H:%M", "%B %-d %Y %I:%M %p"]
)


def tried(text: str, zone: str, now: datetime) -> tuple[list[datetime], tuple[str, ...]]:
    """The times, and what was said against them."""
    try:
        return read_times(text, zone, now), ()
    except TimesRefused as error:
        return [], error.messages


def refused(text: str, zone: str = WARSAW, now: datetime = NOW) -> tuple[str, ...]:
    with pytest.raises(TimesRefused) as caught:
        read_times(text, zone, now)
    return caught.value.messages


@pytest.mark.parametrize(
    "line",
    [
        "3 March 14:00",
        "2026-03-03 14:00",
        "2026-03-03T14:00",
        "Tue 3 Mar 2pm",
        "Tuesday 3 March 2026 at 14:00",
        "3.3.2026 14:00",
        "03.03.2026 14.00",
        "3 March 2 p.m.",
        "3 March 2.00pm",
        "3 March 2.00 p.m.",
        "March 3, 2:00 pm",
        "  3   mar   14:00  ",
    ],
)
def test_a_time_can_be_written_in_many_ways(line: str) -> None:
    assert read_times(line, WARSAW, NOW) == [TWO_PM]


def test_the_month_of_a_date_in_figures_is_in_the_middle() -> None:
    assert read_times("2026-03-04 14:00", WARSAW, NOW) == [TWO_PM + timedelta(days=1)]
    assert read_times("4.3.2026 14:00", WARSAW, NOW) == [TWO_PM + timedelta(days=1)]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("tomorrow", "can read"),
        ("14:00", "can read"),
        ("3 March", "can read"),
        ("Tuesday 14:00", "can read"),
        ("March 14:00", "can read"),
        ("31 February 14:00", "can read"),
        ("3 March 25:00", "can read"),
        ("3 March 14:00 17:00", "can read"),
        ("12 3 14:00", "can read"),
        ("3 March 14:00-15:00", "only when it begins"),
        ("3 March 2pm – 2:45 pm", "only when it begins"),
        ("3/4/2026 14:00", "the month as a word"),
        ("3 March 14:00 CET", "leave the time zone out"),
        ("2026-03-03T14:00Z", "leave the time zone out"),
        ("Wednesday 3 March 14:00", "the weekday does not fit, that is Tuesday 3 March 2026"),
        ("2026-02-28 14:00", "has passed"),
        ("2026-12-01 14:00", "half a year ahead"),
        ("x" * 200, "can read"),
    ],
)
def test_a_line_that_cannot_be_offered_is_named_with_why(line: str, words: str) -> None:
    (message,) = refused(line)
    assert words in message
    assert line[:50] in message


def test_every_line_that_is_wrong_is_named() -> None:
    messages = refused("3 March 14:00\nlater\n3 March 14:00\n2026-02-01 10:00")
    assert len(messages) == 3
    assert "there twice" in messages[1]


def test_nothing_at_all_is_no_time() -> None:
    assert refused(" \n\n ") == ("Please propose at least one time.",)


def test_at_most_ten_can_be_offered() -> None:
    assert "at most 10 times" in refused("\n".join(f"3 March {hour}:00" for hour in range(8, 20)))[-1]


def test_an_hour_that_does_not_exist_is_said() -> None:
    assert "does not exist" in refused("29 March 02:30")[0]
    assert read_times("29 March 03:00", WARSAW, NOW) == [datetime(2026, 3, 29, 1, tzinfo=UTC)]


def test_an_hour_that_comes_twice_is_said() -> None:
    assert "comes twice" in refused("25 October 2026 02:30", now=NOW + timedelta(days=150))[0]


def test_without_a_year_the_next_such_day_is_meant() -> None:
    december = datetime(2026, 12, 20, 9, tzinfo=UTC)
    assert read_times("3 March 14:00", WARSAW, december) == [datetime(2027, 3, 3, 13, tzinfo=UTC)]


@given(MOMENTS, ZONES, FORMS)
def test_what_is_written_out_is_read_back(at: datetime, zone: str, form: str) -> None:
    wall = at.astimezone(ZoneInfo(zone))
    found, messages = tried(f"{wall:{form}}", zone, at - timedelta(days=30))
    # Unless that clock shows the hour twice.
    assert found == [at] or "comes twice" in messages[0]


@given(st.lists(MOMENTS, min_size=1, max_size=10, unique=True), ZONES)
def test_times_are_sorted_ahead_and_each_once(times: list[datetime], zone: str) -> None:
    now = min(times) - timedelta(days=1)
    near = [at for at in times if at - now < FURTHEST]
    found, messages = tried(as_lines(near, zone), zone, now)
    assert found == sorted(near) or all("twice" in message for message in messages)


@given(st.text(max_size=80))
def test_no_text_breaks_it(text: str) -> None:
    found, messages = tried(text, WARSAW, NOW)
    assert bool(found) != bool(messages)
    assert all(at > NOW for at in found)


def test_days_off_and_odd_hours_are_hinted_at_and_not_refused() -> None:
    day_off, early, late, good = (
        datetime(2026, 3, 4, 10, tzinfo=UTC),
        datetime(2026, 3, 5, 6, tzinfo=UTC),
        datetime(2026, 3, 5, 15, 30, tzinfo=UTC),
        TWO_PM,
    )
    found = hints([day_off, early, late, good], 60, WARSAW, CALENDAR, OFFICE)
    assert [line.split(": ")[1] for line in found] == [
        "nobody works here on that day.",
        "that is outside office hours.",
        "that is outside office hours.",
    ]


def test_the_city_is_always_named_and_both_where_their_clocks_differ() -> None:
    with reading_as("en", "America/New_York"):
        assert moment_in_both(TWO_PM, WARSAW) == "Tuesday 3 March 2026, 08:00 in New York (14:00 in Warsaw)"
    with reading_as("en", "Europe/Berlin"):
        assert moment_in_both(TWO_PM, WARSAW) == "Tuesday 3 March 2026, 14:00 (Berlin time)"
    with reading_as("en", WARSAW):
        assert moment_in_both(TWO_PM, WARSAW) == "Tuesday 3 March 2026, 14:00 (Warsaw time)"
    with reading_as("en", "Pacific/Auckland"):
        words = moment_in_both(TWO_PM, WARSAW)
    assert words == "Wednesday 4 March 2026, 02:00 in Auckland (Tuesday 3 March 2026, 14:00 in Warsaw)"


@given(MOMENTS, ZONES, ZONES)
def test_no_time_is_told_without_whose_clock_it_is_on(at: datetime, own: str, other: str) -> None:
    here, there = at.astimezone(ZoneInfo(own)), at.astimezone(ZoneInfo(other))
    with reading_as("en", own):
        words = moment_in_both(at, other)
    assert f"{here:%H:%M}" in words
    assert place_of(own) in words
    if here.utcoffset() != there.utcoffset():
        assert f"{there:%H:%M} in {place_of(other)}" in words
