"""Sending one person their digest, if it is due."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select

from portal.contact.queries import verdict_for
from portal.contact.rules import WANTED_FOR
from portal.contact.states import Purpose
from portal.core.db import end_reading, transaction
from portal.core.mail import RenderedMail
from portal.digests import emails
from portal.digests.actions.locking import people_there
from portal.digests.models import MailedUpdate
from portal.digests.queries import Collector, Item, digest_under_way, find_collector, items_of, waiting_for
from portal.digests.rules import Plan, Waiting, plan_digest
from portal.digests.states import Way, Why
from portal.outbox.actions import enqueue

#: How often it is put together anew when something changed meanwhile.
_TRIES: Final = 3


@dataclass(frozen=True)
class _Ready:
    to: Collector
    purpose: Purpose
    waiting: list[Waiting]
    plan: Plan
    items: list[Item]
    mail: RenderedMail | None


def send_digest(person_id: int, purpose: Purpose, now: datetime) -> bool:
    """Send this person what waits for them about one topic, when it is due; whether a digest was written.

    It holds exactly what may be read at this moment and has not been read or mailed; it is never empty. Killed
    anywhere, nothing is lost and nothing goes twice. Raises MissingValue when a value of the mail is missing.
    """
    for _try in range(_TRIES):
        end_reading()
        ready = _prepare(person_id, purpose, now)
        if ready is None:
            return False
        if _carry_out(ready, now):
            return ready.mail is not None
    return False


def _prepare(person_id: int, purpose: Purpose, now: datetime) -> _Ready | None:
    to, waiting = find_collector(person_id, purpose), waiting_for(person_id, purpose, now)
    if to is None or not waiting:
        return None
    verdict = verdict_for(person_id, to.email, WANTED_FOR[purpose], now)
    is_under_way = digest_under_way(person_id, purpose)
    plan = plan_digest(waiting, verdict, to.rhythm, to.zone, now, is_under_way=is_under_way)
    items = items_of(plan.sent)
    return _Ready(to, purpose, waiting, plan, items, emails.digest(to, items, purpose) if items else None)


def _carry_out(ready: _Ready, now: datetime) -> bool:
    """Write down what was planned; False when what it was planned from has changed."""
    with transaction() as session:
        if not people_there(session, {ready.to.person_id: ready.to.email}):
            return False
        rows = {
            row.update_id: row
            for row in session.scalars(
                select(MailedUpdate)
                .where(MailedUpdate.person_id == ready.to.person_id)
                .where(MailedUpdate.purpose == ready.purpose)
                .where(MailedUpdate.way == Way.COLLECTED)
                .order_by(MailedUpdate.update_id)
                .with_for_update()
            )
        }
        is_same = waiting_for(ready.to.person_id, ready.purpose, now) == ready.waiting
        if not is_same or items_of(ready.plan.sent) != ready.items:
            return False
        delivery_id = _enqueue(ready, now) if ready.mail is not None else None
        versions = {item.update_id: item.version_number for item in ready.items}
        for row in rows.values():
            _follow(row, ready.plan, delivery_id, versions)
        return True


def _follow(row: MailedUpdate, plan: Plan, delivery_id: int | None, versions: dict[int, int]) -> None:
    if (why := plan.dropped.get(row.update_id)) is not None:
        row.way, row.why, row.look_at = Way.LEFT_OUT, why, None
    elif row.update_id in versions:
        row.way, row.why, row.look_at = Way.IN_DIGEST, None, None
        row.delivery_id, row.version_number = delivery_id, versions[row.update_id]
    else:
        row.look_at = plan.look_at
        row.why = plan.why or row.why or Why.RHYTHM


def _enqueue(ready: _Ready, now: datetime) -> int:
    assert ready.mail is not None
    wanted = WANTED_FOR[ready.purpose]
    return enqueue(
        ready.mail,
        to_address=ready.to.email,
        to_name=ready.to.name,
        person_id=ready.to.person_id,
        mail_class=wanted.mail_class,
        purpose=wanted.purpose,
        timing=wanted.timing,
        budget=wanted.budget,
        cause=f"digest:{ready.mail.key}",
        dedupe_key=f"digest:{ready.mail.key}",
        now=now,
    )
