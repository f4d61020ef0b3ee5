"""The one place that reads the time."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def _system_time() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _system_time


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _source()


def today(zone: str) -> date:
    """The calendar day in the IANA time zone `zone`."""
    return now().astimezone(ZoneInfo(zone)).date()


def day_of(instant: datetime, zone: str) -> date:
    """The calendar day that `instant` falls on in the IANA time zone `zone`."""
    return instant.astimezone(ZoneInfo(zone)).date()


def monotonic() -> float:
    """Seconds on a clock that never goes back, for measuring how long something takes."""
    return time.monotonic()


@contextmanager
def running_from(source: Callable[[], datetime]) -> Iterator[None]:
    """Let `source` tell the time inside the block, in every thread of the process (tests, demo data)."""
    global _source
    before = _source
    _source = source
    try:
        yield
    finally:
        _source = before
