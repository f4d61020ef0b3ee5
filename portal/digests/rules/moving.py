"""Pausing, resuming and stopping a mailing."""

from typing import Final

from portal.core.errors import PortalError
from portal.core.i18n import gettext as _
from portal.digests.states import MOVES, MailingState


class MailingRefused(PortalError):
    """The mailing cannot go from where it stands to there."""


_REFUSED: Final = {
    MailingState.SENDING: lambda: _("This mailing goes on already."),
    MailingState.PAUSED: lambda: _("This mailing is paused already."),
    MailingState.STOPPED: lambda: _("This mailing was stopped. What went stays, and nothing more goes."),
}


def check_move(before: MailingState, after: MailingState) -> None:
    """Raise MailingRefused unless a mailing may go from `before` to `after`."""
    if after not in MOVES[before]:
        raise MailingRefused(_REFUSED[before]())
