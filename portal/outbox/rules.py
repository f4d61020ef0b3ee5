"""What a mail server's answer means for a message: sent, tried again and when, or given up."""

import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from portal.outbox.states import MOVES, DeliveryState

_FIRST_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(hours=6)
#: Waits differ by up to a quarter, so that what failed together does not come back together.
_JITTER = 0.25
#: Nothing is given up before both: a worker that was away for days still tries for half a day.
_PATIENCE = timedelta(hours=48)
_LEAST_TRIES = 10
_SHORTEST_PAUSE = timedelta(seconds=10)
_LONGEST_PAUSE = timedelta(minutes=1)


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


#: What the next message would meet as well.
_ABOUT_THE_SERVER = frozenset(Reason) - {Reason.NOT_NOW, Reason.REFUSED, Reason.MALFORMED}


@dataclass(frozen=True)
class Accepted:
    """The mail server has taken the message over."""


@dataclass(frozen=True)
class TryLater:
    """The message was not accepted; `code` is the server's, 0 when it gave none."""

    reason: Reason
    code: int = 0
    text: str = ""

    @property
    def is_about_server(self) -> bool:
        """Whether any other message would have met the same."""
        return self.reason in _ABOUT_THE_SERVER


@dataclass(frozen=True)
class Refused:
    """The message will never be accepted."""

    reason: Reason
    code: int = 0
    text: str = ""


Outcome = Accepted | TryLater | Refused


@dataclass(frozen=True)
class Letter:
    """One message to one person, ready to be sent."""

    #: Names the delivery; the Message-ID is made of it.
    key: str
    kind: str
    to_address: str
    to_name: str
    #: "Name <address>" of the person who answers, or empty.
    reply_to: str
    subject: str
    text: str
    html: str


def may_move(before: DeliveryState, after: DeliveryState) -> bool:
    """Whether a delivery may go from one state to the other."""
    return after in MOVES[before]


def states_before(after: DeliveryState) -> list[DeliveryState]:
    """From which states a delivery may come to `after`."""
    return [state for state in DeliveryState if may_move(state, after)]


def wait_before_next_try(attempts: int, key: str) -> timedelta:
    """How long to wait after `attempts` tries (from 1): doubling from 1 minute, at most 6 hours.

    `key` scatters the waits of different messages; the same message always waits equally long.
    """
    doubled = _FIRST_WAIT * (1 << min(attempts - 1, 20))
    scatter = zlib.crc32(f"{key}:{attempts}".encode()) / 2**32
    return min(doubled, _LONGEST_WAIT / (1 + _JITTER)) * (1 + _JITTER * scatter)


def is_given_up(attempts: int, created_at: datetime, now: datetime) -> bool:
    """Whether a message that is still not accepted has been tried long enough: 48 hours, and 10 times."""
    return attempts >= _LEAST_TRIES and now - created_at >= _PATIENCE


def pause_after(troubles: int) -> timedelta:
    """How long all mail rests after `troubles` (from 1) failures of the server in a row: 10 to 60 seconds."""
    return min(_SHORTEST_PAUSE * (1 << min(troubles - 1, 10)), _LONGEST_PAUSE)


def in_words(outcome: TryLater | Refused) -> str:
    """The outcome in one line, for whoever looks after the mail."""
    return " ".join(part for part in (outcome.reason, str(outcome.code or ""), outcome.text) if part)
