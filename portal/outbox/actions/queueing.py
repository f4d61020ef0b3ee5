"""Putting messages into the outbox, and stopping them there."""

import unicodedata
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from portal.contact.states import Budget, Purpose, Timing
from portal.core.db import insert_into, transaction
from portal.core.mail import RenderedMail, code_place, token_place
from portal.core.tokens import TokenKind
from portal.outbox import rules
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState, MailClass

_NAME_LENGTH = 200


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
) -> int:
    """Write a message into the outbox, as part of the caller's transaction; returns the delivery's id.

    `dedupe_key` says what the message is (update and candidate, event, survey and reminder number); writing the same
    again writes nothing and returns the first one's id. `cause` is what `cancel` takes. `reply_to` is
    "Name <address>" of the person who answers. Neither key may hold an address: they outlive an erasure.
    `purpose`, `timing` and `budget` are what `contact` is asked about when a worker takes the message up, at
    `not_before` at the earliest (until then `take_back` undoes it without a trace, `hurry` lets it go); one that still
    waits at `expires_at` is stopped.
    """
    address = to_address.strip()
    values: dict[str, Any] = {
        "key": mail.key,
        "dedupe_key": dedupe_key,
        "kind": mail.kind,
        "mail_class": mail_class,
        "purpose": purpose,
        "timing": timing,
        "budget": budget,
        "cause": cause,
        "person_id": person_id,
        "to_address": address,
        "to_name": one_line(to_name)[:_NAME_LENGTH],
        "to_domain": rules.domain_of(address),
        "reply_to": one_line(reply_to),
        "subject": one_line(mail.subject),
        "text": mail.text,
        "html": mail.html,
        "places": _places_in(mail),
        "state": DeliveryState.QUEUED,
        "attempts": 0,
        "next_try_at": max(not_before or now, now),
        "expires_at": expires_at,
        "last_error": "",
        "created_at": now,
    }
    return _write_once(values)


def _write_once(values: dict[str, Any]) -> int:
    with transaction() as session:
        statement = (
            insert_into(Delivery, session.get_bind().dialect.name)
            .values(**values)
            .on_conflict_do_nothing(index_elements=["dedupe_key"])
        )
        delivery_id: int | None = session.scalar(statement.returning(Delivery.id))
        if delivery_id is None:
            there = select(Delivery.id).where(Delivery.dedupe_key == values["dedupe_key"])
            delivery_id = session.scalars(there).one()
        return delivery_id


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
    """Which tokens and codes stand in the message, for example "token:follow"."""
    whole = "\n".join((mail.subject, mail.text, mail.html))
    tokens = [f"token:{kind}" for kind in TokenKind if token_place(mail.key, kind) in whole]
    codes = [f"code:{kind}" for kind in TokenKind if code_place(mail.key, kind) in whole]
    return tokens + codes
