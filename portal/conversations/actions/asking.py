"""The person writes: the message stands in the conversation, somebody owes the answer and is told."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.applications.actions.locking import lock_people
from portal.audit.actions import record
from portal.company.queries import company_zone
from portal.contact.actions import note_life
from portal.conversations import emails
from portal.conversations.actions.owing import answer_due_on, cause_of, owe_answer, owner_for
from portal.conversations.models import ConversationMessage
from portal.conversations.queries import LinkedApplication, applications_to_write_about, is_written
from portal.conversations.rules import ByMail, TooOften, checked_message, reads_for
from portal.core.clock import day_of
from portal.core.db import transaction
from portal.core.errors import Busy, NotFound
from portal.core.i18n import gettext as _
from portal.core.identifiers import new_public_id
from portal.core.limits import Limit, count_try
from portal.core.mail import RenderedMail
from portal.outbox.actions import enqueue, note_placed
from portal.outbox.states import IncomingState, MailClass
from portal.people.queries import Recipient, away_on, recipient, staff_name

#: Messages of one person.
_MESSAGES = Limit("conversations.ask", 10, timedelta(hours=1))
#: How often the mail is made anew because who answers has changed while it was made.
_TRIES = 3
_KEY_LENGTH = 24


@dataclass(frozen=True)
class Asked:
    """Who is to answer, empty when nobody works here, and by when."""

    owner_name: str
    due_on: date


def ask(
    person_id: int, *, text: str, application: str, form_key: str, now: datetime, by_mail: ByMail | None = None
) -> Asked:
    """Write a message into one's own conversation; whoever owes the answer gets a task and a mail.

    `application` is the public id of one of the person's applications, or empty. The same `form_key` again writes
    nothing, nor does a mail that stands there already. Raises ProposalRefused, TooOften, NotFound for an application
    that is not theirs, and Busy.
    """
    body = checked_message(text)
    key = form_key[:_KEY_LENGTH]
    # What a colleague puts there is not what somebody sends too often.
    is_counted = by_mail is not None and by_mail.before is IncomingState.HELD
    for _attempt in range(_TRIES):
        plan = _plan(person_id, application, by_mail, now)
        if is_written(person_id, key):
            return plan.asked
        if not is_counted and not count_try(_MESSAGES, str(person_id), now):
            raise TooOften(_("You have written a lot in the last hour. Your words are still here: send them later."))
        is_counted = True
        if _write(person_id, body, application, key, plan, by_mail, now):
            return plan.asked
    raise Busy(_("This is being changed just now. Please try again in a minute. Nothing has been sent."))


@dataclass(frozen=True)
class _Plan:
    """Who answers, and the mail to whoever reads it for them; nobody when nobody works here."""

    person_public_id: str
    about: LinkedApplication | None
    owner_id: int | None
    reader: Recipient | None
    mail: RenderedMail | None
    asked: Asked
    #: Word to the person that their files were not taken, and to whom it goes.
    person: Recipient
    refusal: RenderedMail | None


def _plan(person_id: int, application: str, by_mail: ByMail | None, now: datetime) -> _Plan:
    person = recipient(person_id)
    about, owner_id, reader = _who_answers(person_id, application, now)
    due_on = answer_due_on(now)
    mail = emails.question(reader, about.opening_title if about else "", due_on, person.public_id) if reader else None
    asked = Asked(staff_name(owner_id) if owner_id else "", due_on)
    has_files = by_mail is not None and by_mail.left_out and by_mail.before is IncomingState.REPLY
    refusal = emails.files_left_out(person, by_mail.left_out) if by_mail is not None and has_files else None
    return _Plan(person.public_id, about, owner_id, reader, mail, asked, person, refusal)


def _who_answers(
    person_id: int, application: str, now: datetime
) -> tuple[LinkedApplication | None, int | None, Recipient | None]:
    linked = applications_to_write_about(person_id)
    about = next((one for one in linked if one.public_id == application), None)
    if application and about is None:
        raise NotFound
    owner_id = owner_for(linked, about)
    if owner_id is None:
        return about, None, None
    away = {one: row.stand_in_id for one, row in away_on(day_of(now, company_zone())).items()}
    return about, owner_id, recipient(reads_for(owner_id, away))


def _write(
    person_id: int, body: str, application: str, key: str, plan: _Plan, by_mail: ByMail | None, now: datetime
) -> bool:
    """Write it all down in one transaction; False when somebody else is to be told by now."""
    with transaction() as session:
        lock_people(session, person_id, *([plan.reader.person_id] if plan.reader else []))
        if is_written(person_id, key):
            return True
        if _who_answers(person_id, application, now) != (plan.about, plan.owner_id, plan.reader):
            return False
        if by_mail is not None and not note_placed(by_mail.mail_id, person_id, by_mail.before):
            return True
        message = _message(person_id, body, key, plan, by_mail, now)
        session.add(message)
        session.flush()
        note_life(person_id, now)
        owe_answer(person_id, plan.owner_id, now)
        _tell(message.public_id, plan, now)
        _refuse_files(plan, now)
        subject = cause_of(plan.person_public_id)
        record("conversations.ask", subject, actor_id=person_id, person_id=person_id, now=now)
        return True


def _message(
    person_id: int, body: str, key: str, plan: _Plan, by_mail: ByMail | None, now: datetime
) -> ConversationMessage:
    return ConversationMessage(
        public_id=new_public_id(),
        person_id=person_id,
        application_id=plan.about.id if plan.about else None,
        author_id=None,
        body=body,
        form_key=key or None,
        created_at=now,
        no_answer_reason="",
        is_by_mail=by_mail is not None,
        sent_from=by_mail.sent_from if by_mail else "",
        quoted=by_mail.quoted if by_mail else "",
        left_out=list(by_mail.left_out) if by_mail else [],
        is_cut=by_mail.is_cut if by_mail else False,
    )


def _refuse_files(plan: _Plan, now: datetime) -> None:
    """At most once a day, however many mails with files come: two programs must not write to each other for ever."""
    if plan.refusal is None:
        return
    enqueue(
        plan.refusal,
        to_address=plan.person.email,
        to_name=plan.person.name,
        person_id=plan.person.person_id,
        mail_class=MailClass.OWN,
        cause=cause_of(plan.person_public_id),
        dedupe_key=f"conversation-files:{plan.person_public_id}:{day_of(now, company_zone())}",
        now=now,
    )


def _tell(message_id: str, plan: _Plan, now: datetime) -> None:
    if plan.reader is None or plan.mail is None:
        return
    enqueue(
        plan.mail,
        to_address=plan.reader.email,
        to_name=plan.reader.name,
        person_id=plan.reader.person_id,
        mail_class=MailClass.OWN,
        cause=cause_of(plan.person_public_id),
        dedupe_key=f"conversation-question:{message_id}",
        now=now,
    )
