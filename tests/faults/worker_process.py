"""A worker in a process of its own, for tests that kill it: `python worker_process.py MINUTES MODE`.

Its clock begins MINUTES after the suite's and then runs; MODE is "until-idle" or "for-ever". `python worker_process.py
nursery SPEED EPOCH` stays and makes a worker that works for ever at each line it reads, and answers with its process
id; the clocks of all of them show the same, SPEED times as fast as ours since EPOCH (seconds).
"""

import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from portal.app import create_app
from portal.core import clock
from portal.worker import run_worker

BEGAN = datetime.now(UTC)
START = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)


def main(minutes: str, mode: str) -> None:
    begins = START + timedelta(minutes=int(minutes))
    work(lambda: begins + (datetime.now(UTC) - BEGAN), is_endless=mode == "for-ever")


def work(source: Callable[[], datetime], *, is_endless: bool) -> None:
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    with clock.running_from(source):
        run_worker(create_app(), until_idle=not is_endless, stop=stop)


def nursery(speed: str, epoch: str) -> None:
    """Python's imports take longer than the work, so they are done once."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    began = datetime.fromtimestamp(float(epoch), UTC)
    for _line in sys.stdin:
        child = os.fork()
        if child == 0:
            sys.stdin.close()
            work(lambda: START + (datetime.now(UTC) - began) * float(speed), is_endless=True)
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
    # As in clocked_worker.py: nobody holds the database when the next test begins.
    signal.alarm(30)
    with suppress(ChildProcessError):
        os.wait()


if __name__ == "__main__":
    if sys.argv[1] == "nursery":
        nursery(*sys.argv[2:])
    else:
        main(*sys.argv[1:])
