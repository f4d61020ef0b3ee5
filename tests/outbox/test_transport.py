"""Handing messages over to real servers on loopback, polite and not."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
import trustme
from flask import Flask

from portal.core import clock
from portal.outbox.adapters import OutgoingMail, Transport, compose, mail_server
from portal.outbox.rules import Accepted, Blame, Outcome, Refused, TryLater
from portal.outbox.states import Reason
from tests.outbox import servers
from tests.outbox.letters import letter, settings
from tests.outbox.servers import Sink, misbehaving, needs_login, server_tls, take_message

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

#: Seconds; a server that is not done by then is too slow.
SHORT = 0.5


@pytest.fixture(autouse=True)
def application() -> Iterator[None]:
    """Flask-Mail asks which app sends; no database is needed."""
    with Flask("mail").app_context():
        yield


def message(to: str = "ada@example.org") -> OutgoingMail:
    return compose(letter(to_address=to), settings(), clock.now())


def send(url: str, authorities: ssl.SSLContext | None = None, seconds: float = 10) -> Outcome:
    with Transport(mail_server(url), "kindred.example", authorities, seconds) as transport:
        return transport.deliver(message())


def connected(port: int, seconds: float = 10) -> Transport:
    return Transport(mail_server(f"smtp://127.0.0.1:{port}"), "kindred.example", deadline=seconds)


def send_to(port: int) -> Outcome:
    return send(f"smtp://127.0.0.1:{port}", seconds=SHORT)


def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


together = pytest.mark.parametrize("is_pipelining", [True, False], ids=["together", "one by one"])


@together
def test_an_accepted_message_is_there(is_pipelining: bool) -> None:
    with servers.mail_server(Sink(is_pipelining=is_pipelining)) as sink:
        assert send(sink.url) == Accepted()
    (got,) = sink.got
    assert (got.sender, got.recipients) == ("talent@kindred.example", ["ada@example.org"])
    assert got.message["Subject"] == "News"


def test_several_messages_go_over_one_connection() -> None:
    with servers.mail_server() as sink, connected(sink.port) as transport:
        assert [transport.deliver(message()) for _ in range(5)] == [Accepted()] * 5
    assert len({got.peer for got in sink.got}) == 1


@together
def test_a_message_arrives_byte_by_byte_also_with_lines_of_dots(is_pipelining: bool) -> None:
    raw = b"Subject: News\r\n\r\n.\r\n..\r\n.signed\r\nlast line without an end"
    with servers.mail_server(Sink(is_pipelining=is_pipelining)) as sink, connected(sink.port) as transport:
        assert transport.deliver(replace(message(), raw=raw)) == Accepted()
        assert transport.deliver(message()) == Accepted()
    assert sink.got[0].raw == raw + b"\r\n"


def test_a_server_that_would_take_a_message_whose_reader_it_refused_gets_none() -> None:
    """RFC 2920, 3.1: the answer to DATA may be 354 although no recipient was accepted."""
    seen: list[bytes] = []

    def goes_on_regardless(connection: socket.socket, is_over: threading.Event) -> None:
        connection.sendall(b"220 hello\r\n")
        answers = {
            b"EHLO": b"250-hello\r\n250 PIPELINING\r\n",
            b"RCPT": b"550 no such user\r\n",
            b"DATA": b"354 go on\r\n",
        }
        for line in connection.makefile("rb"):
            seen.append(line)
            connection.sendall(answers.get(line[:4].upper(), b"250 OK\r\n"))

    with misbehaving(goes_on_regardless) as port, connected(port) as transport:
        assert isinstance(transport.deliver(message()), Refused)
        assert isinstance(transport.deliver(message()), Refused)
    assert [line for line in seen if line.startswith((b"Subject", b".\r"))] == []
    assert [line[:4].upper() for line in seen].count(b"EHLO") == 2


@together
def test_a_refused_address_does_not_spoil_the_connection(is_pipelining: bool) -> None:
    sink = Sink(to_recipient={"gone@example.org": "550 no such user"}, is_pipelining=is_pipelining)
    with servers.mail_server(sink), connected(sink.port) as transport:
        assert transport.deliver(message()) == Accepted()
        assert transport.deliver(message("gone@example.org")) == Refused(Reason.REFUSED, 550, "no such user", True)
        assert transport.deliver(message()) == Accepted()
    assert len({got.peer for got in sink.got}) == 1


@together
@pytest.mark.parametrize(
    ("sink", "reason", "code", "blame"),
    [
        (Sink(to_recipient={"ada@example.org": "450 greylisted"}), Reason.NOT_NOW, 450, Blame.MESSAGE),
        (Sink(to_recipient={"ada@example.org": "452 too many"}), Reason.NOT_NOW, 452, Blame.MESSAGE),
        (Sink(to_recipient={"ada@example.org": "421 slow down"}), Reason.BUSY, 421, Blame.DOMAIN),
        (Sink(to_recipient={"ada@example.org": "451 slow down"}), Reason.NOT_NOW, 451, Blame.DOMAIN),
        (Sink(to_recipient={"ada@example.org": "530 log in first"}), Reason.LOGIN, 530, Blame.SERVER),
        (Sink(to_data="451 disk full"), Reason.NOT_NOW, 451, Blame.DOMAIN),
        (Sink(to_data="421 closing"), Reason.BUSY, 421, Blame.DOMAIN),
        (Sink(to_sender="421 closing"), Reason.BUSY, 421, Blame.SERVER),
        (Sink(to_sender="452 no room for one so large"), Reason.NOT_NOW, 452, Blame.MESSAGE),
        (Sink(to_sender="550 not from you"), Reason.SENDER, 550, Blame.SERVER),
    ],
)
def test_a_message_is_tried_again(sink: Sink, reason: Reason, code: int, blame: Blame, is_pipelining: bool) -> None:
    with servers.mail_server(replace(sink, is_pipelining=is_pipelining)) as sink:
        outcome = send(sink.url)
    assert isinstance(outcome, TryLater)
    assert (outcome.reason, outcome.code, outcome.blame) == (reason, code, blame)


@together
@pytest.mark.parametrize(
    "sink",
    [
        Sink(to_recipient={"ada@example.org": "550 no such user"}),
        Sink(to_data="554 we do not like this"),
        Sink(to_sender="552 too large"),
    ],
)
def test_a_message_is_refused_for_good(sink: Sink, is_pipelining: bool) -> None:
    with servers.mail_server(replace(sink, is_pipelining=is_pipelining)) as sink:
        assert isinstance(send(sink.url), Refused)


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    outcome = send_to(port)
    assert isinstance(outcome, TryLater)
    assert outcome.reason is Reason.UNREACHABLE


Behaviour = Callable[[socket.socket, threading.Event], None]


def by_the_byte(connection: socket.socket, is_over: threading.Event) -> None:
    for byte in b"220 " + b"x" * 10_000:
        if is_over.wait(0.02):
            return
        connection.sendall(bytes([byte]))


def by_the_byte_at_the_end(connection: socket.socket, is_over: threading.Event) -> None:
    take_message(connection)
    connection.sendall(b"250 OK")  # the line never ends
    is_over.wait(5)


def silent(connection: socket.socket, is_over: threading.Event) -> None:
    is_over.wait(5)


def greets_with_554(connection: socket.socket, is_over: threading.Event) -> None:
    connection.sendall(b"554 no mail here\r\n")


def closes_after_data(connection: socket.socket, is_over: threading.Event) -> None:
    take_message(connection)


def cuts_its_answer_short(connection: socket.socket, is_over: threading.Event) -> None:
    take_message(connection)
    connection.sendall(b"250 O")


def greets_with_half_a_line(connection: socket.socket, is_over: threading.Event) -> None:
    connection.sendall(b"220 hel")


def talks_nonsense(connection: socket.socket, is_over: threading.Event) -> None:
    connection.sendall(b"\xff\xfe HTTP/1.1 200 OK\r\n" * 3)
    is_over.wait(1)


def endless_line(connection: socket.socket, is_over: threading.Event) -> None:
    connection.sendall(b"220 " + b"x" * 20_000)


@pytest.mark.parametrize(
    ("behave", "reason", "blame"),
    [
        (by_the_byte, Reason.TOO_SLOW, Blame.SERVER),
        (by_the_byte_at_the_end, Reason.TOO_SLOW, Blame.MESSAGE),
        (silent, Reason.TOO_SLOW, Blame.SERVER),
        (greets_with_554, Reason.UNREACHABLE, Blame.SERVER),
        (closes_after_data, Reason.CUT_OFF, Blame.MESSAGE),
        (cuts_its_answer_short, Reason.CUT_OFF, Blame.MESSAGE),
        (greets_with_half_a_line, Reason.CUT_OFF, Blame.SERVER),
        (talks_nonsense, Reason.UNREACHABLE, Blame.SERVER),
        (endless_line, Reason.CUT_OFF, Blame.SERVER),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_a_server_that_misbehaves_has_not_accepted(behave: Behaviour, reason: Reason, blame: Blame) -> None:
    with misbehaving(behave) as port:
        outcome = send_to(port)
    assert isinstance(outcome, TryLater)
    assert (outcome.reason, outcome.blame) == (reason, blame)
    assert outcome.spoils_connection
    assert outcome.may_have_arrived == (blame is Blame.MESSAGE)


def test_asking_for_a_connection_says_whether_the_server_is_there() -> None:
    with servers.mail_server() as sink, connected(sink.port) as transport:
        assert transport.connect() is None
        assert transport.deliver(message()) == Accepted()
        assert transport.connect() is None
    with misbehaving(silent) as port, connected(port, SHORT) as transport:
        failure = transport.connect()
    assert failure is not None
    assert (failure.reason, failure.blame) == (Reason.TOO_SLOW, Blame.SERVER)


def test_a_connection_that_died_meanwhile_is_replaced() -> None:
    taken: list[int] = []

    def one_message_each(connection: socket.socket, is_over: threading.Event) -> None:
        take_message(connection)
        taken.append(1)
        connection.sendall(b"250 OK\r\n")

    with misbehaving(one_message_each) as port, connected(port) as transport:
        assert [transport.deliver(message()) for _ in range(3)] == [Accepted()] * 3
    assert len(taken) == 3


def test_what_is_cut_off_after_the_message_is_not_sent_again_at_once() -> None:
    taken: list[int] = []

    def second_is_lost(connection: socket.socket, is_over: threading.Event) -> None:
        take_message(connection)
        taken.append(1)
        connection.sendall(b"250 OK\r\n")
        take_message(connection, b"")
        taken.append(1)

    with misbehaving(second_is_lost) as port, connected(port) as transport:
        assert transport.deliver(message()) == Accepted()
        assert isinstance(transport.deliver(message()), TryLater)
    assert len(taken) == 2


def tls(authority: trustme.CA, scheme: str) -> dict[str, object]:
    """aiosmtpd's options for one kind of encryption."""
    context = server_tls(authority)
    return {"ssl_context": context} if scheme == "smtps" else {"tls_context": context, "require_starttls": True}


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
def test_a_server_known_to_an_authority_is_believed(scheme: str) -> None:
    authority = trustme.CA()
    with servers.mail_server(**tls(authority, scheme)) as sink:
        assert send(f"{scheme}://127.0.0.1:{sink.port}", trusting(authority)) == Accepted()


@pytest.mark.parametrize("scheme", ["smtps", "smtp+starttls"])
@pytest.mark.parametrize("authorities", [None, "other"])
def test_a_server_nobody_vouches_for_gets_nothing(scheme: str, authorities: str | None) -> None:
    known = trusting(trustme.CA()) if authorities else None
    with servers.mail_server(**tls(trustme.CA(), scheme)) as sink:
        outcome = send(f"{scheme}://127.0.0.1:{sink.port}", known)
    assert isinstance(outcome, TryLater)
    assert outcome.reason is Reason.CERTIFICATE
    assert sink.got == []


def test_a_certificate_for_another_name_is_not_enough() -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("mail.example").configure_cert(context)
    with servers.mail_server(ssl_context=context) as sink:
        outcome = send(f"smtps://127.0.0.1:{sink.port}", trusting(authority))
    assert isinstance(outcome, TryLater)
    assert outcome.reason is Reason.CERTIFICATE


def test_without_the_encryption_that_was_asked_for_nothing_goes_out() -> None:
    with servers.mail_server() as sink:
        outcome = send(f"smtp+starttls://127.0.0.1:{sink.port}")
    assert isinstance(outcome, TryLater)
    assert outcome.reason is Reason.NO_ENCRYPTION
    assert sink.got == []


def test_a_handshake_by_the_byte_is_cut_off() -> None:
    with misbehaving(by_the_byte) as port:
        outcome = send(f"smtps://127.0.0.1:{port}", seconds=SHORT)
    assert isinstance(outcome, TryLater)


def test_a_silent_handshake_is_cut_off() -> None:
    with misbehaving(silent) as port:
        outcome = send(f"smtps://127.0.0.1:{port}", seconds=SHORT)
    assert isinstance(outcome, TryLater)
    assert outcome.reason is Reason.TOO_SLOW


@contextmanager
def asking_for_login(authority: trustme.CA) -> Iterator[Sink]:
    options = {**needs_login("kindred", "p w:d"), **tls(authority, "smtp+starttls")}
    with servers.mail_server(**options) as sink:
        yield sink


def test_we_log_in_where_the_server_asks() -> None:
    authority = trustme.CA()
    with asking_for_login(authority) as sink:
        url = f"smtp+starttls://kindred:p%20w%3Ad@127.0.0.1:{sink.port}"
        assert send(url, trusting(authority)) == Accepted()
    assert len(sink.got) == 1


@pytest.mark.parametrize("login", ["kindred:wrong@", "kindred:p%C4%85ss@", ""])
def test_a_wrong_login_kills_no_message(login: str) -> None:
    authority = trustme.CA()
    with asking_for_login(authority) as sink:
        outcome = send(f"smtp+starttls://{login}127.0.0.1:{sink.port}", trusting(authority))
    assert isinstance(outcome, TryLater)
    assert outcome.reason is Reason.LOGIN
    assert sink.got == []


def test_one_may_look_whether_the_server_takes_us() -> None:
    with servers.mail_server() as sink, connected(sink.port) as transport:
        transport.configure_host()
    assert sink.got == []


def test_looking_at_a_silent_server_ends() -> None:
    says = "no answer within 0.5 seconds"
    with misbehaving(silent) as port, connected(port, SHORT) as transport, pytest.raises(TimeoutError, match=says):
        transport.configure_host()
