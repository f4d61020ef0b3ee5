"""Typical segments over 100,000 people: counting them and reading the first page, on both databases."""

import tempfile
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from statistics import median
from typing import NamedTuple

from sqlalchemy import func, select, text

from bench.crowd import Crowd
from bench.postgresql import know_the_rows, postgresql
from bench.site import environment
from portal.app import create_app
from portal.core import clock, migrations
from portal.core.db import db, end_reading, fetch, transaction
from portal.core.permissions import Role
from portal.core.settings import read_settings
from portal.openings.actions import find_or_add_opening
from portal.people.actions import add_person, add_staff
from portal.people.models import Person
from portal.segments.queries import count_of, page_of
from portal.segments.rules import READY_MADE, Chosen, Condition, Group
from portal.segments.states import Field, Match, Operator
from portal.web.paging import PAGE_SIZE

PEOPLE = 100_000
#: Their ids begin above those of the staff.
_FIRST_ID = 1_000
#: In turn, because a machine is not equally fast all the time; of each the middle counts.
ROUNDS = 7
_ZONE = "Europe/Warsaw"
#: Floor: 100 ms each; goal: 30.
_BIG_HEAD = f"{'':42} {'':>8} {'count':>23} {'first page':>23}"
HEAD = f"{'segment':42} {'people':>8}" + f" {'wall ms':>8} {'CPU ms':>7} {'x ref':>6}" * 2
#: The reference: everybody who does not read one language, which the database has to look at all for.
_REFERENCE = select(func.count(Person.id)).where(Person.locale != "xx")


class Took(NamedTuple):
    """How long something took, in milliseconds; the time of both processors where there is a server beside us."""

    wall: float
    cpu: float


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
        # Where nearly everybody is found, nothing narrows the work down.
        "everybody": Group(Match.ALL, (_with(Field.LANGUAGE, Operator.ANY_OF, "en", "pl", "de"),)),
        "agreed to updates": Group(Match.ALL, agreed[:1]),
    }


def run() -> None:
    """Measure and print one line a segment."""
    with tempfile.TemporaryDirectory() as name:
        _measure("SQLite", Path(name), "")
    with tempfile.TemporaryDirectory() as name, postgresql(Path(name)) as url:
        _measure("PostgreSQL", Path(name), url)


def _measure(kind: str, folder: Path, url: str) -> None:
    app = create_app(read_settings(environment(folder) | ({"PORTAL_DATABASE_URL": url} if url else {})))
    with app.app_context():
        migrations.upgrade(db.engines["write"])
        _write()
        today = clock.today(_ZONE)
        found = {name: count_of(tree, today, 0) for name, tree in _typical().items()}
        works = _works(today)
        taken: dict[str, list[Took]] = {name: [] for name in works}
        for _ in range(ROUNDS):
            for name, work in works.items():
                taken[name].append(_took(work))
        db.engine.dispose()
        db.engines["write"].dispose()
    reference = taken["reference"]
    wall, cpu = (median(one[part] for one in reference) for part in (0, 1))
    print(f"{PEOPLE:,} people, {kind}; the middle of {ROUNDS} rounds; each is compared with its own round\n{_BIG_HEAD}")
    print(f"{HEAD}\n{'reference: a bare count of everybody':51} {wall:8.1f} {cpu:7.1f} {1:6.1f}")
    for name, people in found.items():
        print(f"{name:42} {people:8,}" + "".join(_shown(taken[f"{name}: {part}"], reference) for part in _PARTS))


_PARTS = ("count", "page")


def _works(today: date) -> dict[str, Callable[[], object]]:
    works: dict[str, Callable[[], object]] = {"reference": lambda: fetch(_REFERENCE).scalar_one()}
    for name, tree in _typical().items():
        works[f"{name}: count"] = partial(count_of, tree, today, 0)
        works[f"{name}: page"] = partial(page_of, tree, today, 0, 0, PAGE_SIZE)
    return works


def _shown(taken: list[Took], reference: list[Took]) -> str:
    wall, cpu = (median(one[part] for one in taken) for part in (0, 1))
    ratio = median(ours.cpu / bare.cpu for ours, bare in zip(taken, reference, strict=True))
    return f" {wall:8.1f} {cpu:7.1f} {ratio:6.1f}"


def _took(work: Callable[[], object]) -> Took:
    """What the work took once it had been done before; the connection is open already."""
    work()
    pid = _server_process()
    spent, begun = _cpu(pid), time.perf_counter()
    work()
    took = Took((time.perf_counter() - begun) * 1000, (_cpu(pid) - spent) * 1000)
    end_reading()
    return took


def _server_process() -> int | None:
    """The process of the database's server that works for us; None for a database in our own process."""
    if db.engine.dialect.name == "sqlite":
        return None
    return int(fetch(text("SELECT pg_backend_pid()")).scalar_one())


def _cpu(server: int | None) -> float:
    """Seconds of the processor that we and the server's process have had so far."""
    of_server = int(Path(f"/proc/{server}/schedstat").read_text().split()[0]) / 1e9 if server else 0.0
    return time.process_time() + of_server


def _write() -> None:
    with transaction():
        rita = add_person("Rita Sander", "rita@example.org", "en", _ZONE, clock.now())
        add_staff(rita.id, Role.RECRUITER, None, clock.now(), introduction="Recruiter")
        opening = find_or_add_opening("greenhouse", "4000", "Data Analyst", rita.id, clock.now())
    Crowd(_FIRST_ID, PEOPLE, rita.id, opening.id, clock.now()).write()
    know_the_rows()
