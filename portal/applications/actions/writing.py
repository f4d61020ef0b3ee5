"""Writing to a candidate: the message, the new status, the next date, in one step; it can be undone for a while."""

from datetime import datetime

from portal.applications.actions.locking import lock_people
from portal.applications.actions.telling import Telling, found, hurry_all, prepare, tell
from portal.applications.queries import Going, StaffScope
from portal.applications.rules import GoneAlready, Proposal
from portal.applications.states import EventKind
from portal.audit.actions import record
from portal.core.db import transaction
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.mail import RenderedMail
from portal.core.permissions import Permission, is_allowed


def preview_letter(
    public_id: str, *, scope: StaffScope, proposal: Proposal, now: datetime, is_hurried: bool = False
) -> tuple[RenderedMail, Going]:
    """The mail exactly as the candidate would get it, and when it would go; raises ProposalRefused, NotFound."""
    telling = Telling(public_id, scope, EventKind.MESSAGE, proposal, is_hurried, now)
    ready = prepare(found(public_id, scope), telling)
    return ready.mail, ready.going


def write_to_candidate(
    public_id: str,
    *,
    scope: StaffScope,
    proposal: Proposal,
    seen_event_id: str,
    now: datetime,
    is_hurried: bool = False,
) -> Going:
    """Send a message, and move the application as it says; the candidate sees it when the mail is accepted.

    It goes when the company's time to undo is over, `is_hurried` at once; an ending waits for office hours as well.
    Returns when that will be. `seen_event_id` is the newest event that the writer had before them. Raises
    StaleApplication when a colleague wrote in between, EndingWaits while an ending waits that it would overtake,
    ProposalRefused when the message, the date or its reason is not right, NotFound, Busy when what the message says
    (whose it is, who looks after it) keeps changing.
    """
    return tell(Telling(public_id, scope, EventKind.MESSAGE, proposal, is_hurried, now), seen_event_id)


def send_letter_now(public_id: str, event_id: str, *, scope: StaffScope, now: datetime) -> None:
    """Let a letter go that waits for its time to undo, and whatever waits before it: nothing is overtaken. Recorded.

    Harmless when it is due already. Raises GoneAlready when it does not wait any more, NotFound.
    """
    view = found(public_id, scope)
    if not is_allowed(scope.role, Permission.WRITE_TO_CANDIDATES):
        raise NotFound
    with transaction() as session:
        lock_people(session, view.person_id, scope.person_id)
        current = found(public_id, scope)
        letter = next((one for one in current.events if one.public_id == event_id), None)
        if letter is None or letter.waits_until is None:
            raise GoneAlready(_("This letter does not wait any more."))
        hurry_all(current, now, up_to=event_id)
        record(
            "applications.send_letter_now",
            f"application:{public_id}",
            actor_id=scope.person_id,
            person_id=current.person_id,
            now=now,
            status=str(letter.status),
        )
