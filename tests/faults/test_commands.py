"""Commands in trouble: one line on standard error that says what is wrong, exit 1 or 2, no traceback."""

import logging
import multiprocessing
import os
import stat
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from portal import cli
from portal.core import settings
from tests.core.live import LIVE


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    returncode: int
    stdout: str
    stderr: str


def run(folder: Path, *arguments: str, **environment: str) -> Done:
    """A command as somebody types it, with its data in `folder`; in a forked process, which spares the imports."""
    out, err = folder / "stdout.txt", folder / "stderr.txt"
    child = multiprocessing.get_context("fork").Process(
        target=_command, args=(folder, arguments, environment, out, err)
    )
    child.start()
    child.join(60)
    assert child.exitcode is not None, "the command hangs"
    return Done(child.exitcode, out.read_text(), err.read_text())


def _command(folder: Path, arguments: tuple[str, ...], environment: dict[str, str], out: Path, err: Path) -> None:
    for name in [name for name in os.environ if name.startswith("PORTAL_")]:
        del os.environ[name]
    os.environ.update({"PORTAL_DATA_DIR": str(folder), **environment})
    os.chdir(folder)
    settings._installed.clear()
    logging.getLogger().handlers.clear()
    for path, number in ((out, 1), (err, 2)):
        os.dup2(os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY), number)
    sys.stdout, sys.stderr = (os.fdopen(number, "w", buffering=1) for number in (1, 2))
    sys.argv = ["portal", *arguments]
    cli.main()


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def check_one_line(done: Done, code: int, says: str) -> None:
    assert done.returncode == code, done.stderr
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr


@pytest.mark.parametrize("command", ["db upgrade", "db check", "demo load", "serve --port 8977"])
def test_file_that_is_no_database_is_one_line(tmp_path: Path, command: str) -> None:
    (tmp_path / "portal.sqlite3").write_text("This is a letter and no database. " * 50)
    check_one_line(run(tmp_path, *command.split()), 1, "file is not a database")


def test_server_that_is_away_is_one_line_without_its_password(tmp_path: Path) -> None:
    url = "postgresql://portal:the-password@127.0.0.1:1/portal"
    done = run(tmp_path, "db", "check", PORTAL_DATABASE_URL=url)
    check_one_line(done, 1, "refused")
    assert "the-password" not in done.stderr


def test_doctor_names_a_broken_database_among_the_rest(tmp_path: Path) -> None:
    (tmp_path / "portal.sqlite3").write_text("This is a letter and no database. " * 50)
    done = run(tmp_path, "doctor")
    assert done.returncode == 1
    assert [line for line in done.stdout.splitlines() if line.startswith("WRONG database")]
    assert done.stderr == ""


def test_first_commands_of_a_site_close_its_data_and_say_where_things_go(tmp_path: Path) -> None:
    assert run(tmp_path, "db", "upgrade").returncode == 0
    assert mode_of(tmp_path / "portal.sqlite3") == 0o600
    added = run(tmp_path, "staff", "add", "ada@example.org", "--name", "Ada", "--role", "admin")
    (link,) = added.stdout.splitlines()
    assert link.startswith("http://127.0.0.1:8000/invitation/")
    assert "goes to ada@example.org by mail" in added.stderr
    assert "7 days" in added.stderr
    lines = run(tmp_path, "doctor").stdout.splitlines()
    assert "note  sender: kindred.example: SPF could not be checked from here" in "\n".join(lines)
    assert [line for line in lines if line.startswith("ok    replies: go to whoever looks after the application")]
    assert [line for line in lines if line.startswith("note  holidays: no country is set")]


def test_live_site_makes_its_folder_for_itself_alone_or_says_how(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = run(tmp_path, "db", "upgrade", **LIVE, PORTAL_DATA_DIR=str(tmp_path / "file" / "data"))
    check_one_line(done, 1, "install -d -o USER -m 700")
    folder = tmp_path / "lib" / "rapport"
    child = multiprocessing.get_context("fork").Process(target=_make_folder, args=(folder,))
    child.start()
    child.join(60)
    assert mode_of(folder) == 0o700


def _make_folder(folder: Path) -> None:
    os.environ.update({**LIVE, "PORTAL_DATA_DIR": str(folder)})
    settings._installed.clear()
    cli._make_data_folder()


def test_work_that_could_not_be_done_is_not_called_done(tmp_path: Path) -> None:
    done = run(tmp_path, "worker", "--until-idle")
    assert done.returncode == 1


def test_folder_that_cannot_be_used_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    check_one_line(run(tmp_path, "db", "check", PORTAL_DATA_DIR=str(tmp_path / "file" / "var")), 2, "PORTAL_DATA_DIR")


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("nosuch", "No such command"),
        ("import applications .", "is a directory"),
        ("import applications missing.csv", "does not exist"),
        ("staff add ada@example.org --name Ada --role king", "king"),
        ("serve --port 99999", "99999"),
    ],
)
def test_wrong_usage_is_one_line_that_names_the_help(tmp_path: Path, command: str, says: str) -> None:
    done = run(tmp_path, *command.split())
    check_one_line(done, 2, says)
    assert "--help" in done.stderr


def test_port_of_the_environment_that_is_none_is_one_line(tmp_path: Path) -> None:
    check_one_line(run(tmp_path, "serve", PORT="abc"), 2, "abc")


def test_file_that_is_no_table_is_one_line(tmp_path: Path) -> None:
    assert run(tmp_path, "db", "upgrade").returncode == 0
    for content, says in ((b"", "empty"), (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not a table")):
        (tmp_path / "export.csv").write_bytes(content)
        check_one_line(run(tmp_path, "import", "applications", "export.csv"), 1, says)
