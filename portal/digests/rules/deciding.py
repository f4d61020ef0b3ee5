"""How an update comes to one person: by a letter of its own, with their next digest, or not at all."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from portal.contact.rules import Go, Never, Verdict
from portal.contact.states import Rhythm, WhyHeld
from portal.digests.states import Way, Why

#: When digests come, on their readers' clocks: weekly ones on Thursdays, monthly ones on the first of the month.
DIGEST_HOUR: Final = time(9)
DIGEST_WEEKDAY: Final = 3
#: A mind may change at any time, so whoever waits is looked at again after this.
LOOK_AGAIN: Final = timedelta(hours=3)
#: What has waited for longer is no news any more.
KEPT_FOR: Final = timedelta(days=92)
_SLOW: Final = frozenset({Rhythm.WEEKLY, Rhythm.MONTHLY})
#: For so little a letter of its own waits in the outbox.
_SHORT_WAITS: Final = frozenset({WhyHeld.QUIET_HOURS, WhyHeld.OFFICE_HOURS, WhyHeld.RESTORED})


@dataclass(frozen=True)
class Decision:
    """The way an update comes, and why where it is not a letter of its own; `look_at` while it is collected."""

    way: Way
    why: Why | None = None
    look_at: datetime | None = None


OWN_LETTER: Final = Decision(Way.OWN_LETTER)


def way_for(verdict: Verdict | None, rhythm: Rhythm | None, zone: str, *, is_read: bool, now: datetime) -> Decision:
    """How an update comes to somebody for whom `contact` said `verdict` (None: they are gone).

    `rhythm` is what they chose for its topic, `zone` their IANA zone, `is_read` whether they read it on its page.
    """
    if verdict is None:
        return Decision(Way.LEFT_OUT, Why.GONE)
    if isinstance(verdict, Never):
        return Decision(Way.LEFT_OUT, Why(verdict.reason))
    if is_read:
        return Decision(Way.LEFT_OUT, Why.READ)
    if rhythm in _SLOW:
        return collected(Why.RHYTHM, digest_time(rhythm, now, zone), now)
    if isinstance(verdict, Go) or verdict.reason in _SHORT_WAITS:
        return OWN_LETTER
    return collected(Why(verdict.reason), verdict.until, now)


def collected(why: Why, due_at: datetime, now: datetime) -> Decision:
    """It waits for the next digest, which as far as we know is due at `due_at`."""
    return Decision(Way.COLLECTED, why, min(due_at, now + LOOK_AGAIN))


def is_long_wait(reason: WhyHeld) -> bool:
    """Whether a letter that `contact` holds for this reason belongs into the next digest."""
    return reason not in _SHORT_WAITS


def digest_time(rhythm: Rhythm | None, after: datetime, zone: str) -> datetime:
    """When a digest of what was collected at `after` is due at the earliest, for a reader in the IANA `zone`.

    The first Thursday or first of a month whose hour comes later than `after`; at once for any other rhythm.
    """
    if rhythm not in _SLOW:
        return after
    day = after.astimezone(ZoneInfo(zone)).date()
    while not (_is_digest_day(rhythm, day) and _hour_of(day, zone) > after):
        day += timedelta(days=1)
    return _hour_of(day, zone)


def letter_expires_at(event_on: date | None, now: datetime) -> datetime:
    """When a letter that still waits makes no sense any more: after the day it is about, else after three months."""
    longest = now + KEPT_FOR
    if event_on is None:
        return longest
    # Wherever on Earth its reader is, the day is over by then.
    return min(longest, datetime.combine(event_on + timedelta(days=1), time(12), UTC))


def _is_digest_day(rhythm: Rhythm | None, day: date) -> bool:
    return day.weekday() == DIGEST_WEEKDAY if rhythm is Rhythm.WEEKLY else day.day == 1


def _hour_of(day: date, zone: str) -> datetime:
    return datetime.combine(day, DIGEST_HOUR, ZoneInfo(zone)).astimezone(UTC)
