"""Restoring a backup elsewhere: everything is there, the erased are not, and mail waits for an admin."""

import os
import random
import sqlite3
import threading
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, select

from portal.accounts.queries import devices_of
from portal.backup.actions import NotEmpty, back_up, backing_up, restore
from portal.backup.rules import Damaged, NotForHere
from portal.company.queries import last_restore
from portal.contact.states import WhyHeld
from portal.core import clock, migrations, running
from portal.core.db import db, end_reading, session
from portal.core.permissions import Role
from portal.core.running import CutOff, InUse
from portal.files.actions import store_file
from portal.files.queries import folder
from portal.outbox.actions import let_mail_go
from portal.outbox.jobs import MailSender
from portal.outbox.models import Delivery
from portal.outbox.states import MailClass
from portal.privacy.actions import erase_person
from portal.privacy.adapters import journal_path
from tests.accounts.visitors import ADA, is_in, join, sign_in
from tests.backup.elsewhere import TOLD, another_site, rows_here
from tests.backup.letters import agreed, put_community
from tests.conftest import Time
from tests.factories import make_person, make_staff, signed_in, visitor
from tests.outbox import servers
from tests.outbox.letters import put, settings
from tests.privacy.erasing import journal
from tests.whole_site.personal_data import CANARY, add_opening, places_of, plant

CV = b"%PDF-1.4 the life of Ada"
pytestmark = [pytest.mark.allow_hosts(["127.0.0.1"]), pytest.mark.usefixtures("journal")]
__all__ = ["journal"]


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "today.rapport"


def sent_by(sink: servers.Sink) -> list[str]:
    """What a worker sends now, by subject."""
    before = len(sink.got)
    MailSender("worker-1", threading.Event(), settings(sink.url, "production")).send_due_mail()
    return sorted(str(got.message["Subject"]) for got in sink.got[before:])


def put_all_kinds(ada: int) -> None:
    """A letter of each kind that waits."""
    agreed(ada)
    put(2, to=ADA, person_id=ada, cause="own")
    put(3, to=ADA, person_id=ada, cause="survey", mail_class=MailClass.SURVEY)
    put_community(ada, 4)


@pytest.mark.both_in_soak
def test_a_site_goes_on_elsewhere(
    app: Flask, database: str, target: Path, tmp_path: Path, postgresql_url: Callable[[], str], time: Time
) -> None:
    admin = make_staff("Admin", Role.ADMIN)
    ada, canary = join(), plant(admin, add_opening(admin))
    store_file(BytesIO(CV), "cv.pdf", owner_id=ada, keep_days=9, limit=1000, now=clock.now())
    signed_in(app, ada)
    with servers.mail_server() as sink:
        put(1, to=ADA, person_id=ada, cause="before")
        MailSender("worker-1", threading.Event(), settings(sink.url, "production")).send_due_mail()
        put_all_kinds(ada)
        made = back_up(target, clock.now())
        time.pass_by(hours=1)
        erase_person(canary, None, clock.now())
        here = rows_here()
        journal = tmp_path / "kept-elsewhere"
        journal.write_bytes(journal_path().read_bytes())
        with another_site(database, tmp_path, postgresql_url) as other:
            time.pass_by(hours=1)
            done = restore(target, journals=[journal], may_replace=False, now=clock.now())
            assert (done.manifest, done.erased_count, done.is_other_secret) == (made, 1, False)
            assert migrations.differences(db.engines["write"]) == []
            there = rows_here()
            assert {name: rows for name, rows in there.items() if name not in TOLD} == {
                name: rows for name, rows in here.items() if name not in TOLD
            }
            assert places_of(CANARY) == []
            assert [path.read_bytes() for path in folder().iterdir()] == [CV]
            if database == "sqlite":
                check_file(tmp_path / "elsewhere.sqlite3")
            # New rows come after those that were brought.
            assert make_person() > max(row[0] for row in there["person"])
            assert devices_of(ada, clock.now()) == []
            browser = visitor(other)
            sign_in(browser)
            assert is_in(browser)
            check_mail(sink, admin)


def check_file(path: Path) -> None:
    own = sqlite3.connect(path)
    assert own.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert own.execute("PRAGMA foreign_key_check").fetchall() == []
    assert own.execute("PRAGMA journal_mode").fetchall() == [("wal",)]
    own.close()


def check_mail(sink: servers.Sink, admin: int) -> None:
    """What had gone does not go again; what waited goes, of community mail and surveys once an admin says so."""
    assert sent_by(sink) == ["News 2"]
    end_reading()
    held = session().execute(select(Delivery.subject, Delivery.held_reason).where(Delivery.held_reason.is_not(None)))
    assert sorted(held) == [("News 3", WhyHeld.RESTORED), ("News 4", WhyHeld.RESTORED)]
    restore_seen = last_restore()
    assert restore_seen is not None
    assert (restore_seen.is_held, restore_seen.own_count, restore_seen.erased_count) == (True, 1, 1)
    assert let_mail_go(actor_id=admin, now=clock.now())
    assert not let_mail_go(actor_id=admin, now=clock.now())
    assert sent_by(sink) == ["News 3", "News 4"]
    assert sent_by(sink) == []


@pytest.mark.only("sqlite")  # the file is looked at before any database
def test_whatever_is_cut_or_changed_is_found_before_anything_is_touched(app: Flask, target: Path) -> None:
    make_person()
    back_up(target, clock.now())
    whole, here = target.read_bytes(), rows_here()
    dice = random.Random(7)
    spots = [0, len(whole) - 1, len(whole) - 65, len(whole) - 80, *(dice.randrange(len(whole)) for _ in range(150))]
    for spot in spots:
        target.write_bytes(whole[:spot] + bytes([whole[spot] ^ (1 << dice.randrange(8))]) + whole[spot + 1 :])
        with pytest.raises(Damaged, match="Nothing was changed"):
            restore(target, journals=[], may_replace=True, now=clock.now())
    for length in [0, 1, 22, len(whole) - 1, len(whole) - 64, *(dice.randrange(len(whole)) for _ in range(50))]:
        target.write_bytes(whole[:length])
        with pytest.raises(Damaged, match="Nothing was changed"):
            restore(target, journals=[], may_replace=True, now=clock.now())
    assert rows_here() == here


@pytest.mark.only("sqlite")
@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"format": 1', '"format": 2', "newer version"),
        ('"revision": "', '"revision": "9', "newer version"),
        ('"privacy_key": "', '"privacy_key": "0', "another PORTAL_PRIVACY_KEY"),
    ],
)
def test_what_is_not_for_here_is_refused(
    app: Flask, target: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, says: str
) -> None:
    as_text = backing_up.manifest_as_text
    monkeypatch.setattr(backing_up, "manifest_as_text", lambda manifest: as_text(manifest).replace(old, new))
    back_up(target, clock.now())
    with pytest.raises(NotForHere, match=says):
        restore(target, journals=[], may_replace=True, now=clock.now())


def test_people_are_replaced_only_when_that_is_said(app: Flask, target: Path) -> None:
    make_person()
    back_up(target, clock.now())
    with pytest.raises(NotEmpty, match="--replace"):
        restore(target, journals=[], may_replace=False, now=clock.now())
    assert len(rows_here()["person"]) == 1


@pytest.fixture
def somebody_works() -> Iterator[None]:
    """As every web process and worker does; a lock of a file that was opened apart stands for another process."""
    running.work_here()
    yield
    os.close(running._held.pop())


@pytest.mark.only("sqlite")  # the lock lies beside any database
def test_while_something_runs_nothing_is_restored(app: Flask, target: Path, somebody_works: None) -> None:
    back_up(target, clock.now())
    with pytest.raises(InUse, match="Stop both"):
        restore(target, journals=[], may_replace=True, now=clock.now())


def test_an_open_database_is_not_replaced(app: Flask, target: Path) -> None:
    """Somebody looks into it with a program of their own, or a server on another machine uses it."""
    back_up(target, clock.now())
    apart = create_engine(db.engine.url)
    with apart.connect() as connection:
        connection.exec_driver_sql("SELECT count(*) FROM person")
        with pytest.raises(InUse):
            restore(target, journals=[], may_replace=True, now=clock.now())
    apart.dispose()


@pytest.mark.only("sqlite")
def test_nothing_starts_while_a_backup_is_restored_or_after_it_was_cut_off(app: Flask) -> None:
    with running.working_alone(), pytest.raises(InUse):
        running.work_here()
    running.begin_restoring()
    with pytest.raises(CutOff, match="--replace"):
        running.work_here()
    os.close(running._held.pop())
    running.end_restoring()
