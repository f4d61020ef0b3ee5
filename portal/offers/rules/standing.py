"""Where an offer stands for each side, and what may be said and done about it."""

from typing import Final

from portal.core.errors import PortalError
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.offers.states import MOVES, OfferState, WordKind

_CLOSED: Final = {
    OfferState.ACCEPTED: _l("This offer was accepted, so it stays as it is."),
    OfferState.DECLINED: _l("This offer was declined, so it stays as it is."),
    OfferState.WITHDRAWN: _l("This offer was taken back."),
    OfferState.ENDED: _l("The application has ended, and with it the offer."),
}


class IllegalMove(PortalError):
    """An offer cannot go from one state to the other."""


class OfferClosed(PortalError):
    """Nothing can be said or done about this offer any more."""


class OfferChanged(PortalError):
    """What somebody had before them is not the offer any more; nothing was done."""


class NoOffer(PortalError):
    """There is no offer that this could be about."""


def check_move(before: OfferState, after: OfferState) -> None:
    """Raise IllegalMove unless an offer may go from one state to the other."""
    if after not in MOVES[before]:
        raise IllegalMove(_("An offer cannot go this way."))


def reads_as(state: OfferState, *, is_application_open: bool, is_withdrawal_read: bool) -> OfferState:
    """Where an offer stands for the candidate, who knows of it what has reached them.

    `is_withdrawal_read`: the mail that takes it back has. Until then it is open to them, and they may answer.
    """
    if state is OfferState.WITHDRAWN and not is_withdrawal_read:
        state = OfferState.OPEN
    if state is OfferState.OPEN and not is_application_open:
        return OfferState.ENDED
    return state


def check_answerable(stands: OfferState) -> None:
    """Raise OfferClosed unless the candidate may still answer, ask or choose; `stands`: as they read it."""
    if stands is not OfferState.OPEN:
        raise OfferClosed(str(_CLOSED[stands]))


def check_sayable(
    kind: WordKind, state: OfferState | None, *, is_said: bool, is_time_asked: bool, is_withdrawal_read: bool
) -> None:
    """Raise OfferClosed, OfferChanged or NoOffer unless a colleague may say this now.

    `state`: of the newest offer of an application, None without one. `is_said`: something of it has gone or waits to.
    """
    if kind is WordKind.MADE:
        if state is OfferState.ACCEPTED:
            # A yes is kept: another offer would ask them to decide once more about what is settled.
            raise OfferClosed(str(_CLOSED[state]))
        if state is OfferState.OPEN and is_said:
            raise OfferChanged(_("There is an offer already. Please look at it: you can change it."))
        if state is OfferState.WITHDRAWN and not is_withdrawal_read:
            # Until then they may still answer the offer before, and one person has one open offer here.
            raise OfferChanged(_("They do not know yet that we take back the offer before. Make another one then."))
        return
    if state is None or not is_said:
        raise NoOffer(_("There is no offer that this could be about."))
    if state is not OfferState.OPEN:
        raise OfferClosed(str(_CLOSED[state]))
    if kind is WordKind.NO_MORE_TIME and not is_time_asked:
        raise OfferChanged(_("Nobody waits for more time just now."))
