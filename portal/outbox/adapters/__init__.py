"""The outside of the outbox: mail servers, and the mailbox in which answers arrive."""

from portal.outbox.adapters.answers import outcome_of
from portal.outbox.adapters.conversation import MailServer, Security, mail_server
from portal.outbox.adapters.mailbox import (
    MailboxAddress,
    MailboxReader,
    MailboxTrouble,
    MessageRefused,
    mailbox_address,
)
from portal.outbox.adapters.message import MalformedMail, OutgoingMail, compose
from portal.outbox.adapters.transport import DEADLINE, Transport

__all__ = [
    "DEADLINE",
    "MailServer",
    "MailboxAddress",
    "MailboxReader",
    "MailboxTrouble",
    "MalformedMail",
    "MessageRefused",
    "OutgoingMail",
    "Security",
    "Transport",
    "compose",
    "mail_server",
    "mailbox_address",
    "outcome_of",
]
