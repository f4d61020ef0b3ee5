"""Receiving domains that asked us to slow down, and our own mail server when it does not work."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.core.db import transaction
from portal.core.logs import redact
from portal.outbox import rules
from portal.outbox.models import Delivery, SlowDomain
from portal.outbox.queries import MAIL_SERVER, is_due
from portal.outbox.rules import TryLater
from portal.outbox.states import DeliveryState

_WORDS_LENGTH = 300
#: A domain of which nothing was heard for so long, because no mail goes there, is forgotten.
_REMEMBERED_FOR = timedelta(days=7)
#: Rows put off in one transaction.
_AT_ONCE = 500

_DUE_THERE = (
    select(Delivery.id)
    .where(is_due())
    .where(Delivery.state == bindparam("queued", DeliveryState.QUEUED, literal_execute=True))
    .where(Delivery.to_domain == bindparam("domain"))
    .order_by(Delivery.next_try_at, Delivery.id)
    .limit(_AT_ONCE)
    .with_for_update(skip_locked=True)
)


def note_domain_trouble(domain: str, outcome: TryLater, now: datetime) -> datetime:
    """Note that `domain` asked us to slow down; joins the transaction. Returns until when its mail waits."""
    with transaction() as session:
        row = _row(session, domain, outcome, now)
        # What several workers hear at the same time is one trouble.
        if row.until <= now or row.troubles == 0:
            row.troubles += 1
            row.until = now + rules.slow_down_for(row.troubles, domain)
        session.flush()
        return row.until


def note_server_trouble(outcome: TryLater, now: datetime) -> None:
    """Note that our mail server takes nothing: all workers rest a while."""
    with transaction() as session:
        row = _row(session, MAIL_SERVER, outcome, now)
        if row.until <= now or row.troubles == 0:
            row.troubles += 1
            row.until = now + rules.pause_after(row.troubles)


def note_domain_works(domain: str) -> None:
    """Forget that `domain` was slow: it has taken a message; joins the transaction."""
    with transaction() as session:
        session.execute(delete(SlowDomain).where(SlowDomain.domain == domain))


def note_server_works() -> None:
    """Forget that our mail server was in trouble."""
    note_domain_works(MAIL_SERVER)


def put_off(connection: Connection, domain: str, until: datetime, now: datetime) -> int:
    """Let what is due to go to a slow domain wait until `until`, a few hundred at once; returns how many."""
    ids = connection.execute(_DUE_THERE, {"now": now, "domain": domain}).scalars().all()
    connection.execute(update(Delivery).where(Delivery.id.in_(ids)).values(next_try_at=until))
    return len(ids)


def forget_quiet_domains(now: datetime) -> None:
    """Delete domains that have not been tried for a week."""
    with transaction() as session:
        session.execute(delete(SlowDomain).where(SlowDomain.until < now - _REMEMBERED_FOR))


def _row(session: Session, domain: str, outcome: TryLater, now: datetime) -> SlowDomain:
    """The domain's row, made when there is none, with what it said last."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    made = insert(SlowDomain).values(domain=domain, until=now, troubles=0, since=now, reason=outcome.reason, words="")
    session.execute(made.on_conflict_do_nothing(index_elements=["domain"]))
    row = session.scalars(select(SlowDomain).where(SlowDomain.domain == domain).with_for_update()).one()
    row.reason = outcome.reason
    row.words = redact(rules.in_words(outcome))[:_WORDS_LENGTH]
    return row
