"""What `portal doctor` says of mail that does not go out."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from portal import doctor
from portal.backup.adapters import note_made
from portal.core.leases import give_back_job, take_job
from portal.core.settings import current_settings, install_settings
from portal.doctor import Finding
from portal.outbox.actions import claim_next as claim
from portal.outbox.actions import mark_failed_try, note_server_trouble
from portal.outbox.rules import Blame, TryLater
from portal.outbox.states import Reason
from tests.conftest import Time
from tests.outbox import servers
from tests.outbox.letters import put

BUSY = TryLater(Reason.BUSY, 421, "4.7.0 come back later", Blame.SERVER)


def test_a_server_that_answers_and_takes_nothing_is_wrong_since_when(app: Flask, time: Time) -> None:
    assert list(doctor._taking()) == []
    note_server_trouble(BUSY, time.at)
    time.pass_by(hours=11)
    assert list(doctor._taking()) == [
        Finding("mail", "has taken nothing since Wednesday 4 March 2026, 09:00 (421 4.7.0 come back later)", False)
    ]


def test_a_slow_domain_is_named_and_is_nothing_wrong_here(app: Flask, time: Time) -> None:
    put(1, to="ada@slow.example")
    claimed = claim("one", time.at)
    assert claimed is not None
    mark_failed_try(claimed, replace(BUSY, blame=Blame.DOMAIN), time.at)
    (finding,) = doctor._taking()
    assert finding.is_fine
    assert finding.text.startswith("slow.example asks us to come back later since Wednesday 4 March 2026, 09:00")
    assert finding.text.endswith("; 1 wait")


def test_where_people_are_a_missing_or_old_backup_is_wrong(app: Flask, tmp_path: Path, time: Time) -> None:
    before = current_settings()
    live = replace(before, env="production", data_dir=tmp_path)
    install_settings(live)
    try:
        assert doctor._backup(live) == Finding("backup", "none was made here yet; run: portal backup FILE", False)
        assert doctor._backup(replace(live, env="development")).is_fine
        note_made(time.at)
        assert doctor._backup(live) == Finding("backup", "the newest is less than an hour old", True)
        time.pass_by(days=3)
        assert doctor._backup(live) == Finding("backup", "the newest is 3 days old", False)
    finally:
        install_settings(before)


def test_a_queue_that_is_late_says_since_when(app: Flask, time: Time) -> None:
    assert doctor._queue() == Finding("queue", "0 messages wait, 0 could not be delivered", True)
    put(1)
    time.pass_by(hours=2)
    says = "1 message waits, the oldest since Wednesday 4 March 2026, 09:00, 0 could not be delivered"
    assert doctor._queue() == Finding("queue", says, False)


@pytest.mark.only("sqlite")  # a conversation with a mail server knows no database
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_server_that_hangs_is_said_to_hang(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    short = doctor.Transport.__init__
    monkeypatch.setattr(doctor.Transport, "__init__", lambda self, *rest: short(self, *rest, deadline=0.5))
    with servers.misbehaving(lambda _connection, is_over: is_over.wait(10) and None) as port:
        finding = doctor._mail(replace(current_settings(), mail_url=f"smtp://127.0.0.1:{port}"))
    assert finding == Finding("mail", f"127.0.0.1:{port} does not take us: no answer within 0.5 seconds", False)


def test_a_worker_in_the_middle_of_a_long_job_is_not_silent(app: Flask, time: Time) -> None:
    assert not doctor._worker().is_fine
    lease_and_finish(time)
    assert doctor._worker().is_fine
    time.pass_by(minutes=3)
    assert not doctor._worker().is_fine
    assert take_job("ats/run_imports", "one", time.at)
    assert doctor._worker().is_fine


def lease_and_finish(time: Time) -> None:
    assert take_job("worker/show_life", "one", time.at)
    give_back_job("worker/show_life", "one", time.at, timedelta(seconds=20))
