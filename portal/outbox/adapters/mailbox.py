"""Reading a mailbox over IMAP: new messages by their numbers, each step under a deadline, the certificate checked."""

import imaplib
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Self
from urllib.parse import unquote, urlsplit

from portal.core.errors import PortalError
from portal.core.tokens import keyed_hash
from portal.outbox.adapters.conversation import Deadline
from portal.outbox.rules.incoming import LARGEST

#: Seconds for one step: connecting, logging in, one message.
STEP: Final = 20.0
_INBOX: Final = "INBOX"
_NUMBER: Final = re.compile(rb"\d+")
#: Numbers of messages, and of a run of them, are no larger (RFC 3501, 2.3.1.1).
_LARGEST_NUMBER: Final = 2**32 - 1
#: Bytes that a server may say in one step: a message, and what stands around it.
_MOST_SAID: Final = LARGEST + 2 * 1024 * 1024


class MailboxTrouble(PortalError):
    """The mailbox cannot be read just now; what was said, in one line."""


class MessageRefused(MailboxTrouble):
    """The server does not hand out one message: it may be damaged, and the others not."""


class MailboxSecurity(StrEnum):
    """How the connection is encrypted: the schemes of PORTAL_MAILBOX_URL."""

    NONE = "imap"
    TLS = "imaps"
    STARTTLS = "imap+starttls"


_PORTS = {MailboxSecurity.NONE: 143, MailboxSecurity.TLS: 993, MailboxSecurity.STARTTLS: 143}


@dataclass(frozen=True)
class MailboxAddress:
    """Which mailbox, and how to open it."""

    host: str
    port: int
    security: MailboxSecurity
    username: str
    password: str
    folder: str

    def name(self, key: str) -> str:
        """What it is called in our tables: a keyed hash, for the user's name is an address."""
        return keyed_hash(key, f"mailbox:{self.username}@{self.host}:{self.port}/{self.folder}")


def mailbox_address(url: str) -> MailboxAddress:
    """Read `imap[s|+starttls]://user:password@host:port/folder`, percent-encoded; the settings have checked it."""
    parts = urlsplit(url)
    security = MailboxSecurity(parts.scheme)
    return MailboxAddress(
        host=parts.hostname or "",
        port=parts.port or _PORTS[security],
        security=security,
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        folder=unquote(parts.path.strip("/")) or _INBOX,
    )


class _Client(imaplib.IMAP4):
    """The standard library's client, whose socket is shut when a step takes too long or brings too much."""

    def __init__(self, where: MailboxAddress, context: ssl.SSLContext | None, deadline: Deadline) -> None:
        self._where = where
        self._context = context
        self._deadline = deadline
        self._left = _MOST_SAID
        super().__init__(where.host, where.port, timeout=STEP)
        if where.security is MailboxSecurity.STARTTLS:
            self.starttls(ssl_context=context)

    def begin(self) -> None:
        """A step begins: what was said before does not count."""
        self._left = _MOST_SAID

    def read(self, size: int) -> bytes:
        """A literal; room for as much as the server promises is taken before it comes."""
        self._count(size)
        return super().read(size)

    def readline(self) -> bytes:
        """One line of what the server says."""
        line = super().readline()
        self._count(len(line))
        return line

    def _count(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise self.abort("it says more than a message can be")

    def _create_socket(self, timeout: float | None) -> socket.socket:
        plain = socket.create_connection((self._where.host, self._where.port), timeout)
        self._deadline.watch(plain)
        if self._where.security is MailboxSecurity.TLS and self._context is not None:
            return self._context.wrap_socket(plain, server_hostname=self._where.host)
        return plain


class MailboxReader:
    """Reads one mailbox; use it with `with`. Everything raises MailboxTrouble.

    `authorities` replaces the system's certificate authorities (tests bring their own); `step` is in seconds.
    """

    def __init__(self, where: MailboxAddress, authorities: ssl.SSLContext | None = None, step: float = STEP) -> None:
        self._where = where
        is_plain = where.security is MailboxSecurity.NONE
        self._context = authorities or (None if is_plain else ssl.create_default_context())
        self._step = step
        self._deadline = Deadline()
        self._client: _Client | None = None
        #: The server's name for this run of numbers.
        self.uid_validity = 0

    def __enter__(self) -> Self:
        try:
            with self._in_time():
                self._client = _Client(self._where, self._context, self._deadline)
                # It quotes the password by itself, and the name not.
                self._client.login(_quoted(self._where.username), self._where.password)
                self._select(self._client)
        except MailboxTrouble:
            self._close()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self._close()

    def new_numbers(self, after: int) -> list[int]:
        """The numbers of messages above `after`, in order."""
        with self._in_time():
            # A search above the last number always finds the last message, so the server's word is checked.
            found = self._asked("SEARCH", None, f"UID {after + 1}:*")
            said = {int(one) for line in found if isinstance(line, bytes) for one in _NUMBER.findall(line)}
            return sorted(number for number in said if after < number <= _LARGEST_NUMBER)

    def message(self, uid: int) -> bytes | None:
        """The message with this number, at most a byte more than is kept; None when it is gone. It stays unseen.

        Raises MessageRefused when the server says no to this one.
        """
        with self._in_time():
            found = self._asked("FETCH", str(uid), f"(BODY.PEEK[]<0.{LARGEST + 1}>)", refused=MessageRefused)
            return next((one[1] for one in found if isinstance(one, tuple)), None)

    def mark_seen(self, uid: int) -> None:
        """Show people who look into the mailbox that we have this one."""
        with self._in_time():
            self._asked("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)")

    def _select(self, client: _Client) -> None:
        answer, words = client.select(_quoted(self._where.folder))
        if answer != "OK":
            raise MailboxTrouble(f"The folder cannot be opened: {_said(words)}")
        _name, values = client.response("UIDVALIDITY")
        found = _NUMBER.search(values[0]) if values and isinstance(values[0], bytes) else None
        self.uid_validity = int(found[0]) if found else 0
        if self.uid_validity > _LARGEST_NUMBER:
            raise MailboxTrouble("The numbers of its messages make no sense.")

    def _asked(self, command: str, *words: Any, refused: type[MailboxTrouble] = MailboxTrouble) -> list[Any]:
        if self._client is None:
            raise MailboxTrouble("The mailbox is not open.")
        answer, found = self._client.uid(command, *words)
        if answer != "OK":
            raise refused(f"{command} was refused: {_said(found)}")
        return found

    @contextmanager
    def _in_time(self) -> Iterator[None]:
        self._deadline.begin(self._step)
        if self._client is not None:
            self._client.begin()
        try:
            yield
        except MailboxTrouble:
            self._deadline.end()
            raise
        except (OSError, ValueError, imaplib.IMAP4.error) as problem:
            is_late = self._deadline.end()
            words = f"no answer within {self._step:g} seconds" if is_late else str(problem) or type(problem).__name__
            raise MailboxTrouble(" ".join(words.split())[:300]) from problem
        if self._deadline.end():
            raise MailboxTrouble(f"no answer within {self._step:g} seconds")

    def _close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            self._deadline.begin(2.0)
            try:
                client.logout()
            except (OSError, ValueError, imaplib.IMAP4.error):
                pass  # everything that was read is kept
            finally:
                self._deadline.end()
        self._deadline.forget()


def _quoted(text: str) -> str:
    """A quoted string (RFC 3501, 4.3)."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _said(words: list[Any]) -> str:
    return " ".join(one.decode("utf-8", "replace") for one in words if isinstance(one, bytes))
