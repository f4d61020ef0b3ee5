"""What waits to be sent, what was given up, and the development mailbox."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, select, true

from portal.core.db import fetch, session
from portal.outbox.models import Delivery, DevMail
from portal.outbox.states import DeliveryState


@dataclass(frozen=True)
class DeadLetter:
    """A message that was given up; `error` says why, without addresses."""

    delivery_id: int
    person_id: int | None
    kind: str
    cause: str
    to_address: str
    subject: str
    error: str
    attempts: int
    created_at: datetime


@dataclass(frozen=True)
class DevMailLine:
    """A message in the list of the development mailbox."""

    public_id: str
    to_address: str
    subject: str
    kind: str
    sent_at: datetime


@dataclass(frozen=True)
class DevMailRow:
    """A whole message of the development mailbox."""

    public_id: str
    to_address: str
    from_address: str
    subject: str
    text: str
    html: str
    headers: dict[str, Any]
    kind: str
    sent_at: datetime


def is_waiting() -> ColumnElement[bool]:
    """Neither sent nor given up nor cancelled; written as constants, else the partial index is not used."""
    states = [DeliveryState.QUEUED, DeliveryState.LEASED]
    return Delivery.state.in_(bindparam("waiting_states", states, expanding=True, literal_execute=True))


def is_dead() -> ColumnElement[bool]:
    """Given up; written as a constant, else the partial index is not used."""
    return Delivery.state == bindparam("dead_state", DeliveryState.DEAD, literal_execute=True)


def is_due() -> ColumnElement[bool]:
    """Waiting, and its time has come by `:now`; a leased message comes due again when its lease ends."""
    return is_waiting() & (Delivery.next_try_at <= bindparam("now", type_=Delivery.next_try_at.type))


_IS_DUE = select(Delivery.id).where(is_due()).limit(1)
_WAITING = select(func.count(), func.min(Delivery.created_at)).where(is_waiting())
_DEAD = (
    select(
        Delivery.id,
        Delivery.person_id,
        Delivery.kind,
        Delivery.cause,
        Delivery.to_address,
        Delivery.subject,
        Delivery.last_error,
        Delivery.attempts,
        Delivery.created_at,
    )
    .where(is_dead())
    .where(Delivery.blanked_at.is_(None))
    .order_by(Delivery.created_at, Delivery.id)
)
_DEV_LINES = select(DevMail.delivery_key, DevMail.to_address, DevMail.subject, DevMail.kind, DevMail.sent_at)
_DEV_ROWS = select(
    DevMail.delivery_key,
    DevMail.to_address,
    DevMail.from_address,
    DevMail.subject,
    DevMail.text,
    DevMail.html,
    DevMail.headers,
    DevMail.kind,
    DevMail.sent_at,
)


def is_mail_due(now: datetime) -> bool:
    """Whether a worker would find something to send."""
    return session().scalar(_IS_DUE, {"now": now}) is not None


def waiting_count() -> int:
    """How many messages wait or are being sent."""
    return waiting_since()[0]


def waiting_since() -> tuple[int, datetime | None]:
    """How many messages wait, and when the oldest of them was written."""
    count, oldest = fetch(_WAITING).one()
    return count, oldest


def dead_letters(but_for: str = "") -> list[DeadLetter]:
    """Messages that were given up and whose text is still there, oldest first; without causes that begin `but_for`."""
    wanted = _DEAD.where(Delivery.cause.not_like(f"{but_for}%")) if but_for else _DEAD
    return [DeadLetter(*row) for row in fetch(wanted)]


def has_dead_letters(but_for: str) -> ColumnElement[bool]:
    """For another query: whether `dead_letters` has any."""
    return _DEAD.where(Delivery.cause.not_like(f"{but_for}%")).order_by(None).exists()


def dev_mail_count(to: str) -> int:
    """How many messages the development mailbox holds for the address `to` (empty: for all)."""
    return session().scalar(select(func.count()).select_from(DevMail).where(_is_to(to))) or 0


def dev_mail_page(to: str, first: int, count: int) -> list[DevMailLine]:
    """`count` messages from the `first` (0), newest first."""
    statement = _DEV_LINES.where(_is_to(to)).order_by(DevMail.id.desc()).offset(first).limit(count)
    return [DevMailLine(*row) for row in fetch(statement)]


def all_dev_mail(to: str) -> list[DevMailRow]:
    """Every message of the development mailbox, newest last."""
    return [DevMailRow(*row) for row in fetch(_DEV_ROWS.where(_is_to(to)).order_by(DevMail.id))]


def find_dev_mail(public_id: str) -> DevMailRow | None:
    """The message with this id."""
    row = fetch(_DEV_ROWS.where(DevMail.delivery_key == public_id)).one_or_none()
    return DevMailRow(*row) if row else None


def _is_to(address: str) -> ColumnElement[bool]:
    wanted = address.strip().lower()
    return func.lower(DevMail.to_address) == wanted if wanted else true()
