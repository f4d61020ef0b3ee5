"""Requests of the worst kind to every page: an answer in words each time, and nobody is lost."""

from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given, settings

from portal.ats.adapters import open_table
from portal.core import clock
from portal.core.errors import PortalError
from portal.outbox.jobs import sort_mail
from tests.accounts.visitors import RITA
from tests.ats.exports import counts, run
from tests.factories import make_staff
from tests.outbox.incoming import reachable
from tests.security.bad_input import TABLES, batches, not_for_ever
from tests.security.bad_requests import HOOK_SECRET, Request, known, requests_to, send, waits_to_be_sorted
from tests.whole_site.world import World, make_world

#: In the suite.
_FEW = 60


def try_out(world: World, count: int) -> dict[int, int]:
    """Send `count` of them; how often each status came back."""
    before, seen, number = known(), dict[int, int](), 0

    def is_answered(request: Request) -> None:
        nonlocal number
        number += 1
        with not_for_ever():
            status = send(world, request, number)
        seen[status] = seen.get(status, 0) + 1

    with reachable(hook_secret=HOOK_SECRET):
        for some in batches(count):
            settings(max_examples=some)(given(requests_to(world))(is_answered))()
        while waits_to_be_sorted():
            sort_mail(clock.now())
    assert all(one <= other for one, other in zip(before, known(), strict=True))
    return seen


@pytest.mark.property
@pytest.mark.only("sqlite")
def test_whatever_is_sent_is_answered_and_nobody_is_lost(app: Flask) -> None:
    assert try_out(make_world(app), _FEW).keys() > {200, 404}


@pytest.mark.property
@pytest.mark.only("sqlite")
def test_of_a_table_every_row_is_counted(app: Flask, tmp_path: Path) -> None:
    make_staff("Rita Sander", email=RITA)
    take_in_tables(tmp_path, _FEW // 4)


def take_in_tables(folder: Path, count: int) -> None:
    """Import `count` tables as the command does; each row was added, changed, the same or refused."""

    @settings(max_examples=count)
    @given(TABLES)
    def is_counted(content: bytes) -> None:
        path = folder / "table.csv"
        path.write_bytes(content)
        try:
            with open_table(path) as table:
                rows = len(list(table.rows()))
            with not_for_ever():
                report = run(path, source="file", dates="dmy", told=True)
        except PortalError as error:
            assert error.message  # noqa: PT017  # what is refused as a whole is told why
            return
        assert sum(counts(report)) == rows

    is_counted()
