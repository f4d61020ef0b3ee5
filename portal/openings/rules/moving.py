"""How an opening goes from draft to published, stopped and finished: its address, and from when who sees it."""

import re
from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from portal.community.rules import strip_accents
from portal.core.errors import PortalError
from portal.core.i18n import gettext as _
from portal.openings.states import MOVES, OpeningState

_SLUG_LENGTH: Final = 100
_NO_LETTERS: Final = "opening"


class MoveRefused(PortalError):
    """The opening cannot go from where it stands to there."""


class NothingChanged(PortalError):
    """What is to be published says the same as what is published."""


class StaleDraft(PortalError):
    """A colleague saved the draft in between; nothing has been saved over it."""


def check_move(before: OpeningState, after: OpeningState, *, is_own_draft: bool = False) -> None:
    """Raise MoveRefused unless an opening may go from `before` to `after`.

    A draft is finished only when it came with an import: to one of our own nobody can have applied.
    """
    is_never_open = is_own_draft and before is OpeningState.DRAFT and after is OpeningState.FINISHED
    if after not in MOVES[before] or is_never_open:
        raise MoveRefused(_REFUSED[before]())


def state_again(before: OpeningState, published_at: datetime | None) -> OpeningState:
    """Where a finished opening stands once it is opened again: nobody can apply, as before it was finished.

    One that came with an import and was never published is a draft. Raises MoveRefused for what is not finished.
    """
    if before is not OpeningState.FINISHED:
        raise MoveRefused(_("This opening is not finished, so there is nothing to open again."))
    return OpeningState.STOPPED if published_at is not None else OpeningState.DRAFT


def _draft() -> str:
    return _("This opening was never published, so nobody can have applied.")


def _published() -> str:
    return _("This opening is published. Stop accepting applications first.")


def _stopped() -> str:
    return _("This opening no longer accepts applications already.")


def _finished() -> str:
    return _("This opening is finished. Open it again first, or make a new one as a copy of it.")


_REFUSED: Final = {
    OpeningState.DRAFT: _draft,
    OpeningState.PUBLISHED: _published,
    OpeningState.STOPPED: _stopped,
    OpeningState.FINISHED: _finished,
}


def slug_of(title: str, taken: Collection[str] = (), suffix: str = "") -> str:
    """What stands in an opening's address: `title` in plain letters, with `suffix` when another has it already.

    The suffix says nothing of how many others there are, which may not be for everybody to see.
    """
    plain = strip_accents(title).casefold().encode("ascii", "ignore").decode()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_SLUG_LENGTH].strip("-") or _NO_LETTERS
    return f"{base}-{suffix}" if base in taken else base


def public_from(start: datetime, days: int, zone: str) -> datetime:
    """`days` days after `start` at the same time on the clocks of `zone`, whatever summer time does in between."""
    if days == 0:
        return start
    there = start.astimezone(ZoneInfo(zone))
    # Back and forth, so that a time that clocks leave out becomes the one they show instead.
    return (there + timedelta(days=days)).astimezone(start.tzinfo)


def early_days(published_at: datetime, public_at: datetime, zone: str) -> int:
    """For how many days members see an opening first: what `public_from` was told."""
    first, last = (one.astimezone(ZoneInfo(zone)).date() for one in (published_at, public_at))
    return (last - first).days


def moved_public_at(published_at: datetime, public_at: datetime, days: int, zone: str, now: datetime) -> datetime:
    """From when everybody sees it, when members are to see it `days` days first from now on.

    What is public stays so, and what would have become public before `now` becomes so now.
    """
    if public_at <= now:
        return public_at
    wanted = public_from(published_at, days, zone)
    # Saying the same again changes nothing, not even by a fraction of a second.
    return public_at if wanted == public_at else max(wanted, now)


def has_ended(closes_on: date | None, today: date) -> bool:
    """Whether the last day to apply has passed; `today` is the day in the company's zone."""
    return closes_on is not None and closes_on < today
