"""The processes of `portal serve`: the web server, and a worker that is started again when it ends."""

import os
import signal
import subprocess
import sys

from portal.core.clock import monotonic
from portal.core.logs import log

#: Seconds between two looks at the worker, and before it is started again.
_LOOK_EVERY = 1.0
_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 60.0
#: Seconds that the web server has to leave; told so while it starts, granian 2.8 may never do it.
_PATIENCE = 20.0


def serve_until_stopped(host: str, port: int, workers: int, *, with_worker: bool) -> int:
    """Run the web server with `workers` processes, and a worker if wanted; returns the exit code."""
    children = [KeptProcess("worker", [sys.executable, "-m", "portal.cli", "worker"])] if with_worker else []
    web = start_group(_granian(host, port, workers))
    return wait_for(web, children)


def _granian(host: str, port: int, workers: int) -> list[str]:
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)]
    command += ["--workers", str(workers), "--blocking-threads", "2", "--respawn-failed-workers", "--no-ws"]
    # Addresses hold tokens, and nobody may know when a survey was answered.
    command += ["--no-access-log", "--log-level", "warning"]
    return [*command, "--factory", "portal.app:create_app"]


def start_group(command: list[str]) -> "subprocess.Popen[bytes]":
    """Start a program that starts others; all of them can be ended together."""
    return subprocess.Popen(command, start_new_session=True)


class KeptProcess:
    """A process that is started again when it ends, 1, 2, 4 and at most 60 seconds later."""

    def __init__(self, name: str, command: list[str]) -> None:
        self._name = name
        self._command = command
        self._pause = _FIRST_PAUSE
        #: When it is started again, on the clock that never goes back; None while it runs.
        self._again_at: float | None = None
        self._start()

    def look(self) -> None:
        """Start it again if it has ended and its pause is over."""
        if self._again_at is not None:
            if monotonic() >= self._again_at:
                self._start()
            return
        code = self._process.poll()
        if code is None:
            return
        if monotonic() - self._began > _LONGEST_PAUSE:
            self._pause = _FIRST_PAUSE
        log.error("process ended", process=self._name, code=code, again_in_seconds=self._pause)
        self._again_at = monotonic() + self._pause
        self._pause = min(self._pause * 2, _LONGEST_PAUSE)

    def terminate(self) -> None:
        """Tell it to leave."""
        self._process.terminate()

    def wait(self) -> None:
        """Wait until it has left."""
        self._process.wait()

    def _start(self) -> None:
        self._again_at = None
        self._began = monotonic()
        self._process = subprocess.Popen(self._command)


def wait_for(web: "subprocess.Popen[bytes]", children: list[KeptProcess], patience: float = _PATIENCE) -> int:
    """Wait for the web server; whatever ends it ends the worker too, and a worker that ends before is started again.

    `web` comes from `start_group`; told to leave, it has `patience` seconds.
    """
    told_at: list[float] = []

    def stop(number: int, frame: object) -> None:
        told_at.append(monotonic())
        web.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while (code := _ended(web)) is None:
        if not told_at:
            for child in children:
                child.look()
        elif monotonic() - told_at[0] > patience:
            log.warning("web server did not leave", seconds=patience)
            os.killpg(web.pid, signal.SIGKILL)
    for child in children:
        child.terminate()
    for child in children:
        child.wait()
    return 0 if code in {0, -signal.SIGTERM, -signal.SIGINT} else 1


def _ended(web: "subprocess.Popen[bytes]") -> int | None:
    try:
        return web.wait(timeout=_LOOK_EVERY)
    except subprocess.TimeoutExpired:
        return None
