"""Answers that never arrived, or did after all."""

from dataclasses import dataclass

from sqlalchemy import bindparam, select

from portal.conversations.models import ConversationMessage
from portal.core.db import fetch
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState


@dataclass(frozen=True)
class LostReply:
    """What we wrote and the person never got."""

    delivery_id: int
    person_id: int
    author_id: int
    application_id: int | None


_LOST = (
    select(
        Delivery.id,
        ConversationMessage.person_id,
        ConversationMessage.author_id,
        ConversationMessage.application_id,
    )
    .join(ConversationMessage, ConversationMessage.delivery_id == Delivery.id)
    .where(Delivery.key == bindparam("key"))
)
_ARRIVED = (
    select(ConversationMessage.person_id)
    .join(Delivery, Delivery.id == ConversationMessage.answer_delivery_id)
    .where(ConversationMessage.author_id.is_(None))
    .where(ConversationMessage.closed_at.is_(None))
    .where(Delivery.state == DeliveryState.SENT)
    .distinct()
    .order_by(ConversationMessage.person_id)
)


def find_lost_reply(key: str) -> LostReply | None:
    """The reply that this delivery carries; None when it is gone."""
    row = fetch(_LOST, {"key": key}).one_or_none()
    return LostReply(*row) if row else None


def answered_after_all() -> list[int]:
    """Ids of people whose answer was lost, tried again, and has arrived."""
    return list(fetch(_ARRIVED).scalars())
