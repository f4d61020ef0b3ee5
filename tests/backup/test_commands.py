"""`portal backup` and `portal restore` as somebody types them."""

import multiprocessing
import os
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.test_commands import _command, check_one_line, run

KEYS = {
    "PORTAL_SECRET_KEY": "a-secret-key-that-is-only-good-for-tests",
    "PORTAL_PRIVACY_KEY": "a-privacy-key-that-is-only-good-for-tests",
}


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """The data folder of a site with one admin."""
    folder = tmp_path / "here"
    folder.mkdir()
    assert run(folder, "db", "upgrade", **KEYS).returncode == 0
    added = run(folder, "staff", "add", "ada@demo.example", "--name", "Ada", "--role", "admin", **KEYS)
    assert added.returncode == 0
    return folder


def test_a_site_is_backed_up_and_restored_by_command(here: Path, tmp_path: Path) -> None:
    file, there = tmp_path / "today.rapport", tmp_path / "there"
    there.mkdir()
    done = run(here, "backup", str(file), **KEYS)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"and 0 files are in {file}" in done.stdout
    check_one_line(run(here, "backup", str(file), **KEYS), 1, "is there already")
    done = run(there, "restore", str(file), **{**KEYS, "PORTAL_SECRET_KEY": "another-secret-key-of-another-machine-00"})
    assert done.returncode == 0
    assert "Restored" in done.stdout
    assert "/recruiting/admin/mail" in done.stdout
    assert "second factors" in done.stderr
    with closing(sqlite3.connect(there / "portal.sqlite3")) as database:
        assert database.execute("SELECT name FROM person").fetchall() == [("Ada",)]
    # Nothing but what a site has lies there, and nothing of it is for others to read.
    assert {path.name for path in there.iterdir()} - {"stdout.txt", "stderr.txt"} >= {"files", "portal.sqlite3"}
    assert not [path for path in there.iterdir() if path.name.startswith("restore-")]
    assert (there / "portal.sqlite3").stat().st_mode & 0o077 == 0
    check_one_line(run(there, "restore", str(file), **KEYS), 1, "--replace")
    file.write_bytes(file.read_bytes()[:-100])
    check_one_line(run(there, "restore", str(file), "--replace", **KEYS), 1, "cut off or damaged")


@pytest.mark.soak
def test_while_a_worker_runs_nothing_is_restored(here: Path, tmp_path: Path) -> None:
    file = tmp_path / "today.rapport"
    assert run(here, "backup", str(file), **KEYS).returncode == 0
    out, err = tmp_path / "worker.txt", tmp_path / "worker-says.txt"
    worker = multiprocessing.get_context("fork").Process(target=_command, args=(here, ("worker",), KEYS, out, err))
    worker.start()
    try:
        until = time.monotonic() + 60
        while not err.exists() or "worker begins" not in err.read_text():
            assert worker.is_alive()
            assert time.monotonic() < until
            time.sleep(0.05)
        check_one_line(run(here, "restore", str(file), "--replace", **KEYS), 1, "still runs")
        assert worker.pid is not None
        # However it ends, it keeps nothing away any more.
        os.kill(worker.pid, signal.SIGKILL)
        worker.join()
        assert run(here, "restore", str(file), "--replace", **KEYS).returncode == 0
    finally:
        worker.kill()
        worker.join()


@pytest.mark.soak
def test_a_restore_that_is_killed_leaves_what_was_there_or_lets_nothing_start(here: Path, tmp_path: Path) -> None:
    file = tmp_path / "today.rapport"
    assert run(here, "backup", str(file), **KEYS).returncode == 0
    began = time.monotonic()
    assert run(here, "restore", str(file), "--replace", **KEYS).returncode == 0
    took = time.monotonic() - began
    seen = set()
    for part in range(1, 25):
        out, err = tmp_path / "out.txt", tmp_path / "err.txt"
        arguments = ("restore", str(file), "--replace")
        process = multiprocessing.get_context("fork").Process(target=_command, args=(here, arguments, KEYS, out, err))
        process.start()
        process.join(took * part / 24)
        process.kill()
        process.join()
        is_cut_off = (here / "restore-unfinished").exists()
        seen.add(is_cut_off)
        if is_cut_off:
            check_one_line(run(here, "worker", "--until-idle", **KEYS), 1, "cut off before it was done")
            assert run(here, "restore", str(file), "--replace", **KEYS).returncode == 0
        with closing(sqlite3.connect(here / "portal.sqlite3")) as database:
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert database.execute("SELECT name FROM person").fetchall() == [("Ada",)]
    assert run(here, "restore", str(file), "--replace", **KEYS).returncode == 0
    assert not [path for path in here.iterdir() if path.name.startswith("restore-")]
    assert False in seen
