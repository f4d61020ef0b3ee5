"""A hundred thousand inputs of the worst kind for every parser and every page."""

import gc
import os
from pathlib import Path

import pytest
from flask import Flask

from tests.accounts.visitors import RITA
from tests.factories import make_staff
from tests.security import bad_input
from tests.security.bad_input import PARSERS, Parser, kept_pages
from tests.security.test_requests import take_in_tables, try_out
from tests.whole_site.world import make_world

pytestmark = pytest.mark.soak

_PAGES = 18_000
_TABLES = 2_000
#: Bytes by which the process may have grown after a part: none may keep what it was given.
_GROWTH = 256 * 1024 * 1024


def _resident() -> int:
    """Bytes of this process in memory now; the most it ever had would count the tests before (proc(5))."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_there_are_a_hundred_thousand() -> None:
    assert sum(parser.share for parser in PARSERS) * 1_000 + 3_000 + _PAGES + _TABLES == 100_000


@pytest.mark.parametrize("parser", PARSERS, ids=lambda parser: parser.name)
def test_parser(parser: Parser) -> None:
    before = _resident()
    bad_input.try_out(parser, parser.share * 1_000)
    assert _resident() - before < _GROWTH


@pytest.mark.only("sqlite")
def test_what_a_page_keeps(app: Flask) -> None:
    bad_input.try_out(kept_pages(), 3_000)


def test_tables(app: Flask, tmp_path: Path) -> None:
    make_staff("Rita Sander", email=RITA)
    take_in_tables(tmp_path, _TABLES)


def test_pages(app: Flask) -> None:
    world = make_world(app)
    before = _resident()
    print(try_out(world, _PAGES))  # noqa: T201  # shown with -s, for docs/security.md
    assert _resident() - before < _GROWTH
