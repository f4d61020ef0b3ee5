"""What colleagues can say about feedback that is owed: that it is held back, or that it was given by telephone."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from portal.company.states import FeedbackWay
from portal.core.errors import PortalError
from portal.core.i18n import format_day
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.permissions import Role
from portal.feedback.states import DebtState, FeedbackState

#: Characters of what stands on the candidate's page, and of what is for us.
WORDS_LENGTH: Final = 2_000
REASON_LENGTH: Final = 500
CALL_LENGTH: Final = 500


class CallInstead(StrEnum):
    """Why somebody who was promised feedback in writing got it by telephone; fixed words, for the audit log."""

    THEY_ASKED = "they_asked"
    NO_MAIL = "no_mail"


INSTEAD_LABELS: Final[dict[CallInstead, str]] = {
    CallInstead.THEY_ASKED: _l("They would rather talk"),
    CallInstead.NO_MAIL: _l("Our mail does not reach them"),
}


@dataclass(frozen=True)
class LooksAfter:
    """Who looks after an application: its owner, their lead, and who stands in for whom today."""

    owner_id: int
    lead_id: int | None
    #: For whom the asker stands in.
    stood_in_for: Collection[int] = ()


class OwingRefused(PortalError):
    """Feedback cannot be held back or called given so; `field` is what has to change, empty when none is to blame."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class NothingOwed(PortalError):
    """Nothing is owed any more, or not so: somebody has just given it or held it back, or it was taken back."""


class NotYours(PortalError):
    """Somebody else has to say this about what is owed."""


class NothingToAskFor(PortalError):
    """A candidate cannot ask for feedback on this application."""


def clean(words: str) -> str:
    """What was typed, without spaces around it."""
    return words.strip().replace("\r\n", "\n")


def check_may_hold(state: DebtState, written: FeedbackState | None) -> None:
    """Raise NothingOwed unless this debt can be held back now."""
    if state is DebtState.HELD:
        raise NothingOwed(_("Somebody has just held it back already."))
    if state is not DebtState.OPEN:
        raise NothingOwed(_("They have their feedback already, so there is nothing to hold back."))
    if written is FeedbackState.APPROVED:
        raise NothingOwed(_("The feedback is approved and on its way. Take it back first if it must not go."))


def check_hold(reason: str, words: str, *, has_contact: bool) -> None:
    """Raise OwingRefused unless both reasons are said and a colleague is named whom the candidate can ask."""
    if not reason:
        raise OwingRefused("reason", _("Please say why, for your colleagues and for whoever looks into it later."))
    if len(reason) > REASON_LENGTH:
        raise OwingRefused("reason", _("Please keep this under %(max)s characters.", max=REASON_LENGTH))
    if not words:
        raise OwingRefused("words", _("Please say why in words for the candidate. They read this and no more."))
    if len(words) > WORDS_LENGTH:
        raise OwingRefused("words", _("Please keep this under %(max)s characters.", max=WORDS_LENGTH))
    if not has_contact:
        raise OwingRefused("ask", _("Please choose whom they can ask about it; somebody who works here."))


def may_log_call(way: FeedbackWay, asker_id: int, role: Role, who: LooksAfter) -> bool:
    """Whether the asker, who may see the application, may say that a call has settled it.

    Where feedback is given by telephone, anybody: whoever was in the interview rings. What was promised in writing is
    not theirs to turn into a call: that is decided by who looks after the application, stands in or leads them.
    """
    if way is FeedbackWay.TELEPHONE or role is Role.ADMIN:
        return True
    return asker_id in {who.owner_id, who.lead_id} or who.owner_id in who.stood_in_for


def check_instead(way: FeedbackWay, instead: CallInstead | None) -> None:
    """Raise OwingRefused where feedback was promised in writing and nobody says why it was a call."""
    if way is FeedbackWay.WRITTEN and instead is None:
        raise OwingRefused("instead", _("We promised it in writing. Please say why it was a call."))


def check_call(words: str, called_on: date | None, *, first_day: date, today: date) -> None:
    """Raise OwingRefused unless a call can be logged so: a sentence, and a day from the ending to today."""
    if called_on is None:
        raise OwingRefused("called_on", _("Please say on which day you spoke."))
    if called_on > today:
        raise OwingRefused("called_on", _("This day is still to come. Please choose today or an earlier one."))
    if called_on < first_day:
        message = _("They heard how it ended on %(day)s. Please choose that day or a later one.")
        raise OwingRefused("called_on", message % {"day": format_day(first_day)})
    if not words:
        raise OwingRefused("words", _("Please say in a sentence what you told them; they read it, too."))
    if len(words) > CALL_LENGTH:
        raise OwingRefused("words", _("Please keep this under %(max)s characters.", max=CALL_LENGTH))
