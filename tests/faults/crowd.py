"""Five senders and eight worker processes at once, people who change their minds meanwhile, and clocks that jump.

The mail server notes what it is given and when; `oracle` decides afterwards whether each of them might come then.
"""

import os
import random
import signal
import struct
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from portal.contact.actions import choose
from portal.core.db import end_reading, session
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState, MailClass
from portal.people.actions import add_person
from tests.conftest import Time
from tests.outbox.letters import put
from tests.outbox.minds import CHANGES, chooses_quiet_hours, says_no
from tests.outbox.oracle import PURPOSES, SENDERS, Reader, Sender, Written, may_arrive
from tests.outbox.servers import Got, Sink, mail_server
from tests.soak.killing import ROOT, worker_environment

WORKERS = 8
ZONES = ("Europe/Warsaw", "America/St_Johns", "Pacific/Apia", "Australia/Lord_Howe")
#: Seconds in which a message may be on its way to the mail server while its reader changes their mind.
_ON_ITS_WAY = 3.0
#: Longer than any wait of this test.
_PATIENCE = 120.0


@dataclass
class Seen:
    """A message as the mail server was given it: when on the workers' clock, and when on ours."""

    key: str
    at: datetime
    felt_at: float


@dataclass
class State:
    """What a reader wanted, and until when on our clock a message may follow it."""

    reader: Reader
    since: float
    until: float = float("inf")


@dataclass
class Watcher(Sink):
    """A mail server that notes when it was given what; some addresses do not exist."""

    time: Time = field(default_factory=Time)
    missing: set[str] = field(default_factory=set)
    seen: list[Seen] = field(default_factory=list)
    #: When it said so first, and every time that it was asked, on our clock.
    asked: dict[str, list[float]] = field(default_factory=dict)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if address in self.missing:
            self.asked.setdefault(address, []).append(time.monotonic())
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        got = Got(envelope.mail_from, list(envelope.rcpt_tos), envelope.original_content, session.peer, "")
        key = got.message_id.strip("<>").partition("@")[0]
        self.seen.append(Seen(key, self.time.at, time.monotonic()))
        return "250 OK"


class Crowd:
    """The workers' processes, the clock they share with the test, and what happened."""

    def __init__(self, app: Flask, time_: Time, chance: random.Random, folder: Path, people: int) -> None:
        self._app, self.time, self._chance = app, time_, chance
        self._clock = folder / "clock"
        self._clock.write_bytes(struct.pack("<d", time_.at.timestamp()))
        self.watcher = Watcher(time=time_)
        self._readers = [self._make_reader(number) for number in range(people)]
        self.history = {one.person_id: [State(deepcopy(one), 0.0)] for one in self._readers}
        self.written: list[Written] = []
        self.pids: list[int] = []
        self.kills = 0

    def _make_reader(self, number: int) -> Reader:
        zone, address = ZONES[number % len(ZONES)], f"reader{number}@domain{number % 3}.example"
        reader = Reader(add_person(f"Reader {number}", address, "en", zone, self.time.at).id, [address], zone)
        for purpose in PURPOSES:
            choose(reader.person_id, purpose, True, source="/test", now=self.time.at)
            reader.hears(purpose, is_wanted=True)
        if number % 3:
            chooses_quiet_hours(reader, PURPOSES[0], number // 4 % 4, self.time.at)
        if number % 8 == 7:
            self.watcher.missing.add(address)
        return reader

    @contextmanager
    def at_work(self, workers: int = WORKERS) -> Iterator[None]:
        """Worker processes on the test's database, until the block ends; then all leave."""
        with mail_server(self.watcher) as sink:
            command = [sys.executable, str(ROOT / "tests" / "faults" / "clocked_worker.py"), str(self._clock)]
            pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
            with subprocess.Popen(command, env=worker_environment(sink), cwd=ROOT, text=True, **pipes) as nursery:
                self._nursery = nursery
                self.pids = [self._breed() for _ in range(workers)]
                try:
                    yield
                finally:
                    for pid in self.pids:
                        os.kill(pid, signal.SIGTERM)

    def _breed(self) -> int:
        assert self._nursery.stdin is not None
        assert self._nursery.stdout is not None
        self._nursery.stdin.write("one more\n")
        self._nursery.stdin.flush()
        return int(self._nursery.stdout.readline())

    def kill_one(self) -> None:
        """SIGKILL at this moment, and a new worker in its place."""
        victim = self._chance.randrange(len(self.pids))
        os.kill(self.pids[victim], signal.SIGKILL)
        self.kills += 1
        self.pids[victim] = self._breed()

    def jump_to(self, moment: datetime) -> None:
        """All clocks show `moment` from now on; nothing is under way when they jump."""
        self.time.at = moment
        with self._clock.open("r+b") as file:
            file.write(struct.pack("<d", moment.timestamp()))

    def busy_moment(self, messages: int, changes: int, kills: int = 0) -> None:
        """All senders write at once while people change their minds, until all that may go now has gone."""
        with ThreadPoolExecutor(len(SENDERS) + 1) as pool:
            drawn = random.Random(self._chance.random())
            writing = [pool.submit(self._write, sender, messages, drawn.random()) for sender in SENDERS]
            minds = pool.submit(self._change_minds, changes)
            for _ in range(kills):
                time.sleep(self._chance.random() * 0.1)
                self.kill_one()
            for done in (*writing, minds):
                done.result()
        self._wait_until_it_is_quiet()

    def _write(self, sender: Sender, count: int, seed: float) -> None:
        chance = random.Random(seed)
        with self._app.app_context():
            for reader in chance.sample(self._readers, min(count, len(self._readers))):
                number = chance.getrandbits(60)
                wait = timedelta(hours=chance.randrange(5, 200)) if chance.random() < 0.3 else None
                written = Written(
                    number, reader, reader.addresses[0], sender, expires_at=self.time.at + wait if wait else None
                )
                put(
                    number,
                    to=written.address,
                    cause=f"crowd:{number}",
                    person_id=reader.person_id,
                    mail_class=sender.mail_class,
                    purpose=sender.purpose,
                    timing=sender.timing,
                    budget=sender.budget,
                    expires_at=written.expires_at,
                )
                self.written.append(written)

    def _change_minds(self, count: int) -> None:
        with self._app.app_context():
            for _ in range(count):
                reader, change = self._chance.choice(self._readers), self._chance.choice((*CHANGES, says_no))
                states = self.history[reader.person_id]
                began = time.monotonic()
                change(reader, self._chance.choice(PURPOSES), self._chance.randrange(20), self.time.at)
                states[-1].until = time.monotonic() + _ON_ITS_WAY
                states.append(State(deepcopy(reader), began))

    def _wait_until_it_is_quiet(self) -> None:
        """Nothing is due, and nobody has a message in hand, except workers that were killed."""
        began = since = time.monotonic()
        before: set[int] = set()
        while True:
            assert time.monotonic() - began < _PATIENCE
            due, leased = self._under_way()
            if leased != before:
                since, before = time.monotonic(), leased
            if not due and (not leased or (self.kills and time.monotonic() - since > 1)):
                return
            time.sleep(0.02)

    def _under_way(self) -> tuple[bool, set[int]]:
        end_reading()
        rows = session().execute(
            select(Delivery.id, Delivery.state, Delivery.next_try_at).where(
                Delivery.state.in_([DeliveryState.QUEUED, DeliveryState.LEASED])
            )
        )
        found = rows.all()
        end_reading()
        due = any(row.state is DeliveryState.QUEUED and row.next_try_at <= self.time.at for row in found)
        return due, {row.id for row in found if row.state is DeliveryState.LEASED}

    def check(self) -> str:
        """Go through all that the mail server was given, in order; returns what it came to in words."""
        end_reading()
        found = select(Delivery.key, Delivery.dedupe_key, Delivery.state)
        rows = {row.key: row for row in session().execute(found)}
        by_dedupe_key = {f"test:{one.number}": one for one in self.written}
        times = Counter(one.key for one in self.watcher.seen)
        assert sum(times.values()) - len(times) <= self.kills, "twice, and nobody was killed"
        for seen in self.watcher.seen:
            written = by_dedupe_key[rows[seen.key].dedupe_key]
            written.mishaps = times[seen.key]
            self._might_come(written, seen)
            written.arrived_at.append(seen.at)
        for row in rows.values():
            assert row.state is not DeliveryState.SENT or times[row.key], "marked as sent, and never seen"
            assert row.state is not DeliveryState.LEASED or self.kills
        self._missing_are_left_alone()
        kinds = Counter(one.sender.mail_class for one in self.written if one.arrived_at)
        assert set(kinds) == set(MailClass), "so little was sent that nothing was tried"
        return f"{len(self.written):,} messages, {len(self.watcher.seen):,} arrived, {self.kills} kills"

    def lost(self) -> list[Written]:
        """After `check`, with the office open: mail about the own application that nothing kept from going."""
        return [
            one
            for one in self.written
            if one.sender.mail_class is MailClass.OWN and one.address not in self.watcher.missing
            if one.expires_at is None and not one.arrived_at
        ]

    def _might_come(self, written: Written, seen: Seen) -> None:
        """One of the states that held a moment before must let it go."""
        assert written.expires_at is None or seen.at < written.expires_at
        theirs = [one for one in self.written if one is not written and one.reader is written.reader]
        problems = []
        for state in self.history[written.reader.person_id]:
            if not state.since <= seen.felt_at <= state.until:
                continue
            others = [_with(one, state.reader) for one in theirs]
            try:
                may_arrive(_with(written, state.reader), seen.at, others)
            except AssertionError as problem:
                problems.append(problem)
            else:
                return
        raise problems[-1]

    def _missing_are_left_alone(self) -> None:
        for times in self.watcher.asked.values():
            assert max(times) - min(times) < _ON_ITS_WAY, "written to again after it was refused for good"


def _with(written: Written, reader: Reader) -> Written:
    """The message with what its reader wanted at some moment."""
    copy = Written(written.number, reader, written.address, written.sender)
    copy.arrived_at, copy.mishaps = written.arrived_at, written.mishaps
    return copy
