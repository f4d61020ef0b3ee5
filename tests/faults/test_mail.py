"""Workers that are killed, frozen or told to leave in the middle of sending: nothing is lost."""

import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest
from flask import Flask

from portal.core.db import db
from portal.core.settings import current_settings
from tests.outbox import servers
from tests.outbox.letters import put_many, states
from tests.outbox.servers import Sink

COUNT = 60
KILLS = 4
ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


def worker(sink: Sink, minutes: int, mode: str = "until-idle") -> subprocess.Popen[bytes]:
    """A real worker process on the test's database, whose clock is `minutes` ahead."""
    settings = current_settings()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")},
        "PORTAL_DATABASE_URL": db.engine.url.render_as_string(hide_password=False),
        "PORTAL_DATA_DIR": str(settings.data_dir),
        "PORTAL_SECRET_KEY": settings.secret_key,
        "PORTAL_PRIVACY_KEY": settings.privacy_key,
        "PORTAL_BASE_URL": settings.base_url,
        "PORTAL_MAIL_URL": sink.url,
        "PYTHONPATH": str(ROOT),
    }
    script = str(Path(__file__).parent / "worker_process.py")
    return subprocess.Popen(
        [sys.executable, script, str(minutes), mode], env=environment, cwd=ROOT, stderr=subprocess.DEVNULL
    )


def duplicates(sink: Sink) -> int:
    """How many messages came more than once; each that was put must have come."""
    times = Counter(got.message_id for got in sink.got)
    assert len(times) == COUNT
    return len(sink.got) - COUNT


def test_killed_workers_lose_nothing_and_repeat_one_message_a_kill_at_most(app: Flask) -> None:
    put_many(COUNT)
    chance = random.Random(4)
    at_which = sorted(chance.sample(range(5, COUNT - 5), KILLS))
    with servers.mail_server() as sink:
        for number, count in enumerate(at_which):
            victim = worker(sink, minutes=number * 5)

            def strike(seen: int, count: int = count, pid: int = victim.pid, number: int = number) -> None:
                if seen < count:
                    return
                # Half of them before the answer, half at some moment after it.
                wait = 0.0 if number % 2 else chance.random() * 0.02
                sink.on_message = None
                threading.Timer(wait, os.kill, (pid, signal.SIGKILL)).start() if wait else os.kill(pid, signal.SIGKILL)

            sink.on_message = strike
            assert victim.wait(30) == -signal.SIGKILL
        sink.on_message = None
        assert worker(sink, minutes=KILLS * 5).wait(30) == 0
    assert states() == ["sent"] * COUNT
    assert duplicates(sink) <= KILLS


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
