"""A worker in a process of its own, for tests that kill it: `python worker_process.py MINUTES MODE`.

Its clock begins MINUTES after the suite's and then runs; MODE is "until-idle" or "for-ever".
"""

import signal
import sys
import threading
from datetime import UTC, datetime, timedelta

from portal.app import create_app
from portal.core import clock
from portal.worker import run_worker

BEGAN = datetime.now(UTC)
START = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)


def main(minutes: str, mode: str) -> None:
    begins = START + timedelta(minutes=int(minutes))
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    with clock.running_from(lambda: begins + (datetime.now(UTC) - BEGAN)):
        run_worker(create_app(), until_idle=mode == "until-idle", stop=stop)


if __name__ == "__main__":
    main(*sys.argv[1:])
