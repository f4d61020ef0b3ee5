"""How an update goes from draft to published, corrected and withdrawn: its moves, its address, its time."""

import re
from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from portal.community.rules import strip_accents
from portal.core.errors import PortalError
from portal.core.i18n import gettext as _
from portal.updates.states import MOVES, UpdateState

_SLUG_LENGTH: Final = 100
_NO_LETTERS: Final = "update"
#: Nobody plans further ahead; who does has mistyped a year.
_FARTHEST: Final = timedelta(days=366)


class MoveRefused(PortalError):
    """The update cannot go from where it stands to there."""


class StaleDraft(PortalError):
    """A colleague saved the draft in between; nothing has been saved over it."""


class NothingChanged(PortalError):
    """What is to be published says the same as what is published."""


class NoSuchTime(PortalError):
    """It cannot go out at this time."""


def check_move(before: UpdateState, after: UpdateState) -> None:
    """Raise MoveRefused unless an update may go from `before` to `after`."""
    if after not in MOVES[before]:
        raise MoveRefused(_REFUSED[before]())


_REFUSED: Final = {
    UpdateState.DRAFT: lambda: _("This update is a draft: nobody has read it yet."),
    UpdateState.SCHEDULED: lambda: _("This update is scheduled. Take it off the schedule first."),
    UpdateState.PUBLISHING: lambda: _("This update is being published just now. Please wait a moment."),
    UpdateState.PUBLISHED: lambda: _("This update is published already."),
    UpdateState.CORRECTED: lambda: _("This update is published already."),
    UpdateState.WITHDRAWN: lambda: _("This update was withdrawn. Write a new one, perhaps as a copy of it."),
}


def slug_of(title: str, taken: Collection[str] = (), suffix: str = "") -> str:
    """What stands in an update's address: `title` in plain letters, with `suffix` when another has it already."""
    plain = strip_accents(title).casefold().encode("ascii", "ignore").decode()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_SLUG_LENGTH].strip("-") or _NO_LETTERS
    return f"{base}-{suffix}" if base in taken else base


def instant_of(day: date, at: time, zone: str, now: datetime) -> datetime:
    """The instant at which clocks in the IANA `zone` show `at` on `day`; an hour that a change of clocks leaves out
    becomes the next. Raises NoSuchTime for what is past, and for more than a year ahead.
    """
    instant = datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)
    if instant <= now:
        raise NoSuchTime(_("This time has passed. Publish it now, or choose a later time."))
    if instant > now + _FARTHEST:
        raise NoSuchTime(_("Please choose a time within a year."))
    return instant
