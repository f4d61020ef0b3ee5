"""A colleague writes in a conversation: the mail goes first, then the person reads it there."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.headerregistry import Address

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.accounts.actions import issue_token
from portal.applications.actions import latest_promise, note_word
from portal.applications.actions.locking import lock_people
from portal.applications.queries import StaffScope, find_for_staff
from portal.applications.states import OPEN_STATUSES, ApplicationStatus, EventKind
from portal.audit.actions import record
from portal.company.queries import calendar_from, company_zone, undo_minutes
from portal.conversations import emails
from portal.conversations.actions.owing import cause_of, settle_questions
from portal.conversations.models import ConversationMessage, ReplyDraft
from portal.conversations.queries import Thread, find_thread, is_written
from portal.conversations.rules import (
    ProposalRefused,
    Reply,
    ReplyDate,
    StaleConversation,
    checked_date,
    checked_message,
)
from portal.core.clock import day_of
from portal.core.db import transaction
from portal.core.errors import Busy, NotFound
from portal.core.i18n import gettext as _
from portal.core.identifiers import new_public_id
from portal.core.mail import RenderedMail
from portal.core.permissions import Permission, is_allowed
from portal.core.settings import current_settings
from portal.core.tokens import TokenKind
from portal.outbox.actions import enqueue
from portal.outbox.states import MailClass
from portal.people.queries import Recipient, StaffRow, find_staff, recipient

#: How often a mail is made anew because what it says has changed while it was made.
_TRIES = 3
_KEY_LENGTH = 24


def thread_to_change(public_id: str, scope: StaffScope) -> Thread:
    """The conversation with this person, for somebody who may write in it. Raises NotFound."""
    thread = find_thread(public_id, scope) if is_allowed(scope.role, Permission.WRITE_TO_CANDIDATES) else None
    if thread is None:
        raise NotFound
    return thread


def refuse_stale(thread: Thread, seen_id: str) -> None:
    """Raise StaleConversation when something was written after the message that the colleague had before them."""
    if thread.newest_id != seen_id:
        raise StaleConversation(_("Something was written in the meantime. Nothing has been sent yet."))


def send_reply(
    public_id: str, *, scope: StaffScope, reply: Reply, seen_id: str, form_key: str, is_hurried: bool, now: datetime
) -> datetime:
    """Write to the person in their conversation; they read it once the mail is accepted. Returns from when it goes.

    It can be taken back for the company's while, unless `is_hurried`. About an open application it is a person's word
    that keeps a promise, unless a letter about that waits already. The same `form_key` again writes nothing. Raises
    StaleConversation when something was written after `seen_id`, ProposalRefused, NotFound, Busy.
    """
    key = form_key[:_KEY_LENGTH]
    start = now if is_hurried else now + timedelta(minutes=undo_minutes())
    for _attempt in range(_TRIES):
        thread = thread_to_change(public_id, scope)
        if is_written(thread.person_id, key):
            return start
        refuse_stale(thread, seen_id)
        ready = _prepare(thread, scope, reply, now)
        if _write(ready, scope, seen_id, key, start, now):
            return start
    raise Busy(_("This conversation is being changed just now. Please try again in a minute. Nothing has been sent."))


@dataclass(frozen=True)
class _About:
    """The application that a reply is about; `promised` is None where the reply says no date."""

    id: int
    public_id: str
    opening_title: str
    status: ApplicationStatus
    #: Open, and nothing about it waits to go: the reply is an event of its own.
    is_event: bool
    promised: date | None


@dataclass(frozen=True)
class _Facts:
    """What a reply says besides the words of its author."""

    to: Recipient
    author: StaffRow
    about: _About | None


@dataclass(frozen=True)
class _Ready:
    """A reply that only has to be written down."""

    public_id: str
    body: str
    mail: RenderedMail
    facts: _Facts
    date: ReplyDate | None


def _prepare(thread: Thread, scope: StaffScope, reply: Reply, now: datetime) -> _Ready:
    body = checked_message(reply.text)
    facts = _facts(thread, scope, reply.application)
    about = facts.about
    date = None
    if about is not None and about.is_event:
        today = day_of(now, company_zone())
        date = checked_date(reply, about.status, about.promised, today, calendar_from(today))
    elif reply.next_update_by is not None:
        raise ProposalRefused("when", _no_date(about))
    said = emails.About(about.opening_title, about.status, date) if about else None
    mail = emails.reply(facts.to, facts.author.name, body, said, current_settings())
    return _Ready(thread.public_id, body, mail, facts, date)


def _no_date(about: _About | None) -> str:
    if about is None:
        return _("This is about no application, so there is no date to change. Please leave it as it is.")
    if about.status in OPEN_STATUSES:
        return _("A letter about this application waits to go and says the date. Please leave it as it is here.")
    return _("This application has ended, so there is no date to change. Please leave it as it is.")


def _facts(thread: Thread, scope: StaffScope, application: str) -> _Facts:
    author = find_staff(scope.person_id)
    if author is None:
        raise NotFound
    return _Facts(recipient(thread.person_id), author, _about(thread, scope, application))


def _about(thread: Thread, scope: StaffScope, application: str) -> _About | None:
    if not application:
        return None
    linked = thread.about(application)
    view = find_for_staff(application, scope) if linked else None
    if linked is None or view is None:
        raise NotFound
    is_event = view.status in OPEN_STATUSES and not any(event.is_on_its_way for event in view.events)
    promised = latest_promise(view) if is_event else None
    return _About(view.id, view.public_id, view.opening_title, view.status, is_event, promised)


def _write(ready: _Ready, scope: StaffScope, seen_id: str, key: str, start: datetime, now: datetime) -> bool:
    """Write it all down in one transaction; False when what the mail says no longer holds."""
    facts, about = ready.facts, ready.facts.about
    with transaction() as session:
        lock_people(session, facts.to.person_id, scope.person_id)
        thread = thread_to_change(ready.public_id, scope)
        if is_written(thread.person_id, key):
            return True
        refuse_stale(thread, seen_id)
        if _facts(thread, scope, about.public_id if about else "") != facts:
            return False
        message_id = new_public_id()
        delivery_id = _enqueue(message_id, ready, start, now)
        if about is not None and ready.date is not None:
            note_word(
                about.id,
                EventKind.REPLY,
                actor_id=scope.person_id,
                message=ready.body,
                status=about.status,
                next_update_by=ready.date.next_update_by,
                date_reason=ready.date.reason,
                delivery_id=delivery_id,
                now=now,
            )
        session.add(_message(message_id, ready, scope, key, delivery_id, now))
        _close(session, facts.to.person_id, scope.person_id, delivery_id, now)
        session.execute(delete(ReplyDraft).where(ReplyDraft.person_id == facts.to.person_id))
        settle_questions(ready.public_id, now)
        if about is not None:
            issue_token(TokenKind.FOLLOW, ready.mail, subject=about.public_id, person_id=facts.to.person_id, now=now)
        _record(ready, scope, now)
        return True


def _enqueue(message_id: str, ready: _Ready, start: datetime, now: datetime) -> int:
    to, author = ready.facts.to, ready.facts.author
    return enqueue(
        ready.mail,
        to_address=to.email,
        to_name=to.name,
        person_id=to.person_id,
        mail_class=MailClass.OWN,
        cause=cause_of(ready.public_id),
        dedupe_key=f"conversation-reply:{message_id}",
        now=now,
        not_before=start,
        reply_to=str(Address(author.name, addr_spec=author.email)),
    )


def _message(
    message_id: str, ready: _Ready, scope: StaffScope, key: str, delivery_id: int, now: datetime
) -> ConversationMessage:
    return ConversationMessage(
        public_id=message_id,
        person_id=ready.facts.to.person_id,
        application_id=ready.facts.about.id if ready.facts.about else None,
        author_id=scope.person_id,
        body=ready.body,
        form_key=key or None,
        created_at=now,
        delivery_id=delivery_id,
        no_answer_reason="",
    )


def _close(session: Session, person_id: int, actor_id: int, delivery_id: int, now: datetime) -> None:
    """What waited is answered by this delivery."""
    waiting = session.scalars(
        select(ConversationMessage.id)
        .where(ConversationMessage.person_id == person_id)
        .where(ConversationMessage.author_id.is_(None))
        .where(ConversationMessage.closed_at.is_(None))
        .order_by(ConversationMessage.id)
        .with_for_update()
    ).all()
    session.execute(
        update(ConversationMessage)
        .where(ConversationMessage.id.in_(waiting))
        .values(closed_at=now, closed_by_id=actor_id, answer_delivery_id=delivery_id)
    )


def _record(ready: _Ready, scope: StaffScope, now: datetime) -> None:
    day = ready.date.next_update_by if ready.date else None
    record(
        "conversations.reply",
        cause_of(ready.public_id),
        actor_id=scope.person_id,
        person_id=ready.facts.to.person_id,
        now=now,
        next_update_by=day.isoformat() if day else None,
    )
