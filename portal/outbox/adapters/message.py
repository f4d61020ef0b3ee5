"""The message as it goes over the wire: headers, a text and an HTML part."""

import unicodedata
from datetime import datetime
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.message import MIMEPart
from email.mime.multipart import MIMEMultipart
from email.policy import SMTP as MAIL_POLICY
from email.utils import format_datetime, formataddr, parseaddr

from flask_mail import Message

from portal.core.errors import PortalError
from portal.core.settings import Settings
from portal.outbox.rules import Letter

#: Seven bits, because not every server takes eight; headers are folded here.
_POLICY = MAIL_POLICY.clone(cte_type="7bit", refold_source="none")


class MalformedMail(PortalError):
    """No message can be made of this: an address or a name is not one."""


class OutgoingMail(Message):
    """A message as it goes over the wire; `headers` are its own as people read them."""

    def __init__(self, raw: bytes, headers: dict[str, str], sender: str, recipient: str) -> None:
        super().__init__(recipients=[recipient], sender=sender)
        self.msgId = headers["Message-ID"]
        self.headers = headers
        self._raw = raw

    def as_bytes(self) -> bytes:
        """The message with its headers."""
        return self._raw


def compose(letter: Letter, settings: Settings, now: datetime) -> OutgoingMail:
    """Make the message of `letter`; its Message-ID comes from the delivery, so a resend carries the same one.

    Raises MalformedMail.
    """
    _refuse_line_breaks(letter.to_name, letter.to_address, letter.reply_to, letter.subject)
    try:
        sender, recipient = _address(settings.mail_from), Address(letter.to_name, addr_spec=letter.to_address)
        people = {"From": sender, "To": recipient}
        if letter.reply_to:
            people["Reply-To"] = _address(letter.reply_to)
        made = MIMEMultipart("alternative")
        made["Message-ID"] = f"<{letter.key}@{sender.domain}>"
        made["Date"] = format_datetime(now)
        for name, address in people.items():
            made[name] = formataddr((_encoded(address.display_name), address.addr_spec))
        made["Subject"] = _encoded(letter.subject)
        made.attach(_part(letter.text, "plain"))
        made.attach(_part(letter.html, "html"))
        made.policy = _POLICY
        headers = {name: str(made[name]) for name in ("Message-ID", "Date")}
        headers |= {name: str(who) for name, who in people.items()}
        headers["Subject"] = letter.subject
        return OutgoingMail(made.as_bytes(), headers, sender.addr_spec, recipient.addr_spec)
    except (ValueError, IndexError, MessageError) as problem:
        raise MalformedMail(f"The message cannot be made: {problem}") from problem


def _refuse_line_breaks(*headers: str) -> None:
    """A line break in a header would begin another header."""
    if any(unicodedata.category(ch) == "Cc" for text in headers for ch in text):
        raise MalformedMail("A name, an address or the subject has a line break in it.")


def _address(text: str) -> Address:
    """`Name <address>` with the domain as the wire needs it."""
    name, address = parseaddr(text)
    user, _at, domain = address.rpartition("@")
    return Address(name, user, domain.encode("idna").decode())


def _encoded(text: str) -> str:
    """A header's words in ASCII; the standard library's newer way loses spaces where long names are folded."""
    is_plain = text.isascii() and "=?" not in text
    return text if is_plain else Header(text, "utf-8").encode()


def _part(text: str, subtype: str) -> MIMEPart:
    part = MIMEPart(policy=_POLICY)
    part.set_content(text, subtype=subtype)
    return part
