"""Whoever was erased does not come back with a file: only by applying again, or by joining."""

from pathlib import Path

import pytest
from flask import Flask

from portal.core import clock
from portal.core.db import end_reading
from portal.people.models import Person
from portal.privacy.actions import erase_person
from tests.accounts.visitors import hire
from tests.ats.exports import counts, find_application, how_many, row, run, write_file
from tests.conftest import Time

pytestmark = pytest.mark.both_in_soak
ADA = "ada@demo.example"


@pytest.fixture
def erased(app: Flask, tmp_path: Path) -> Path:
    """The file with which somebody came who was erased since."""
    hire()
    path = write_file(tmp_path, [row(), row(id="2", email="bo@demo.example", name="Bo")])
    run(path)
    erase_person(find_application(ADA).person_id, None, clock.now())
    end_reading()
    return path


def test_the_same_file_again_brings_nobody_back(erased: Path) -> None:
    known = how_many(Person)
    assert counts(run(erased, dry_run=True)) == (0, 0, 1, 1)
    report = run(erased)
    assert counts(report) == (0, 0, 1, 1)
    assert how_many(Person) == known
    (refused,) = report.refusals()
    assert refused.column == "Email"
    assert "was deleted here on Wednesday 4 March 2026" in refused.reason
    assert ADA not in refused.reason


def test_an_application_of_an_unknown_day_does_not_either(erased: Path, tmp_path: Path) -> None:
    path = write_file(tmp_path, [row(id="7", email=" ADA@demo.example ", applied="")])
    assert counts(run(path)) == (0, 0, 0, 1)


def test_who_applies_again_afterwards_comes_in(erased: Path, tmp_path: Path, time: Time) -> None:
    time.pass_by(days=9)
    path = write_file(tmp_path, [row(id="7", applied="2026-03-10")])
    assert counts(run(path)) == (1, 0, 0, 0)
    assert find_application(ADA).source_stage == "Recruiter Screen"
