"""A mailbox whose server says what a test wants it to, word for word."""

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from tests.outbox.servers import misbehaving

#: What is said to a command, or a function of the command's line that says it.
Words = bytes | Callable[[bytes], bytes]
#: What a decent server says; `%t` is where the tag of the command goes.
DECENT: dict[bytes, Words] = {
    b"CAPABILITY": b"* CAPABILITY IMAP4rev1\r\n%t OK done\r\n",
    b"LOGIN": b"%t OK hello\r\n",
    b"SELECT": b"* 0 EXISTS\r\n* OK [UIDVALIDITY 7] valid\r\n%t OK [READ-WRITE] done\r\n",
    b"SEARCH": b"* SEARCH 1\r\n%t OK done\r\n",
    b"FETCH": b"* 1 FETCH (UID 1 BODY[]<0> {5}\r\nhello)\r\n%t OK done\r\n",
    b"STORE": b"%t OK done\r\n",
    b"LOGOUT": b"* BYE\r\n%t OK done\r\n",
}


@contextmanager
def lying(**said: Words) -> Iterator[str]:
    """The URL of a mailbox whose server answers the named commands with these words, and the others decently."""
    answers = DECENT | {name.encode(): words for name, words in said.items()}

    def talk(connection: socket.socket, is_over: threading.Event) -> None:
        connection.sendall(b"* OK ready\r\n")
        with connection.makefile("rb") as lines:
            for line in lines:
                connection.sendall(_answer(answers, line))

    with misbehaving(talk) as port:
        yield f"imap://a:b@127.0.0.1:{port}/INBOX"


def _answer(answers: Mapping[bytes, Words], line: bytes) -> bytes:
    tag, command, *rest = line.split()
    name = rest[0] if command == b"UID" else command
    words = answers.get(name.upper(), b"%t BAD what\r\n")
    return (words(line) if callable(words) else words).replace(b"%t", tag)
