"""The state machine of the outbox for long: up to 100,000 steps."""

from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.conftest import Time, _empty
from tests.outbox.machine import machine_on

pytestmark = pytest.mark.soak


@pytest.mark.only("sqlite")  # the rules are the same on both, and the short run tries both
def test_up_to_100000_steps(app: Flask, database: str, time: Time, tmp_path: Path) -> None:
    run_state_machine_as_test(
        machine_on(app, time, tmp_path, lambda: _empty(app, database)),
        settings=settings(
            max_examples=1000, stateful_step_count=100, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
