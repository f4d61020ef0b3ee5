"""How a web process leaves: it takes nobody new, answers whoever has come, and only then goes.

granian, told to leave, closes at once what it has taken and not yet read: whoever has just come would be cut off.
"""

import fcntl
import os
import signal
import socket
import stat
import struct
import termios
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any, Final

from portal.core.clock import monotonic

#: Seconds between two looks at the connections.
_LOOK_EVERY: Final = 0.02
#: Seconds in which a connection stays open on which nothing is asked: its next request is answered, and is its last.
_LINGER: Final = 0.5
#: Seconds in which whoever has connected has to say something.
_TO_SPEAK: Final = 5.0
#: Seconds after which a process has left by itself, but for what it is still at.
LEFT_AFTER: Final = _TO_SPEAK + 1.0
#: Linux says of a connection how many bytes it has received: so much is asked for, and there they stand.
_INFO_SIZE: Final = 136
_RECEIVED_AT: Final = 128

Answering = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Leaving:
    """The site; once the other side of `parting` is shut, a site that leaves."""

    def __init__(self, site: Answering, listening: int, parting: int) -> None:
        self._site = site
        self._name = _name_of(listening)
        self._has_begun = False
        threading.Thread(target=self._leave, args=(parting,), daemon=True).start()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """What the site answers; while we leave, each answer is the last on its connection."""
        if not self._has_begun:
            return self._site(environ, start_response)

        def start_the_last(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            return start_response(status, [*headers, ("Connection", "close")], *rest)

        return self._site(environ, start_the_last)

    def _leave(self, parting: int) -> None:
        with socket.socket(fileno=os.dup(parting)) as waiting:
            waiting.recv(1)
        self._has_begun = True
        self._listen_where_nobody_comes()
        began = monotonic()
        time.sleep(_LOOK_EVERY)
        while self._may_be_asked(monotonic() - began):
            time.sleep(_LOOK_EVERY)
        # Told so while it starts, granian does not hear it.
        while True:
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(1)

    def _listen_where_nobody_comes(self) -> None:
        """What we listen on stays open for others: so only our own ways to it are led elsewhere."""
        with socket.create_server(("127.0.0.1", 0), backlog=1) as deserted:
            deserted.setblocking(False)
            for number, one in _own_sockets():
                if _listens(one) and one.getsockname() == self._name:
                    os.dup2(deserted.fileno(), number)

    def _may_be_asked(self, seconds: float) -> bool:
        """Whether somebody who is here may still ask for something, so many seconds after we began to leave."""
        unheard = [_is_unheard(one) for _number, one in _own_sockets() if self._is_visitor(one)]
        if not unheard or seconds > _TO_SPEAK:
            return False
        return seconds < _LINGER or any(unheard)

    def _is_visitor(self, one: socket.socket) -> bool:
        is_network = one.family in {socket.AF_INET, socket.AF_INET6}
        return is_network and not _listens(one) and one.getsockname()[1] == self._name[1]


def _name_of(number: int) -> Any:
    with socket.socket(fileno=os.dup(number)) as one:
        return one.getsockname()


def _own_sockets() -> Iterator[tuple[int, socket.socket]]:
    """Every socket of this process with its number, open for as long as one looks at it."""
    for number in map(int, os.listdir("/dev/fd")):
        with suppress(OSError):
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                with socket.socket(fileno=os.dup(number)) as one:
                    yield number, one


def _listens(one: socket.socket) -> bool:
    return bool(one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))


def _is_unheard(one: socket.socket) -> bool:
    """Whether something was said here that nobody has read, or nothing yet."""
    (unread,) = struct.unpack("i", fcntl.ioctl(one, termios.FIONREAD, b"\0" * 4))
    if unread or not hasattr(socket, "TCP_INFO"):
        return bool(unread)
    said = one.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _INFO_SIZE)
    return struct.unpack_from("Q", said, _RECEIVED_AT) == (0,)
