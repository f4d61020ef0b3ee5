"""Promise 2 over random histories, with the clock in hand."""

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.applications.ending_machine import machine_on
from tests.conftest import Time, _empty


def run(app: Flask, database: str, time: Time, examples: int, steps: int) -> None:
    run_state_machine_as_test(
        machine_on(time, lambda: _empty(app, database)),
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


@pytest.mark.only("sqlite")  # the long run tries both
def test_nothing_ends_in_any_other_way(app: Flask, database: str, time: Time) -> None:
    run(app, database, time, examples=40, steps=20)


@pytest.mark.soak
def test_nothing_ends_in_any_other_way_for_long(app: Flask, database: str, time: Time) -> None:
    run(app, database, time, examples=400, steps=40)
