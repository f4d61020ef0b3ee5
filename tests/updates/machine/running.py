"""Running the machine for as long as a test says."""

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from portal.digests import jobs
from portal.digests.actions import mailing, settling
from portal.updates.actions import freezing
from tests.conftest import Time, _empty
from tests.updates.machine.machine import machine_on


def in_small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the worker do so few people in a transaction that it can be killed between two of seven."""
    for module, name, count in (
        (freezing, "CHUNK", 2),
        (mailing, "CHUNK", 3),
        (mailing, "_LETTERS", 2),
        (settling, "_AT_ONCE", 2),
        (jobs, "_AT_ONCE", 2),
    ):
        monkeypatch.setattr(module, name, count)


def run(app: Flask, database: str, time: Time, examples: int, steps: int) -> None:
    """Try so many histories of at most so many steps, each from the beginning."""
    machine = machine_on(app, time, lambda: _empty(app, database))
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
