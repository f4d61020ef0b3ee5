"""The state machine of promises 1 and 2 for long: thousands of steps on each database."""

import pytest
from flask import Flask

from tests.applications.machine.running import run
from tests.conftest import Time

pytestmark = pytest.mark.soak
#: The rules are the same on both; on PostgreSQL, where a step takes longer, fewer show its SQL and locks.
EXAMPLES = {"sqlite": 200, "postgresql": 80}


def test_thousands_of_steps(app: Flask, database: str, time: Time) -> None:
    run(app, database, time, examples=EXAMPLES[database], steps=40)
