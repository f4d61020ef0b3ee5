"""Eight workers on one queue while the clocks change: what may not come at that moment does not come."""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import Time
from tests.faults.crowd import Crowd

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
#: In Warsaw it is 02:29 and 02:30 in summer, then 02:00 and 02:30 in winter, 07:59, 08:00, and Monday's office.
AUTUMN = (
    *("2026-10-25 00:29:59", "2026-10-25 00:30:00", "2026-10-25 01:00:00", "2026-10-25 01:30:00"),
    *("2026-10-25 06:59:59", "2026-10-25 07:00:00", "2026-10-26 07:59:59", "2026-10-26 08:00:00"),
)


@pytest.mark.only("postgresql")  # `make soak` does the same for half a year on both
def test_five_senders_and_eight_workers_over_a_clock_change(app: Flask, time: Time, tmp_path: Path) -> None:
    time.at = datetime(2026, 10, 24, 12, tzinfo=UTC)
    crowd = Crowd(app, time, random.Random(25), tmp_path, 12)
    with crowd.at_work():
        for text in AUTUMN:
            crowd.jump_to(datetime.fromisoformat(text).replace(tzinfo=UTC))
            crowd.busy_moment(messages=5, changes=3)
        crowd.jump_to(time.at + timedelta(minutes=3))
        crowd.busy_moment(messages=2, changes=0)
    crowd.check()
    assert crowd.lost() == []
