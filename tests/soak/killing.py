"""Workers that are killed at random while a troublesome mail server takes their mail, and the account of it."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from portal.core.db import db, transaction
from portal.core.settings import current_settings
from tests.conftest import START
from tests.outbox.letters import put, states
from tests.outbox.servers import Got, Sink, mail_server

ROOT = Path(__file__).parents[2]
#: How fast the workers' clocks run: a lease of two minutes ends after two seconds, so that dead ones are followed.
SPEED = 60
#: Longer than any wait of this test.
_PATIENCE = 1800


def worker_environment(sink: Sink) -> dict[str, str]:
    """The settings of a worker process on the test's database that sends to `sink`."""
    settings = current_settings()
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")},
        "PORTAL_DATABASE_URL": db.engine.url.render_as_string(hide_password=False),
        "PORTAL_DATA_DIR": str(settings.data_dir),
        "PORTAL_SECRET_KEY": settings.secret_key,
        "PORTAL_PRIVACY_KEY": settings.privacy_key,
        "PORTAL_BASE_URL": settings.base_url,
        "PORTAL_MAIL_URL": sink.url,
        "PYTHONPATH": str(ROOT),
    }


@dataclass
class TroubledSink(Sink):
    """A mail server that is slow, asks to come back, refuses, and hangs up after a message without a word."""

    chance: random.Random = field(default_factory=random.Random)
    #: Seconds for each message.
    pace: float = 0.0
    #: Of a thousand tries, how many are told 421, 450, 550, or lose the connection after the message.
    busy: int = 0
    not_now: int = 0
    refused: int = 0
    cut_off: int = 0
    refusals: set[str] = field(default_factory=set)
    cuts: int = 0

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        drawn = self.chance.randrange(1000)
        for reply, share in (("421 slow down", self.busy), ("450 not now", self.not_now)):
            if drawn < share:
                return reply
            drawn -= share
        if drawn < self.refused and address not in {got.recipients[0] for got in self.got[-50:]}:
            self.refusals.add(address)
        if address in self.refusals:
            return "550 5.1.1 no such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.got.append(Got(envelope.mail_from, list(envelope.rcpt_tos), envelope.original_content, session.peer, ""))
        if self.on_message:
            self.on_message(len(self.got))
        if self.pace:
            # Long enough to be killed before the answer; the loop is this server's own thread.
            time.sleep(self.pace)
        if self.chance.randrange(1000) < self.cut_off:
            self.cuts += 1
            server.transport.abort()
        return "250 OK"


@dataclass
class Account:
    """What came of it all."""

    messages: int
    kills: int
    cuts: int
    refused: int
    lost: int
    duplicates: int
    most_copies: int
    seconds: float

    def __str__(self) -> str:
        return (
            f"{self.messages:,} messages, {self.kills} kills, {self.cuts} connections cut after a message, "
            f"{self.refused} refused: {self.lost} lost, {self.duplicates} duplicates, "
            f"at most {self.most_copies} copies of one, {self.seconds:.0f} s"
        )


class Herd:
    """Workers that are replaced when they are killed."""

    def __init__(self, sink: Sink, count: int, chance: random.Random) -> None:
        self._chance = chance
        epoch = datetime.now(UTC).timestamp()
        command = [sys.executable, str(ROOT / "tests" / "faults" / "worker_process.py"), "nursery"]
        self._nursery = subprocess.Popen(
            [*command, str(SPEED), str(epoch)],
            env=worker_environment(sink),
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._lock = threading.Lock()
        self._pids = [self._breed() for _ in range(count)]
        self.kills = 0

    def _breed(self) -> int:
        assert self._nursery.stdin is not None
        assert self._nursery.stdout is not None
        self._nursery.stdin.write("one more\n")
        self._nursery.stdin.flush()
        return int(self._nursery.stdout.readline())

    def kill_one(self) -> None:
        """SIGKILL at this moment, and a new worker in its place."""
        with self._lock:
            victim = self._chance.randrange(len(self._pids))
            os.kill(self._pids[victim], signal.SIGKILL)
            self.kills += 1
            self._pids[victim] = self._breed()

    def freeze_one(self, seconds: float) -> None:
        """SIGSTOP for longer than a lease, then SIGCONT."""
        with self._lock:
            frozen = self._chance.choice(self._pids)
        os.kill(frozen, signal.SIGSTOP)
        time.sleep(seconds)
        os.kill(frozen, signal.SIGCONT)

    def send_home(self) -> None:
        """Ask all of them to leave, and wait."""
        with self._lock:
            for pid in self._pids:
                os.kill(pid, signal.SIGTERM)
            assert self._nursery.stdin is not None
            self._nursery.stdin.close()
            self._nursery.wait(30)


@contextmanager
def herd(sink: Sink, count: int, chance: random.Random) -> Iterator[Herd]:
    """`count` workers that send to `sink` while the block runs."""
    workers = Herd(sink, count, chance)
    try:
        yield workers
    finally:
        workers.send_home()


def kill_and_count(sink: TroubledSink, count: int, kills: int, *, workers: int = 2, freezes: int = 0) -> Account:
    """Send `count` messages with `workers`, of which one is killed at `kills` moments of the way."""
    _put(count)
    at_which = sorted(sink.chance.sample(range(5, count - 5), kills + freezes))
    frozen = set(sink.chance.sample(at_which, freezes))
    reached = threading.Condition()

    def heard(_seen: int) -> None:
        with reached:
            reached.notify_all()

    sink.on_message = heard
    began = time.monotonic()
    with mail_server(sink), herd(sink, workers, sink.chance) as band:
        for number in at_which:
            with reached:
                assert reached.wait_for(lambda number=number: len(sink.got) >= number, _PATIENCE)
            # Some before the answer, some at a moment after it.
            time.sleep(sink.chance.random() * 0.02)
            if number in frozen:
                band.freeze_one(150 / SPEED)
            else:
                band.kill_one()
        _wait_until_all_have_ended(began)
        seconds = time.monotonic() - began
    return _account(sink, count, kills, seconds)


def _put(count: int) -> None:
    for first in range(0, count, 1000):
        with transaction():
            for number in range(first, min(first + 1000, count)):
                put(number, to=f"person{number}@domain{number % 7}.example", now=START - timedelta(minutes=1))


def _wait_until_all_have_ended(began: float) -> None:
    while {"queued", "leased"} & set(states()):
        assert time.monotonic() - began < _PATIENCE, Counter(states())
        time.sleep(0.2)


def _account(sink: TroubledSink, count: int, kills: int, seconds: float) -> Account:
    copies = Counter(got.recipients[0] for got in sink.got)
    ended = Counter(states())
    lost = count - len(set(copies) | sink.refusals)
    assert ended["sent"] + ended["dead"] == count
    return Account(
        messages=count,
        kills=kills,
        cuts=sink.cuts,
        refused=ended["dead"],
        lost=lost,
        duplicates=sum(copies.values()) - len(copies),
        most_copies=max(copies.values()),
        seconds=seconds,
    )
