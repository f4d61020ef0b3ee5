"""The message as it goes over the wire: headers, a text and an HTML part, and perhaps a calendar entry.

Written by hand from the stored parts: the standard library's classes take 1.3 ms a message, most of a worker's time.
"""

import base64
import binascii
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.utils import format_datetime, formataddr, parseaddr, quote
from functools import lru_cache
from typing import NamedTuple

from portal.core.errors import PortalError
from portal.core.settings import Settings
from portal.outbox.rules import Letter

#: Addresses that need no second look: dots between words, and a domain of letters, digits and hyphens.
_PLAIN_ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*"
)
#: What a name is quoted for (RFC 5322, 3.2.3), so that nobody's name reads as an address.
_SPECIAL = re.compile(r'[()<>@,:;\\".\[\]]')
#: Sent because a mail came in: no machine may answer these (RFC 3834, 5).
_ANSWERS_OF_A_MACHINE = frozenset({"conversations/files_left_out"})
#: What a mail program may do with a calendar entry; it stands in the part's header too (RFC 6047, 2.4).
_METHOD = re.compile(r"^METHOD:([A-Z]+)\r?$", re.MULTILINE)
#: RFC 5322, 2.1.1, without the line break; longer ones and anything beyond ASCII are quoted.
_LONGEST_LINE = 900


class MalformedMail(PortalError):
    """No message can be made of this: an address or a name is not one."""


@dataclass(frozen=True)
class OutgoingMail:
    """A message as it goes over the wire; `headers` are its own as people read them."""

    raw: bytes
    headers: dict[str, str]
    sender: str
    recipient: str

    def as_bytes(self) -> bytes:
        """The message with its headers."""
        return self.raw


class _Who(NamedTuple):
    """Somebody in a header: the header's value in ASCII, the bare address, and both as people read them."""

    encoded: str
    address: str
    shown: str


def compose(letter: Letter, settings: Settings, now: datetime) -> OutgoingMail:
    """Make the message of `letter`; its Message-ID comes from the delivery, so a resend carries the same one.

    Raises MalformedMail.
    """
    _refuse_line_breaks(letter.to_name, letter.to_address, letter.reply_to, letter.subject, letter.unsubscribe_url)
    try:
        sender = _written(settings.mail_from)
        people = {"From": sender, "To": _recipient(letter.to_name, letter.to_address)}
        if letter.reply_to:
            people["Reply-To"] = _written(letter.reply_to)
        headers = {
            "Message-ID": f"<{letter.key}@{sender.address.rpartition('@')[2]}>",
            "Date": format_datetime(now),
            **{name: who.encoded for name, who in people.items()},
            "Subject": _encoded(letter.subject),
            **_one_click(letter.unsubscribe_url),
            **({"Auto-Submitted": "auto-replied"} if letter.kind in _ANSWERS_OF_A_MACHINE else {}),
        }
        raw = _assemble(letter, headers)
    except (ValueError, IndexError, MessageError) as problem:
        raise MalformedMail(f"The message cannot be made: {problem}") from problem
    shown = headers | {name: who.shown for name, who in people.items()} | {"Subject": letter.subject}
    return OutgoingMail(raw, shown, letter.return_path or sender.address, people["To"].address)


def _one_click(url: str) -> dict[str, str]:
    """The two headers of RFC 8058."""
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"} if url else {}


def _assemble(letter: Letter, headers: dict[str, str]) -> bytes:
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode("ascii") + b"MIME-Version: 1.0\r\n"
    # The key is random, so no line of the text begins like this.
    boundary = f"=_{letter.key}"
    said = [_part(letter.text, "plain"), _part(letter.html, "html")]
    if not letter.calendar:
        return head + _multipart("alternative", boundary, said)
    whole = _multipart("alternative", boundary, [*said, _invitation(letter.calendar)])
    # Some programs read the part that stands beside the words, some only a file that is attached.
    return head + _multipart("mixed", f"=_mixed_{letter.key}", [whole, _invitation_file(letter.calendar)])


def _multipart(subtype: str, boundary: str, parts: Sequence[bytes]) -> bytes:
    start = f"--{boundary}\r\n".encode()
    middle = b"".join(start + part + b"\r\n" for part in parts)
    return (
        f'Content-Type: multipart/{subtype}; boundary="{boundary}"\r\n\r\n'.encode() + middle + start[:-2] + b"--\r\n"
    )


def _invitation(calendar: str) -> bytes:
    """The entry as a way to read the message: a mail program offers to accept it."""
    method = _METHOD.search(calendar)
    if method is None:
        raise MalformedMail("The calendar entry does not say what it is for.")
    kind = f'text/calendar; charset="utf-8"; method={method[1]}'
    return f"Content-Type: {kind}\r\n".encode() + _in_base64(calendar)


def _invitation_file(calendar: str) -> bytes:
    head = (
        'Content-Type: application/ics; name="invite.ics"\r\nContent-Disposition: attachment; filename="invite.ics"\r\n'
    )
    return head.encode() + _in_base64(calendar)


def _in_base64(text: str) -> bytes:
    """In 64 characters, because its lines end as the format demands and may be folded within a character."""
    body = base64.encodebytes(text.encode()).replace(b"\n", b"\r\n")
    return b"Content-Transfer-Encoding: base64\r\n\r\n" + body[:-2]


def _part(text: str, subtype: str) -> bytes:
    """One part with its headers, in seven bits because not every server takes eight."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    body = text.replace("\n", "\r\n")
    if body.isascii() and max(map(len, text.split("\n"))) <= _LONGEST_LINE and "\0" not in body:
        return f'Content-Type: text/{subtype}; charset="us-ascii"\r\n\r\n{body}'.encode()
    # It breaks lines as the first one is broken, so there must be one.
    quoted = binascii.b2a_qp(f"{body}\r\n".encode(), istext=True)[:-2]
    head = f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
    return head.encode() + quoted


def _refuse_line_breaks(*headers: str) -> None:
    """A line break in a header would begin another header."""
    if any(unicodedata.category(ch) == "Cc" for text in headers if not text.isprintable() for ch in text):
        raise MalformedMail("A name, an address or the subject has a line break in it.")


@lru_cache(maxsize=256)
def _written(text: str) -> _Who:
    """`Name <address>` with the domain as the wire needs it."""
    name, address = parseaddr(text)
    user, _at, domain = address.rpartition("@")
    return _who(name, Address(name, user, domain.encode("idna").decode()).addr_spec)


def _recipient(name: str, address: str) -> _Who:
    is_plain = _PLAIN_ADDRESS.fullmatch(address) is not None
    return _who(name, address if is_plain else Address(name, addr_spec=address).addr_spec)


def _who(name: str, address: str) -> _Who:
    shown = f'"{quote(name)}"' if _SPECIAL.search(name) else name
    return _Who(formataddr((_encoded(name), address)), address, f"{shown} <{address}>" if name else address)


def _encoded(text: str) -> str:
    """A header's words in ASCII; the standard library's newer way loses spaces where long names are folded."""
    if text.isascii() and "=?" not in text:
        return text
    return Header(text, "utf-8").encode(linesep="\r\n")
