"""The site as `portal serve` serves it, in processes of its own on the test's database, and visitors who never rest."""

import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import select

from portal.core.db import db, end_reading, session
from portal.core.permissions import Role
from portal.core.settings import current_settings
from portal.notes.models import Note
from tests import factories
from tests.conftest import Time
from tests.pages import Browser
from tests.whole_site.routes import token_of

ROOT = Path(__file__).parents[2]
#: Seconds that anything here may take on a machine that has other things to do.
PATIENCE = 180.0
#: How visitors come, one after the other: as nginx does it, on one connection for all, and slow to speak.
MANNERS: tuple[dict[str, Any], ...] = ({}, {"keeps": True}, {"pause": 0.2})
#: Runs `portal` as systemd does, who has opened the socket before.
_AS_SYSTEMD = 'exec env LISTEN_PID=$$ LISTEN_FDS=1 "$@" 3<&"$SOCKET"'


def environment(**more: str) -> dict[str, str]:
    """The settings of a process on the test's database."""
    settings = current_settings()
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")},
        "PORTAL_DATABASE_URL": db.engine.url.render_as_string(hide_password=False),
        "PORTAL_DATA_DIR": str(settings.data_dir),
        "PORTAL_SECRET_KEY": settings.secret_key,
        "PORTAL_PRIVACY_KEY": settings.privacy_key,
        "PORTAL_BASE_URL": settings.base_url,
        "PYTHONPATH": str(ROOT),
        **more,
    }


def free_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def serve(
    port: int, *options: str, given: socket.socket | None = None, workers: int = 2, **more: str
) -> "subprocess.Popen[bytes]":
    """`portal serve`, which has not begun yet; `given` is a socket that stays open whoever leaves."""
    command = [sys.executable, "-m", "portal.cli", "serve", "--port", str(port), "--workers", str(workers), *options]
    settings, handed = environment(**more), []
    if given is not None:
        command = ["bash", "-c", _AS_SYSTEMD, "bash", *command]
        settings["SOCKET"], handed = str(given.fileno()), [given.fileno()]
    return subprocess.Popen(command, env=settings, cwd=ROOT, pass_fds=handed, stderr=subprocess.DEVNULL)


@contextmanager
def serving(port: int, *options: str, workers: int = 2, **more: str) -> Iterator["subprocess.Popen[bytes]"]:
    """`portal serve --no-worker` that answers, until the block ends."""
    site = serve(port, "--no-worker", *options, workers=workers, **more)
    try:
        wait_until_it_answers(port)
        yield site
    finally:
        end(site)


def end(site: "subprocess.Popen[bytes]") -> int:
    """Tell it to leave; what it left with."""
    site.send_signal(signal.SIGCONT)
    site.terminate()
    return site.wait(PATIENCE)


def wait_until_it_answers(port: int) -> None:
    """Until `/healthz` says that the process lives."""
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        with suppress(OSError, http.client.HTTPException):
            if ask(port, "GET", "/healthz").status == 200:
                return
        time.sleep(0.05)
    raise AssertionError("it never answered")


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    text: str
    headers: dict[str, str]


class Line:
    """A way to the site: a new connection for each request, as nginx does it, or one for many."""

    def __init__(self, port: int, *, keeps: bool = False, pause: float = 0.0) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self._keeps, self._pause = keeps, pause

    def ask(self, method: str, path: str, *, cookie: str = "", form: dict[str, str] | None = None) -> Answer:
        """One request; who is slow connects, and thinks before it says what it wants."""
        headers = {"Connection": "keep-alive" if self._keeps else "close", "Host": "localhost"}
        if cookie:
            headers["Cookie"] = cookie
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            if self._pause:
                self._connection.connect()
                time.sleep(self._pause)
            self._connection.request(method, path, urlencode(form) if form is not None else None, headers)
            answer = self._connection.getresponse()
            return Answer(answer.status, answer.read().decode(), dict(answer.getheaders()))
        except BaseException:
            self._connection.close()
            raise
        finally:
            if not self._keeps:
                self._connection.close()


def ask(port: int, method: str, path: str, *, cookie: str = "", form: dict[str, str] | None = None) -> Answer:
    """One request on a connection of its own."""
    return Line(port).ask(method, path, cookie=cookie, form=form)


def cookie_of(browser: Browser) -> str:
    """Who this browser says that it is."""
    cookie = browser.client.get_cookie("rapport")
    assert cookie is not None
    return f"rapport={cookie.value}"


@dataclass
class Visitors:
    """Threads that read and write without a pause until they are told to stop, and what they were answered."""

    port: int
    cookie: str
    #: Where notes are written, and with which token.
    path: str
    token: str
    #: One request of so many is a note.
    notes_every: int = 3
    threads: int = 6
    statuses: Counter[str] = field(default_factory=Counter)
    #: Notes by their words: the status, or what went wrong.
    notes: dict[str, int | str] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    #: Seconds of the page that took longest.
    slowest: float = 0.0
    _is_over: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def at_it(self) -> Iterator[None]:
        """They come and go until the block ends."""
        hands = [threading.Thread(target=self._go_on, args=(number,)) for number in range(self.threads)]
        for hand in hands:
            hand.start()
        try:
            yield
        finally:
            self._is_over.set()
            for hand in hands:
                hand.join(PATIENCE)

    def wait_for(self, count: int) -> None:
        """Until so many more requests were answered."""
        wanted, ends = self.statuses.total() + count, time.monotonic() + PATIENCE
        while self.statuses.total() < wanted:
            assert time.monotonic() < ends, "nobody is answered"
            time.sleep(0.01)

    def __str__(self) -> str:
        counted = ", ".join(f"{count:,} {answer}" for answer, count in sorted(self.statuses.items()))
        rest = f"{len(self.broken)} broken off, slowest page {self.slowest:.1f} s"
        return f"{self.statuses.total():,} answers ({counted}), {rest}"

    def _go_on(self, hand: int) -> None:
        number, line = 0, Line(self.port, **MANNERS[hand % len(MANNERS)])
        while not self._is_over.is_set():
            number += 1
            if number % self.notes_every == 0:
                self._write(line, f"Note {number} by hand {hand}.")
            else:
                self._read(line, "/healthz" if number % 2 else "/")

    def _read(self, line: Line, path: str) -> None:
        began = time.monotonic()
        try:
            answer = line.ask("GET", path)
        except (OSError, http.client.HTTPException) as error:
            self.broken.append(f"GET {path}: {error!r}")
        else:
            self.statuses[f"GET {answer.status}"] += 1
            self.slowest = max(self.slowest, time.monotonic() - began)

    def _write(self, line: Line, words: str) -> None:
        form = {"csrf_token": self.token, "body": words}
        try:
            answer = line.ask("POST", self.path, cookie=self.cookie, form=form)
        except (OSError, http.client.HTTPException) as error:
            self.broken.append(f"POST {words}: {error!r}")
            self.notes[words] = repr(error)
        else:
            self.statuses[f"POST {answer.status}"] += 1
            self.notes[words] = answer.status


def visitors(app: Flask, time: Time, port: int, **more: int) -> Visitors:
    # The processes have the clock of the machine.
    time.at = datetime.now(UTC)
    rita = factories.make_staff(role=Role.RECRUITER)
    made = factories.make_application(factories.make_opening(recruiter_id=rita), rita)
    browser = factories.signed_in(app, rita)
    path, token = f"/recruiting/applications/{made.public_id}/notes", token_of(browser)
    return Visitors(port, cookie_of(browser), path, token, **more)


def stored() -> Counter[str]:
    end_reading()
    return Counter(session().scalars(select(Note.body)))


def children(parent: int) -> set[int]:
    """Processes that this one started."""
    listed = Path(f"/proc/{parent}/task/{parent}/children").read_text()
    return set(map(int, listed.split()))


def web_processes(site: "subprocess.Popen[bytes]") -> set[int]:
    """Those who answer, of all generations."""
    return {one for web in children(site.pid) for one in children(web)}


def kill_one(site: "subprocess.Popen[bytes]", chance: random.Random) -> None:
    """SIGKILL to one of those who answer."""
    there = sorted(web_processes(site))
    if there:
        os.kill(chance.choice(there), signal.SIGKILL)


def note_figures(line: str) -> None:
    """What a long run came to, for docs/reliability.md; on standard error, which pytest shows with -s."""
    sys.stderr.write(f"\n{line}\n")


def check_kept(seen: Visitors) -> None:
    """What was answered is stored, once; what broke off is stored once or not at all; nothing else was answered."""
    kept = stored()
    assert set(kept.values()) <= {1}
    assert {words for words, answer in seen.notes.items() if answer == 303} <= set(kept)
    assert not {words for words, answer in seen.notes.items() if isinstance(answer, int) and answer != 303} & set(kept)
    assert set(kept) <= set(seen.notes)


def check_nothing_failed(seen: Visitors) -> None:
    assert seen.broken == []
    assert set(seen.statuses) == {"GET 200", "POST 303"}
    assert stored() == Counter(dict.fromkeys(seen.notes, 1))
