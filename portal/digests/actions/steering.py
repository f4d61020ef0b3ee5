"""What colleagues do about a mailing: pause, resume, stop; and a test to themselves before it."""

from datetime import datetime
from typing import Final

from portal.audit.actions import record
from portal.contact.states import MailClass
from portal.core.db import transaction
from portal.core.errors import NotFound
from portal.core.leases import wake_job
from portal.digests import emails
from portal.digests.actions.locking import locked_mailing
from portal.digests.actions.mailing import author_of
from portal.digests.rules import check_move
from portal.digests.states import MailingState
from portal.outbox.actions import enqueue
from portal.people.queries import recipient
from portal.updates.actions import mail_of_update
from portal.updates.models import InsiderUpdate
from portal.updates.queries import draft_for_staff, find_for_staff
from portal.updates.states import PURPOSES

#: The job that goes on with what is said here.
JOB: Final = "digests/mail_updates"
_ACTIONS: Final = {
    MailingState.PAUSED: "digests.pause_mailing",
    MailingState.SENDING: "digests.resume_mailing",
    MailingState.STOPPED: "digests.stop_mailing",
}


def pause_mailing(update_id: int, *, actor_id: int, now: datetime) -> None:
    """Let what waits rest until somebody resumes it. Raises MailingRefused, NotFound."""
    _move(update_id, MailingState.PAUSED, actor_id, now)


def resume_mailing(update_id: int, *, actor_id: int, now: datetime) -> None:
    """Let a mailing go on that was paused. Raises MailingRefused, NotFound."""
    _move(update_id, MailingState.SENDING, actor_id, now)


def stop_mailing(update_id: int, *, actor_id: int, now: datetime) -> None:
    """Cancel what waits, for good; what went stays. Raises MailingRefused, NotFound."""
    _move(update_id, MailingState.STOPPED, actor_id, now)


def _move(update_id: int, after: MailingState, actor_id: int, now: datetime) -> None:
    with transaction() as session:
        mailing = locked_mailing(session, update_id)
        if mailing is None:
            raise NotFound
        check_move(mailing.state, after)
        mailing.state, mailing.is_settled = after, False
        mailing.changed_by_id, mailing.changed_at = actor_id, now
        about = session.get_one(InsiderUpdate, update_id)
        record(_ACTIONS[after], f"update:{about.public_id}", actor_id=actor_id, now=now, person_id=None)
        wake_job(JOB, now)


def send_test(public_id: str, *, actor_id: int, now: datetime) -> str:
    """Send the mail of this update, as its draft reads now, to the colleague who asks; returns their address.

    Raises NotFound, MissingValue when the draft lacks what the mail says.
    """
    view = find_for_staff(public_id)
    if view is None:
        raise NotFound
    to, content = recipient(actor_id), draft_for_staff(view).content
    mail = emails.test_of(mail_of_update(to, content, view.slug or public_id, author_of(view.author_id).name))
    with transaction():
        enqueue(
            mail,
            to_address=to.email,
            to_name=to.name,
            person_id=actor_id,
            mail_class=MailClass.OWN,
            # The link in its foot is about this topic, as it is in the mail that others get.
            purpose=PURPOSES[content.kind],
            cause=f"update_test:{public_id}",
            dedupe_key=f"update_test:{mail.key}",
            now=now,
        )
        record("digests.send_test", f"update:{public_id}", actor_id=actor_id, now=now, person_id=None)
    return to.email
