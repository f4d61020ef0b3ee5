"""Why something is due, how late it is, and when many are alike."""

from datetime import date
from enum import StrEnum

#: From so many on, applications that are due alike are shown as one heap.
HEAP_SIZE = 4


class WhyDue(StrEnum):
    """Why somebody has to write."""

    #: The promised day has come.
    PROMISED = "promised"
    #: The source says something else than the candidate was told.
    CHANGED = "changed"
    #: What we wrote did not arrive.
    UNDELIVERED = "undelivered"


def why_due(has_reported_change: bool, is_undelivered: bool) -> WhyDue:
    """The reason that matters most: what did not arrive, then what changed, then the promise."""
    if is_undelivered:
        return WhyDue.UNDELIVERED
    return WhyDue.CHANGED if has_reported_change else WhyDue.PROMISED


def days_late(promised: date | None, today: date) -> int:
    """Calendar days since the promised day; 0 when it is today, still to come, or was never promised."""
    return max(0, (today - promised).days) if promised is not None else 0
