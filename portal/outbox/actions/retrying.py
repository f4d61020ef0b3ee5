"""Trying dead letters again, as an admin decided."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.actions import record
from portal.contact import actions as contact
from portal.contact.queries import is_suppressed
from portal.core.db import transaction
from portal.core.errors import NotFound, PortalError
from portal.core.i18n import gettext as _
from portal.outbox.actions.marking import move
from portal.outbox.models import Delivery
from portal.outbox.queries import is_dead, would_come_too_late
from portal.outbox.states import DeliveryState, Reason

#: Letters tried again in one transaction.
_AT_ONCE = 200


class StillSuppressed(PortalError):
    """Mail to this address came back, and nobody has said that it may be tried again."""


def retry_dead_letter(key: str, *, may_lift: bool, actor_id: int, now: datetime) -> None:
    """Queue a dead letter again, as if it had never been tried; it goes when `contact` lets it.

    `may_lift`: whether mail to its address is allowed again where it was not. Raises NotFound, StillSuppressed.
    """
    with transaction() as session:
        row = session.scalars(_still_there().where(Delivery.key == key)).one_or_none()
        if row is None:
            raise NotFound
        if is_suppressed(row.to_address) and not may_lift:
            raise StillSuppressed(_("Mail to this address came back. Please say that we should try it again."))
        _retry(session, row, actor_id, now)


def retry_all_dead(
    reason: Reason, code: int, status: str, *, may_lift: bool, actor_id: int, now: datetime
) -> tuple[int, int]:
    """Queue all dead letters of one reason again that do not come too late; returns how many, and how many were left
    because of their address.

    Done in steps of a few hundred, each by itself; a second call takes up what is left.
    """
    done, left = 0, 0
    last_id = 0
    while True:
        with transaction() as session:
            rows = session.scalars(
                _still_there()
                .where(Delivery.failed_reason == reason)
                .where(Delivery.failed_code == code)
                .where(Delivery.failed_status == status)
                .where(Delivery.id > last_id)
                .where(~would_come_too_late(now))
                .order_by(Delivery.id)
                .limit(_AT_ONCE)
            ).all()
            for row in rows:
                if is_suppressed(row.to_address) and not may_lift:
                    left += 1
                else:
                    _retry(session, row, actor_id, now)
                    done += 1
        if not rows:
            return done, left
        last_id = rows[-1].id


def _still_there() -> Any:
    """Dead letters whose text is still there, locked."""
    return select(Delivery).where(is_dead()).where(Delivery.blanked_at.is_(None)).with_for_update()


def _retry(session: Session, row: Delivery, actor_id: int, now: datetime) -> None:
    if is_suppressed(row.to_address):
        contact.lift_suppression(row.to_address, actor_id=actor_id, now=now)
    move(row, DeliveryState.QUEUED)
    row.attempts = 0
    row.first_tried_at = None
    row.next_try_at = now
    row.stopped_reason = row.failed_reason = None
    row.failed_code, row.failed_status = 0, ""
    record("outbox.retry_dead_letter", f"delivery:{row.key}", actor_id=actor_id, now=now, person_id=row.person_id)
    session.flush()
