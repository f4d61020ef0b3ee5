"""`portal person export` and `portal person erase`, for a data protection officer."""

import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from portal import commanding
from portal.core.db import end_reading
from portal.person_commands import person
from tests import factories
from tests.privacy.erasing import entries, is_gone, journal

__all__ = ["journal"]
ADA = "ada@canary.example"

pytestmark = [pytest.mark.usefixtures("journal"), pytest.mark.only("sqlite")]


@pytest.fixture
def run(app: Flask, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """The commands on the suite's site, which stands already."""
    monkeypatch.setattr(commanding, "create_app", lambda: app)
    return CliRunner()


def test_export_writes_a_file_for_its_owner_alone(run: CliRunner, tmp_path: Path) -> None:
    factories.make_person("Ada Lind", ADA)
    target = tmp_path / "copy.zip"
    done = run.invoke(person, ["export", ADA, str(target)])
    assert done.exit_code == 0, done.output
    assert str(target) in done.output
    assert target.stat().st_mode & 0o077 == 0
    assert zipfile.ZipFile(target).namelist() == ["index.html", "data.json"]
    again = run.invoke(person, ["export", ADA, str(target)])
    assert "is there already" in str(again.exception)


def test_erase_sends_the_last_mail_and_erases(run: CliRunner) -> None:
    ada = factories.make_person("Ada Lind", ADA)
    done = run.invoke(person, ["erase", ADA])
    assert done.exit_code == 0, done.exception
    assert f"{ADA} is erased." in done.output
    end_reading()
    assert is_gone(ada)
    assert len(entries()) == 1


@pytest.mark.parametrize("command", ["export", "erase"])
def test_who_is_not_here_is_named(run: CliRunner, command: str) -> None:
    done = run.invoke(person, [command, "nobody@canary.example"])
    assert done.exit_code != 0
    assert "Nobody here has the address nobody@canary.example." in str(done.exception)


def test_a_colleague_is_not_erased(run: CliRunner) -> None:
    rita = factories.make_staff(email="rita@canary.example")
    done = run.invoke(person, ["erase", "rita@canary.example"])
    assert "hands over first" in str(done.exception)
    assert not is_gone(rita)
