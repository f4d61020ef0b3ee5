"""Who may be invited to apply, with which words, until when, and what came of it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from portal.applications.rules import ProposalRefused
from portal.applications.rules.finishing import check_words
from portal.core.errors import PortalError
from portal.core.i18n import gettext as _
from portal.fitting.states import MOVES, InvitationState, LeftOut
from portal.outbox.states import DeliveryState

MESSAGE_LENGTH: Final = 4_000
WHY_LENGTH: Final = 500
#: Who is invited is chosen one by one; whoever wants to tell hundreds writes an update.
MOST_AT_ONCE: Final = 50
#: An invitation that waits longer, because the person paused or heard enough, is outdated.
_WAITS: Final = timedelta(days=30)


class InvitationRefused(PortalError):
    """What was typed cannot go; `field` names where, empty: nowhere in particular."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class IllegalMove(PortalError):
    """An invitation cannot go from where it stands to there."""


class Outcome(StrEnum):
    """What came of an invitation; the first that is true counts."""

    APPLIED = "applied"
    NOT_NOW = "not_now"
    NOT_WRITTEN = "not_written"
    TAKEN_BACK = "taken_back"
    #: It will be written, or waits in the outbox.
    ON_ITS_WAY = "on_its_way"
    #: It was given up or stopped on its way.
    LOST = "lost"
    NOTHING_YET = "nothing_yet"


@dataclass(frozen=True)
class Standing:
    """What decides whether somebody may be invited to an opening."""

    has_address: bool
    is_suppressed: bool
    has_said_yes: bool
    has_applied: bool
    is_invited: bool
    is_hired: bool
    #: They may know that the opening exists.
    may_see: bool


def why_not(standing: Standing) -> LeftOut | None:
    """Why somebody is not invited; None: they may be. The list of who may fit says the same to the database."""
    reasons = (
        (standing.has_applied, LeftOut.APPLIED),
        (standing.is_invited, LeftOut.INVITED),
        (standing.is_hired, LeftOut.HIRED),
        (not standing.has_said_yes, LeftOut.NO_YES),
        (not standing.has_address or standing.is_suppressed, LeftOut.UNREACHABLE),
        (not standing.may_see, LeftOut.NOT_THEIRS_YET),
    )
    return next((reason for is_true, reason in reasons if is_true), None)


def check_move(before: InvitationState, after: InvitationState) -> None:
    """Raise IllegalMove unless an invitation may go from `before` to `after`."""
    if after not in MOVES[before]:
        raise IllegalMove(_("This invitation has gone further already."))


def checked_words(message: str) -> str:
    """The words of an invitation, tidied; only the place of a name may stand in them. Raises InvitationRefused."""
    try:
        words = check_words(message)
    except ProposalRefused as error:
        raise InvitationRefused("message", error.message) from error
    if len(words) > MESSAGE_LENGTH:
        raise InvitationRefused("message", _("Please keep the words under 4,000 characters."))
    return words


def checked_why(why: str) -> str:
    """Why somebody is written to, tidied to one line. Raises InvitationRefused: nobody is invited without a why."""
    words = " ".join(why.split())
    if not words:
        raise InvitationRefused("whys", _("Please say why you write to them."))
    if len(words) > WHY_LENGTH:
        raise InvitationRefused("whys", _("Please keep each reason under 500 characters."))
    return words


def expires_at(closes_on: date | None, zone: str, now: datetime) -> datetime:
    """After which it makes no sense to send it any more: the last day to apply is over in `zone`, or a month is."""
    latest = now + _WAITS
    if closes_on is None:
        return latest
    return min(latest, datetime.combine(closes_on + timedelta(days=1), time(), ZoneInfo(zone)))


def outcome_of(
    state: InvitationState,
    delivery: DeliveryState | None,
    applied_at: datetime | None,
    not_now_at: datetime | None,
) -> Outcome:
    """What came of an invitation; `delivery`: how its mail stands, None where there is none."""
    if applied_at is not None:
        return Outcome.APPLIED
    if not_now_at is not None:
        return Outcome.NOT_NOW
    if state is InvitationState.LEFT_OUT:
        return Outcome.NOT_WRITTEN
    if state is InvitationState.TAKEN_BACK:
        return Outcome.TAKEN_BACK
    if delivery in {DeliveryState.DEAD, DeliveryState.CANCELLED}:
        return Outcome.LOST
    return Outcome.NOTHING_YET if delivery is DeliveryState.SENT else Outcome.ON_ITS_WAY
