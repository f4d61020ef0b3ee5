"""When people are reminded of an interview: a day before, an hour before, and never of what is over."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final


class Ahead(StrEnum):
    """Which of the two reminders."""

    DAY = "day"
    HOUR = "hour"


#: How long before it begins each is due; by the clock that all share, so a clock change moves nothing.
BEFORE: Final[dict[Ahead, timedelta]] = {Ahead.DAY: timedelta(hours=24), Ahead.HOUR: timedelta(hours=1)}
#: Until how long before it begins each makes sense: shortly before, the other one says it.
_UNTIL: Final[dict[Ahead, timedelta]] = {Ahead.DAY: timedelta(hours=2), Ahead.HOUR: timedelta(0)}
#: No reminder is due longer before.
LONGEST: Final = max(BEFORE.values())


def reminder_due(starts_at: datetime, settled_at: datetime, now: datetime) -> Ahead | None:
    """The reminder that makes sense now; None when there is none.

    `settled_at` is when this time was agreed: whoever agreed to it later than a reminder would have come has just read
    it, and is not told again. Of what has begun nobody is reminded.
    """
    for ahead, before in BEFORE.items():
        due_at = starts_at - before
        if settled_at <= due_at <= now < makes_sense_until(starts_at, ahead):
            return ahead
    return None


def makes_sense_until(starts_at: datetime, ahead: Ahead) -> datetime:
    """From when on this reminder says nothing new, or comes too late."""
    return starts_at - _UNTIL[ahead]


def reminder_key(public_id: str, starts_at: datetime, ahead: Ahead, colleague_id: int | None) -> str:
    """What makes one reminder the same one, to the candidate or to a colleague: of another time it is another one.

    The candidate is not named by their row, which another record may take over.
    """
    return f"interview-reminder:{public_id}:{int(starts_at.timestamp())}:{ahead}:{colleague_id or 'candidate'}"
