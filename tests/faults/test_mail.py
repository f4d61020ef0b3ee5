"""Workers that are frozen or told to leave in the middle of sending: nothing is lost, nothing is marked twice."""

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest
from flask import Flask

from tests.outbox import servers
from tests.outbox.letters import put_many, states
from tests.outbox.servers import Sink
from tests.soak.killing import worker_environment

COUNT = 60
ROOT = Path(__file__).parents[2]

# PostgreSQL stays in every run with test_outbox_kills.py.
pytestmark = [pytest.mark.allow_hosts(["127.0.0.1"]), pytest.mark.both_in_soak]


def worker(sink: Sink, minutes: int, mode: str = "until-idle") -> subprocess.Popen[bytes]:
    """A real worker process on the test's database, whose clock is `minutes` ahead."""
    script = str(Path(__file__).parent / "worker_process.py")
    return subprocess.Popen(
        [sys.executable, script, str(minutes), mode], env=worker_environment(sink), cwd=ROOT, stderr=subprocess.DEVNULL
    )


def duplicates(sink: Sink) -> int:
    """How many messages came more than once; each that was put must have come."""
    times = Counter(got.message_id for got in sink.got)
    assert len(times) == COUNT
    return len(sink.got) - COUNT


def test_a_worker_frozen_past_its_lease_is_fenced_off(app: Flask) -> None:
    put_many(COUNT)
    is_frozen = threading.Event()
    with servers.mail_server() as sink:
        frozen = worker(sink, minutes=0)

        def freeze(seen: int) -> None:
            sink.on_message = None
            os.kill(frozen.pid, signal.SIGSTOP)
            is_frozen.set()

        sink.on_message = freeze
        assert is_frozen.wait(30)
        assert worker(sink, minutes=5).wait(30) == 0
        assert states() == ["sent"] * COUNT
        os.kill(frozen.pid, signal.SIGCONT)
        assert frozen.wait(30) == 0
    assert duplicates(sink) == 1


def test_a_worker_told_to_leave_finishes_the_message_in_hand(app: Flask) -> None:
    put_many(COUNT)
    with servers.mail_server() as sink:
        leaving = worker(sink, minutes=0, mode="for-ever")

        def ask_to_leave(seen: int) -> None:
            if seen == 7:
                os.kill(leaving.pid, signal.SIGTERM)

        sink.on_message = ask_to_leave
        assert leaving.wait(30) == 0
    # The signal may come to the process a moment after the answer, when the next message is in hand.
    sent = len(sink.got)
    assert sent in {7, 8}
    assert Counter(states()) == {"sent": sent, "queued": COUNT - sent}
