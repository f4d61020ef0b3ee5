"""Taking back feedback that a candidate could read, and writing anew after that."""

from datetime import datetime

from sqlalchemy import delete

from portal.applications.actions.locking import lock_people
from portal.applications.queries import StaffScope
from portal.core.db import transaction
from portal.core.errors import Busy, NotFound
from portal.core.i18n import gettext as _
from portal.core.permissions import Role
from portal.feedback.actions.writing import TRIES, answers_to, cause_of, locked, move, note, subject_to_write
from portal.feedback.emails.writing import retracted
from portal.feedback.models import FeedbackReading
from portal.feedback.queries.staff import FeedbackSubject, Written, find_written
from portal.feedback.rules.writing import NotNow, RetractReason, checked_words
from portal.feedback.states import FeedbackState
from portal.outbox.actions import cancel, enqueue
from portal.outbox.states import MailClass
from portal.people.queries import recipient, staff_name


def may_retract(written: Written, scope: StaffScope) -> bool:
    """Whether the asker may take it back: who wrote it, who approved it, and admins."""
    return scope.role is Role.ADMIN or scope.person_id in {written.author_id, written.approver_id}


def retract_feedback(public_id: str, reason: RetractReason, words: str, *, scope: StaffScope, now: datetime) -> None:
    """Take back what the candidate could read: their page shows it no more at once, and a mail tells them, with words.

    `reason` is for the audit log; its text stays for colleagues until something new is written. Raises FeedbackRefused
    without words, NotNow when it is not there to be taken back or not theirs to take back, Busy, NotFound.
    """
    said = checked_words("words", words, _("Tell them why, in your own words."))
    for _attempt in range(TRIES):
        subject, written = _to_retract(public_id, scope)
        to, owner = recipient(subject.person_id), recipient(subject.owner_id)
        author = staff_name(scope.person_id)
        mail = retracted(to, subject.opening_title, author, owner.name, said, public_id)
        with transaction() as session:
            lock_people(session, subject.person_id)
            if _to_retract(public_id, scope) != (subject, written) or recipient(subject.person_id) != to:
                continue
            found = locked(session, subject)
            if found is None:
                raise NotFound
            move(found, FeedbackState.RETRACTED)
            cancel(cause_of(subject), now)
            found.retracted_at, found.retracted_words, found.changed_at = now, said, now
            found.revision += 1
            found.delivery_id = enqueue(
                mail,
                to_address=to.email,
                to_name=to.name,
                person_id=to.person_id,
                mail_class=MailClass.OWN,
                cause=cause_of(subject),
                dedupe_key=f"feedback-retracted:{found.public_id}:{found.revision}",
                now=now,
                reply_to=answers_to(subject),
            )
            note("feedback.retract", subject, scope.person_id, now, why=str(reason), version=written.revision)
            return
    raise Busy(_("This is being changed just now. Please try again in a minute. Nothing has been taken back."))


def _to_retract(public_id: str, scope: StaffScope) -> tuple[FeedbackSubject, Written]:
    subject = subject_to_write(public_id, scope)
    written = find_written(subject.application_id)
    if written is None or written.state is not FeedbackState.APPROVED:
        raise NotNow(_("There is nothing to take back: they can read no feedback."))
    if written.may_be_taken_back:
        raise NotNow(_("It has not gone yet, so it can be taken back without a word to them."))
    if not may_retract(written, scope):
        raise NotNow(_("Whoever wrote or approved it takes it back, or an admin."))
    return subject, written


def write_anew(public_id: str, *, scope: StaffScope, now: datetime) -> None:
    """Begin again after it was taken back: its text is the draft, and the candidate will choose anew to read it.

    Raises NotNow, NotFound.
    """
    subject = subject_to_write(public_id, scope)
    with transaction() as session:
        lock_people(session, subject.person_id)
        found = locked(session, subject)
        if found is None or found.state is not FeedbackState.RETRACTED:
            raise NotNow(_("It was not taken back, so there is nothing to begin anew."))
        move(found, FeedbackState.DRAFT)
        found.delivery_id = found.approver_id = found.approved_at = None
        found.is_alone, found.lint_reason, found.changed_at = False, "", now
        found.revision += 1
        session.execute(delete(FeedbackReading).where(FeedbackReading.feedback_id == found.id))
        note("feedback.write_anew", subject, scope.person_id, now)
