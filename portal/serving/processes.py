"""What `portal serve` looks after: the socket, a generation of web processes, a process that is started again."""

import os
import signal
import socket
import subprocess
from contextlib import suppress

from portal.core.clock import monotonic
from portal.core.errors import PortalError
from portal.core.logs import log

#: Connections that may wait while nobody takes them.
BACKLOG = 1024
#: The first that systemd hands over.
_GIVEN = 3
#: Seconds before a process is started again.
_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 60.0


class CannotListen(PortalError):
    """The address is taken, or not ours."""


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens: the one that whoever started us has opened, as systemd does, else one of our own."""
    if os.environ.get("LISTEN_PID") == str(os.getpid()) and os.environ.get("LISTEN_FDS") == "1":
        opened = socket.socket(fileno=_GIVEN)
    else:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            opened = socket.create_server((host, port), family=family, backlog=BACKLOG)
        except OSError as error:
            said = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
            raise CannotListen(f"Cannot listen on {host}:{port}: {said}.") from error
    opened.setblocking(False)
    return opened


class Generation:
    """Web processes that begin together and leave together; they leave as well when we are gone."""

    def __init__(self, command: list[str], workers: int, socket_number: int | None = None) -> None:
        self._ours, theirs = socket.socketpair()
        self._ours.setblocking(False)
        self._missing = workers
        self._began = monotonic()
        self._told_at: float | None = None
        handed = [theirs.fileno(), *([socket_number] if socket_number is not None else [])]
        with theirs:
            self._process = subprocess.Popen([*command, str(theirs.fileno())], pass_fds=handed, start_new_session=True)

    def is_ready(self) -> bool:
        """Whether every one of them has said that it can serve."""
        with suppress(OSError):
            self._missing -= len(self._ours.recv(64))
        return self._missing <= 0

    def wait(self, seconds: float) -> int | None:
        """The exit code, if they end within this time."""
        with suppress(subprocess.TimeoutExpired):
            return self._process.wait(timeout=seconds)
        return None

    def age(self) -> float:
        """Seconds since they began."""
        return monotonic() - self._began

    def tell_to_leave(self) -> None:
        """Let them finish what they are at; said once."""
        if self._told_at is None:
            self._told_at = monotonic()
            self._process.terminate()

    def has_left(self, patience: float) -> bool:
        """Whether they have left; who was told to and did not within `patience` seconds is ended."""
        if self.wait(0) is None and self._told_at is not None and monotonic() - self._told_at > patience:
            log.warning("web server did not leave", seconds=patience)
            self.kill()
        return self._process.poll() is not None

    def kill(self) -> None:
        """End whatever is left of them."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._ours.close()


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
        if self._is_renewed:
            self._start()
            return
        if monotonic() - self._began > _LONGEST_PAUSE:
            self._pause = _FIRST_PAUSE
        log.error("process ended", process=self._name, code=code, again_in_seconds=self._pause)
        self._again_at = monotonic() + self._pause
        self._pause = min(self._pause * 2, _LONGEST_PAUSE)

    def renew(self) -> None:
        """Tell it to leave; another one comes as soon as it has left."""
        self._is_renewed = True
        self._process.terminate()

    def terminate(self) -> None:
        """Tell it to leave."""
        self._process.terminate()

    def wait(self) -> None:
        """Wait until it has left."""
        self._process.wait()

    def _start(self) -> None:
        self._again_at = None
        self._is_renewed = False
        self._began = monotonic()
        self._process = subprocess.Popen(self._command)
