"""Whether a candidate may take an application back, and what they may say about why."""

from typing import Final

from portal.applications.rules.proposals import clean_text
from portal.applications.states import ENDINGS, ApplicationStatus, EventKind
from portal.core.errors import PortalError
from portal.core.i18n import gettext as _

#: Characters of the reason a candidate gives.
WHY_LENGTH: Final = 1000
#: What waits about an application and is not said any more once it is withdrawn; an answer to a question still goes.
NOT_SAID_ANY_MORE: Final[frozenset[EventKind]] = frozenset(
    {
        EventKind.MESSAGE,
        EventKind.MOVED,
        EventKind.HOLDING_NOTE,
        EventKind.ESCALATED,
        EventKind.REVERTED,
        EventKind.INTERVIEW,
        EventKind.OFFER,
    }
)


class AlreadyEnded(PortalError):
    """The application has ended, so there is nothing to withdraw."""


def may_withdraw(status: ApplicationStatus) -> bool:
    """Whether it is still open, as the candidate reads it."""
    return status not in ENDINGS


def check_withdrawal(status: ApplicationStatus, why: str) -> str:
    """The reason as it is kept, perhaps empty; raises AlreadyEnded."""
    if not may_withdraw(status):
        raise AlreadyEnded(_("This application has ended already, so there is nothing to withdraw."))
    return clean_text(why)[:WHY_LENGTH]
