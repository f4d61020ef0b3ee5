"""Running the machine for as long as a test says."""

from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.applications.machine.machine import machine_on
from tests.conftest import Time, _empty


def run(app: Flask, database: str, time: Time, examples: int, steps: int) -> None:
    """Try so many histories of at most so many steps, each from the beginning."""
    machine = machine_on(app, time, lambda: _empty(app, database))
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
