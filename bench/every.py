"""Every page that answers somebody, with 10,000 people around them, on both databases: a table in Markdown."""

import atexit
import logging
import shutil
import tempfile
from collections.abc import Iterator
from contextvars import Context
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

import structlog
from flask import Flask
from sqlalchemy import select
from werkzeug.datastructures import Headers
from werkzeug.routing import Rule
from werkzeug.test import EnvironBuilder, run_wsgi_app

from bench.bare import app as bare
from bench.load import BROWSER
from bench.postgresql import cpu_seconds, know_the_rows, postgresql, servers
from bench.site import (
    add_openings,
    environment,
    import_export,
    pipeline_of,
    publish_openings,
    settle_import,
    statements,
    write_export,
)
from portal.app import create_app
from portal.applications.models import Application
from portal.core import clock, migrations
from portal.core.db import db, end_reading, session
from portal.core.settings import read_settings
from portal.surveys.states import Touchpoint
from tests import conftest
from tests.pages import OwnContextClient
from tests.surveys.rows import invite, make_survey
from tests.whole_site.routes import routes
from tests.whole_site.world import World, make_new_world

PEOPLE = 10_000
PUBLISHED = 500
ROUNDS = 11
#: What a page may cost: floor and goal.
MOST_STATEMENTS, FEW_STATEMENTS = 12, 6
MOST_MS, FEW_MS = 5.0, 2.0
#: Whose eyes see the pages of each part of the site; the first who is let in.
EYES = {"public": ("visitor", "ada"), "candidate": ("ada",), "recruiting": ("rita", "admin", "hugo")}


@dataclass
class Page:
    """One page, by its rule, and what it cost."""

    rule: str
    eyes: str
    statements: int
    cpu_ms: float
    times_bare: float
    size: int
    zipped: int

    def is_over(self) -> bool:
        """Whether it costs more than a page may."""
        return self.statements > MOST_STATEMENTS or self.cpu_ms > MOST_MS


def run() -> None:
    """Measure on both databases and print one table."""
    # Made by the suite's settings, of which nothing else is used here.
    atexit.register(shutil.rmtree, conftest._folder, True)
    # Days stand in the tests' world, so it is the day on which it was made.
    with clock.running_from(lambda: conftest.START):
        with tempfile.TemporaryDirectory() as name:
            sqlite = _measure(Path(name), "")
        with tempfile.TemporaryDirectory() as name, postgresql(Path(name)) as url:
            server = _measure(Path(name), url)
    _print(sqlite, server)


def _measure(folder: Path, url: str) -> dict[str, Page]:
    app = create_app(read_settings(environment(folder) | ({"PORTAL_DATABASE_URL": url} if url else {})))
    app.test_client_class = OwnContextClient
    # A line in the log for each request would stand between the figures.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with app.app_context():
        migrations.upgrade(db.engines["write"])
        world = _fill(app, folder)
        token = _asked(world)
        end_reading()
        know_the_rows()
    found = {}
    for rule, eyes, cookie, path in _pages(world, token):
        page = Page(rule, eyes, statements(app, path, cookie), *_cost(app, path, cookie), *_sizes(app, path, cookie))
        found[rule] = page
    with app.app_context():
        db.engine.dispose()
        db.engines["write"].dispose()
    return found


def _fill(app: Flask, folder: Path) -> World:
    """Somebody for every page, and a company's worth of others around them."""
    world = make_new_world(app)
    add_openings({0: world.people["rita"]})
    write_export(folder / "export.csv", PEOPLE)
    import_export(folder / "export.csv")
    settle_import()
    publish_openings(PUBLISHED)
    # Where many applied there is most to show.
    full = pipeline_of("person0@example.org")
    return replace(world, openings={**world.openings, "ada": full})


def _asked(world: World) -> str:
    """A survey that Ada has not begun to answer; the token of its link."""
    about = select(Application.id).where(Application.public_id == world.applications["ada"])
    _public_id, token = invite(make_survey(Touchpoint.APPLIED), world.people["ada"], session().scalars(about).one())
    return token


def _pages(world: World, token: str) -> Iterator[tuple[str, str, str, str]]:
    """Rule, whose eyes, their cookies and the address of each page that answers."""
    with world.app.app_context():
        paths = [(rule, _path(world, rule, token)) for rule in routes(world.app, "GET")]
        end_reading()
    for rule, path in paths:
        for eyes in EYES.get(str(rule.endpoint).partition(".")[0], ()):
            cookie = _cookie_of(world, eyes)
            answer = world.app.test_client(use_cookies=False).get(path, headers={"Cookie": cookie} if cookie else {})
            if answer.status_code == 200:
                yield rule.rule, eyes, cookie, path
                break


def _path(world: World, rule: Rule, token: str) -> str:
    values = world.values(rule)
    if str(rule.endpoint).startswith("public.surveys.") and "token" in values:
        values["token"] = token
    return world.app.url_map.bind("localhost").build(rule.endpoint, values)


def _cookie_of(world: World, eyes: str) -> str:
    client = world.browsers[eyes].client
    cookies = [client.get_cookie(name) for name in ("rapport", "known")] if eyes != "visitor" else []
    return "; ".join(f"{cookie.key}={cookie.value}" for cookie in cookies if cookie)


def _sizes(app: Flask, path: str, cookie: str) -> tuple[int, int]:
    plain, zipped = (_fetch(app, path, cookie, headers) for headers in ({}, BROWSER))
    return len(plain), len(zipped)


def _cost(app: Flask, path: str, cookie: str) -> tuple[float, float]:
    """Milliseconds of the processors that a page takes, those of a database's server among them; and times a bare one.

    The bare page is asked for in turn with it: a machine is not equally fast all the time.
    """
    for _ in range(2):
        _fetch(app, path, cookie, BROWSER)
    beside, took, alone = servers(app), [], []
    for _ in range(ROUNDS):
        took.append(_timed(app, path, cookie, beside))
        alone.append(_timed(bare, "/", "", []))
    return median(took), median(took) / median(alone)


def _timed(app: Flask, path: str, cookie: str, beside: list[int]) -> float:
    begun = cpu_seconds(beside)
    _fetch(app, path, cookie, BROWSER)
    return (cpu_seconds(beside) - begun) * 1000


def _fetch(app: Flask, path: str, cookie: str, headers: dict[str, str]) -> bytes:
    """As a server asks: in a context of its own, and nothing around it."""
    sent = headers | ({"Cookie": cookie} if cookie else {})
    question = EnvironBuilder(path=path.partition("?")[0], query_string=path.partition("?")[2], headers=Headers(sent))
    return Context().run(_answer, app, question.get_environ())


def _answer(app: Flask, question: dict[str, object]) -> bytes:
    answer, _status, _headers = run_wsgi_app(app.wsgi_app, question, buffered=True)
    return b"".join(answer)


def _print(sqlite: dict[str, Page], server: dict[str, Page]) -> None:
    over = sum(1 for found in (sqlite, server) for page in found.values() if page.is_over())
    few = [page for page in sqlite.values() if page.statements <= FEW_STATEMENTS and page.cpu_ms <= FEW_MS]
    print(f"{len(sqlite)} pages, {PEOPLE:,} people, {PUBLISHED} published openings; CPU with zipping and the server's.")
    print(f"Over the floor of {MOST_STATEMENTS} statements and {MOST_MS:g} ms: {over}, in bold.")
    print(f"Goal of {FEW_STATEMENTS} and {FEW_MS:g} on SQLite: {len(few)}.\n")
    print("| page | seen by | statements | CPU ms, SQLite | x bare | CPU ms, PostgreSQL | x bare | bytes | zipped |")
    print("|---|---|--:|--:|--:|--:|--:|--:|--:|")
    for rule, page in sqlite.items():
        other = server.get(rule, page)
        print(
            f"| `{rule}` | {page.eyes} | {_shown(page.statements, MOST_STATEMENTS, 'd')} "
            f"| {_shown(page.cpu_ms, MOST_MS, '.1f')} | {page.times_bare:.0f} "
            f"| {_shown(other.cpu_ms, MOST_MS, '.1f')} | {other.times_bare:.0f} | {page.size:,} | {page.zipped:,} |"
        )


def _shown(figure: float, most: float, form: str) -> str:
    words = format(figure, form)
    return f"**{words}**" if figure > most else words
