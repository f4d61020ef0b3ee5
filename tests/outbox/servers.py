"""Real mail servers on loopback: a well-behaved one that keeps what it gets, and one that misbehaves as told."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword


@dataclass
class Got:
    """One message as the server took it."""

    sender: str
    recipients: list[str]
    raw: bytes
    peer: Any
    #: Who had logged in on the connection, if anybody.
    login: str

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=default)  # type: ignore[return-value]

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"])


@dataclass
class Sink:
    """A handler of aiosmtpd: keeps messages, and answers as told."""

    got: list[Got] = field(default_factory=list)
    #: Replies to RCPT by address.
    to_recipient: dict[str, str] = field(default_factory=dict)
    #: Reply to MAIL and to the message itself.
    to_sender: str = ""
    to_data: str = ""
    #: Called with how many messages there are, before the answer.
    on_message: Callable[[int], None] | None = None
    port: int = 0
    #: Whether it says that it takes commands together (RFC 2920), as most servers do.
    is_pipelining: bool = True

    async def handle_EHLO(
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", responses[-1]] if self.is_pipelining else responses

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if self.to_sender:
            return self.to_sender
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if address in self.to_recipient:
            return self.to_recipient[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.to_data:
            return self.to_data
        login = (session.auth_data.login or b"").decode() if session.auth_data else ""
        self.got.append(
            Got(envelope.mail_from, list(envelope.rcpt_tos), envelope.original_content, session.peer, login)
        )
        if self.on_message:
            self.on_message(len(self.got))
        return "250 OK"

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"


class _Listener(Controller):
    """aiosmtpd on a free port of loopback."""

    def __init__(self, handler: Sink, **options: Any) -> None:
        # With the protocol named, else asyncio does not let the server answer at once.
        self._listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._listening.bind(("127.0.0.1", 0))
        self._listening.listen()
        port = self._listening.getsockname()[1]
        super().__init__(handler, hostname="127.0.0.1", port=port, server_hostname="sink.example", **options)

    def _create_server(self) -> Any:
        return self.loop.create_server(self._factory_invoker, sock=self._listening, ssl=self.ssl_context)


@contextmanager
def mail_server(sink: Sink | None = None, **options: Any) -> Iterator[Sink]:
    """A mail server that runs inside the block; `options` are aiosmtpd's."""
    sink = sink or Sink()
    listener = _Listener(sink, **options)
    listener.start()
    sink.port = listener.port
    try:
        yield sink
    finally:
        listener.stop()


def needs_login(username: str, password: str) -> dict[str, Any]:
    """Options of a server that takes mail only from one who has logged in, over TLS."""

    def check(server: object, session: object, envelope: object, mechanism: str, given: Any) -> AuthResult:
        is_right = isinstance(given, LoginPassword) and given == LoginPassword(username.encode(), password.encode())
        return AuthResult(success=is_right, auth_data=given, handled=is_right)

    return {"authenticator": check, "auth_required": True}


@contextmanager
def misbehaving(behave: Callable[[socket.socket, threading.Event], None]) -> Iterator[int]:
    """A server whose every connection is led by `behave(connection, is_over)`; yields its port."""
    is_over = threading.Event()
    listening = socket.create_server(("127.0.0.1", 0))
    threads: list[threading.Thread] = []

    def lead(connection: socket.socket) -> None:
        with connection:
            try:
                behave(connection, is_over)
            except OSError:
                return  # the client has gone

    def accept() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            threads.append(threading.Thread(target=lead, args=(connection,), daemon=True))
            threads[-1].start()

    accepting = threading.Thread(target=accept, daemon=True)
    accepting.start()
    try:
        yield listening.getsockname()[1]
    finally:
        is_over.set()
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        accepting.join()
        for thread in threads:
            thread.join()


def take_message(connection: socket.socket, greeting: bytes = b"220 hello\r\n") -> None:
    """Lead a polite conversation up to the final dot, and leave the answer to the caller."""
    connection.sendall(greeting)
    reader = connection.makefile("rb")
    for line in reader:
        word = line[:4].upper()
        if word == b"DATA":
            connection.sendall(b"354 go on\r\n")
            for part in reader:
                if part == b".\r\n":
                    return
        connection.sendall(b"250 OK\r\n")


def server_tls(authority: Any) -> ssl.SSLContext:
    """A server's context with a certificate for 127.0.0.1 from a trustme authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context
