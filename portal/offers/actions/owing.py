"""What a colleague owes because of an offer: a task, and a mail at once to whoever reads for them."""

from dataclasses import dataclass
from datetime import date, datetime

from portal.company.queries import company_zone
from portal.conversations.rules import reads_for
from portal.core.clock import day_of
from portal.core.db import transaction
from portal.core.mail import RenderedMail
from portal.offers import emails
from portal.offers.states import OfferState
from portal.outbox.actions import enqueue
from portal.outbox.states import MailClass
from portal.people.queries import Recipient, away_on, recipient
from portal.tasks.actions import add_task, settle_tasks
from portal.tasks.queries import due_from, who_looks
from portal.tasks.states import TaskKind


def cause_of(offer_public_id: str) -> str:
    """What tasks and mails to colleagues about an offer are brought about by."""
    return f"offer:{offer_public_id}"


@dataclass(frozen=True)
class Waits:
    """An offer that needs a colleague, and why: `key` says what it is, as adding the same again adds nothing."""

    offer_public_id: str
    application_public_id: str
    opening_title: str
    person_id: int
    owner_id: int
    key: str


def owe(waits: Waits, now: datetime) -> None:
    """Let whoever looks after the application see to its offer; joins the transaction."""
    owner_id = who_looks(TaskKind.OFFER_WAITS, waits.owner_id)
    if owner_id is None:
        return
    add_task(
        owner_id=owner_id,
        kind=TaskKind.OFFER_WAITS,
        cause=cause_of(waits.offer_public_id),
        about=waits.application_public_id,
        due_on=owed_on(now),
        dedupe_key=waits.key,
        title=waits.opening_title,
        person_id=waits.person_id,
        now=now,
    )


def owed_on(now: datetime) -> date:
    """By when a colleague sees to what a candidate says about an offer `now`."""
    return due_from(TaskKind.OFFER_WAITS, day_of(now, company_zone()))


def settle_waits(offer_public_id: str, now: datetime) -> None:
    """Nothing about this offer waits for a colleague any more; joins the transaction."""
    settle_tasks(cause_of(offer_public_id), TaskKind.OFFER_WAITS, now)


@dataclass(frozen=True)
class Notice:
    """Word to a colleague, ready to go; `reader` None where nobody works here who could read it."""

    reader: Recipient | None
    mail: RenderedMail | None


def ready_notice(what: OfferState | None, waits: Waits, now: datetime) -> Notice:
    """Word that somebody answered, or (None) asks for time: to who looks after it, or stands in. Not in a
    transaction.
    """
    owner_id = who_looks(TaskKind.OFFER_WAITS, waits.owner_id)
    if owner_id is None:
        return Notice(None, None)
    today = day_of(now, company_zone())
    reader = reader_for(owner_id, today)
    due_on = None if what is OfferState.DECLINED else owed_on(now)
    mail = emails.answered(reader, what, waits.opening_title, due_on, waits.application_public_id)
    return Notice(reader, mail)


def reader_for(owner_id: int, today: date) -> Recipient:
    """Who reads the mail of the day for this colleague."""
    away = {one: row.stand_in_id for one, row in away_on(today).items()}
    return recipient(reads_for(owner_id, away))


def send_notice(notice: Notice, waits: Waits, key: str, now: datetime) -> None:
    """Put it into the outbox; joins the transaction."""
    if notice.reader is None or notice.mail is None:
        return
    with transaction():
        enqueue(
            notice.mail,
            to_address=notice.reader.email,
            to_name=notice.reader.name,
            person_id=notice.reader.person_id,
            mail_class=MailClass.OWN,
            cause=cause_of(waits.offer_public_id),
            dedupe_key=key,
            now=now,
        )
