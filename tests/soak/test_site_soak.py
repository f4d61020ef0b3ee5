"""The site as it is served, under load, while its database is locked, gone or full, and its processes are killed."""

import os
import random
import shlex
import signal
import socket
import sqlite3
import subprocess
import sys
import time as clock_of_ours
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, text

from portal.core import clock
from portal.core.db import db, end_reading, transaction
from tests.conftest import Time
from tests.faults.served import (
    PATIENCE,
    ROOT,
    Visitors,
    ask,
    check_kept,
    children,
    end,
    environment,
    free_port,
    kill_one,
    note_figures,
    serve,
    serving,
    visitors,
    wait_until_it_answers,
    web_processes,
)
from tests.outbox.letters import put, states
from tests.outbox.servers import mail_server
from tests.soak.killing import TroubledSink

pytestmark = [pytest.mark.allow_hosts(["127.0.0.1"]), pytest.mark.soak]
#: Longer than anybody waits for a lock.
_LOCKED = 13.0


def written(seen: Visitors, port: int) -> int:
    """The answer to one more note."""
    form = {"csrf_token": seen.token, "body": f"One more, {len(seen.notes)}."}
    answer = ask(port, "POST", seen.path, cookie=seen.cookie, form=form)
    seen.notes[form["body"]] = answer.status
    if answer.status == 503:
        assert form["body"] in answer.text, "what was typed is gone"
        assert answer.headers.get("retry-after") or answer.headers.get("Retry-After")
    return answer.status


@contextmanager
def locked() -> Iterator[None]:
    """Somebody else writes and does not end; on PostgreSQL they hold a table so that nobody may even read it."""
    end_reading()
    with db.engines["write"].connect() as connection:
        is_postgresql = connection.dialect.name == "postgresql"
        connection.exec_driver_sql("LOCK TABLE note IN ACCESS EXCLUSIVE MODE" if is_postgresql else "SELECT 1")
        yield
        connection.rollback()


def test_a_database_that_is_locked_for_longer_than_anybody_waits(app: Flask, time: Time) -> None:
    port = free_port()
    seen = visitors(app, time, port)
    with serving(port) as _site, seen.at_it():
        seen.wait_for(100)
        with locked():
            clock_of_ours.sleep(_LOCKED)
            assert ask(port, "GET", "/").status == 200
        seen.wait_for(100)
        assert written(seen, port) == 303
    note_figures(f"{db.engine.dialect.name} locked for {_LOCKED:.0f} s: {seen}")
    assert seen.broken == []
    assert set(seen.statuses) == {"GET 200", "POST 303", "POST 503"}
    check_kept(seen)


@contextmanager
def writing_at_once() -> Iterator[None]:
    """PostgreSQL says that something is stored once it is; the suite's server may forget what it said just before."""
    name = f'"{db.engine.url.database}"'
    with db.engines["write"].begin() as connection:
        connection.exec_driver_sql(f"ALTER DATABASE {name} SET synchronous_commit = on")
    yield
    end_reading()
    for engine in db.engines.values():
        engine.dispose()
    with db.engines["write"].begin() as connection:
        connection.exec_driver_sql(f"ALTER DATABASE {name} RESET synchronous_commit")


@pytest.mark.only("postgresql")
def test_a_server_that_is_gone_and_comes_back(app: Flask, time: Time) -> None:
    if "DATABASE_URL" in os.environ:
        pytest.skip("the server of DATABASE_URL is not ours to stop")
    port = free_port()
    seen = visitors(app, time, port)
    # The first process of PostgreSQL writes its number into a file of its folder.
    end_reading()
    with db.engines["write"].connect() as connection:
        folder = Path(connection.exec_driver_sql("SHOW data_directory").scalar_one())
    begun_with = shlex.split((folder / "postmaster.opts").read_text())
    with writing_at_once(), serving(port, "--workers", "2") as site, seen.at_it():
        seen.wait_for(100)
        before = web_processes(site)
        number = int((folder / "postmaster.pid").read_text().splitlines()[0])
        os.kill(number, signal.SIGQUIT)
        while (folder / "postmaster.pid").exists():
            clock_of_ours.sleep(0.05)
        seen.wait_for(100)
        assert written(seen, port) == 503
        assert ask(port, "GET", "/healthz").status == 200
        with (folder / "log").open("ab") as log:
            subprocess.Popen(begun_with, stdout=log, stderr=log, start_new_session=True, **_as_owner(folder))
        ends = clock_of_ours.monotonic() + PATIENCE
        while written(seen, port) != 303:
            assert clock_of_ours.monotonic() < ends, "it never came back"
            clock_of_ours.sleep(0.2)
        assert web_processes(site) == before
        seen.wait_for(100)
    note_figures(f"PostgreSQL stopped at once and started again: {seen}")
    assert seen.broken == []
    assert set(seen.statuses) <= {"GET 200", "GET 503", "POST 303", "POST 503"}
    check_kept(seen)


def _as_owner(folder: Path) -> dict[str, int]:
    """PostgreSQL does not run as root; it belongs to whom its folder belongs."""
    owner = folder.stat()
    return {"user": owner.st_uid, "group": owner.st_gid} if os.getuid() == 0 else {}


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A disk of a few megabytes."""
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("nobody may mount a disk here; tests/faults/test_locked.py tries what can be tried without one")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.only("sqlite")
def test_a_disk_that_is_full_and_is_emptied(app: Flask, time: Time, tmp_path: Path) -> None:
    port = free_port()
    seen = visitors(app, time, port, threads=2)
    end_reading()
    with small_disk(tmp_path / "disk", "24m") as disk:
        # A copy without the free pages that the tests before left behind.
        with closing(sqlite3.connect(str(db.engines["write"].url.database))) as own:
            own.execute("VACUUM INTO ?", (str(disk / "portal.sqlite3"),))
        url = f"sqlite:///{disk / 'portal.sqlite3'}"
        site = serve(port, PORTAL_DATABASE_URL=url, PORTAL_DATA_DIR=str(disk))
        wait_until_it_answers(port)
        before = children(site.pid)
        assert len(before) == 2, "web server and worker"
        with seen.at_it():
            seen.wait_for(60)
            _fill(disk / "filler")
            clock_of_ours.sleep(1)
            _fill(disk / "more")
            assert [ask(port, "GET", seen.path, cookie=seen.cookie).status for _time in range(3)] == [200] * 3
            assert [written(seen, port) for _time in range(3)] == [503] * 3
            seen.wait_for(60)
            clock_of_ours.sleep(6)
            (disk / "filler").unlink()
            (disk / "more").unlink()
            ends = clock_of_ours.monotonic() + PATIENCE
            while written(seen, port) != 303:
                assert clock_of_ours.monotonic() < ends, "it never took anything again"
            seen.wait_for(60)
        assert children(site.pid) == before, "somebody died of it"
        assert end(site) == 0
        with create_engine(url).connect() as found:
            assert found.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
            kept = Counter(found.execute(text("SELECT body FROM note")).scalars())
            assert found.execute(text("SELECT count(*) FROM job_lease WHERE last_finished_at IS NOT NULL")).scalar_one()
    note_figures(f"a full disk: {seen}")
    assert seen.broken == []
    assert set(seen.statuses) == {"GET 200", "POST 303", "POST 503"}
    assert kept == Counter(words for words, answer in seen.notes.items() if answer == 303)


def _fill(file: Path) -> None:
    """Take what room there is, to the last byte."""
    with file.open("wb", buffering=0) as filler:
        for piece in (65_536, 4096, 1):
            try:
                while True:
                    filler.write(b"\0" * piece)
            except OSError:
                continue


def worker(url: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "portal.cli", "worker"]
    return subprocess.Popen(command, env=environment(PORTAL_MAIL_URL=url), cwd=ROOT, stderr=subprocess.DEVNULL)


@contextmanager
def nobody_left_behind() -> Iterator[list["subprocess.Popen[bytes]"]]:
    """Whoever is put into the list has ended when the block has, however that came."""
    begun: list[subprocess.Popen[bytes]] = []
    try:
        yield begun
    finally:
        for one in begun:
            one.kill()
            one.wait()


@pytest.mark.only("postgresql")
def test_three_web_servers_and_three_workers_of_which_some_are_killed(app: Flask, time: Time) -> None:
    port, chance, kills, letters = free_port(), random.Random(5), 9, 600
    seen = visitors(app, time, port, notes_every=2)
    sink = TroubledSink(chance=chance, pace=0.02)
    with transaction():
        for number in range(letters):
            put(number, to=f"person{number}@domain{number % 7}.example", now=clock.now())
    with (
        mail_server(sink),
        socket.create_server(("127.0.0.1", port), backlog=1024) as given,
        nobody_left_behind() as begun,
    ):
        sites = [serve(port, "--no-worker", given=given, workers=1) for _number in range(3)]
        begun += sites
        wait_until_it_answers(port)
        workers = [worker(sink.url) for _number in range(3)]
        begun += workers
        with seen.at_it():
            for _time in range(kills):
                seen.wait_for(chance.randrange(40, 120))
                kill_one(chance.choice(sites), chance)
                victim = chance.randrange(3)
                workers[victim].kill()
                workers[victim].wait()
                workers[victim] = worker(sink.url)
                begun.append(workers[victim])
                assert ask(port, "GET", "/healthz").status == 200
            seen.wait_for(200)
        # Whose process was killed a moment before says so as it leaves.
        assert {end(site) for site in sites} <= {0, 1}
        # Leases of the dead end after two minutes.
        ends = clock_of_ours.monotonic() + 300
        while {"queued", "leased"} & set(states()) and clock_of_ours.monotonic() < ends:
            clock_of_ours.sleep(1)
        assert [end(one) for one in workers] == [0] * 3
    copies = Counter(got.message_id for got in sink.got)
    came = {got.recipients[0] for got in sink.got}
    lost = [number for number in range(letters) if f"person{number}@domain{number % 7}.example" not in came]
    twice = sum(copies.values()) - len(copies)
    note_figures(f"3 web and 3 workers, {kills} of each killed: {seen}; mail: {len(lost)} lost, {twice} duplicates")
    assert lost == []
    assert twice <= kills
    assert len(seen.broken) <= kills * seen.threads
    assert set(seen.statuses) == {"GET 200", "POST 303"}
    check_kept(seen)
