"""Writing feedback: saving the draft that several colleagues share, and handing it in to be approved."""

from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from email.headerregistry import Address
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.applications.actions.locking import lock_people
from portal.applications.queries import StaffScope
from portal.audit.actions import record
from portal.company.queries import company_zone, undo_minutes
from portal.contact.states import Timing
from portal.core.clock import day_of
from portal.core.db import transaction
from portal.core.errors import Busy, NotFound
from portal.core.i18n import gettext as _
from portal.core.identifiers import new_public_id
from portal.core.mail import RenderedMail
from portal.feedback.adapters import shipped_phrases
from portal.feedback.emails.writing import given, to_approve
from portal.feedback.models import Feedback
from portal.feedback.queries.beside import circle_of, colleagues_here
from portal.feedback.queries.staff import FeedbackSubject, Written, find_subject, find_written, owed_as
from portal.feedback.rules.lint import Finding, lint
from portal.feedback.rules.writing import (
    LINTED,
    FeedbackRefused,
    FeedbackWords,
    NotNow,
    StaleFeedback,
    check_going,
    check_move,
    checked_reason,
    choose_approver,
    cleaned,
    lacking,
)
from portal.feedback.states import FeedbackState
from portal.outbox.actions import enqueue
from portal.outbox.states import MailClass
from portal.people.queries import Recipient, recipient, staff_name
from portal.tasks.actions import add_task, settle_tasks
from portal.tasks.queries import due_from
from portal.tasks.states import TaskKind

#: How often a mail is made anew because what it says has changed while it was made.
TRIES: Final = 3
_WRITABLE: Final = frozenset({FeedbackState.DRAFT, FeedbackState.FOR_APPROVAL})


@dataclass(frozen=True)
class HandedIn:
    """What became of it: who is asked to approve it, or that nobody could and it goes from `goes_from` on."""

    approver_name: str
    goes_from: datetime | None = None


def subject_to_write(public_id: str, scope: StaffScope) -> FeedbackSubject:
    """The application, for somebody who may write feedback about it. Raises NotFound."""
    subject = find_subject(public_id, scope)
    if subject is None:
        raise NotFound
    return subject


def findings_in(words: FeedbackWords) -> list[Finding]:
    """What the linter finds in the parts that were written for the candidate."""
    return lint({name: getattr(words, name) for name in LINTED}, shipped_phrases())


def save_feedback(public_id: str, words: FeedbackWords, *, revision: int, scope: StaffScope, now: datetime) -> int:
    """Keep what was written, which no candidate reads yet; returns the revision.

    `revision` is the one the writer had before them, 0 for none. Whoever changes it is its author from then on, and
    what waits for approval is a draft again. Saving the same again changes nothing. Raises StaleFeedback when a
    colleague saved another, FeedbackRefused, NotNow once it was approved, and NotFound.
    """
    tidy = cleaned(words)
    subject = subject_to_write(public_id, scope)
    with transaction() as session:
        lock_people(session, subject.person_id)
        found = locked(session, subject)
        if (found.revision if found else 0) != revision:
            raise StaleFeedback(_("A colleague saved this feedback while your page was open."))
        if found is None:
            return _begin(session, subject, tidy, scope, now)
        if words_of(found) == tidy:
            return found.revision
        if found.state not in _WRITABLE:
            raise NotNow(_("It cannot be changed as it stands. Please look at how it stands now."))
        return _change(found, subject, tidy, scope, now)


def _begin(session: Session, subject: FeedbackSubject, words: FeedbackWords, scope: StaffScope, now: datetime) -> int:
    if words.is_empty:
        return 0
    made = Feedback(
        public_id=new_public_id(),
        application_id=subject.application_id,
        state=FeedbackState.DRAFT,
        form=owed_as(subject.application_id).form,
        author_id=scope.person_id,
        is_alone=False,
        lint_reason="",
        returned_words="",
        retracted_words="",
        revision=1,
        created_at=now,
        changed_at=now,
    )
    _put(made, words)
    session.add(made)
    note("feedback.save_draft", subject, scope.person_id, now)
    return made.revision


def _change(found: Feedback, subject: FeedbackSubject, words: FeedbackWords, scope: StaffScope, now: datetime) -> int:
    # It saves itself while somebody writes: the log says once who wrote, not every second.
    if found.author_id != scope.person_id or found.state is not FeedbackState.DRAFT:
        note("feedback.save_draft", subject, scope.person_id, now)
    if found.state is FeedbackState.FOR_APPROVAL:
        move(found, FeedbackState.DRAFT)
        settle_tasks(cause_of(subject), TaskKind.FEEDBACK_TO_APPROVE, now)
    _put(found, words)
    found.form = owed_as(subject.application_id).form
    if found.approver_id == scope.person_id:
        # Who sent it back has written it themselves now.
        found.approver_id = None
    found.author_id, found.changed_at = scope.person_id, now
    found.revision += 1
    return found.revision


def hand_in(public_id: str, *, revision: int, reason: str, scope: StaffScope, now: datetime) -> HandedIn:
    """Ask a colleague to approve it; where nobody may, let it go after the company's while, which is recorded.

    `reason` says why findings stand that compare or are about protected characteristics. Raises FeedbackRefused for
    what is missing, NotNow, StaleFeedback when it is not as it was read, Busy and NotFound.
    """
    for _attempt in range(TRIES):
        ready = _prepare(public_id, revision, reason, scope, now)
        done = _hand_in(ready, revision, scope, now)
        if done is not None:
            return done
    raise Busy(_("This is being changed just now. Please try again in a minute. Nothing has been sent."))


@dataclass(frozen=True)
class _Ready:
    """A draft that only has to be handed in: to whom, or straight to the candidate; and the mail."""

    subject: FeedbackSubject
    reason: str
    approver_id: int | None
    to: Recipient
    due_on: date
    mail: RenderedMail


def _prepare(public_id: str, revision: int, reason: str, scope: StaffScope, now: datetime) -> _Ready:
    subject = subject_to_write(public_id, scope)
    written = draft_of(subject, revision)
    tidy = check_whole(subject, written, reason)
    approver_id = _approver(subject, written)
    due_on = due_from(TaskKind.FEEDBACK_TO_APPROVE, day_of(now, company_zone()))
    if approver_id is not None:
        to = recipient(approver_id)
        mail = to_approve(to, subject.opening_title, written.author_name, due_on, public_id)
        return _Ready(subject, tidy, approver_id, to, due_on, mail)
    if written.author_id != scope.person_id:
        raise NotNow(_("Nobody else may approve this, so whoever wrote it sends it."))
    to, mail = mail_to_candidate(subject, written)
    return _Ready(subject, tidy, None, to, due_on, mail)


def draft_of(subject: FeedbackSubject, revision: int) -> Written:
    """What was written, as it was read with `revision`; raises NotFound and StaleFeedback."""
    written = find_written(subject.application_id)
    if written is None:
        raise NotFound
    if written.revision != revision:
        raise StaleFeedback(_("A colleague has changed it since you opened this page. Please read it once more."))
    return written


def check_whole(subject: FeedbackSubject, written: Written, reason: str) -> str:
    """Raise what keeps it from going on: it is not whole, or must not reach the candidate; else the reason, tidied."""
    owed = owed_as(subject.application_id)
    if missing := lacking(written.words, owed.form, subject.status):
        raise FeedbackRefused("", missing[0][1])
    check_going(subject.status, owed.is_held)
    needs_reason = any(one.needs_reason for one in findings_in(written.words))
    return checked_reason(reason, is_needed=needs_reason) if needs_reason else ""


def _approver(subject: FeedbackSubject, written: Written) -> int | None:
    # Whoever wrote it may be known no more; then nobody here is its author.
    return choose_approver(colleagues_here(), written.author_id or 0, circle_of(subject))


def _hand_in(ready: _Ready, revision: int, scope: StaffScope, now: datetime) -> HandedIn | None:
    """Do it in one transaction; None when what was prepared no longer holds."""
    with transaction() as session:
        lock_people(session, ready.subject.person_id, ready.to.person_id)
        subject = subject_to_write(ready.subject.public_id, scope)
        written = draft_of(subject, revision)
        check_whole(subject, written, ready.reason)
        if subject != ready.subject or _approver(subject, written) != ready.approver_id:
            return None
        found = locked(session, subject)
        if found is None:
            raise NotFound
        found.lint_reason, found.returned_words, found.approver_id = ready.reason, "", None
        found.form = owed_as(subject.application_id).form
        found.changed_at = now
        found.revision += 1
        if ready.approver_id is None:
            start = send(found, subject, ready.mail, ready.to, now, approver_id=scope.person_id, is_alone=True)
            note("feedback.approve", subject, scope.person_id, now, is_alone=True, has_reason=bool(ready.reason))
            return HandedIn("", start)
        move(found, FeedbackState.FOR_APPROVAL)
        _ask(found, ready, now)
        note("feedback.hand_in", subject, scope.person_id, now, has_reason=bool(ready.reason))
        return HandedIn(staff_name(ready.to.person_id))


def _ask(found: Feedback, ready: _Ready, now: datetime) -> None:
    key = f"feedback-to-approve:{found.public_id}:{found.revision}"
    add_task(
        owner_id=ready.to.person_id,
        kind=TaskKind.FEEDBACK_TO_APPROVE,
        cause=cause_of(ready.subject),
        about=ready.subject.public_id,
        due_on=ready.due_on,
        dedupe_key=key,
        now=now,
        title=ready.subject.opening_title,
        person_id=ready.subject.person_id,
    )
    tell_colleague(ready.mail, ready.to, ready.subject, key, now)


def tell_colleague(mail: RenderedMail, to: Recipient, subject: FeedbackSubject, key: str, now: datetime) -> None:
    """Put a mail to a colleague into the outbox; joins the transaction."""
    enqueue(
        mail,
        to_address=to.email,
        to_name=to.name,
        person_id=to.person_id,
        mail_class=MailClass.OWN,
        cause=f"{cause_of(subject)}:colleagues",
        dedupe_key=key,
        now=now,
    )


def mail_to_candidate(subject: FeedbackSubject, written: Written) -> tuple[Recipient, RenderedMail]:
    """The mail that says that it is there, and to whom it goes."""
    to, owner = recipient(subject.person_id), recipient(subject.owner_id)
    return to, given(to, subject.opening_title, written.author_name, owner.name, subject.public_id)


def send(
    found: Feedback,
    subject: FeedbackSubject,
    mail: RenderedMail,
    to: Recipient,
    now: datetime,
    *,
    approver_id: int,
    is_alone: bool,
) -> datetime:
    """Approve it, with its mail in office hours and after the company's while; from when on. Joins the transaction."""
    start = now + timedelta(minutes=undo_minutes())
    # The mail before the state: nothing is approved without one, not even for the moment between two statements.
    delivery_id = enqueue(
        mail,
        to_address=to.email,
        to_name=to.name,
        person_id=to.person_id,
        mail_class=MailClass.OWN,
        cause=cause_of(subject),
        dedupe_key=f"feedback-given:{found.public_id}:{found.revision}",
        now=now,
        not_before=start,
        timing=Timing.OFFICE,
        reply_to=answers_to(subject),
    )
    move(found, FeedbackState.APPROVED)
    found.approver_id, found.is_alone, found.approved_at = approver_id, is_alone, now
    found.delivery_id = delivery_id
    return start


def answers_to(subject: FeedbackSubject) -> str:
    """Who reads what a candidate answers: whoever looks after the application."""
    owner = recipient(subject.owner_id)
    return str(Address(owner.name, addr_spec=owner.email))


def move(found: Feedback, to: FeedbackState) -> None:
    """Let it stand elsewhere, where that is legal; raises NotNow."""
    check_move(found.state, to)
    found.state = to


def locked(session: Session, subject: FeedbackSubject) -> Feedback | None:
    """What was written about this application, which nobody else changes until our transaction ends."""
    return session.scalar(select(Feedback).where(Feedback.application_id == subject.application_id).with_for_update())


def words_of(found: Feedback) -> FeedbackWords:
    """What it says."""
    return FeedbackWords(**{one.name: getattr(found, one.name) for one in fields(FeedbackWords)})


def _put(found: Feedback, words: FeedbackWords) -> None:
    for one in fields(FeedbackWords):
        setattr(found, one.name, getattr(words, one.name))


def cause_of(subject: FeedbackSubject) -> str:
    """What brings about the tasks and mails of what is written about an application."""
    return f"feedback-written:{subject.public_id}"


def note(
    action: str, subject: FeedbackSubject, actor_id: int | None, now: datetime, **details: str | int | bool
) -> None:
    """Record `action` on the feedback about this application."""
    record(
        action,
        f"application:{subject.public_id}",
        actor_id=actor_id,
        person_id=subject.person_id,
        now=now,
        **details,
    )
