"""The processes of `portal serve`: web servers on one socket that stays open, and a worker that is kept running."""

import signal
import socket
import sys
from dataclasses import dataclass, field

from portal.core.clock import monotonic
from portal.core.logs import configure_logs, log
from portal.core.settings import current_settings
from portal.serving.processes import Generation, KeptProcess, listen

__all__ = ["KeptProcess", "Orders", "listen", "serve_until_stopped"]

#: Seconds between two looks at the processes, and while others take over.
_LOOK_EVERY = 0.2
_LOOK_CLOSELY = 0.05
#: Seconds that web processes have to leave; told so while they start, granian 2.8 may never do it.
_PATIENCE = 20.0
#: Seconds that those who take over have to begin.
_TO_BEGIN = 60.0


@dataclass
class Orders:
    """What `portal serve` was told by signals."""

    told_to_leave_at: float | None = None
    is_told_to_renew: bool = False

    def listen(self) -> "Orders":
        """Hear SIGTERM and SIGINT (leave), and SIGHUP (let new processes take over); returns itself."""
        signal.signal(signal.SIGTERM, self._leave)
        signal.signal(signal.SIGINT, self._leave)
        # A terminal that is closed says the same, and means that whoever sat there has gone.
        is_in_terminal = sys.stdin is not None and sys.stdin.isatty()
        signal.signal(signal.SIGHUP, self._leave if is_in_terminal else self._renew)
        return self

    def _leave(self, number: int, frame: object) -> None:
        self.told_to_leave_at = self.told_to_leave_at or monotonic()

    def _renew(self, number: int, frame: object) -> None:
        self.is_told_to_renew = True


def serve_until_stopped(listening: socket.socket, workers: int, *, with_worker: bool) -> int:
    """Run `workers` web processes on a socket of `listen`, and a worker if wanted; returns the exit code."""
    # A command is quiet; from here on it is a server, whose log says what it does.
    configure_logs(current_settings().log_format)
    number = listening.fileno()
    command = [sys.executable, "-m", "portal.serving.web", str(number), str(workers)]
    kept = [KeptProcess("worker", [sys.executable, "-m", "portal.cli", "worker"])] if with_worker else []
    return Site(command, workers, kept, socket_number=number).run(Orders().listen())


@dataclass
class Site:
    """The web processes of this moment, those who are to take over, those who leave, and what runs beside them."""

    command: list[str]
    #: How many of a generation have to be there before it may take over.
    workers: int
    kept: list[KeptProcess]
    socket_number: int | None = None
    patience: float = _PATIENCE
    _web: Generation = field(init=False)
    _coming: Generation | None = field(init=False, default=None)
    _leaving: list[Generation] = field(init=False, default_factory=list)

    def run(self, orders: Orders) -> int:
        """Run until told to leave, or until what was started cannot serve; returns the exit code."""
        self._web = self._start()
        try:
            while (code := self._ended(orders)) is None:
                self._look(orders)
            return code
        finally:
            for one in (self._web, self._coming, *self._leaving):
                if one is not None:
                    one.kill()
            for process in self.kept:
                process.terminate()
            for process in self.kept:
                process.wait()

    def _start(self) -> Generation:
        return Generation(self.command, self.workers, self.socket_number)

    def _ended(self, orders: Orders) -> int | None:
        """The exit code, when it is over."""
        code = self._web.wait(_LOOK_CLOSELY if self._coming else _LOOK_EVERY)
        if code is None:
            return None
        if orders.told_to_leave_at is not None:
            return 0 if code in {0, -signal.SIGTERM, -signal.SIGINT} else 1
        if self._coming is None:
            if not self._web.is_ready():
                return 1
            # Visitors wait at the socket meanwhile.
            log.error("web server ended", code=code)
            self._web.kill()
            self._web = self._start()
            return None
        self._web.kill()
        self._web, self._coming = self._coming, None
        return None

    def _look(self, orders: Orders) -> None:
        self._leaving = [one for one in self._leaving if not one.has_left(self.patience)]
        if orders.told_to_leave_at is not None:
            self._web.tell_to_leave()
            self._web.has_left(self.patience)
            self._give_up_coming()
            return
        for process in self.kept:
            process.look()
        if self._coming is not None:
            self._take_over(self._coming)
        elif orders.is_told_to_renew:
            orders.is_told_to_renew = False
            log.info("new web processes begin")
            self._coming = self._start()

    def _take_over(self, coming: Generation) -> None:
        """Let those who are new do the work once they can; those who were there finish what is in their hands."""
        if coming.is_ready():
            self._web.tell_to_leave()
            self._leaving.append(self._web)
            self._web, self._coming = coming, None
            log.info("new web processes have taken over")
            for process in self.kept:
                process.renew()
        elif coming.wait(0) is not None or coming.age() > _TO_BEGIN:
            log.error("new web processes did not come; those before them stay")
            self._give_up_coming()

    def _give_up_coming(self) -> None:
        if self._coming is not None:
            self._coming.kill()
            self._coming = None
