"""Eight workers, of which one is killed now and then, five senders, and every clock change of half a year."""

import random
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import Time
from tests.faults.crowd import Crowd

pytestmark = [pytest.mark.soak, pytest.mark.allow_hosts(["127.0.0.1"])]

#: Lord Howe goes 30 minutes ahead, Warsaw and St John's go back, Warsaw goes ahead, Lord Howe goes 30 minutes back.
CHANGES = ("2026-10-03 15:30", "2026-10-25 01:00", "2026-11-01 04:30", "2027-03-28 01:00", "2027-04-03 15:00")
#: Around each: the hours before, both sides of the change itself, of what quiet hours end at, and of the morning.
_SECONDS = (-32400, -14400, -5401, -1800, -1, 0, 1799, 1800, 5400, 16200, 21599, 21600, 24300, 43200, 64800)
#: Tuesday, 10:00 in Warsaw.
_END = datetime(2027, 4, 6, 8, tzinfo=UTC)


def test_all_clock_changes_of_half_a_year(
    app: Flask, database: str, time: Time, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    time.at = datetime(2026, 10, 2, 12, tzinfo=UTC)
    chance = random.Random(8)
    crowd = Crowd(app, time, chance, tmp_path, 24)
    with crowd.at_work():
        for text in CHANGES:
            change = datetime.fromisoformat(text).replace(tzinfo=UTC)
            for seconds in _SECONDS:
                crowd.jump_to(change + timedelta(seconds=seconds))
                crowd.busy_moment(messages=5, changes=4, kills=int(chance.random() < 0.3))
        for minutes in range(0, 30, 5):
            crowd.jump_to(_END + timedelta(minutes=minutes))
            crowd.busy_moment(messages=1, changes=0)
    account = crowd.check()
    with capsys.disabled():
        sys.stdout.write(f"\n{database}: {account}\n")
    assert crowd.lost() == []
