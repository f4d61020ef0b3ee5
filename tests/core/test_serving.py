"""What `portal serve` does when its worker dies: another one comes, until it is told to leave."""

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from portal.serving import KeptProcess, start_group, wait_for

_WORKER = "import os, pathlib, sys, time; pathlib.Path(sys.argv[1]).write_text(str(os.getpid())); time.sleep(60)"


def _serve(note: Path) -> None:
    """A server and a worker that do nothing; the worker writes its number down."""
    worker = KeptProcess("worker", [sys.executable, "-S", "-c", _WORKER, str(note)])
    web = start_group([sys.executable, "-S", "-c", "import time; time.sleep(60)"])
    os._exit(wait_for(web, [worker]))


def _serve_who_does_not_listen(note: Path) -> None:
    """A server whose own child goes on whatever it is told, as one does that is told while it starts."""
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    child = f"{deaf}import os, pathlib; pathlib.Path({str(note)!r}).write_text(str(os.getpid())); time.sleep(60)"
    web = start_group(
        [
            sys.executable,
            "-S",
            "-c",
            f"{deaf}import subprocess, sys; subprocess.run([sys.executable, '-S', '-c', {child!r}])",
        ]
    )
    os._exit(wait_for(web, [], patience=0.5))


def eventually(is_so: Callable[[], bool]) -> None:
    ends = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < ends, "it never came"
        time.sleep(0.05)


def number_in(note: Path) -> int:
    text = note.read_text() if note.exists() else ""
    return int(text or 0)


def is_there(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_worker_that_is_killed_comes_again_and_leaves_with_the_server(tmp_path: Path) -> None:
    note = tmp_path / "number"
    serving = multiprocessing.get_context("fork").Process(target=_serve, args=(note,))
    serving.start()
    assert serving.pid is not None
    eventually(lambda: number_in(note) > 0)
    first = number_in(note)
    os.kill(first, signal.SIGKILL)
    eventually(lambda: number_in(note) not in {0, first})
    assert not is_there(first), "nobody waits for it: it is a zombie"
    second = number_in(note)
    os.kill(serving.pid, signal.SIGTERM)
    serving.join(20)
    assert serving.exitcode == 0
    assert not is_there(second)


def test_one_that_ends_at_once_is_started_less_and_less_often() -> None:
    kept = KeptProcess("worker", [sys.executable, "-S", "-c", "pass"])
    pauses = []
    for _time in range(2):
        eventually(lambda: (kept.look(), kept._again_at is not None)[1])
        pauses.append(kept._pause)
        eventually(lambda: (kept.look(), kept._again_at is None)[1])
    kept.terminate()
    kept.wait()
    assert pauses == [2.0, 4.0]


def test_a_server_that_does_not_leave_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    note = tmp_path / "number"
    serving = multiprocessing.get_context("fork").Process(target=_serve_who_does_not_listen, args=(note,))
    serving.start()
    assert serving.pid is not None
    eventually(lambda: number_in(note) > 0)
    os.kill(serving.pid, signal.SIGTERM)
    serving.join(20)
    assert serving.exitcode == 1
    eventually(lambda: not is_there(number_in(note)))
