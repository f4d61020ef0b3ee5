"""How a candidate was told whom no mail of ours reached."""

from datetime import date
from typing import Final

from portal.applications.rules.proposals import ProposalRefused
from portal.applications.states import Channel
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l

#: How a person can have told them, as a choice reads it.
TOLD_CHANNELS: Final[dict[Channel, str]] = {
    Channel.TELEPHONE: _l("By telephone"),
    Channel.LETTER: _l("By a letter on paper"),
    Channel.IN_PERSON: _l("In person"),
    Channel.OTHER: _l("Another way"),
}


def check_how_told(channel: Channel | None, on: date | None, written_on: date, today: date) -> None:
    """Raise ProposalRefused unless a person can have told them so on that day; no channel: their page tells them."""
    if channel is None:
        return
    if channel not in TOLD_CHANNELS:
        raise ProposalRefused("how", _("Please say how they were told."))
    if on is None:
        raise ProposalRefused("happened_on", _("Please say on which day they were told."))
    if on > today:
        raise ProposalRefused("happened_on", _("This day is still to come. Please come back when you have told them."))
    if on < written_on:
        raise ProposalRefused("happened_on", _("That is before the letter was written. Please choose a later day."))
