"""Workers that live by a clock in a file, for tests that move it: `python clocked_worker.py FILE`.

It stays and makes a worker at each line it reads, and answers with its process id. The file holds seconds since 1970.
"""

import mmap
import os
import signal
import struct
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from portal import worker
from portal.app import create_app
from portal.core import clock
from portal.core.db import db

#: They do nothing but mail, and look for it more often than workers that also have other things to do.
worker._IDLE = 0.03


def clock_of(file: Path) -> Callable[[], datetime]:
    """What the clock in `file` shows, whenever it is asked."""
    with file.open("rb") as opened:
        shown = mmap.mmap(opened.fileno(), 8, access=mmap.ACCESS_READ)
    return lambda: datetime.fromtimestamp(struct.unpack("<d", shown[:8])[0], UTC)


def leave_with(parent: int, stop: threading.Event) -> None:
    """Nobody is left behind when the test itself is killed."""
    while os.getppid() == parent:
        time.sleep(1)
    stop.set()


def main(file: str) -> None:
    """Python's imports and the site take longer than the work, so they are done once."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    app = create_app()
    for _line in sys.stdin:
        child = os.fork()
        if child == 0:
            sys.stdin.close()
            stop = threading.Event()
            signal.signal(signal.SIGTERM, lambda *_, stop=stop: stop.set())
            threading.Thread(target=leave_with, args=(os.getppid(), stop), daemon=True).start()
            with app.app_context():
                for engine in db.engines.values():
                    engine.dispose(close=False)
            with clock.running_from(clock_of(Path(file))):
                worker.run_worker(app, until_idle=False, stop=stop, timetable=())
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
    wait_for_all()


def wait_for_all() -> None:
    """Until the last child has let go of the database, which the next test empties; not for ever."""
    signal.alarm(30)
    # Children that nobody asks about are waited for until there are none, and that is an error.
    with suppress(ChildProcessError):
        os.wait()


if __name__ == "__main__":
    main(sys.argv[1])
