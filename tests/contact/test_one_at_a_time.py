"""Two who decide about one person at the same moment: the second sees what the first has counted, and blocks nobody."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from flask import Flask

from portal.contact.actions import choose, decide, rest_from_community
from portal.contact.rules import WANTED_FOR, Go, Hold
from portal.contact.states import MailClass, Purpose
from portal.core import clock
from portal.core.db import transaction
from portal.outbox.actions import claim_next
from tests.accounts.visitors import ADA, NORA, import_person
from tests.outbox.letters import put

UPDATE = WANTED_FOR[Purpose.INSIDER_UPDATES]
#: SQLite has one writer at a time in any case, and the others wait for it.
pytestmark = pytest.mark.only("postgresql")


@contextmanager
def in_the_middle_of(app: Flask, step: Callable[[], object]) -> Iterator[threading.Event]:
    """Another thread has done `step` and not committed it yet; it does when the event is set, or after a while."""
    is_done, may_end = threading.Event(), threading.Event()

    def run() -> None:
        with app.app_context(), transaction():
            step()
            is_done.set()
            may_end.wait(10)

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(run)
        assert is_done.wait(10)
        yield may_end
        may_end.set()
        running.result()


def reader(address: str) -> int:
    person_id = import_person(address)
    choose(person_id, Purpose.INSIDER_UPDATES, True, source="/join", now=clock.now())
    return person_id


def test_who_decides_second_waits_and_sees_what_was_counted(app: Flask) -> None:
    ada, now = reader(ADA), clock.now()
    assert decide(ada, ADA, UPDATE, "one", now) == Go()

    def ask() -> object:
        with app.app_context():
            return decide(ada, ADA, UPDATE, "three", now)

    with (
        in_the_middle_of(app, lambda: decide(ada, ADA, UPDATE, "two", now)) as may_end,
        ThreadPoolExecutor(1) as pool,
    ):
        asked = pool.submit(ask)
        threading.Timer(0.3, may_end.set).start()
        assert isinstance(asked.result(10), Hold)


def test_a_worker_does_not_wait_for_somebody_who_changes_their_mind(app: Flask) -> None:
    ada, nora, now = reader(ADA), reader(NORA), clock.now()
    for number, (person_id, address) in enumerate(((ada, ADA), (nora, NORA))):
        put(
            number,
            to=address,
            person_id=person_id,
            mail_class=MailClass.COMMUNITY,
            purpose=UPDATE.purpose,
            timing=UPDATE.timing,
            budget=UPDATE.budget,
        )
    with in_the_middle_of(app, lambda: rest_from_community(ada, now, now)):
        claimed = claim_next("one", now)
        assert claimed is not None
        assert claimed.person_id == nora
        assert claim_next("two", now) is None
    claimed = claim_next("two", now)
    assert claimed is not None
    assert claimed.person_id == ada
