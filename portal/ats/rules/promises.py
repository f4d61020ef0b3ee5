"""The first dates that imported candidates are promised, spread so that nobody has to write to all on one day."""

from collections.abc import Sequence
from datetime import date

from portal.company.rules import NO_HOLIDAYS, WorkCalendar, working_days_after


def first_promise_dates(today: date, count: int = 10, calendar: WorkCalendar = NO_HOLIDAYS) -> list[date]:
    """The next `count` working days after `today`."""
    return working_days_after(today, count, calendar)


def promise_for(index: int, days: Sequence[date]) -> date:
    """The day for the open application number `index`, in turn, so that any two days differ by one at most."""
    return days[index % len(days)]
