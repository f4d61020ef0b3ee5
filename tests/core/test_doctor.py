"""What `portal doctor` says of mail that does not go out, of what nobody reads, and of who may open the data."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from portal import doctor
from portal.backup.adapters import note_made
from portal.core.leases import give_back_job, take_job
from portal.core.settings import Settings, current_settings, install_settings
from portal.doctor import Finding, Verdict
from portal.outbox.actions import claim_next as claim
from portal.outbox.actions import mark_failed_try, note_server_trouble
from portal.outbox.rules import Blame, TryLater
from portal.outbox.states import Reason
from portal.setup.states import RecordKind, Seen
from tests.conftest import Time
from tests.outbox import servers
from tests.outbox.letters import put

BUSY = TryLater(Reason.BUSY, 421, "4.7.0 come back later", Blame.SERVER)


def test_a_server_that_answers_and_takes_nothing_is_wrong_since_when(app: Flask, time: Time) -> None:
    assert list(doctor._taking()) == []
    note_server_trouble(BUSY, time.at)
    time.pass_by(hours=11)
    assert list(doctor._taking()) == [
        Finding(
            "mail", "has taken nothing since Wednesday 4 March 2026, 09:00 (421 4.7.0 come back later)", Verdict.WRONG
        )
    ]


def test_a_slow_domain_is_named_and_is_nothing_wrong_here(app: Flask, time: Time) -> None:
    put(1, to="ada@slow.example")
    claimed = claim("one", time.at)
    assert claimed is not None
    mark_failed_try(claimed, replace(BUSY, blame=Blame.DOMAIN), time.at)
    (finding,) = doctor._taking()
    assert finding.verdict is Verdict.NOTE
    assert finding.text.startswith("slow.example asks us to come back later since Wednesday 4 March 2026, 09:00")
    assert finding.text.endswith("; 1 wait")


def test_where_people_are_a_missing_or_old_backup_is_wrong(app: Flask, tmp_path: Path, time: Time) -> None:
    before = current_settings()
    live = replace(before, env="production", data_dir=tmp_path)
    install_settings(live)
    try:
        assert doctor._backup(live) == Finding(
            "backup", "none was made here yet; run: portal backup FILE", Verdict.WRONG
        )
        assert doctor._backup(replace(live, env="development")).verdict is Verdict.NOTE
        note_made(time.at)
        assert doctor._backup(live) == Finding("backup", "the newest is less than an hour old", Verdict.OK)
        time.pass_by(days=3)
        assert doctor._backup(live) == Finding("backup", "the newest is 3 days old", Verdict.WRONG)
    finally:
        install_settings(before)


def test_a_queue_that_is_late_says_since_when(app: Flask, time: Time) -> None:
    assert doctor._queue() == Finding("queue", "0 messages wait, 0 could not be delivered", Verdict.OK)
    put(1)
    time.pass_by(hours=2)
    says = "1 message waits, the oldest since Wednesday 4 March 2026, 09:00, 0 could not be delivered"
    assert doctor._queue() == Finding("queue", says, Verdict.WRONG)


@pytest.mark.only("sqlite")  # a conversation with a mail server knows no database
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_server_that_hangs_is_said_to_hang(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    short = doctor.Transport.__init__
    monkeypatch.setattr(doctor.Transport, "__init__", lambda self, *rest: short(self, *rest, deadline=0.5))
    with servers.misbehaving(lambda _connection, is_over: is_over.wait(10) and None) as port:
        finding = doctor._mail(replace(current_settings(), mail_url=f"smtp://127.0.0.1:{port}"))
    assert finding == Finding("mail", f"127.0.0.1:{port} does not take us: no answer within 0.5 seconds", Verdict.WRONG)


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


def test_returned_mail_that_nobody_reads_is_not_called_ok(app: Flask) -> None:
    live = replace(current_settings(), env="production", return_address="", reply_address="", mailbox_url="")
    (bounces,) = doctor._bounces(live)
    assert bounces.verdict is Verdict.NOTE
    assert "PORTAL_RETURN_ADDRESS" in bounces.text
    (unread,) = doctor._incoming(replace(live, return_address="bounce@kindred.example"))
    assert unread.verdict is Verdict.WRONG
    assert "PORTAL_MAILBOX_URL" in unread.text


@pytest.mark.parametrize(
    ("seen", "verdict"),
    [
        ({RecordKind.SPF: Seen.FOUND}, Verdict.OK),
        ({RecordKind.SPF: Seen.FOUND, RecordKind.DKIM: Seen.UNKNOWN}, Verdict.NOTE),
        ({RecordKind.SPF: Seen.MISSING, RecordKind.DKIM: Seen.UNKNOWN}, Verdict.WRONG),
    ],
)
def test_records_that_could_not_be_looked_up_are_a_note(
    app: Flask, monkeypatch: pytest.MonkeyPatch, seen: dict[RecordKind, Seen], verdict: Verdict
) -> None:
    monkeypatch.setattr(doctor, "look_up", lambda *_: seen)
    assert doctor._sender(replace(current_settings(), env="production")).verdict is verdict


@pytest.mark.only("sqlite")  # modes of files know no database
def test_data_that_others_on_the_machine_can_open_is_named(app: Flask, tmp_path: Path) -> None:
    folder, file = tmp_path / "data", tmp_path / "data" / "portal.sqlite3"
    folder.mkdir()
    file.touch()
    live = replace(current_settings(), env="production", data_dir=folder, database_url=f"sqlite:///{file}")

    def said(of_folder: int, of_file: int, settings: Settings = live) -> list[tuple[Verdict, bool]]:
        folder.chmod(of_folder)
        file.chmod(of_file)
        return [(one.verdict, str(file) in one.text) for one in doctor._folder(settings)]

    assert said(0o700, 0o600) == [(Verdict.OK, False)]
    assert said(0o755, 0o644) == [(Verdict.WRONG, False), (Verdict.WRONG, True)]
    assert said(0o755, 0o644, replace(live, env="development")) == [(Verdict.NOTE, False), (Verdict.NOTE, True)]
    assert said(0o700, 0o644) == [(Verdict.NOTE, True)]
