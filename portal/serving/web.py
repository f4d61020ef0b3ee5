"""Web processes on a socket that somebody else keeps open: `python -m portal.serving.web SOCKET WORKERS PARENT`.

granian by itself opens a socket for each process, and whoever waits at one is cut off when that process leaves.
"""

import multiprocessing
import os
import signal
import socket
import sys
import threading
from typing import Any

from granian._granian import SocketHolder
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer

from portal.core.clock import monotonic
from portal.serving.leaving import LEFT_AFTER
from portal.serving.processes import BACKLOG

#: Threads of each process that make pages; while some wait for a locked database, others answer those who read.
_THREADS = 4
#: Milliseconds in which a browser has to say what it wants.
_HEADERS_WITHIN = 10_000
#: In the environment: file descriptors by which a process says that it can serve, on which it does, and by which it
#: learns that it is to leave.
_READY = "RAPPORT_READY"
_SOCKET = "RAPPORT_SOCKET"
_PARTING = "RAPPORT_PARTING"


class _OnGivenSocket(MPServer):
    """granian, on a socket that is open already."""

    def __init__(self, given: int, **options: Any) -> None:
        super().__init__("portal.serving.site:make", **options)
        self._given = given
        self._parting, theirs = socket.socketpair()
        os.environ[_SOCKET], os.environ[_PARTING] = str(given), str(theirs.detach())

    def _init_shared_socket(self) -> None:
        own: Any = self
        make: Any = SocketHolder
        own._shd, own._sfd, own._ssp, own._sso = make(self._given, False, BACKLOG), self._given, None, None

    def _stop_workers(self) -> None:
        """Let each of them leave by itself; who has not even begun to is told by a signal."""
        workers: list[Any] = self.wrks
        for one in workers:
            one.interrupt_by_parent = True
        self._parting.shutdown(socket.SHUT_RDWR)
        ends = monotonic() + LEFT_AFTER
        for one in workers:
            one.join(max(0.0, ends - monotonic()))
        # Who finishes something that takes long is waited for there.
        super()._stop_workers()  # type: ignore[no-untyped-call]


def main(given: int, workers: int, parent: int) -> None:
    """Serve until told to leave, or until the parent is gone."""
    multiprocessing.set_start_method("fork", force=True)
    os.environ[_READY] = str(parent)
    threading.Thread(target=_leave_with, args=(parent,), daemon=True).start()
    # Without a log of requests: addresses hold tokens, and nobody may know when a survey was answered.
    _OnGivenSocket(
        given,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=_THREADS,
        respawn_failed_workers=True,
        websockets=False,
        http1_settings=HTTP1Settings(header_read_timeout=_HEADERS_WITHIN),
        log_level=LogLevels.warning,
        factory=True,
    ).serve()


def _leave_with(parent: int) -> None:
    with socket.socket(fileno=os.dup(parent)) as ours:
        ours.recv(1)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
