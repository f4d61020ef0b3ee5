"""One connection to a mail server, under a deadline.

A time-out per read is not enough: a server that answers one byte at a time holds such a connection for ever. So a
timer shuts the socket when the whole conversation has taken too long, and what was said after that does not count.
"""

import re
import smtplib
import socket
import ssl
import threading
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import unquote, urlsplit

from portal.core.clock import monotonic
from portal.core.settings import SettingsError

_CONNECT_SECONDS = 10.0
#: Replies, RFC 5321: done, will forward, go on with the message, closing.
_OK, _FORWARDED, _GO_ON, _CLOSING = 250, 251, 354, 421
#: A line that begins with a dot gets another (RFC 5321, 4.5.2).
_DOT = re.compile(rb"(?m)^\.")


class Security(StrEnum):
    """How the connection is encrypted: the schemes of PORTAL_MAIL_URL."""

    NONE = "smtp"
    TLS = "smtps"
    STARTTLS = "smtp+starttls"


_PORTS = {Security.NONE: 25, Security.TLS: 465, Security.STARTTLS: 587}


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed over."""

    host: str
    port: int
    security: Security
    username: str = ""
    password: str = ""


def mail_server(url: str) -> MailServer:
    """Read `smtp[s|+starttls]://user:password@host:port`; user and password are percent-encoded."""
    parts = urlsplit(url)
    try:
        security = Security(parts.scheme)
        port = parts.port or _PORTS[security]
    except ValueError as problem:
        raise SettingsError([f"PORTAL_MAIL_URL cannot be read: {problem}"]) from problem
    return MailServer(
        host=parts.hostname or "",
        port=port,
        security=security,
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


class Deadline:
    """Shuts the socket of a conversation when its time is up, whoever is reading from it.

    One thread watches over many conversations: it sleeps until the end of the one it saw begin, and goes home when
    there is none under way.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._watcher: threading.Thread | None = None
        self._has_news = threading.Condition(self._lock)
        #: When the conversation under way must be over, on the clock that never goes back; None between two.
        self._ends: float | None = None
        #: Until when the watcher sleeps.
        self._wakes = 0.0
        self._has_passed = False

    def begin(self, seconds: float) -> None:
        """Start the time of one conversation."""
        with self._lock:
            self._has_passed = False
            self._ends = monotonic() + seconds
            if self._watcher is None:
                self._watcher = threading.Thread(target=self._watch, daemon=True)
                self._watcher.start()
            elif self._ends < self._wakes:
                self._has_news.notify()

    def end(self) -> bool:
        """Stop the time; whether it was up before."""
        with self._lock:
            self._ends = None
            return self._has_passed

    def watch(self, connection: socket.socket) -> None:
        """This socket is shut when time is up; a copy is kept, because TLS takes the original over."""
        with self._lock:
            self._forget()
            self._socket = connection.dup()
            if self._has_passed:
                self._shut()

    def forget(self) -> None:
        """Let go of the socket, else the connection stays open."""
        with self._lock:
            self._forget()

    def _watch(self) -> None:
        with self._lock:
            while self._ends is not None:
                left = self._ends - monotonic()
                if left > 0:
                    self._wakes = self._ends
                    self._has_news.wait(left)
                    continue
                self._has_passed = True
                self._ends = None
                self._shut()
            self._watcher = None

    def _forget(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _shut(self) -> None:
        if self._socket is not None:
            try:
                self._socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # the other side was faster


class _WholeLines:
    """A reader that takes a line cut short for the end; smtplib would read "250" and half a word as acceptance."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def readline(self, limit: int) -> bytes:
        line: bytes = self._inner.readline(limit)
        return line if line.endswith(b"\n") or len(line) >= limit else b""

    def close(self) -> None:
        self._inner.close()


class Conversation(smtplib.SMTP):
    """One connection to a mail server, under a deadline."""

    def __init__(self, server: MailServer, hello: str, deadline: Deadline, context: ssl.SSLContext | None) -> None:
        self._server = server
        self._deadline = deadline
        self._context = context
        #: How far the message in hand has come: a failure before it names its reader says nothing about it.
        self.has_named_recipient = False
        #: Whether the message itself was on its way; before that a second try can make no duplicate.
        self.has_begun_data = False
        # Without a name of our own smtplib asks the resolver for one, which may take long.
        super().__init__(server.host, server.port, local_hostname=hello)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        connection = socket.create_connection((host, port), _CONNECT_SECONDS)
        connection.settimeout(None)  # from here on the deadline decides
        self._deadline.watch(connection)
        if self._server.security is Security.TLS:
            context = self._context or ssl.create_default_context()
            return context.wrap_socket(connection, server_hostname=host)
        return connection

    def getreply(self) -> tuple[int, bytes]:
        """One reply, of whole lines."""
        if self.file is None and self.sock is not None:
            self.file = _WholeLines(self.sock.makefile("rb"))
        return super().getreply()

    def begin_message(self) -> None:
        """Another message comes."""
        self.has_named_recipient = self.has_begun_data = False

    def rcpt(self, recip: str, options: Any = ()) -> tuple[int, bytes]:
        """Say whom the message is for."""
        self.has_named_recipient = True
        return super().rcpt(recip, options)

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Send the message itself."""
        self.has_begun_data = True
        return super().data(msg)

    def hand_over(self, sender: str, recipient: str, raw: bytes) -> None:
        """Say whom one message is from and for, and send it; raises what `smtplib.SMTP.sendmail` raises.

        Where the server takes commands together (RFC 2920) they go in one piece, which saves two of four waits.
        """
        self.ehlo_or_helo_if_needed()
        if not self.has_extn("pipelining"):
            self.sendmail(sender, [recipient], raw)
            return
        self._name(sender, recipient, len(raw))
        self.has_begun_data = True
        self.send(_DOT.sub(b"..", raw) + (b"" if raw.endswith(b"\r\n") else b"\r\n") + b".\r\n")
        code, text = self.getreply()
        if code != _OK:
            self._leave_off(code)
            raise smtplib.SMTPDataError(code, text)

    def _name(self, sender: str, recipient: str, size: int) -> None:
        """Sender, recipient and the wish to send, in one piece; returns when the server waits for the message."""
        if any(mark in sender + recipient for mark in "\r\n"):
            raise ValueError("a line break in an address would begin another command")
        option = f" size={size}" if self.has_extn("size") else ""
        quoted = smtplib.quoteaddr(sender), smtplib.quoteaddr(recipient)
        self.send(f"MAIL FROM:{quoted[0]}{option}\r\nRCPT TO:{quoted[1]}\r\nDATA\r\n")
        code, text = self.getreply()
        if code != _OK:
            self._leave_off(code, unread=2)
            raise smtplib.SMTPSenderRefused(code, text, sender)
        self.has_named_recipient = True
        code, text = self.getreply()
        if code not in {_OK, _FORWARDED}:
            self._leave_off(code, unread=1)
            raise smtplib.SMTPRecipientsRefused({recipient: (code, text)})
        code, text = self.getreply()
        if code != _GO_ON:
            self._leave_off(code)
            raise smtplib.SMTPDataError(code, text)

    def _leave_off(self, code: int, unread: int = 0) -> None:
        """Make the connection ready for the next message after a refusal, or hang up.

        `unread` replies to what was sent along are still to come. A server that would take the message all the same
        gets no end of it.
        """
        try:
            codes = [code, *(self.getreply()[0] for _reply in range(0 if code == _CLOSING else unread))]
            if _CLOSING in codes or _GO_ON in codes:
                self.close()
            else:
                self.rset()
        except smtplib.SMTPServerDisconnected:
            self.close()
