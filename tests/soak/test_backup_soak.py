"""Backups one after the other while the site writes 200 times a second for minutes; restored into both kinds."""

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from portal.backup.actions import back_up, restore
from portal.backup.adapters import reading
from portal.core import clock, migrations
from portal.core.db import db, transaction
from portal.core.permissions import Role
from portal.core.settings import current_settings
from tests.backup.elsewhere import TOLD, another_site, rows_here
from tests.backup.writers import Writers
from tests.factories import make_person, make_staff
from tests.privacy.erasing import journal
from tests.whole_site.personal_data import add_opening, plant

__all__ = ["journal"]
pytestmark = [pytest.mark.soak, pytest.mark.usefixtures("journal")]
#: Transactions a second, and for how many seconds.
RATE = 200
SECONDS = int(os.environ.get("SOAK_SECONDS", "120"))


def test_backups_while_200_write_a_second(
    app: Flask, database: str, tmp_path: Path, postgresql_url: Callable[[], str]
) -> None:
    with transaction():
        for _ in range(5_000):
            make_person()
    took, counts = [], []
    began = time.perf_counter()
    with Writers(RATE) as writers:
        writers.wait_for(RATE)
        while time.perf_counter() - began < SECONDS:
            begun, written = time.perf_counter(), writers.count
            target = tmp_path / f"{len(took)}.rapport"
            back_up(target, clock.now())
            took.append(time.perf_counter() - begun)
            counts.append((written, people_in(target), writers.count))
            if len(took) > 1:
                (tmp_path / f"{len(took) - 2}.rapport").unlink()
    rate = writers.count / (time.perf_counter() - began)
    for before, people, after in counts:
        assert before <= people - 5_000 <= after + 2
    with another_site(database, tmp_path, postgresql_url):
        done = restore(target, journals=[], may_replace=False, now=clock.now())
        assert migrations.differences(db.engines["write"]) == []
        held = {name: len(rows) for name, rows in rows_here().items()}
        wanted = {name: part.row_count for name, part in done.manifest.tables.items()}
        assert {name: count for name, count in held.items() if name not in TOLD} == {
            name: count for name, count in wanted.items() if name not in TOLD
        }
    (tmp_path / "measured").write_text(
        f"{database}: {writers.count} transactions at {rate:.0f} a second, the longest {writers.longest:.2f} s; "
        f"{len(took)} backups of {min(took):.1f} to {max(took):.1f} s\n"
    )


def people_in(target: Path) -> int:
    """How many people are in a backup, each with their address."""
    with reading(target, current_settings().privacy_key) as opened:
        people = {json.loads(line)[0] for line in opened.lines("person")}
        place = opened.manifest.tables["address"].columns.index("person_id")
        assert people == {json.loads(line)[place] for line in opened.lines("address")}
    return len(people)


def test_what_one_kind_wrote_the_other_restores(
    app: Flask, database: str, tmp_path: Path, postgresql_url: Callable[[], str]
) -> None:
    colleague = make_staff("Rita", Role.ADMIN)
    plant(colleague, add_opening(colleague))
    target = tmp_path / "today.rapport"
    back_up(target, clock.now())
    here = rows_here()
    other_kind = "sqlite" if database == "postgresql" else "postgresql"
    with another_site(other_kind, tmp_path, postgresql_url):
        restore(target, journals=[], may_replace=False, now=clock.now())
        there = rows_here()
        assert make_person() > max(row[0] for row in there["person"])
    assert {name: rows for name, rows in there.items() if name not in TOLD} == {
        name: rows for name, rows in here.items() if name not in TOLD
    }
