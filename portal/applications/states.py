"""What a candidate can read about an application, and the kinds of events that say so."""

from enum import StrEnum
from typing import Final

from portal.core.i18n import lazy_gettext as _l


class ApplicationStatus(StrEnum):
    """Where an application stands, as the candidate reads it; apart from the internal stage."""

    RECEIVED = "received"
    IN_REVIEW = "in_review"
    INTERVIEWING = "interviewing"
    DECISION_PENDING = "decision_pending"
    OFFER_MADE = "offer_made"
    HIRED = "hired"
    OFFER_DECLINED = "offer_declined"
    NOT_SELECTED = "not_selected"
    WITHDRAWN = "withdrawn"
    OPENING_CANCELLED = "opening_cancelled"


#: The open statuses in the order a candidate passes them.
STEPS: Final[tuple[ApplicationStatus, ...]] = (
    ApplicationStatus.RECEIVED,
    ApplicationStatus.IN_REVIEW,
    ApplicationStatus.INTERVIEWING,
    ApplicationStatus.DECISION_PENDING,
    ApplicationStatus.OFFER_MADE,
)
OPEN_STATUSES: Final[frozenset[ApplicationStatus]] = frozenset(STEPS)
ENDINGS: Final[frozenset[ApplicationStatus]] = frozenset(ApplicationStatus) - OPEN_STATUSES
#: Endings of which the candidate hears from us first: their letters go in office hours on working days.
ENDINGS_BY_US: Final[frozenset[ApplicationStatus]] = ENDINGS - {ApplicationStatus.WITHDRAWN}

STATUS_LABELS: Final[dict[ApplicationStatus, str]] = {
    ApplicationStatus.RECEIVED: _l("Received"),
    ApplicationStatus.IN_REVIEW: _l("In review"),
    ApplicationStatus.INTERVIEWING: _l("Interviewing"),
    ApplicationStatus.DECISION_PENDING: _l("Decision pending"),
    ApplicationStatus.OFFER_MADE: _l("Offer made"),
    ApplicationStatus.HIRED: _l("Hired"),
    ApplicationStatus.OFFER_DECLINED: _l("Offer declined"),
    ApplicationStatus.NOT_SELECTED: _l("Not selected"),
    ApplicationStatus.WITHDRAWN: _l("Withdrawn"),
    ApplicationStatus.OPENING_CANCELLED: _l("Opening cancelled"),
}


class EventKind(StrEnum):
    """What happened to an application."""

    #: First seen in an import, and still open.
    IMPORTED = "imported"
    #: First seen in an import, and ended there already: no letter, no clocks.
    ENDED_BEFORE_US = "ended_before_us"
    #: A person wrote to the candidate, perhaps moved it, perhaps gave a new date.
    MESSAGE = "message"
