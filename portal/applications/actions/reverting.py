"""Taking back an ending that the candidate was told of: plainly, as our mistake, with a new date."""

from datetime import datetime

from sqlalchemy import Select, select, update

from portal.applications.actions.telling import Telling, found, prepare, tell
from portal.applications.models import Application, ApplicationEvent, Mark
from portal.applications.queries import Going, StaffScope
from portal.applications.queries.shown import Shown, with_shown
from portal.applications.rules import Proposal
from portal.applications.states import EventKind
from portal.core.db import transaction
from portal.core.mail import RenderedMail


def preview_reverting(
    public_id: str, *, scope: StaffScope, proposal: Proposal, now: datetime, is_hurried: bool = False
) -> tuple[RenderedMail, Going]:
    """The mail that `revert_ending` would send, and when it would go; raises as it does."""
    telling = Telling(public_id, scope, EventKind.REVERTED, proposal, is_hurried, now)
    ready = prepare(found(public_id, scope), telling)
    return ready.mail, ready.going


def revert_ending(
    public_id: str,
    *,
    scope: StaffScope,
    proposal: Proposal,
    seen_event_id: str,
    now: datetime,
    is_hurried: bool = False,
) -> Going:
    """Open an ended application again: words of one's own, an open status and a new date; the page follows the mail.

    An ending that has not gone yet is taken back as any letter (`take_back_letter`). Community mail rests no longer
    because of it. Returns when the letter goes. Raises CannotRevert when there is no ending that could be taken back
    or the opening is finished, StaleApplication, EndingWaits, ProposalRefused, NotFound, Busy. Recorded.
    """
    return tell(Telling(public_id, scope, EventKind.REVERTED, proposal, is_hurried, now), seen_event_id)


def remove_outdated_marks(now: datetime) -> None:
    """A near-fit or silver medal was about an ending: where that was taken back and they were told, it goes."""
    open_again = (
        with_shown(select(Shown.id).select_from(Application))
        .where(Shown.kind == EventKind.REVERTED)
        .where(Application.id == Mark.application_id)
        .where(Shown.created_at > Mark.set_at)
        .correlate(Mark)
    )
    with transaction() as session:
        session.execute(
            update(Mark)
            .where(Mark.removed_at.is_(None))
            .where(Mark.application_id.in_(_ever_reverted()))
            .where(open_again.exists())
            .values(removed_at=now)
            .execution_options(synchronize_session=False)
        )


def _ever_reverted() -> Select[int]:
    return select(ApplicationEvent.application_id).where(ApplicationEvent.kind == EventKind.REVERTED)
