"""When a member hears of what fits: gathered for a while, looked at again while it waits, until it makes no sense."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final

from portal.contact.rules.hours import start_of_day

#: What is published within this time goes in one mail; what was published by mistake and stopped within it, in none.
GATHERED_FOR: Final = timedelta(minutes=30)
#: Openings in one mail; what is more goes with the next.
MOST_IN_ONE: Final = 12
#: When nothing is known of when it may go, or a mail is on its way.
UNTIL_NEXT_LOOK: Final = timedelta(minutes=10)
#: A wait is looked at again after this, so that a change of mind counts the same day.
_LOOK_AGAIN: Final = timedelta(hours=6)
_SHORTEST: Final = timedelta(minutes=1)


def look_again_at(until: datetime, now: datetime) -> datetime:
    """When openings that wait until `until` are looked at again: then, or sooner in case something changes."""
    return max(min(until, now + _LOOK_AGAIN), now + _SHORTEST)


def expires_at(openings: Iterable[tuple[datetime | None, bool, date | None]], company_zone: str) -> datetime | None:
    """From when a mail would say something untrue: one of its openings is everybody's, or closed.

    Of each opening: from when everybody sees it, whether the mail says that only members do, and the last day to apply
    in the company's zone. None: it stays true until somebody changes something.
    """
    ends = []
    for public_at, is_early, closes_on in openings:
        if is_early and public_at is not None:
            ends.append(public_at)
        if closes_on is not None:
            ends.append(start_of_day(closes_on + timedelta(days=1), company_zone))
    return min(ends, default=None)
