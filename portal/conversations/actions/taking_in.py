"""What people answer by mail comes into their conversation; what may not be theirs waits for a colleague."""

from datetime import datetime

from portal.applications.queries import StaffScope
from portal.audit.actions import record
from portal.company.queries import company_zone
from portal.conversations.actions.asking import ask
from portal.conversations.actions.owing import cause_of, owner_for
from portal.conversations.actions.replying import thread_to_change
from portal.conversations.queries import applications_to_write_about
from portal.conversations.queries.by_mail import application_answered
from portal.conversations.rules import ByMail, ProposalRefused, TooOften, from_mail
from portal.core.clock import day_of
from portal.core.db import transaction
from portal.core.errors import Busy, NotFound
from portal.outbox import actions as outbox
from portal.outbox.queries import HeldMailOf, ReplyByMail, find_held, find_reply
from portal.outbox.rules.incoming import UnreadableMail, read_mail
from portal.outbox.states import IncomingState, WhyNotPlaced
from portal.tasks.actions import add_task, settle_tasks
from portal.tasks.queries import due_from
from portal.tasks.states import TaskKind


def held_cause(mail_public_id: str) -> str:
    """What brings about the task of a mail that is held."""
    return f"incoming:{mail_public_id}"


def take_in_reply(mail_id: int, now: datetime) -> bool:
    """Put an answer by mail into the conversation, as if it had been written there. Doing it again is harmless.

    False when it has to wait: the person has written very often just now, or is being changed.
    """
    mail = find_reply(mail_id)
    if mail is None:
        return True
    try:
        _put(mail, IncomingState.REPLY, now)
    except (TooOften, Busy, NotFound):
        # What it is about has just gone, or somebody else has it in hand: it is looked at again.
        return False
    except UnreadableMail:
        outbox.hold_reply(mail_id, WhyNotPlaced.UNREADABLE)
    except ProposalRefused:
        outbox.hold_reply(mail_id, WhyNotPlaced.NOTHING_SAID)
    return True


def place_held(public_id: str, mail_public_id: str, *, scope: StaffScope, now: datetime) -> None:
    """Put a held mail into the conversation of this person (public id), who wrote it, as a colleague says. Recorded.

    Raises NotFound, NotThere when it waits no more, ProposalRefused when there are no words in it.
    """
    thread = thread_to_change(public_id, scope)
    mail = _held(thread.person_id, mail_public_id, scope)
    try:
        _put(mail, IncomingState.HELD, now)
    except UnreadableMail as problem:
        raise NotFound from problem
    with transaction():
        settle_tasks(held_cause(mail_public_id), TaskKind.HELD_MAIL, now)
        subject = cause_of(public_id)
        record("conversations.place_mail", subject, actor_id=scope.person_id, person_id=thread.person_id, now=now)


def dismiss_held(public_id: str, mail_public_id: str, *, scope: StaffScope, now: datetime) -> None:
    """Say that a held mail is not this person's; it is forgotten after a month. Raises NotFound, NotThere."""
    thread = thread_to_change(public_id, scope)
    _held(thread.person_id, mail_public_id, scope)
    with transaction():
        outbox.dismiss_held(mail_public_id, thread.person_id, actor_id=scope.person_id, now=now)
        settle_tasks(held_cause(mail_public_id), TaskKind.HELD_MAIL, now)


def ask_about_held(held: HeldMailOf, now: datetime) -> None:
    """Whoever looks after the person decides whether a held mail is theirs. Doing it again is harmless."""
    owner_id = owner_for(applications_to_write_about(held.person_id), None)
    if owner_id is None:
        return
    today = day_of(now, company_zone())
    add_task(
        owner_id=owner_id,
        kind=TaskKind.HELD_MAIL,
        cause=held_cause(held.mail_public_id),
        about=held.person_public_id,
        due_on=due_from(TaskKind.HELD_MAIL, today),
        dedupe_key=held_cause(held.mail_public_id),
        person_id=held.person_id,
        now=now,
    )


def _held(person_id: int, mail_public_id: str, scope: StaffScope) -> ReplyByMail:
    """A mail that is held for this person; what is the asker's own is for others to decide."""
    mail = find_held(mail_public_id, person_id)
    if mail is None or person_id == scope.person_id:
        raise NotFound
    return mail


def _put(mail: ReplyByMail, before: IncomingState, now: datetime) -> None:
    read = read_mail(mail.raw)
    text, is_cut = from_mail(read.said, read.subject)
    ask(
        mail.person_id,
        text=text,
        application=application_answered(mail.person_id, mail.delivery_id, mail.cause),
        form_key=mail.public_id,
        now=now,
        by_mail=ByMail(
            mail_id=mail.id,
            before=before,
            quoted=read.said.quoted[:20_000],
            left_out=read.said.files,
            is_cut=is_cut,
            sent_from=mail.sender if before is IncomingState.HELD else "",
        ),
    )
