"""What `portal serve` does when one of its processes dies, or others are to take over, until it is told to leave."""

import multiprocessing
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from multiprocessing.context import ForkProcess
from pathlib import Path

import pytest

from portal.serving import KeptProcess, Orders, Site
from portal.serving.processes import CannotListen, listen

_WORKER = "import os, pathlib, sys, time; pathlib.Path(sys.argv[1]).write_text(str(os.getpid())); time.sleep(60)"
#: Says that it is ready and writes its number down; the last argument is the way to its parent.
_WEB = f"import os, sys; os.write(int(sys.argv[-1]), b'.'); {_WORKER}"
_DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "


def python(program: str, *arguments: object) -> list[str]:
    return [sys.executable, "-S", "-c", program, *map(str, arguments)]


def run(site: Site) -> None:
    os._exit(site.run(Orders().listen()))


def _serve(note: Path) -> None:
    """A server and a worker that do nothing; the worker writes its number down."""
    run(Site(python(_WEB, f"{note}-web"), 1, [KeptProcess("worker", python(_WORKER, note))]))


def _serve_who_does_not_listen(note: Path) -> None:
    """A server whose own child goes on whatever it is told, as one does that is told while it starts."""
    child = f"{_DEAF}import os, pathlib; pathlib.Path({str(note)!r}).write_text(str(os.getpid())); time.sleep(60)"
    program = f"{_DEAF}import subprocess, sys; subprocess.run([sys.executable, '-S', '-c', {child!r}])"
    run(Site(python(program), 1, [], patience=0.5))


def _serve_what_breaks_when_it_is_renewed(note: Path) -> None:
    """A server that begins once; whoever is to take over breaks at once."""
    run(Site(python(f"import pathlib, sys; assert not pathlib.Path(sys.argv[1]).exists(); {_WEB}", note), 1, []))


def _serve_what_never_begins(note: Path) -> None:
    run(Site(python("raise SystemExit(3)"), 1, []))


def serving(what: Callable[[Path], None], note: Path) -> ForkProcess:
    process = multiprocessing.get_context("fork").Process(target=what, args=(note,))
    process.start()
    return process


def tell(process: ForkProcess, number: int) -> None:
    assert process.pid is not None
    os.kill(process.pid, number)


def eventually(is_so: Callable[[], bool], seconds: float = 20) -> None:
    ends = time.monotonic() + seconds
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
    site = serving(_serve, note)
    eventually(lambda: number_in(note) > 0)
    first = number_in(note)
    os.kill(first, signal.SIGKILL)
    eventually(lambda: number_in(note) not in {0, first})
    assert not is_there(first), "nobody waits for it: it is a zombie"
    second = number_in(note)
    tell(site, signal.SIGTERM)
    site.join(20)
    assert site.exitcode == 0
    assert not is_there(second)


def test_a_web_server_that_is_killed_comes_again(tmp_path: Path) -> None:
    web = tmp_path / "number-web"
    site = serving(_serve, tmp_path / "number")
    eventually(lambda: number_in(web) > 0)
    first = number_in(web)
    os.kill(first, signal.SIGKILL)
    eventually(lambda: number_in(web) not in {0, first})
    tell(site, signal.SIGTERM)
    site.join(20)
    assert site.exitcode == 0
    assert not is_there(number_in(web))


def test_new_ones_take_over_from_web_server_and_worker(tmp_path: Path) -> None:
    worker, web = tmp_path / "number", tmp_path / "number-web"
    site = serving(_serve, worker)
    eventually(lambda: number_in(web) > 0 and number_in(worker) > 0)
    before = number_in(web), number_in(worker)
    tell(site, signal.SIGHUP)
    eventually(lambda: number_in(web) not in {0, before[0]} and number_in(worker) not in {0, before[1]})
    eventually(lambda: not any(map(is_there, before)))
    tell(site, signal.SIGTERM)
    site.join(20)
    assert site.exitcode == 0
    assert not any(map(is_there, (number_in(web), number_in(worker))))


def test_whoever_is_there_stays_when_the_new_ones_break(tmp_path: Path) -> None:
    note = tmp_path / "number"
    site = serving(_serve_what_breaks_when_it_is_renewed, note)
    eventually(lambda: number_in(note) > 0)
    for _time in range(2):
        tell(site, signal.SIGHUP)
        time.sleep(0.3)
    assert site.is_alive()
    assert is_there(number_in(note))
    tell(site, signal.SIGTERM)
    site.join(20)
    assert site.exitcode == 0


def test_what_cannot_begin_is_not_tried_again(tmp_path: Path) -> None:
    site = serving(_serve_what_never_begins, tmp_path)
    site.join(20)
    assert site.exitcode == 1


def test_an_address_that_is_taken_is_said_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotListen, match=f"Cannot listen on 127.0.0.1:{port}: Address already in use."):
            listen("127.0.0.1", port)


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
    site = serving(_serve_who_does_not_listen, note)
    eventually(lambda: number_in(note) > 0)
    tell(site, signal.SIGTERM)
    site.join(20)
    assert site.exitcode == 1
    eventually(lambda: not is_there(number_in(note)))
