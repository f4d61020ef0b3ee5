"""A database that is locked, gone for a while, or on a full disk: pages are read, forms are kept, and it passes."""

import errno
import os
import resource
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.core import db as database_
from portal.core.db import db, end_reading, session
from portal.files.queries import folder
from portal.notes.models import Note
from portal.worker import run_worker
from tests import factories
from tests.outbox.letters import put_many, states
from tests.pages import Page

WORDS = "She built the whole thing twice."


@pytest.fixture
def answers(app: Flask) -> Iterator[None]:
    """Errors are answered, as on a server."""
    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    yield
    app.testing = True
    app.config["PROPAGATE_EXCEPTIONS"] = True


class Desk:
    """A colleague with a half-written note before them."""

    def __init__(self, app: Flask) -> None:
        rita = factories.make_staff()
        made = factories.make_application(factories.make_opening(recruiter_id=rita), rita)
        self.browser, self.path = factories.signed_in(app, rita), f"/recruiting/applications/{made.public_id}/notes"
        self.values = {**self.browser.get(self.path).form(having="body").values, "body": WORDS}

    def send(self) -> TestResponse:
        return self.browser.client.post(self.path, data=self.values)

    def send_again(self, page: TestResponse) -> TestResponse:
        """The button of the page that says that it could not be saved."""
        form = Page.of(page).form(having="body")
        assert form.values["body"] == WORDS
        return self.browser.client.post(form.action, data=form.values)


@pytest.fixture
def desk(app: Flask, answers: None) -> Desk:
    return Desk(app)


def noted() -> list[str]:
    end_reading()
    return list(session().scalars(select(Note.body)))


def check_kept_and_sent_again(desk: Desk, fault: Any) -> None:
    """With the fault pages are read and the form comes back; without it the form is sent from there, once."""
    with fault:
        assert desk.browser.client.get(desk.path).status_code == 200
        refused = desk.send()
        assert refused.status_code == 503
        assert refused.headers["Retry-After"] == "30"
        assert "What you typed is still there" in refused.text
        assert desk.browser.client.get("/healthz").status_code == 200
    assert noted() == []
    assert desk.send_again(refused).status_code == 303
    assert noted() == [WORDS]


@contextmanager
def locked(app: Flask) -> Iterator[None]:
    """Another process writes, and does not end."""
    end_reading()
    with db.engines["write"].connect() as connection:
        is_postgresql = connection.dialect.name == "postgresql"
        connection.exec_driver_sql("LOCK TABLE note IN SHARE ROW EXCLUSIVE MODE" if is_postgresql else "SELECT 1")
        yield
        connection.rollback()


@pytest.fixture
def impatient(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Who waits for a lock waits for a moment; how long a site waits, `make soak` tries."""
    monkeypatch.setattr(database_, "_TRIED_FOR", 0.02)
    monkeypatch.setattr(database_, "_LOCKED_FOR", "50ms")
    for engine in db.engines.values():
        engine.dispose()
    yield
    for engine in db.engines.values():
        engine.dispose()


def test_what_is_sent_to_a_locked_database_is_kept_in_the_page(app: Flask, desk: Desk, impatient: None) -> None:
    check_kept_and_sent_again(desk, locked(app))


def test_a_lock_that_passes_is_waited_for(app: Flask, desk: Desk) -> None:
    is_locked, may_end = threading.Event(), threading.Event()

    def hold() -> None:
        with app.app_context(), locked(app):
            is_locked.set()
            may_end.wait(0.3)

    holding = threading.Thread(target=hold)
    holding.start()
    assert is_locked.wait(10)
    assert desk.send().status_code == 303
    holding.join()
    assert noted() == [WORDS]


@contextmanager
def full() -> Iterator[None]:
    """No file of this process may grow beyond what SQLite's log is now; `make soak` fills a disk."""
    log = Path(f"{db.engine.url.database}-wal")
    _soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (_soft, hard))


@pytest.mark.only("sqlite")
def test_what_is_sent_to_a_full_disk_is_kept_in_the_page(desk: Desk) -> None:
    check_kept_and_sent_again(desk, full())


@pytest.mark.only("sqlite")
def test_a_worker_on_a_full_disk_goes_on_when_there_is_room(app: Flask) -> None:
    put_many(3)
    with full():
        assert run_worker(app, until_idle=True, stop=threading.Event(), timetable=()) > 0
        assert set(states()) == {"queued"}
    assert run_worker(app, until_idle=True, stop=threading.Event(), timetable=()) == 0
    assert set(states()) == {"sent"}


def test_a_file_that_the_disk_does_not_take_leaves_nothing_and_says_so(
    app: Flask, answers: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = factories.make_person()
    made = factories.make_application(factories.make_opening(), factories.make_staff(), person_id=ada)
    factories.make_submission(made.public_id, ada)
    browser, path = factories.signed_in(app, ada), f"/me/applications/{made.public_id}/cv"
    token = browser.get(path).form(having="csrf_token").values["csrf_token"]
    files = set(folder().iterdir())

    def send() -> TestResponse:
        return browser.client.post(path, data={"csrf_token": token, "cv": (BytesIO(b"%PDF-1.4 new"), "cv.pdf")})

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", _no_room)
        refused = send()
    assert refused.status_code == 503
    assert refused.headers["Retry-After"] == "30"
    assert set(folder().iterdir()) == files
    assert send().status_code == 303
    assert len(set(folder().iterdir()) - files) == 1


def _no_room(number: int) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.fixture
def asks_first(app: Flask) -> Iterator[None]:
    """Connections are tried before they are used, as on a server; the suite's are not.

    SQLAlchemy leaves out the first try of a connection, and remembers that only where it tries: those made before are
    let go, or they would count as new.
    """
    _ask_first(True)
    yield
    _ask_first(False)


def _ask_first(is_wanted: bool) -> None:
    end_reading()
    for engine in db.engines.values():
        engine.pool._pre_ping = is_wanted  # type: ignore[attr-defined]
        engine.dispose()


@pytest.mark.only("postgresql")
def test_connections_that_a_restarted_server_has_forgotten_are_made_anew(desk: Desk, asks_first: None) -> None:
    with db.engines["write"].connect() as _one, db.engines["write"].connect() as _other:
        assert desk.browser.client.get(desk.path).status_code == 200
    end_reading()
    with db.engines["write"].connect() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        connection.invalidate()
    assert desk.browser.client.get(desk.path).status_code == 200
    assert desk.send().status_code == 303
    assert noted() == [WORDS]
