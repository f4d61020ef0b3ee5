"""A worker told to leave while its mail server takes its time finishes the one message and gives back its lease."""

import os
import signal
import socket
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core.db import end_reading, session
from portal.outbox.models import Delivery
from tests.faults.test_mail import worker
from tests.outbox import servers
from tests.outbox.letters import put_many, states
from tests.outbox.servers import Sink

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
COUNT = 5
#: What `portal worker` promises to whoever stops it.
_SECONDS_TO_LEAVE = 30


def by_the_byte(connection: socket.socket, _is_over: threading.Event) -> None:
    """Takes a message, and answers one byte every tenth of a second."""
    servers.take_message(connection)
    for byte in b"250 taken\r\n":
        connection.sendall(bytes([byte]))
        time.sleep(0.1)
    for line in connection.makefile("rb"):
        if line.upper().startswith(b"QUIT"):
            return
        connection.sendall(b"250 OK\r\n")


def silent(connection: socket.socket, is_over: threading.Event) -> None:
    """Takes a message, and never answers."""
    servers.take_message(connection)
    is_over.wait(2 * _SECONDS_TO_LEAVE)


def leave_in_the_middle(behave: Callable[[socket.socket, threading.Event], None]) -> float:
    """SIGTERM while a message waits for its answer; the seconds until the worker was gone."""
    has_all = threading.Event()

    def lead(connection: socket.socket, is_over: threading.Event) -> None:
        has_all.set()
        with suppress(OSError):
            behave(connection, is_over)

    put_many(COUNT)
    with servers.misbehaving(lead) as port:
        leaving = worker(Sink(port=port), minutes=0, mode="for-ever")
        try:
            assert has_all.wait(30)
            time.sleep(0.3)
            os.kill(leaving.pid, signal.SIGTERM)
            asked_at = time.monotonic()
            assert leaving.wait(_SECONDS_TO_LEAVE) == 0
        except subprocess.TimeoutExpired:
            leaving.kill()
            raise
    return time.monotonic() - asked_at


def owners() -> list[str | None]:
    """Who holds a lease."""
    end_reading()
    return list(session().scalars(select(Delivery.lease_owner).where(Delivery.lease_owner.is_not(None))))


@pytest.mark.only("postgresql")  # what is tried is the conversation with the server
def test_the_answer_that_comes_by_the_byte_is_waited_for(app: Flask) -> None:
    assert leave_in_the_middle(by_the_byte) < _SECONDS_TO_LEAVE
    assert Counter(states()) == {"sent": 1, "queued": COUNT - 1}
    assert owners() == []


@pytest.mark.soak
def test_a_server_that_never_answers_keeps_nobody_longer_than_half_a_minute(app: Flask) -> None:
    assert leave_in_the_middle(silent) < _SECONDS_TO_LEAVE
    assert Counter(states()) == {"queued": COUNT}
    assert owners() == []
