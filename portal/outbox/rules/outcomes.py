"""A message ready to be sent, and what can come of handing it over."""

from dataclasses import dataclass
from enum import StrEnum

from portal.outbox.states import Reason


class Blame(StrEnum):
    """What a failed try says something about."""

    #: Our own mail server: any other message would have met the same, and this one is not counted a try.
    SERVER = "server"
    #: The domain it goes to: all mail to it slows down, and this message is not counted a try.
    DOMAIN = "domain"
    #: This message.
    MESSAGE = "message"


@dataclass(frozen=True)
class Accepted:
    """The mail server has taken the message over."""


@dataclass(frozen=True)
class TryLater:
    """The message was not accepted; `code` is the server's, 0 when it gave none."""

    reason: Reason
    code: int = 0
    text: str = ""
    blame: Blame = Blame.MESSAGE
    #: No message was spoken of yet, so the one in hand is surely not to blame.
    is_before_message: bool = False

    @property
    def spoils_connection(self) -> bool:
        """Whether the next message needs a new connection."""
        return self.reason is not Reason.NOT_NOW

    @property
    def may_have_arrived(self) -> bool:
        """Whether the server may have taken the message although it did not say so."""
        return self.blame is Blame.MESSAGE and self.reason in {Reason.CUT_OFF, Reason.TOO_SLOW}


@dataclass(frozen=True)
class Refused:
    """The message will never be accepted."""

    reason: Reason
    code: int = 0
    text: str = ""
    #: The server said so when it heard whom the message is for, not what we are or what is in it.
    is_about_recipient: bool = False


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
    #: Where one tap stops this kind of mail (RFC 8058); empty for mail about the person's own account or application.
    unsubscribe_url: str = ""
    #: Where it comes back to if it cannot be delivered; empty: the sender.
    return_path: str = ""
    #: A calendar entry that goes with it (RFC 5545); empty: none.
    calendar: str = ""


def in_words(outcome: TryLater | Refused) -> str:
    """The outcome in one line, for whoever looks after the mail."""
    return " ".join(part for part in (outcome.reason, str(outcome.code or ""), outcome.text) if part)
