"""Never without a right at the moment of sending, never above the budget, outside the window, or to a dead address."""

from pathlib import Path

from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.conftest import Time, _empty
from tests.outbox.machine import machine_on


def test_whatever_people_senders_workers_and_clocks_do(app: Flask, database: str, time: Time, tmp_path: Path) -> None:
    run_state_machine_as_test(
        machine_on(app, time, tmp_path, lambda: _empty(app, database)),
        settings=settings(
            max_examples=5, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
