"""How a delivery moves from waiting to sent, and why one failed or was stopped."""

from enum import StrEnum

from portal.contact.states import MailClass

__all__ = ["MOVES", "DeliveryState", "MailClass", "Reason", "WhyStopped"]


class DeliveryState(StrEnum):
    """Where one message to one person stands."""

    QUEUED = "queued"
    LEASED = "leased"
    SENT = "sent"
    DEAD = "dead"
    CANCELLED = "cancelled"


MOVES: dict[DeliveryState, frozenset[DeliveryState]] = {
    DeliveryState.QUEUED: frozenset({DeliveryState.LEASED, DeliveryState.DEAD, DeliveryState.CANCELLED}),
    DeliveryState.LEASED: frozenset(
        {DeliveryState.SENT, DeliveryState.QUEUED, DeliveryState.DEAD, DeliveryState.CANCELLED}
    ),
    DeliveryState.SENT: frozenset(),
    DeliveryState.DEAD: frozenset({DeliveryState.QUEUED}),
    DeliveryState.CANCELLED: frozenset(),
}


class Reason(StrEnum):
    """Why a message was not accepted."""

    #: No connection: refused, no such host, a greeting that is not one.
    UNREACHABLE = "unreachable"
    #: The server hung up, or its answer made no sense.
    CUT_OFF = "cut_off"
    #: The conversation took too long.
    TOO_SLOW = "too_slow"
    #: The server could not show who it is.
    CERTIFICATE = "certificate"
    #: The settings ask for encryption and the server offers none.
    NO_ENCRYPTION = "no_encryption"
    #: Our name or password was not taken.
    LOGIN = "login"
    #: The server takes nothing from our address.
    SENDER = "sender"
    #: The server asked us to slow down (421).
    BUSY = "busy"
    #: The server cannot take this message now (any other 4xx).
    NOT_NOW = "not_now"
    #: The server will never take this message (5xx).
    REFUSED = "refused"
    #: We could not make a message of it.
    MALFORMED = "malformed"
    #: Mail to this address came back before, so it was not tried.
    SUPPRESSED = "suppressed"


class WhyStopped(StrEnum):
    """Why a message was stopped before it was sent; the first four are those of `contact.states.WhyNot`."""

    SUPPRESSED = "suppressed"
    NO_CONSENT = "no_consent"
    SURVEYS_OFF = "surveys_off"
    GONE = "gone"
    #: Its time had passed while it waited.
    EXPIRED = "expired"
