"""What waits to be sent, and what it waits for: our server or a domain that is slow."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_, select

from portal.contact.models import CountedContact
from portal.contact.states import Budget
from portal.core.db import fetch, session
from portal.outbox.models import Delivery, SlowDomain
from portal.outbox.states import DeliveryState, Reason

#: What our own mail server is called among the domains that are slow.
MAIL_SERVER: Final = "*"


#: The states of a message that is neither sent nor given up nor cancelled.
WAITING: Final = (DeliveryState.QUEUED, DeliveryState.LEASED)


@dataclass(frozen=True)
class ServerTrouble:
    """Our own mail server is in trouble: until when all mail rests, and why."""

    until: datetime
    reason: Reason


@dataclass(frozen=True)
class SlowRow:
    """A domain that asked us to slow down, or our own mail server, and how much waits for it."""

    domain: str
    until: datetime
    since: datetime
    troubles: int
    reason: Reason
    words: str
    waiting_count: int

    @property
    def is_own_server(self) -> bool:
        return self.domain == MAIL_SERVER

    @property
    def said(self) -> str:
        """What it answered, with its code."""
        return self.words.partition(" ")[2]


def is_waiting() -> ColumnElement[bool]:
    """Neither sent nor given up nor cancelled; written as constants, else the partial index is not used."""
    return Delivery.state.in_(bindparam("waiting_states", WAITING, expanding=True, literal_execute=True))


def is_dead() -> ColumnElement[bool]:
    """Given up; written as a constant, else the partial index is not used."""
    return Delivery.state == bindparam("dead_state", DeliveryState.DEAD, literal_execute=True)


def is_due() -> ColumnElement[bool]:
    """Waiting, and its time has come by `:now`; a leased message comes due again when its lease ends."""
    return is_waiting() & (Delivery.next_try_at <= bindparam("now", type_=Delivery.next_try_at.type))


def has_surely_not_arrived() -> ColumnElement[bool]:
    """Of a message that waits: no server was tried with it, or each that was said that it does not take it now.

    A try whose worker died is not known to have failed, nor is one that was cut off. Whatever may have arrived stays
    counted as a contact, if it is of a kind that is counted; of other kinds only what was never tried is sure.
    """
    is_counted = exists().where(CountedContact.delivery_key == Delivery.key)
    return or_(Delivery.attempts == 0, and_(Delivery.budget != Budget.NONE, ~is_counted))


_IS_DUE = select(Delivery.id).where(is_due()).limit(1)
_STILL_LEASED = (
    select(Delivery.id)
    .where(Delivery.id == bindparam("delivery_id"))
    .where(Delivery.state == DeliveryState.LEASED)
    .where(Delivery.lease_owner == bindparam("owner"))
    .where(Delivery.attempts == bindparam("tries"))
    .where(Delivery.person_id.is_not_distinct_from(bindparam("person_id")))
)
_WAITING = select(func.count(), func.min(Delivery.created_at)).where(is_waiting()).where(Delivery.held_reason.is_(None))
_SERVER = select(SlowDomain.until, SlowDomain.reason).where(SlowDomain.domain == MAIL_SERVER)
_SLOW = select(
    SlowDomain.domain,
    SlowDomain.until,
    SlowDomain.since,
    SlowDomain.troubles,
    SlowDomain.reason,
    SlowDomain.words,
    select(func.count())
    .where(is_waiting())
    .where(Delivery.to_domain == SlowDomain.domain)
    .where(Delivery.held_reason.is_(None))
    .correlate(SlowDomain)
    .scalar_subquery(),
).order_by(SlowDomain.domain)


def is_mail_due(now: datetime) -> bool:
    """Whether a worker would find something to send."""
    return session().scalar(_IS_DUE, {"now": now}) is not None


def is_still_leased(delivery_id: int, owner: str, attempts: int, person_id: int | None) -> bool:
    """Whether this worker still has the message, and it is still to the same person's record, as of now."""
    values = {"delivery_id": delivery_id, "owner": owner, "tries": attempts, "person_id": person_id}
    return fetch(_STILL_LEASED, values).first() is not None


def mail_server_trouble() -> ServerTrouble | None:
    """What our own mail server is in; None while it works."""
    row = fetch(_SERVER).first()
    return ServerTrouble(*row) if row else None


def slow_domains() -> list[SlowRow]:
    """Our own mail server if it is in trouble, then the domains that asked us to slow down, by name."""
    return [SlowRow(*row) for row in fetch(_SLOW)]


def waiting_count() -> int:
    """How many messages wait or are being sent."""
    return waiting_since()[0]


def waiting_since() -> tuple[int, datetime | None]:
    """How many messages wait to be sent, and when the oldest was written; without those that are held."""
    count, oldest = fetch(_WAITING).one()
    return count, oldest
