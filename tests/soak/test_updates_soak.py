"""The state machine of updates, their audiences, digests and mail for long: thousands of steps on each database."""

import pytest
from flask import Flask

from tests.conftest import Time
from tests.updates.machine.running import in_small_steps, run

pytestmark = pytest.mark.soak
#: The rules are the same on both; on PostgreSQL, where a step takes longer, fewer show its SQL and locks.
EXAMPLES = {"sqlite": 150, "postgresql": 60}


def test_thousands_of_steps(app: Flask, database: str, time: Time, monkeypatch: pytest.MonkeyPatch) -> None:
    in_small_steps(monkeypatch)
    run(app, database, time, examples=EXAMPLES[database], steps=40)
