"""Who may see an opening at an instant, and how long only members see it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from portal.openings.states import OpeningState


@dataclass(frozen=True)
class Viewer:
    """Who asks, as far as openings care: visitors and those who never joined are no members."""

    is_member: bool = False
    #: Keys of the areas that they are interested in.
    areas: frozenset[str] = frozenset()


VISITOR: Final = Viewer()


class TimeUnit(StrEnum):
    """What a time that is left is counted in."""

    DAY = "day"
    HOUR = "hour"
    MINUTE = "minute"
    SECOND = "second"


@dataclass(frozen=True)
class TimeLeft:
    """How long it is until something: whole units, rounded down."""

    count: int
    unit: TimeUnit


_UNITS: Final = ((TimeUnit.DAY, 86_400), (TimeUnit.HOUR, 3_600), (TimeUnit.MINUTE, 60))


def is_visible(
    *,
    state: OpeningState,
    published_at: datetime | None,
    public_at: datetime | None,
    closes_on: date | None,
    area: str,
    viewer: Viewer,
    now: datetime,
    today: date,
) -> bool:
    """Whether `viewer` may know that this opening exists; `today` is the day in the company's zone.

    Members whose areas match see it from `published_at`, everybody from the very second of `public_at`; an opening
    without an area matches every member. `queries.public` says the same to the database.
    """
    if state is not OpeningState.PUBLISHED or (closes_on is not None and closes_on < today):
        return False
    if is_public(public_at, now):
        return True
    is_out = published_at is not None and now >= published_at
    return is_out and viewer.is_member and (not area or area in viewer.areas)


def is_row_visible(row: Any, viewer: Viewer, now: datetime, today: date) -> bool:
    """As `is_visible`, of a row with the columns of that name, whatever else it holds."""
    return is_visible(
        state=row.state,
        published_at=row.published_at,
        public_at=row.public_at,
        closes_on=row.closes_on,
        area=row.area,
        viewer=viewer,
        now=now,
        today=today,
    )


def is_public(public_at: datetime | None, now: datetime) -> bool:
    """Whether an opening that is published is everybody's to see, not only members'."""
    return public_at is not None and now >= public_at


def time_left(left: timedelta) -> TimeLeft:
    """`left` in the largest unit of which there are two or more: so it says "2 days" and then "47 hours"."""
    seconds = max(0, int(left.total_seconds()))
    for unit, size in _UNITS:
        if seconds >= 2 * size:
            return TimeLeft(seconds // size, unit)
    return TimeLeft(seconds, TimeUnit.SECOND)
