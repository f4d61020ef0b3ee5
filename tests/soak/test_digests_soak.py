"""One update by mail for 20,000 readers while its workers are killed."""

import random
import sys
import time as clock_of_the_machine
from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import func, insert, select

from portal.community.models import Membership
from portal.contact.models import ConsentEvent
from portal.contact.states import ConsentAction, Purpose
from portal.core.db import end_reading, fetch, transaction
from portal.core.identifiers import new_public_id
from portal.digests.models import MailedUpdate
from portal.outbox.models import Delivery
from portal.outbox.queries import is_waiting
from portal.people.models import Address, Person
from tests.conftest import START
from tests.factories import make_staff
from tests.outbox.servers import mail_server
from tests.soak.killing import TroubledSink, herd
from tests.updates.posting import post

pytestmark = [pytest.mark.soak, pytest.mark.allow_hosts(["127.0.0.1"])]

READERS = 20_000
KILLS = 40
_FIRST = 1_000
_CHUNK = 2_000
_PATIENCE = 3600


def test_an_update_for_20000_readers_while_two_workers_are_killed(
    app: Flask, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _write_readers()
    post(make_staff())
    sink = TroubledSink(chance=random.Random(35))
    with mail_server(sink), herd(sink, 2, sink.chance) as band:
        began = clock_of_the_machine.monotonic()
        while not _is_over():
            assert clock_of_the_machine.monotonic() - began < _PATIENCE, len(sink.got)
            clock_of_the_machine.sleep(sink.chance.random() * 2)
            if band.kills < KILLS:
                band.kill_one()
    copies = Counter(got.recipients[0] for got in sink.got)
    duplicates = sum(copies.values()) - len(copies)
    with capsys.disabled():
        sys.stdout.write(f"\n{database}: {len(copies):,} readers, {band.kills} kills, {duplicates} duplicates\n")
    assert len(copies) == READERS
    # Only the message in flight at a kill may go twice.
    assert duplicates <= band.kills


def _is_over() -> bool:
    """Everybody's letter is written, and none waits."""
    end_reading()
    decided = fetch(select(func.count()).select_from(MailedUpdate)).scalar_one()
    return decided == READERS and fetch(select(Delivery.id).where(is_waiting()).limit(1)).first() is None


def _write_readers() -> None:
    agreed = {
        "purpose": Purpose.INSIDER_UPDATES,
        "action": ConsentAction.GIVEN,
        "words": "Yes",
        "text_version": "2026-01",
        "locale": "en",
        "source": "/join",
        "occurred_at": START,
    }
    about = {"locale": "en", "timezone": "Europe/Warsaw", "phone": "", "created_at": START}
    for first in range(_FIRST, _FIRST + READERS, _CHUNK):
        ids = range(first, first + _CHUNK)
        with transaction() as own:
            own.execute(insert(Person), [{"id": one, "public_id": new_public_id(), "name": "", **about} for one in ids])
            own.execute(
                insert(Address),
                [
                    {"person_id": one, "email": f"p{one}@d{one % 7}.example", "is_primary": True, "created_at": START}
                    for one in ids
                ],
            )
            own.execute(insert(Membership), [{"person_id": one, "joined_at": START} for one in ids])
            own.execute(insert(ConsentEvent), [{"person_id": one, **agreed} for one in ids])
