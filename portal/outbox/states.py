"""How a delivery moves from waiting to sent, and why one failed or was stopped."""

from enum import StrEnum

from portal.contact.states import MailClass

__all__ = [
    "INCOMING_MOVES",
    "MOVES",
    "Bounce",
    "CameBy",
    "DeliveryState",
    "IncomingState",
    "MailClass",
    "MailSort",
    "Reason",
    "WhyLifted",
    "WhyNotPlaced",
    "WhyStopped",
]


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
    # A server took it, and it came back: for good, or to be tried once more.
    DeliveryState.SENT: frozenset({DeliveryState.DEAD, DeliveryState.QUEUED}),
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
    #: A server took it, and then it came back.
    BOUNCED = "bounced"
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


class CameBy(StrEnum):
    """How a message came in."""

    MAILBOX = "mailbox"
    HOOK = "hook"


class IncomingState(StrEnum):
    """Where a message stands that came in."""

    #: Kept as it came; nobody has looked at it.
    NEW = "new"
    #: An answer of somebody we know, for their conversation.
    REPLY = "reply"
    #: It stands in their conversation.
    PLACED = "placed"
    #: Perhaps an answer of somebody we know: a colleague decides.
    HELD = "held"
    #: Nobody knows where it belongs: an admin looks at it.
    UNPLACED = "unplaced"
    #: Nothing is left to do.
    DONE = "done"


INCOMING_MOVES: dict[IncomingState, frozenset[IncomingState]] = {
    IncomingState.NEW: frozenset({IncomingState.REPLY, IncomingState.HELD, IncomingState.UNPLACED, IncomingState.DONE}),
    IncomingState.REPLY: frozenset({IncomingState.PLACED, IncomingState.HELD}),
    IncomingState.HELD: frozenset({IncomingState.PLACED, IncomingState.DONE}),
    IncomingState.UNPLACED: frozenset({IncomingState.HELD, IncomingState.DONE}),
    IncomingState.PLACED: frozenset(),
    IncomingState.DONE: frozenset(),
}


class MailSort(StrEnum):
    """What sort of message came in."""

    #: A mail server says that ours did not arrive, or not yet.
    BOUNCE = "bounce"
    #: A provider says that somebody called ours spam.
    COMPLAINT = "complaint"
    #: A machine answered: somebody is away, or their helpdesk has taken note.
    AUTO_REPLY = "auto_reply"
    #: One of our own has come back to us.
    LOOP = "loop"
    #: A person wrote.
    REPLY = "reply"


class Bounce(StrEnum):
    """What a message that came back says about its address."""

    #: No mail to this address will ever arrive.
    HARD = "hard"
    #: Not now: the mailbox is full, or its server cannot be reached.
    SOFT = "soft"
    #: This message was not wanted, because of what is in it or who we are; the address may be fine.
    REFUSED = "refused"
    #: It is still being tried.
    DELAYED = "delayed"


class WhyNotPlaced(StrEnum):
    """Why a colleague or an admin has to look at what came in."""

    #: It came from an address that is not the person's.
    OTHER_SENDER = "other_sender"
    #: It says that it came from their address, and our mail server says that it did not.
    DISOWNED = "disowned"
    #: There is nothing in it that a conversation could show.
    NOTHING_SAID = "nothing_said"
    #: It says that mail came back, without our signature: perhaps somebody made it up.
    UNSIGNED = "unsigned"
    #: It names none of our letters.
    NO_LETTER = "no_letter"
    #: The person whose letter it answers is not known here any more.
    GONE = "gone"
    #: No program of ours can read it.
    UNREADABLE = "unreadable"
    #: An admin gave it to this person.
    GIVEN = "given"
    #: More came for one person at once than anybody can look at; the first of it waits for whoever looks after them.
    TOO_MANY = "too_many"


class WhyLifted(StrEnum):
    """How a colleague knows that an address takes mail again; fixed words, for the audit record outlives a person."""

    THEY_SAID_SO = "they_said_so"
    ROOM_AGAIN = "room_again"
    SERVER_MENDED = "server_mended"
    MISTAKE = "mistake"
