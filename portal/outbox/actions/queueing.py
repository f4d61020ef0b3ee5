"""Putting messages into the outbox, and stopping them there."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import bindparam, select, update

from portal.contact.states import Budget, Purpose, Timing
from portal.core.db import insert_into, transaction
from portal.core.mail import RenderedMail
from portal.outbox import rules
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState, MailClass

_NAME_LENGTH = 200


@dataclass(frozen=True, kw_only=True)
class Message:
    """A message that is ready for the outbox; `enqueue` says what its parts mean."""

    mail: RenderedMail
    to_address: str
    to_name: str
    person_id: int | None
    mail_class: MailClass
    cause: str
    dedupe_key: str
    reply_to: str = ""
    purpose: Purpose | None = None
    timing: Timing = Timing.AT_ONCE
    budget: Budget = Budget.NONE
    expires_at: datetime | None = None
    not_before: datetime | None = None
    calendar: str = ""


def enqueue(
    mail: RenderedMail,
    *,
    to_address: str,
    to_name: str,
    person_id: int | None,
    mail_class: MailClass,
    cause: str,
    dedupe_key: str,
    now: datetime,
    reply_to: str = "",
    purpose: Purpose | None = None,
    timing: Timing = Timing.AT_ONCE,
    budget: Budget = Budget.NONE,
    expires_at: datetime | None = None,
    not_before: datetime | None = None,
    calendar: str = "",
) -> int:
    """Write a message into the outbox, as part of the caller's transaction; returns the delivery's id.

    `dedupe_key` says what the message is (update and candidate, event, survey and reminder number); writing the same
    again writes nothing and returns the first one's id. `cause` is what `cancel` takes. `reply_to` is
    "Name <address>" of the person who answers. Neither key may hold an address: they outlive an erasure.
    `purpose`, `timing` and `budget` are what `contact` is asked about when a worker takes the message up, at
    `not_before` at the earliest (until then `take_back` undoes it without a trace, `hurry` lets it go); one that still
    waits at `expires_at` is stopped. `calendar` is a calendar entry with its METHOD (RFC 5545, 5546) that goes with it.
    """
    message = Message(
        mail=mail,
        to_address=to_address,
        to_name=to_name,
        person_id=person_id,
        mail_class=mail_class,
        cause=cause,
        dedupe_key=dedupe_key,
        reply_to=reply_to,
        purpose=purpose,
        timing=timing,
        budget=budget,
        expires_at=expires_at,
        not_before=not_before,
        calendar=calendar,
    )
    return enqueue_many([message], now)[0]


def enqueue_many(messages: Sequence[Message], now: datetime) -> list[int]:
    """Write messages into the outbox as `enqueue` does, all with one statement; returns their ids in this order."""
    if not messages:
        return []
    rows = [_row(message, now) for message in messages]
    with transaction() as session:
        # The statement goes past the session, which may still hold a person that it names.
        session.flush()
        connection = session.connection()
        # Of rows in a list the database says which it wrote; one row alone is the same, and quicker.
        written = connection.execute(_insert(connection.dialect.name), rows if len(rows) > 1 else rows[0])
        ids = {dedupe_key: delivery_id for delivery_id, dedupe_key in written}
        if missing := [message.dedupe_key for message in messages if message.dedupe_key not in ids]:
            ids.update((key, delivery_id) for delivery_id, key in connection.execute(_THERE, {"keys": missing}))
    return [ids[message.dedupe_key] for message in messages]


@cache
def _insert(dialect: str) -> Any:
    """Made once: to make it anew for each message took longer than to run it."""
    statement = insert_into(Delivery, dialect).on_conflict_do_nothing(index_elements=["dedupe_key"])
    return statement.returning(Delivery.id, Delivery.dedupe_key)


_THERE: Final = select(Delivery.id, Delivery.dedupe_key).where(
    Delivery.dedupe_key.in_(bindparam("keys", expanding=True))
)


def _row(message: Message, now: datetime) -> dict[str, Any]:
    mail, address = message.mail, message.to_address.strip()
    return {
        "key": mail.key,
        "dedupe_key": message.dedupe_key,
        "kind": mail.kind,
        "mail_class": message.mail_class,
        "purpose": message.purpose,
        "timing": message.timing,
        "budget": message.budget,
        "cause": message.cause,
        "person_id": message.person_id,
        "to_address": address,
        "to_name": one_line(message.to_name)[:_NAME_LENGTH],
        "to_domain": rules.domain_of(address),
        "reply_to": one_line(message.reply_to),
        "subject": one_line(mail.subject),
        "text": mail.text,
        "html": mail.html,
        "calendar": message.calendar,
        "places": _places_in(mail),
        "state": DeliveryState.QUEUED,
        "attempts": 0,
        "next_try_at": max(message.not_before or now, now),
        "expires_at": message.expires_at,
        "last_error": "",
        "created_at": now,
    }


def cancel(cause: str, now: datetime) -> int:
    """Stop what `cause` has put into the outbox, as part of the caller's transaction; returns how many were stopped.

    A message that is being sent at this moment may still arrive, so the worker that has it gives its counted contact
    back when it does not; one that only waits has none.
    """
    with transaction() as session:
        stopped = session.scalars(
            update(Delivery)
            .where(Delivery.cause == cause)
            .where(Delivery.state.in_(rules.states_before(DeliveryState.CANCELLED)))
            .values(
                state=DeliveryState.CANCELLED,
                lease_owner=None,
                lease_until=None,
                held_reason=None,
                held_until=None,
                next_try_at=now,
            )
            .returning(Delivery.id)
        ).all()
        return len(stopped)


def look_again(person_id: int, now: datetime) -> int:
    """Let a worker look at once at what is held for this person, who has just chosen anew; returns how much it is.

    Joins the transaction. Whatever still may not go is held again.
    """
    with transaction() as session:
        held = session.scalars(
            update(Delivery)
            .where(Delivery.person_id == person_id)
            .where(Delivery.state == DeliveryState.QUEUED)
            .where(Delivery.held_reason.is_not(None))
            .values(next_try_at=now)
            .returning(Delivery.id)
        ).all()
        return len(held)


def one_line(text: str) -> str:
    """`text` without line breaks and control characters, so that it cannot end a header."""
    return " ".join("".join(" " if unicodedata.category(ch) == "Cc" else ch for ch in text).split())


def _places_in(mail: RenderedMail) -> list[str]:
    """Which tokens and codes stand in the message, for example "token:follow".

    Whoever asks for a link must not feel whether there was one to write: to look takes as long where there is none.
    """
    *before, _rest = "\n".join((mail.subject, mail.text, mail.html)).split(f"-{mail.key}--")
    return sorted({part.rpartition("--")[2].replace("-", ":", 1) for part in before})
