"""Working days around holidays, in countries, with days of a company's own, and without any."""

from datetime import date, time, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.applications.states import OPEN_STATUSES
from portal.company import queries
from portal.company.actions import change_settings
from portal.company.rules import (
    Hours,
    InvalidDays,
    WorkCalendar,
    countries,
    holidays_between,
    own_days_from,
    own_days_text,
    regions_of,
    version_of,
    working_days_after,
)
from portal.company.states import DEFAULTS, Setting
from portal.core import clock
from portal.core.db import end_reading
from tests.accounts.visitors import ADMIN, hire

DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))


def calendar_of(country: str, region: str = "", own: str = "") -> WorkCalendar:
    found = holidays_between(date(2026, 1, 1), date(2027, 12, 31), country, region, own_days_from(own))
    return WorkCalendar(frozenset(one.on for one in found))


@pytest.mark.parametrize(
    ("country", "region", "next_days"),
    [
        # 25 and 26 December are a Friday and a Saturday; 1 January 2027 is a Friday.
        ("DE", "", ["2026-12-24", "2026-12-28", "2026-12-29"]),
        # In Poland the 24th is a holiday as well since 2025.
        ("PL", "", ["2026-12-28", "2026-12-29", "2026-12-30"]),
        ("US", "", ["2026-12-24", "2026-12-28", "2026-12-29"]),
        ("", "", ["2026-12-24", "2026-12-25", "2026-12-28"]),
    ],
)
def test_nothing_is_promised_for_christmas(country: str, region: str, next_days: list[str]) -> None:
    days = working_days_after(date(2026, 12, 23), 3, calendar_of(country, region))
    assert [day.isoformat() for day in days] == next_days


@pytest.mark.parametrize(
    ("country", "next_days"),
    [
        # Easter Sunday is 5 April 2026: Good Friday and Easter Monday.
        ("DE", ["2026-04-07", "2026-04-08"]),
        ("PL", ["2026-04-03", "2026-04-07"]),
        ("US", ["2026-04-03", "2026-04-06"]),
    ],
)
def test_nothing_is_promised_for_easter(country: str, next_days: list[str]) -> None:
    days = working_days_after(date(2026, 4, 2), 2, calendar_of(country))
    assert [day.isoformat() for day in days] == next_days


def test_a_region_has_holidays_that_its_neighbours_have_not() -> None:
    epiphany = date(2026, 1, 6)
    assert not calendar_of("DE", "BW").is_working_day(epiphany)
    assert calendar_of("DE", "BE").is_working_day(epiphany)


def test_days_of_their_own_are_off_in_one_year_or_in_every_year() -> None:
    calendar = calendar_of("", own="2026-06-12 Summer party\n12-24 Christmas Eve")
    off = [date(2026, 6, 12), date(2026, 12, 24), date(2027, 12, 24)]
    assert not any(calendar.is_working_day(day) for day in off)
    assert calendar.is_working_day(date(2027, 6, 11))


def test_a_leap_day_is_off_only_where_there_is_one() -> None:
    found = holidays_between(date(2027, 1, 1), date(2028, 12, 31), "", "", own_days_from("02-29 Leap day"))
    assert [one.on for one in found] == [date(2028, 2, 29)]


def test_own_words_for_a_holiday_outrank_those_of_the_country() -> None:
    found = holidays_between(date(2026, 12, 25), date(2026, 12, 25), "DE", "", own_days_from("12-25 Closed"), "en")
    assert [(one.name, one.is_own) for one in found] == [("Closed", True)]


def test_holidays_are_named_in_the_readers_language_where_that_is_known() -> None:
    found = holidays_between(date(2026, 12, 25), date(2026, 12, 25), "PL", "", [], "en")
    assert "Christmas" in found[0].name


@pytest.mark.parametrize("line", ["Christmas", "2026-13-01 x", "2026-02-30", "31-12 Last day", "2026-12-24" + "x" * 5])
def test_what_is_no_day_is_refused_with_its_line(line: str) -> None:
    with pytest.raises(InvalidDays) as refused:
        own_days_from(f"12-24 Eve\n{line}")
    assert line[:30] in refused.value.message


def test_own_days_are_read_as_they_are_written() -> None:
    days = own_days_from("2026-6-1: Away day\n12-24\n\n12-24 Christmas Eve")
    assert days == [{"on": "12-24", "name": "Christmas Eve"}, {"on": "2026-06-01", "name": "Away day"}]
    assert own_days_from(own_days_text(days)) == days


@given(day=DAYS, count=st.integers(0, 30), week=st.sets(st.integers(0, 6), min_size=1), off=st.sets(DAYS, max_size=40))
def test_working_days_are_the_next_ones_in_order_and_none_is_left_out(
    day: date, count: int, week: set[int], off: set[date]
) -> None:
    calendar = WorkCalendar(frozenset(off), frozenset(week))
    found = working_days_after(day, count, calendar)
    span = [day + timedelta(days=step) for step in range(1, (found[-1] - day).days + 1)] if found else []
    assert found == [one for one in span if one.weekday() in week and one not in off]
    assert len(found) == count


@given(start=st.times(), end=st.times(), moment=st.times())
def test_hours_and_the_hours_between_them_cover_the_day(start: time, end: time, moment: time) -> None:
    is_inside, is_outside = Hours(start, end).covers(moment), Hours(end, start).covers(moment)
    assert is_inside != is_outside or start == end


def test_quiet_hours_go_over_midnight() -> None:
    quiet = Hours(time(21), time(8))
    assert [quiet.covers(time(hour)) for hour in (20, 21, 23, 0, 7, 8)] == [False, True, True, True, True, False]


def test_a_week_without_a_day_is_no_week() -> None:
    with pytest.raises(ValueError, match="needs a day"):
        WorkCalendar(weekdays=frozenset())


@pytest.mark.parametrize("country", ["DE", "PL", "US", "GB", "CH"])
def test_every_region_that_is_offered_is_one(country: str) -> None:
    assert country in countries()
    regions = regions_of(country)
    assert len(regions) > 3
    for region in regions:
        assert holidays_between(date(2026, 1, 1), date(2026, 12, 31), country, region, [])


def test_pace_is_set_for_every_open_status() -> None:
    assert set(DEFAULTS[Setting.PACE]) == {str(status) for status in OPEN_STATUSES}


def save(values: dict[Setting, object]) -> None:
    stored = queries.company_settings()
    version = version_of({name: stored[name] for name in Setting if name in values})
    change_settings(values, version, actor_id=hire(ADMIN), now=clock.now())
    end_reading()


def test_the_companys_calendar_is_what_it_has_set(app: Flask) -> None:
    assert queries.calendar_from(date(2026, 12, 20)) == WorkCalendar()
    save(
        {
            Setting.HOLIDAYS: {"country": "DE", "region": "BY"},
            Setting.OWN_DAYS: [{"on": "12-24", "name": "Closed"}],
            Setting.WORKING_WEEK: [0, 1, 2, 3],
        }
    )
    days = working_days_after(date(2026, 12, 22), 3, queries.calendar_from(date(2026, 12, 22)))
    assert days == [date(2026, 12, 23), date(2026, 12, 28), date(2026, 12, 29)]
    assert queries.work_calendar(date(2027, 1, 6), date(2027, 1, 6)).holidays == {date(2027, 1, 6)}


def test_before_anybody_sets_anything_the_hours_and_the_budget_are_ours(app: Flask) -> None:
    assert queries.quiet_hours() == Hours(time(21), time(8))
    assert queries.office_hours() == Hours(time(9), time(17))
    assert queries.contact_budget() == queries.ContactBudget(community_per_month=2, check_in_days=90)
    assert queries.retention() == queries.Retention(community_months=24, rejected_months=6)
    assert queries.company_zone() == "Europe/Warsaw"


def test_what_is_set_outranks_the_environment_and_is_seen_at_once(app: Flask) -> None:
    assert queries.company_name() == "Kindred"
    save({Setting.ZONE: "Asia/Tokyo", Setting.NAME: "Lumen"})
    assert (queries.company_zone(), queries.company_name()) == ("Asia/Tokyo", "Lumen")
