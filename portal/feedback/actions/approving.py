"""Approving feedback, sending it back to its author, and taking back what has not gone."""

from datetime import datetime

from portal.applications.actions.locking import lock_people
from portal.applications.queries import StaffScope
from portal.core.db import transaction
from portal.core.errors import Busy, NotFound
from portal.core.i18n import gettext as _
from portal.core.identifiers import new_public_id
from portal.core.mail import RenderedMail
from portal.feedback.actions.writing import (
    TRIES,
    cause_of,
    check_whole,
    draft_of,
    locked,
    mail_to_candidate,
    move,
    note,
    send,
    subject_to_write,
    tell_colleague,
)
from portal.feedback.emails.writing import returned
from portal.feedback.models import Feedback
from portal.feedback.queries.beside import circle_of
from portal.feedback.queries.staff import FeedbackSubject, Written, find_waiting, owed_as
from portal.feedback.rules.writing import Colleague, NotNow, check_going, checked_words, may_approve
from portal.feedback.states import FeedbackState
from portal.outbox.actions import take_back
from portal.people.queries import Recipient, find_staff, recipient, staff_name
from portal.tasks.actions import settle_tasks
from portal.tasks.states import TaskKind


def why_not_approver(subject: FeedbackSubject, written: Written, scope: StaffScope) -> str:
    """Why the asker may not approve it, as a sentence; empty when they may."""
    circle = circle_of(subject)
    if may_approve(Colleague(scope.person_id, scope.role), written.author_id, circle):
        return ""
    if written.author_id == scope.person_id:
        return _("You wrote it, or changed it last, so somebody else approves it.")
    if scope.person_id in circle.close:
        return _("You said that you know them well, so somebody else approves it.")
    return _("Recruiters, admins and the hiring manager of this opening approve feedback.")


def approve_feedback(public_id: str, *, revision: int, scope: StaffScope, now: datetime) -> datetime:
    """Let it go to the candidate in office hours, after the company's while; returns from when on.

    Raises NotNow for whoever may not approve it and where it must not go, StaleFeedback, Busy, NotFound.
    """
    for _attempt in range(TRIES):
        subject, written = _to_approve(public_id, revision, scope)
        to, mail = mail_to_candidate(subject, written)
        start = _approve(subject, revision, to, mail, scope, now)
        if start is not None:
            return start
    raise Busy(_("This is being changed just now. Please try again in a minute. Nothing has been sent."))


def _to_approve(public_id: str, revision: int, scope: StaffScope) -> tuple[FeedbackSubject, Written]:
    subject = subject_to_write(public_id, scope)
    if not subject.is_in_scope:
        raise NotFound
    written = draft_of(subject, revision)
    if written.state is not FeedbackState.FOR_APPROVAL:
        raise NotNow(_("It does not wait for approval any more."))
    if why := why_not_approver(subject, written, scope):
        raise NotNow(why)
    check_whole(subject, written, written.lint_reason)
    return subject, written


def _approve(
    before: FeedbackSubject, revision: int, to: Recipient, mail: RenderedMail, scope: StaffScope, now: datetime
) -> datetime | None:
    with transaction() as session:
        lock_people(session, before.person_id)
        subject, written = _to_approve(before.public_id, revision, scope)
        if subject != before or recipient(subject.person_id) != to:
            return None
        found = locked(session, subject)
        if found is None:
            raise NotFound
        start = send(found, subject, mail, to, now, approver_id=scope.person_id, is_alone=False)
        settle_tasks(cause_of(subject), TaskKind.FEEDBACK_TO_APPROVE, now)
        note("feedback.approve", subject, scope.person_id, now, is_alone=False, has_reason=bool(written.lint_reason))
        return start


def return_feedback(public_id: str, words: str, *, revision: int, scope: StaffScope, now: datetime) -> None:
    """Send it back to whoever wrote it, with what should change; they are told by mail.

    Raises FeedbackRefused without words, NotNow, StaleFeedback, NotFound.
    """
    said = checked_words("words", words, _("Say what should change, so that they can."))
    subject, written = _to_return(public_id, revision, scope)
    author = find_staff(written.author_id) if written.author_id else None
    to = recipient(author.person_id) if author is not None and author.is_here else None
    mail = returned(to, subject.opening_title, staff_name(scope.person_id), public_id) if to else None
    with transaction() as session:
        lock_people(session, subject.person_id, *([to.person_id] if to else []))
        _to_return(public_id, revision, scope)
        found = locked(session, subject)
        if found is None:
            raise NotFound
        move(found, FeedbackState.DRAFT)
        found.returned_words, found.approver_id, found.changed_at = said, scope.person_id, now
        found.revision += 1
        settle_tasks(cause_of(subject), TaskKind.FEEDBACK_TO_APPROVE, now)
        if mail is not None and to is not None:
            tell_colleague(mail, to, subject, f"feedback-returned:{new_public_id()}", now)
        note("feedback.return", subject, scope.person_id, now)


def _to_return(public_id: str, revision: int, scope: StaffScope) -> tuple[FeedbackSubject, Written]:
    """Whoever may approve it may send it back, also when it must not go just now."""
    subject = subject_to_write(public_id, scope)
    if not subject.is_in_scope:
        raise NotFound
    written = draft_of(subject, revision)
    if written.state is not FeedbackState.FOR_APPROVAL:
        raise NotNow(_("It does not wait for approval any more."))
    if why := why_not_approver(subject, written, scope):
        raise NotNow(why)
    return subject, written


def take_back_feedback(public_id: str, *, scope: StaffScope, now: datetime) -> None:
    """Undo an approval whose mail no server was given: it is a draft again, and the candidate learns nothing.

    Raises NotNow when it is too late, NotFound.
    """
    subject = subject_to_write(public_id, scope)
    with transaction() as session:
        lock_people(session, subject.person_id)
        found = locked(session, subject)
        if found is None or found.delivery_id is None or found.state is not FeedbackState.APPROVED:
            raise NotNow(_("It does not wait any more. Perhaps it was taken back before."))
        if not may_take_back(subject, found.author_id, scope):
            raise NotFound
        if not take_back(found.delivery_id, now):
            raise NotNow(_("It has gone already. You can still take it back with words to the candidate."))
        _back_to_draft(found, "", now)
        note("feedback.take_back", subject, scope.person_id, now)


def may_take_back(subject: FeedbackSubject, author_id: int | None, scope: StaffScope) -> bool:
    """Whether the asker may undo an approval: who may see the application, and who wrote it."""
    return subject.is_in_scope or author_id == scope.person_id


def _back_to_draft(found: Feedback, why: str, now: datetime) -> None:
    move(found, FeedbackState.DRAFT)
    found.delivery_id = found.approver_id = found.approved_at = None
    found.is_alone, found.returned_words, found.changed_at = False, why, now
    found.revision += 1


def stop_waiting_feedback(application_id: int, now: datetime) -> bool:
    """Take back what waits to go although it must not any more: the ending was taken back, or an admin holds it.

    It is a draft again, which says why. False when there was nothing to stop. Recorded.
    """
    subject = find_waiting(application_id)
    if subject is None:
        return False
    with transaction() as session:
        lock_people(session, subject.person_id)
        subject, found = find_waiting(application_id), None
        if subject is not None:
            found = locked(session, subject)
        if subject is None or found is None or found.delivery_id is None:
            return False
        try:
            check_going(subject.status, owed_as(application_id).is_held)
        except NotNow as why:
            if not take_back(found.delivery_id, now, even_if_tried=True):
                return False
            _back_to_draft(found, why.message, now)
            note("feedback.take_back", subject, None, now)
            return True
        return False
