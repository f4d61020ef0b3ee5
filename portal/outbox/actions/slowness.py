"""Receiving domains that asked us to slow down, and our own mail server when it does not work."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, select, update
from sqlalchemy.orm import Session

from portal.core.db import insert_into, transaction
from portal.core.logs import redact
from portal.outbox import rules
from portal.outbox.models import Delivery, MailTrouble, SlowDomain
from portal.outbox.queries import MAIL_SERVER, is_due, waiting_count
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


def note_server_trouble(outcome: TryLater, now: datetime) -> bool:
    """Note that our mail server takes nothing: all workers rest a while. True when this is news."""
    with transaction() as session:
        row = _row(session, MAIL_SERVER, outcome, now)
        is_news = row.troubles == 0
        if row.until <= now or is_news:
            row.troubles += 1
            row.until = now + rules.pause_after(row.troubles)
        return is_news


def note_domain_works(domain: str) -> None:
    """Forget that `domain` was slow: it has taken a message; joins the transaction."""
    with transaction() as session:
        session.execute(delete(SlowDomain).where(SlowDomain.domain == domain))


def note_server_works(now: datetime) -> timedelta | None:
    """Note that our mail server is out of trouble; returns how long it was in, None when that is known already.

    What lasted is kept for a week, for those who come to work after a bad night.
    """
    with transaction() as session:
        row = session.scalars(
            select(SlowDomain).where(SlowDomain.domain == MAIL_SERVER).with_for_update()
        ).one_or_none()
        if row is None:
            return None
        if rules.is_worth_telling(row.since, now):
            session.add(
                MailTrouble(
                    since=row.since,
                    ended_at=now,
                    reason=row.reason,
                    words=row.words,
                    # The one that was just taken is not among them any more.
                    late_count=waiting_count() + 1,
                )
            )
        session.delete(row)
        return now - row.since


def put_off(connection: Connection, domain: str, until: datetime, now: datetime) -> int:
    """Let what is due to go to a slow domain wait until `until`, a few hundred at once; returns how many."""
    ids = connection.execute(_DUE_THERE, {"now": now, "domain": domain}).scalars().all()
    connection.execute(update(Delivery).where(Delivery.id.in_(ids)).values(next_try_at=until))
    return len(ids)


def forget_quiet_domains(now: datetime) -> None:
    """Delete domains that have not been tried for a week, and troubles of ours that ended a week ago."""
    with transaction() as session:
        session.execute(delete(MailTrouble).where(MailTrouble.ended_at < now - _REMEMBERED_FOR))
        session.execute(delete(SlowDomain).where(SlowDomain.until < now - _REMEMBERED_FOR))


def _row(session: Session, domain: str, outcome: TryLater, now: datetime) -> SlowDomain:
    """The domain's row, made when there is none, with what it said last."""
    made = insert_into(SlowDomain, session.get_bind().dialect.name).values(
        domain=domain, until=now, troubles=0, since=now, reason=outcome.reason, words=""
    )
    session.execute(made.on_conflict_do_nothing(index_elements=["domain"]))
    row = session.scalars(select(SlowDomain).where(SlowDomain.domain == domain).with_for_update()).one()
    row.reason = outcome.reason
    row.words = redact(rules.in_words(outcome))[:_WORDS_LENGTH]
    return row
