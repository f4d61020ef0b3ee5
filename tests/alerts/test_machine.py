"""Job alerts over random histories, short here and long in the soak."""

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.alerts.machine import machine_on
from tests.conftest import Time, _empty


def _run(app: Flask, database: str, time: Time, examples: int, steps: int) -> None:
    run_state_machine_as_test(
        machine_on(time, lambda: _empty(app, database)),
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


@pytest.mark.only("sqlite")  # the long run tries both
def test_nobody_is_told_twice_or_of_what_is_not_there_and_everybody_is_told_once(
    app: Flask, database: str, time: Time
) -> None:
    _run(app, database, time, examples=6, steps=20)


@pytest.mark.soak
def test_the_same_for_long(app: Flask, database: str, time: Time) -> None:
    _run(app, database, time, examples=150, steps=60)
