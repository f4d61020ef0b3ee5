"""The first dates that imported candidates are promised, spread so that nobody has to write to all on one day."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta

_SATURDAY = 5


def first_promise_dates(today: date, count: int = 10, holidays: Collection[date] = ()) -> list[date]:
    """The next `count` working days after `today`: Monday to Friday without `holidays`."""
    days: list[date] = []
    day = today
    while len(days) < count:
        day += timedelta(days=1)
        if day.weekday() < _SATURDAY and day not in holidays:
            days.append(day)
    return days


def promise_for(index: int, days: Sequence[date]) -> date:
    """The day for the open application number `index`, in turn, so that any two days differ by one at most."""
    return days[index % len(days)]
