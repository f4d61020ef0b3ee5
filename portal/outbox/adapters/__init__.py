"""The outside of the outbox: mail servers."""

from portal.outbox.adapters.answers import outcome_of
from portal.outbox.adapters.conversation import MailServer, Security, mail_server
from portal.outbox.adapters.message import MalformedMail, OutgoingMail, compose
from portal.outbox.adapters.transport import DEADLINE, Transport

__all__ = [
    "DEADLINE",
    "MailServer",
    "MalformedMail",
    "OutgoingMail",
    "Security",
    "Transport",
    "compose",
    "mail_server",
    "outcome_of",
]
