"""Nobody outside an audience gets an update by mail, nobody twice, and digests hold exactly what came since."""

from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.conftest import Time, _empty
from tests.digests.machine import machine_on


def test_whatever_readers_recruiters_workers_and_clocks_do(app: Flask, database: str, time: Time) -> None:
    run_state_machine_as_test(
        machine_on(app, time, lambda: _empty(app, database)),
        settings=settings(
            max_examples=8, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
