"""What can be done with a message before any mail server has taken it: taking it back, or letting it go now."""

from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, true, update

from portal.core.db import transaction
from portal.outbox.models import Delivery
from portal.outbox.queries import has_surely_not_arrived
from portal.outbox.states import DeliveryState


def take_back(delivery_id: int, now: datetime, *, even_if_tried: bool = False) -> bool:
    """Stop one message that waits, and empty it: whom it was for and what it said is gone. Joins the transaction.

    False when it is too late: it is being sent, it ended, or a server may have taken it.
    `even_if_tried`: better it leaves no trace than that it goes now, for example because what it says is over.
    """
    with transaction() as session:
        taken: CursorResult[Any] = session.connection().execute(
            update(Delivery)
            .where(Delivery.id == delivery_id)
            .where(Delivery.state == DeliveryState.QUEUED)
            .where(true() if even_if_tried else has_surely_not_arrived())
            .values(
                state=DeliveryState.CANCELLED,
                held_reason=None,
                held_until=None,
                next_try_at=now,
                **emptied("taken-back", now),
            )
        )
        return taken.rowcount == 1


def hurry(delivery_id: int, now: datetime) -> bool:
    """Let a message go now that waits for its time and was never tried; what `contact` holds back waits on.

    Joins the transaction. False when there is nothing to hurry: it is being sent, it ended, or it is due already.
    """
    with transaction() as session:
        hurried: CursorResult[Any] = session.connection().execute(
            update(Delivery)
            .where(Delivery.id == delivery_id)
            .where(Delivery.state == DeliveryState.QUEUED)
            .where(Delivery.attempts == 0)
            .where(Delivery.held_reason.is_(None))
            .where(Delivery.next_try_at > now)
            .values(next_try_at=now)
        )
        return hurried.rowcount == 1


def emptied(why: str, now: datetime) -> dict[str, Any]:
    """The values of a message that nobody may read any more: that there was one stays, not to whom nor what it said."""
    written = ("subject", "text", "html", "calendar")
    words = ("to_address", "to_name", "to_domain", "reply_to", "failed_status", "last_error")
    return {
        **dict.fromkeys(written + words, ""),
        "person_id": None,
        "places": [],
        "cause": why,
        "dedupe_key": f"{why}:" + Delivery.key,
        "blanked_at": now,
    }
