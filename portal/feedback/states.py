"""Where feedback stands, how it is given, and why none is owed."""

from enum import StrEnum
from typing import Final

from portal.core.i18n import lazy_gettext as _l


class FeedbackState(StrEnum):
    """Where a piece of feedback stands; no candidate reads any that is not sent."""

    DRAFT = "draft"
    #: Its author is done, and a colleague is to approve it.
    FOR_APPROVAL = "for_approval"
    #: Approved: its mail waits for office hours, is on its way or was accepted.
    APPROVED = "approved"
    #: Taken back after it was sent; it stays in the audit log.
    RETRACTED = "retracted"


MOVES: Final[dict[FeedbackState, frozenset[FeedbackState]]] = {
    FeedbackState.DRAFT: frozenset({FeedbackState.FOR_APPROVAL, FeedbackState.APPROVED}),
    FeedbackState.FOR_APPROVAL: frozenset({FeedbackState.DRAFT, FeedbackState.APPROVED}),
    # Back to a draft while no mail server was given its mail.
    FeedbackState.APPROVED: frozenset({FeedbackState.DRAFT, FeedbackState.RETRACTED}),
    FeedbackState.RETRACTED: frozenset({FeedbackState.DRAFT}),
}


class FeedbackForm(StrEnum):
    """How much is owed."""

    FULL = "full"
    #: After a short screen only.
    SHORT = "short"


FORM_LABELS: Final[dict[FeedbackForm, str]] = {
    FeedbackForm.FULL: _l("All parts"),
    FeedbackForm.SHORT: _l("The short form"),
}


class DebtState(StrEnum):
    """What became of feedback that was owed."""

    OPEN = "open"
    GIVEN = "given"
    #: An admin holds it with a reason; the candidate is told so, and whom to ask.
    HELD = "held"
    #: The ending was taken back, or the candidate was erased or cannot be reached at all.
    VOID = "void"
