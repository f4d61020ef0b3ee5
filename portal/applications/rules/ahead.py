"""What an application waits for besides our word: an interview or an answer, as its candidate knows of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Final


class Next(StrEnum):
    """What an interview or an offer of theirs is to its candidate; what matters most to them comes first."""

    #: They have accepted our offer.
    ACCEPTED = "accepted"
    #: We have made them an offer, and they have not answered.
    DECIDE = "decide"
    #: Times of an interview wait for their choice.
    CHOOSE = "choose"
    #: An interview is agreed.
    MEET = "meet"
    #: An interview is ahead at another time than it was.
    MOVED = "moved"
    #: They told us something about an interview, and we answer.
    ASKED = "asked"
    #: The interview that was arranged last was called off.
    CALLED_OFF = "called_off"
    #: An interview is over.
    MET = "met"


#: A sentence of its own says them.
_SAID: Final = frozenset({Next.DECIDE, Next.CHOOSE, Next.MEET, Next.MOVED})
_ORDER: Final = {kind: number for number, kind in enumerate(Next)} | {Next.MOVED: list(Next).index(Next.MEET)}
_NO_TIME: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Ahead:
    """One of them."""

    next: Next
    #: Of an interview: when it is, and the city on whose clock its candidate reads that.
    starts_at: datetime | None = None
    clock: str = ""
    #: Of an offer: by when they are asked to decide, and whether that day has passed.
    decide_by: date | None = None
    is_over: bool = False

    @property
    def is_said(self) -> bool:
        """Whether whoever reads of the application reads of this too."""
        return self.next in _SAID


def in_order(known: Iterable[Ahead]) -> tuple[Ahead, ...]:
    """What matters most first, interviews by time."""
    return tuple(sorted(known, key=lambda one: (_ORDER[one.next], one.starts_at or _NO_TIME)))
