"""The development mailbox."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, true

from portal.core.db import fetch, session
from portal.outbox.models import Delivery, DevMail


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
    #: The calendar entry that went with it; empty: none.
    calendar: str


_LINES = select(DevMail.delivery_key, DevMail.to_address, DevMail.subject, DevMail.kind, DevMail.sent_at)
#: The calendar entry is kept with the delivery alone.
_ROWS = select(
    DevMail.delivery_key,
    DevMail.to_address,
    DevMail.from_address,
    DevMail.subject,
    DevMail.text,
    DevMail.html,
    DevMail.headers,
    DevMail.kind,
    DevMail.sent_at,
    func.coalesce(Delivery.calendar, ""),
).outerjoin(Delivery, Delivery.key == DevMail.delivery_key)


def dev_mail_count(to: str) -> int:
    """How many messages the development mailbox holds for the address `to` (empty: for all)."""
    return session().scalar(select(func.count()).select_from(DevMail).where(_is_to(to))) or 0


def dev_mail_page(to: str, first: int, count: int) -> list[DevMailLine]:
    """`count` messages from the `first` (0), newest first."""
    statement = _LINES.where(_is_to(to)).order_by(DevMail.id.desc()).offset(first).limit(count)
    return [DevMailLine(*row) for row in fetch(statement)]


def all_dev_mail(to: str) -> list[DevMailRow]:
    """Every message of the development mailbox, newest last."""
    return [DevMailRow(*row) for row in fetch(_ROWS.where(_is_to(to)).order_by(DevMail.id))]


def find_dev_mail(public_id: str) -> DevMailRow | None:
    """The message with this id."""
    row = fetch(_ROWS.where(DevMail.delivery_key == public_id)).one_or_none()
    return DevMailRow(*row) if row else None


def _is_to(address: str) -> ColumnElement[bool]:
    wanted = address.strip().lower()
    return func.lower(DevMail.to_address) == wanted if wanted else true()
