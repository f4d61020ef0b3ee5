"""The command for the last admin who has lost their second factor."""

import sqlite3
from pathlib import Path

from tests.faults.test_commands import check_one_line, run

EMAIL = "vera@example.com"


def test_second_factor_is_reset_by_command(tmp_path: Path) -> None:
    assert run(tmp_path, "db", "upgrade").returncode == 0
    assert run(tmp_path, "staff", "add", EMAIL, "--name", "Vera Admin", "--role", "admin").returncode == 0
    database = sqlite3.connect(tmp_path / "portal.sqlite3")
    database.execute(
        "INSERT INTO second_factor (person_id, sealed_secret, last_step, trust_key, codes_made_at, created_at)"
        " SELECT person_id, 'x', 1, 'y', created_at, created_at FROM staff"
    )
    database.commit()
    done = run(tmp_path, "staff", "reset-second-factor", EMAIL.upper())
    assert (done.returncode, done.stdout.strip()) == (
        0,
        "Vera Admin was told by mail and sets it up anew at the next sign-in.",
    )
    assert database.execute("SELECT count(*) FROM second_factor").fetchone() == (0,)
    kinds = database.execute("SELECT kind FROM delivery WHERE kind LIKE '%second_factor%'").fetchall()
    assert kinds == [("accounts/second_factor_reset",)]
    check_one_line(run(tmp_path, "staff", "reset-second-factor", EMAIL), 1, "no second factor set up")


def test_unknown_colleague_is_one_line(tmp_path: Path) -> None:
    run(tmp_path, "db", "upgrade")
    check_one_line(run(tmp_path, "staff", "reset-second-factor", "nobody@example.com"), 1, "Nobody on the staff")
