"""A hundred thousand inputs of the worst kind for every parser and every page."""

import resource
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
#: Kibibytes that a run of all may take at most: none may grow with what came before.
_MEMORY = 1024 * 1024


def test_there_are_a_hundred_thousand() -> None:
    assert sum(parser.share for parser in PARSERS) * 1_000 + 3_000 + _PAGES + _TABLES == 100_000


@pytest.mark.parametrize("parser", PARSERS, ids=lambda parser: parser.name)
def test_parser(parser: Parser) -> None:
    bad_input.try_out(parser, parser.share * 1_000)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < _MEMORY


@pytest.mark.only("sqlite")
def test_what_a_page_keeps(app: Flask) -> None:
    bad_input.try_out(kept_pages(), 3_000)


@pytest.mark.only("sqlite")
def test_tables(app: Flask, tmp_path: Path) -> None:
    make_staff("Rita Sander", email=RITA)
    take_in_tables(tmp_path, _TABLES)


@pytest.mark.only("sqlite")
def test_pages(app: Flask) -> None:
    print(try_out(make_world(app), _PAGES))  # noqa: T201  # shown with -s, for docs/security.md
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < _MEMORY
