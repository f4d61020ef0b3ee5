"""First dates are working days ahead, spread evenly."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.ats.rules import first_promise_dates, promise_for
from portal.company.rules import WorkCalendar

_days = st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1))


def test_ten_working_days_after_a_friday() -> None:
    days = first_promise_dates(date(2026, 3, 13))
    assert days[0] == date(2026, 3, 16)
    assert days[-1] == date(2026, 3, 27)
    assert len(days) == 10


def test_holidays_are_left_out() -> None:
    christmas = WorkCalendar(frozenset({date(2026, 12, 24), date(2026, 12, 25)}))
    assert first_promise_dates(date(2026, 12, 23), 2, christmas) == [
        date(2026, 12, 28),
        date(2026, 12, 29),
    ]


@given(_days, st.integers(1, 30))
def test_first_dates_are_ahead_in_order_and_on_working_days(today: date, count: int) -> None:
    days = first_promise_dates(today, count)
    assert len(set(days)) == count
    assert days == sorted(days)
    assert days[0] > today
    assert (days[0] - today).days <= 3
    assert all(day.weekday() < 5 for day in days)


@given(_days, st.integers(0, 500))
def test_no_day_has_two_more_than_another(today: date, number: int) -> None:
    days = first_promise_dates(today)
    given_out = Counter(promise_for(index, days) for index in range(number))
    counts = [given_out[day] for day in days]
    assert max(counts) - min(counts) <= 1
    assert sum(counts) == number


@pytest.mark.parametrize(("index", "place"), [(0, 0), (9, 9), (10, 0), (25, 5)])
def test_days_come_in_turn(index: int, place: int) -> None:
    days = first_promise_dates(date(2026, 3, 4))
    assert promise_for(index, days) == days[place]
