"""Hours and days on somebody's own clock: 02:30 in a gap is 03:30, in a fold it is the first of the two."""

import calendar
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

#: A clock change moves a wall time by less than this, so that one more day always has it.
_DAYS_TO_SEARCH = 4


def later_by_days(instant: datetime, days: int, zone: str) -> datetime:
    """The same time on the clock in the IANA `zone`, `days` calendar days after `instant`."""
    local = instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    return _instant(local + timedelta(days=days), zone)


def start_of_day(day: date, zone: str) -> datetime:
    """The first instant of `day` in the IANA `zone`."""
    return _instant(datetime.combine(day, time()), zone)


def months_after(day: date, count: int) -> date:
    """The same day `count` months later, or the last day of that month where it is shorter."""
    months = day.year * 12 + day.month - 1 + count
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def next_time(
    after: datetime, at: time, zone: str, fits: Callable[[datetime], bool], days: int = _DAYS_TO_SEARCH
) -> datetime | None:
    """The first instant after `after` when a clock in the IANA `zone` shows `at` and `fits` agrees, within `days`."""
    first = after.astimezone(ZoneInfo(zone)).date()
    for number in range(days):
        for instant in _instants(datetime.combine(first + timedelta(days=number), at), zone):
            if instant > after and fits(instant):
                return instant
    return None


def _instants(local: datetime, zone: str) -> Iterator[datetime]:
    """When the clock shows `local`, in order: in a fold twice, in a gap what either offset makes of it."""
    yield from sorted({_instant(local, zone, fold) for fold in (0, 1)})


def _instant(local: datetime, zone: str, fold: int = 0) -> datetime:
    return local.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)
