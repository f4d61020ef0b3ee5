"""Putting messages into the outbox, and moving them on: claimed, sent, tried again, given up, cancelled."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.core.db import transaction
from portal.core.errors import PortalError
from portal.core.logs import redact
from portal.core.mail import RenderedMail, code_place, token_place
from portal.core.settings import current_settings
from portal.core.tokens import TokenKind, mail_code, mail_token
from portal.outbox import rules
from portal.outbox.models import Delivery, DevMail
from portal.outbox.queries import is_due
from portal.outbox.rules import Letter, Refused, TryLater
from portal.outbox.states import DeliveryState, MailClass

#: Longer than any conversation with a mail server; after it another worker takes the message.
LEASE = timedelta(minutes=2)
KEPT_FOR = timedelta(days=30)
_ERROR_LENGTH = 300
_NAME_LENGTH = 200

_NEXT_DUE = (
    select(Delivery)
    .where(is_due())
    .order_by(Delivery.next_try_at, Delivery.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)


class IllegalMove(PortalError):
    """A delivery cannot go from where it stands to where it was sent."""


@dataclass(frozen=True)
class ClaimedMail:
    """A message under one worker's lease, with its tokens in place.

    `owner` and `attempts` are the fence: who comes back after the lease went to another is not believed.
    """

    delivery_id: int
    person_id: int | None
    letter: Letter
    owner: str
    attempts: int
    lease_until: datetime


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
) -> int:
    """Write a message into the outbox, as part of the caller's transaction; returns the delivery's id.

    `dedupe_key` says what the message is (update and candidate, event, survey and reminder number); writing the same
    again writes nothing and returns the first one's id. `cause` is what `cancel` takes. `reply_to` is
    "Name <address>" of the person who answers. Neither key may hold an address: they outlive an erasure.
    """
    values: dict[str, Any] = {
        "key": mail.key,
        "dedupe_key": dedupe_key,
        "kind": mail.kind,
        "mail_class": mail_class,
        "cause": cause,
        "person_id": person_id,
        "to_address": to_address.strip(),
        "to_name": _one_line(to_name)[:_NAME_LENGTH],
        "reply_to": _one_line(reply_to),
        "subject": _one_line(mail.subject),
        "text": mail.text,
        "html": mail.html,
        "places": _places_in(mail),
        "state": DeliveryState.QUEUED,
        "attempts": 0,
        "next_try_at": now,
        "last_error": "",
        "created_at": now,
    }
    with transaction() as session:
        insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        statement = insert(Delivery).values(**values).on_conflict_do_nothing(index_elements=["dedupe_key"])
        delivery_id: int | None = session.scalar(statement.returning(Delivery.id))
        if delivery_id is None:
            delivery_id = session.scalars(select(Delivery.id).where(Delivery.dedupe_key == dedupe_key)).one()
        return delivery_id


def cancel(cause: str, now: datetime) -> int:
    """Stop what `cause` has put into the outbox, as part of the caller's transaction; returns how many were stopped.

    A message that is being sent at this moment may still arrive.
    """
    with transaction() as session:
        stopped = session.scalars(
            update(Delivery)
            .where(Delivery.cause == cause)
            .where(Delivery.state.in_(rules.states_before(DeliveryState.CANCELLED)))
            .values(state=DeliveryState.CANCELLED, lease_owner=None, lease_until=None, next_try_at=now)
            .returning(Delivery.id)
        ).all()
        return len(stopped)


def claim_next(owner: str, now: datetime) -> ClaimedMail | None:
    """Take the message that has been due longest under a lease of `owner`; None when nothing is due.

    A message whose lease has ended is due again. Its tokens are the same at every resend.
    """
    with transaction() as session:
        row = session.scalars(_NEXT_DUE, {"now": now}).first()
        if row is None:
            return None
        if row.state is not DeliveryState.LEASED:
            _move(row, DeliveryState.LEASED)
        row.lease_owner = owner
        row.lease_until = row.next_try_at = now + LEASE
        row.attempts += 1
    return ClaimedMail(
        delivery_id=row.id,
        person_id=row.person_id,
        letter=_with_tokens(row, current_settings().secret_key),
        owner=owner,
        attempts=row.attempts,
        lease_until=now + LEASE,
    )


def mark_sent(claimed: ClaimedMail, now: datetime) -> bool:
    """Note that the mail server has accepted the message; False when the lease is no longer ours."""
    with transaction() as session:
        row = _still_ours(session, claimed)
        if row is None:
            return False
        _move(row, DeliveryState.SENT)
        row.sent_at = now
        row.last_error = ""
        return True


def mark_failed_try(claimed: ClaimedMail, outcome: TryLater | Refused, now: datetime) -> bool:
    """Note why the message was not accepted: it waits for its next try, or is dead; False when not ours any more."""
    with transaction() as session:
        row = _still_ours(session, claimed)
        if row is None:
            return False
        row.last_error = redact(_one_line(rules.in_words(outcome)))[:_ERROR_LENGTH]
        if isinstance(outcome, Refused) or rules.is_given_up(row.attempts, row.created_at, now):
            _move(row, DeliveryState.DEAD)
        else:
            _move(row, DeliveryState.QUEUED)
            row.next_try_at = now + rules.wait_before_next_try(row.attempts, row.key)
        return True


def release(claimed: ClaimedMail, now: datetime) -> bool:
    """Give a message back that was not tried: the worker leaves; False when not ours any more."""
    with transaction() as session:
        row = _still_ours(session, claimed)
        if row is None:
            return False
        _move(row, DeliveryState.QUEUED)
        row.next_try_at = now
        row.attempts -= 1
        return True


def keep_for_developers(claimed: ClaimedMail, sender: str, headers: dict[str, str], now: datetime) -> bool:
    """Put the message as it goes out into the development mailbox, once; False when the lease is no longer ours."""
    letter = claimed.letter
    with transaction() as session:
        if _still_ours(session, claimed) is None:
            return False
        is_kept = session.scalar(select(DevMail.id).where(DevMail.delivery_key == letter.key)) is not None
        if not is_kept:
            session.add(
                DevMail(
                    delivery_key=letter.key,
                    person_id=claimed.person_id,
                    to_address=letter.to_address,
                    from_address=sender,
                    subject=letter.subject,
                    text=letter.text,
                    html=letter.html,
                    headers=headers,
                    kind=letter.kind,
                    sent_at=now,
                )
            )
        return True


def blank_old_mail(now: datetime, count: int = 500) -> int:
    """Empty at most `count` messages that ended 30 days ago; returns how many it found.

    What remains says that there was a message, of which kind, to whom and when.
    """
    before = now - KEPT_FOR
    ended = (Delivery.sent_at < before) | (
        Delivery.state.in_([DeliveryState.DEAD, DeliveryState.CANCELLED]) & (Delivery.created_at < before)
    )
    old = select(Delivery.id).where(Delivery.blanked_at.is_(None)).where(ended).order_by(Delivery.id).limit(count)
    with transaction() as session:
        ids = session.scalars(old).all()
        session.execute(
            update(Delivery)
            .where(Delivery.id.in_(ids))
            .values(subject="", text="", html="", reply_to="", places=[], blanked_at=now)
        )
        return len(ids)


def forget_old_dev_mail(now: datetime) -> None:
    """Delete what the development mailbox has held for 30 days."""
    with transaction() as session:
        session.execute(delete(DevMail).where(DevMail.sent_at < now - KEPT_FOR))


def _move(row: Delivery, after: DeliveryState) -> None:
    """The one way from state to state; a lease ends with it."""
    if not rules.may_move(row.state, after):
        raise IllegalMove(f"A delivery that is {row.state} cannot become {after}.")
    row.state = after
    row.lease_owner = None
    row.lease_until = None


def _still_ours(session: Session, claimed: ClaimedMail) -> Delivery | None:
    row = session.get(Delivery, claimed.delivery_id, with_for_update=True)
    if row is None or row.state is not DeliveryState.LEASED:
        return None
    return row if (row.lease_owner, row.attempts) == (claimed.owner, claimed.attempts) else None


def _places_in(mail: RenderedMail) -> list[str]:
    """Which tokens and codes stand in the message, for example "token:follow"."""
    whole = "\n".join((mail.subject, mail.text, mail.html))
    tokens = [f"token:{kind}" for kind in TokenKind if token_place(mail.key, kind) in whole]
    codes = [f"code:{kind}" for kind in TokenKind if code_place(mail.key, kind) in whole]
    return tokens + codes


def _with_tokens(row: Delivery, secret_key: str) -> Letter:
    """The message as it is sent: what stood for a token is the token."""
    subject, text, html = row.subject, row.text, row.html
    for place in row.places:
        form, kind = place.split(":")
        mark, value = _mark_and_value(form, TokenKind(kind), row.key, secret_key)
        subject, text, html = (part.replace(mark, value) for part in (subject, text, html))
    return Letter(
        key=row.key,
        kind=row.kind,
        to_address=row.to_address,
        to_name=row.to_name,
        reply_to=row.reply_to,
        subject=subject,
        text=text,
        html=html,
    )


def _mark_and_value(form: str, kind: TokenKind, key: str, secret_key: str) -> tuple[str, str]:
    if form == "token":
        return token_place(key, kind), mail_token(secret_key, key, kind)
    return code_place(key, kind), mail_code(secret_key, key, kind)


def _one_line(text: str) -> str:
    """`text` without line breaks and control characters, so that it cannot end a header."""
    return " ".join("".join(" " if unicodedata.category(ch) == "Cc" else ch for ch in text).split())
