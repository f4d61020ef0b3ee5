"""How a delivery moves from waiting to sent."""

from enum import StrEnum


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


class MailClass(StrEnum):
    """The three kinds of mail of promise 4."""

    #: About the person's own account or application: always.
    OWN = "own"
    #: The experience survey about their own process.
    SURVEY = "survey"
    #: Everything else, by purpose and consent.
    COMMUNITY = "community"
