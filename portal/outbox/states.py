"""How a delivery moves from waiting to sent."""

from enum import StrEnum

from portal.contact.states import MailClass

__all__ = ["MOVES", "DeliveryState", "MailClass"]


class DeliveryState(StrEnum):
    """Where one message to one person stands."""

    QUEUED = "queued"
    LEASED = "leased"
    SENT = "sent"
    DEAD = "dead"
    CANCELLED = "cancelled"


MOVES: dict[DeliveryState, frozenset[DeliveryState]] = {
    DeliveryState.QUEUED: frozenset({DeliveryState.LEASED, DeliveryState.CANCELLED}),
    DeliveryState.LEASED: frozenset(
        {DeliveryState.SENT, DeliveryState.QUEUED, DeliveryState.DEAD, DeliveryState.CANCELLED}
    ),
    DeliveryState.SENT: frozenset(),
    DeliveryState.DEAD: frozenset({DeliveryState.QUEUED}),
    DeliveryState.CANCELLED: frozenset(),
}
