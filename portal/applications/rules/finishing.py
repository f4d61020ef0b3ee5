"""Ending everybody who is still in an opening: who is left, words that hold the place of a name, and taking it back."""

from dataclasses import dataclass
from typing import Final

from portal.applications.rules.changing import IMPORTED_AFTER
from portal.applications.rules.proposals import MESSAGE_LENGTH, ProposalRefused, clean_text
from portal.applications.states import ENDINGS, OPEN_STATUSES, ApplicationStatus, EventKind
from portal.core.errors import PortalError
from portal.core.i18n import gettext as _
from portal.outbox.states import DeliveryState

#: Stands in words for many where each reads their own name.
NAME_PLACE: Final = "{name}"
#: An ending of which another system has told them stands on their page after the same time.
TOLD_ELSEWHERE_AFTER: Final = IMPORTED_AFTER
#: The outcomes that many can have at once; a hiring and a declined offer are worded one by one.
FOR_MANY: Final[tuple[ApplicationStatus, ...]] = (ApplicationStatus.NOT_SELECTED, ApplicationStatus.OPENING_CANCELLED)


class StillOpen(PortalError):
    """Somebody in the opening has no ending yet; `names` are theirs."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(_("Not everybody has an ending yet. Nothing was changed."))
        self.names = names


class CannotRevert(PortalError):
    """There is no ending here that could be taken back."""


@dataclass(frozen=True)
class Newest:
    """What was written last about an application and the candidate has not got; no `status`: nothing."""

    status: ApplicationStatus | None = None
    delivery_state: DeliveryState | None = None


def has_their_ending(shown: ApplicationStatus, newest: Newest) -> bool:
    """Whether the candidate was told how it ended, and nothing is on its way that says otherwise or got lost."""
    if shown in OPEN_STATUSES:
        return False
    if newest.status is None or newest.delivery_state is DeliveryState.CANCELLED:
        return True
    return newest.status in ENDINGS


def is_letter_lost(written: DeliveryState | None) -> bool:
    """Whether somebody has to say how they were told, by what became of the last letter that a person wrote.

    An automatic note that went since tells them nothing of what the letter said.
    """
    return written is DeliveryState.DEAD


def check_words(message: str) -> str:
    """The words for many as they are kept; raises ProposalRefused."""
    words = clean_text(message)
    if not words:
        raise ProposalRefused("message", _("Please write what they will read."))
    if len(words) > MESSAGE_LENGTH:
        raise ProposalRefused("message", _("Please keep the message under 10,000 characters."))
    rest = words.replace(NAME_PLACE, "")
    if "{" in rest or "}" in rest:
        raise ProposalRefused("message", _("Only {name} can stand in curly brackets."))
    return words


def needs_name(message: str) -> bool:
    """Whether these words hold the place of a name."""
    return NAME_PLACE in message


def personal(message: str, name: str) -> str | None:
    """The words with this name in their place; None where a name is needed and nobody knows it."""
    if needs_name(message) and not name.strip():
        return None
    return message.replace(NAME_PLACE, name.strip())


def check_reverting(shown: ApplicationStatus, kind: EventKind) -> None:
    """Raise CannotRevert unless the ending that the candidate reads can be taken back."""
    if shown in OPEN_STATUSES:
        raise CannotRevert(_("This application is open, so there is no ending to take back."))
    if kind is EventKind.ENDED_BEFORE_US:
        raise CannotRevert(_("It ended before this page existed, so it stays as it is."))


def check_openness(kind: EventKind, shown: ApplicationStatus, shown_kind: EventKind, wanted: ApplicationStatus) -> None:
    """Raise CannotRevert or ProposalRefused unless this opens an ended application knowingly, or not at all."""
    if kind is EventKind.REVERTED:
        check_reverting(shown, shown_kind)
        if wanted not in OPEN_STATUSES:
            raise ProposalRefused("status", _("Please say where it stands from now on."))
    elif shown in ENDINGS and wanted in OPEN_STATUSES:
        raise ProposalRefused("status", _("They were told that it has ended. To open it again, take the ending back."))
