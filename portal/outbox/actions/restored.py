"""Letting mail go that waits since a backup was restored, as an admin decided."""

from datetime import datetime

from sqlalchemy import update

from portal.audit.actions import record
from portal.company.actions import end_hold
from portal.contact.states import WhyHeld
from portal.core.db import transaction
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState


def let_mail_go(*, actor_id: int, now: datetime) -> bool:
    """End the wait for everything; each message goes when `contact` lets it. Whether anything had to be ended."""
    with transaction() as session:
        if not end_hold(now):
            return False
        held = (
            update(Delivery)
            .where(Delivery.state == DeliveryState.QUEUED)
            .where(Delivery.held_reason == WhyHeld.RESTORED)
            .values(next_try_at=now, held_reason=None, held_until=None)
            .returning(Delivery.id)
        )
        count = len(session.scalars(held).all())
        record("outbox.let_mail_go", "company:restore", actor_id=actor_id, now=now, count=count)
    return True
