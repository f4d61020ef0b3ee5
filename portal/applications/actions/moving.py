"""Moving an application, or its date, in the company's standard words: quick, and one mail for what comes together."""

from datetime import datetime

from portal.applications.actions.telling import Telling, found, prepare, tell
from portal.applications.queries import Going, StaffScope
from portal.applications.rules import Proposal
from portal.applications.states import EventKind
from portal.core.mail import RenderedMail


def preview_change(
    public_id: str, *, scope: StaffScope, proposal: Proposal, now: datetime, is_hurried: bool = False
) -> tuple[RenderedMail, Going]:
    """The mail that `move_application` would send, and when it would go; raises ProposalRefused, NotFound."""
    ready = prepare(found(public_id, scope), Telling(public_id, scope, EventKind.MOVED, proposal, is_hurried, now))
    return ready.mail, ready.going


def move_application(
    public_id: str,
    *,
    scope: StaffScope,
    proposal: Proposal,
    seen_event_id: str,
    now: datetime,
    is_hurried: bool = False,
) -> Going:
    """Tell a candidate of another open status, or of a later date with its reason, in the company's words.

    Two changes within an hour are one mail: one that still waits is replaced and leaves no trace, and after one that
    was accepted the next waits until the hour is over, unless `is_hurried`. Returns when it goes; `seen_event_id`
    and errors as in `write_to_candidate`, but whoever looks at no page of the application gives an empty one.
    """
    return tell(Telling(public_id, scope, EventKind.MOVED, proposal, is_hurried, now), seen_event_id)
