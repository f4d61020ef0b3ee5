"""A site of its own for a measurement: a database with people, a server, browsers that are signed in."""

import csv
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from flask import Flask
from sqlalchemy import event, func, select

from portal.accounts.actions import confirm_address, start_session
from portal.app import create_app
from portal.applications.models import Application, ApplicationEvent
from portal.applications.states import ENDINGS, ApplicationStatus, EventKind
from portal.ats.actions import ImportReport, import_file, map_labels, release_import
from portal.ats.models import Import
from portal.ats.queries import labels_of
from portal.community.states import WorkMode
from portal.core import clock, migrations
from portal.core.db import db, end_reading, fetch, session, transaction
from portal.core.identifiers import new_public_id
from portal.core.permissions import Role
from portal.core.settings import read_settings
from portal.openings.actions import find_or_add_opening
from portal.openings.models import Opening, OpeningPlace, OpeningVersion
from portal.openings.rules import OpeningContent, Pay, Place, Stage, as_json, search_text_of
from portal.openings.states import Employment, OpeningState, Seniority
from portal.people.actions import add_person, add_staff
from portal.people.models import Staff
from portal.people.queries import find_by_email

RECRUITERS = 10
#: Ten for each recruiter, about a hundred applications to each.
OPENINGS = 100
#: Applications to the first opening that are open; of every eleven one has ended.
OPEN_IN_FIRST = 400
_CYCLE = 11
_IN_FIRST = OPEN_IN_FIRST * _CYCLE // (_CYCLE - 1)
#: So long ago the import was: some of the promised days have come.
AGE = timedelta(days=4)
_MEANING = ApplicationStatus.IN_REVIEW
_OF_IT = ApplicationEvent.application_id == Application.id
STAGES = ("Application Review", "Recruiter Screen", "Technical Interview", "Offer")


def environment(folder: Path) -> dict[str, str]:
    """The settings of a measurement that keeps everything in `folder`."""
    return {
        "PORTAL_DATA_DIR": str(folder),
        "PORTAL_SECRET_KEY": "a-secret-key-that-is-only-good-for-measuring",
        "PORTAL_PRIVACY_KEY": "a-privacy-key-that-is-only-good-for-measuring",
        "PORTAL_BASE_URL": "http://127.0.0.1:8000",
        "PORTAL_LOG_FORMAT": "json",
    }


def make_site(folder: Path) -> Flask:
    """A migrated site with ten recruiters, ten openings each; rita@example.org is the first."""
    app = create_app(read_settings(environment(folder)))
    with app.app_context():
        migrations.upgrade(db.engines["write"])
        add_openings({})
    return app


def add_openings(known: dict[int, int]) -> None:
    """Ten recruiters, those who are `known` by their number among them, with ten openings each."""
    with transaction():
        for number in range(RECRUITERS):
            person_id = known.get(number) or _add_recruiter(number)
            for opening in range(number, OPENINGS, RECRUITERS):
                find_or_add_opening("greenhouse", str(4000 + opening), f"Opening {opening}", person_id, clock.now())


def _add_recruiter(number: int) -> int:
    email = f"recruiter{number}@example.org" if number else "rita@example.org"
    person = add_person(f"Recruiter {number}", email, "en", "Europe/Warsaw", clock.now())
    add_staff(person.id, Role.RECRUITER, None, clock.now(), introduction="Recruiter")
    return person.id


def publish_openings(count: int) -> str:
    """Publish `count` openings that say all they should, as a large company has them; the slug of one."""
    now, areas = clock.now(), ("engineering", "data", "design", "people")
    with transaction() as own:
        staff = list(own.scalars(select(Staff.person_id).order_by(Staff.person_id)))
        for number in range(count):
            content = _content(number, areas[number % len(areas)])
            opening = Opening(
                public_id=new_public_id(),
                title=content.title,
                source="",
                external_key=f"bench-{number}",
                recruiter_id=staff[number % len(staff)],
                hiring_manager_id=staff[(number + 1) % len(staff)],
                created_at=now,
                slug=f"opening-{number}",
                state=OpeningState.PUBLISHED,
                version_number=1,
                published_at=now - timedelta(days=1),
                public_at=now - timedelta(minutes=number),
                area=content.area,
                seniority=content.seniority,
                is_remote=WorkMode.REMOTE in content.work_modes,
                is_hybrid=WorkMode.HYBRID in content.work_modes,
                is_on_site=WorkMode.ON_SITE in content.work_modes,
                search_text=search_text_of(content),
            )
            own.add(opening)
            own.flush()
            own.add_all(OpeningPlace(opening_id=opening.id, place=one.key, label=one.label) for one in content.places)
            own.add(
                OpeningVersion(
                    opening_id=opening.id, number=1, content=as_json(content), override_reason="", published_at=now
                )
            )
    end_reading()
    return "opening-0"


def _content(number: int, area: str) -> OpeningContent:
    town = number % 40
    long = "What you do here, and with whom, in a sentence of some length that somebody took care to write.\n\n" * 6
    return OpeningContent(
        title=f"Role number {number}",
        summary="You do something that matters, with people who tell you how it is.",
        area=area,
        seniority=list(Seniority)[number % len(Seniority)],
        employment=Employment.FULL_TIME,
        places=(Place(f"geonames:{town}", f"Town {town}, Portugal"),),
        work_modes=(list(WorkMode)[number % 3],),
        work=long,
        needed=long,
        team=long,
        hard=long,
        pay=Pay(Decimal(50_000), Decimal(60_000), "EUR"),
        is_pool=False,
        is_ai_used=False,
        stages=(Stage("A talk", "We talk.", "The team", "An hour"),) * 4,
        decision_by=date(2030, 1, 1),
    )


def add_long_history(public_id: str, count: int) -> None:
    """Let an application have `count` events: letters, each with a date, and a note after every third."""
    with transaction() as own:
        application = own.scalars(select(Application).where(Application.public_id == public_id)).one()
        day = own.scalars(
            select(ApplicationEvent.next_update_by)
            .where(ApplicationEvent.application_id == application.id)
            .order_by(ApplicationEvent.id.desc())
        ).first()
        own.add_all(
            ApplicationEvent(
                public_id=new_public_id(),
                application_id=application.id,
                kind=EventKind.MESSAGE if number % 4 else EventKind.HOLDING_NOTE,
                status=ApplicationStatus.IN_REVIEW,
                next_update_by=day,
                date_reason="",
                message="A few sentences that somebody wrote about how it goes on from here. " * 4
                if number % 4
                else "",
                internal_reason="",
                actor_id=application.owner_id if number % 4 else None,
                created_at=clock.now(),
            )
            for number in range(1, count)
        )
    end_reading()


def write_export(path: Path, count: int) -> None:
    """An export of `count` applications: the first of them to the first opening, the rest to the others alike."""
    today = date.today()  # noqa: DTZ011 - a day for made-up rows
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            ["Application ID", "Candidate Name", "Email", "Job ID", "Job", "Current Stage", "Status", "Applied On"]
        )
        for number in range(count):
            opening = 1 + number % (OPENINGS - 1) if number >= _IN_FIRST else 0
            writer.writerow(
                [
                    100000 + number,
                    f"Person Number {number}",
                    f"person{number}@example.org",
                    4000 + opening,
                    f"Opening {opening}",
                    STAGES[number % 4],
                    "Rejected" if number % _CYCLE == _CYCLE - 2 else "Active",
                    (today - timedelta(days=number % 90)).isoformat(),
                ]
            )


def _say_nothing(_done: int, _total: int) -> None:
    """Nobody watches."""


def import_export(path: Path) -> ImportReport:
    """Import the file as the command does, some days ago."""
    then = clock.now() - AGE
    with clock.running_from(lambda: then):
        report = _import(path)
    end_reading()
    return report


def _import(path: Path) -> ImportReport:
    return import_file(
        path,
        source="greenhouse",
        dry_run=False,
        on_error="skip",
        owner_email="rita@example.org",
        column_map={},
        dates="",
        told=True,
        now=clock.now(),
        progress=_say_nothing,
    )


def settle_import() -> None:
    """What a recruiter does after an import: say what its stages mean, and release it."""
    newest = select(Import.id, Import.source_id, Import.created_by_id).order_by(Import.id.desc()).limit(1)
    import_id, source_id, actor_id = fetch(newest).one()
    labels = labels_of(source_id)
    map_labels(import_id, {label.id: _MEANING for label in labels}, actor_id=actor_id, now=clock.now())
    release_import(import_id, actor_id=actor_id, now=clock.now())
    end_reading()


def cookie_of(app: Flask, email: str) -> str:
    """The Cookie header of a browser in which this person is signed in."""
    with app.app_context():
        person = find_by_email(email)
        assert person is not None
        with transaction():
            account_id = confirm_address(
                email, name=person.name, locale="en", timezone="Europe/Warsaw", now=clock.now()
            )
        secret = start_session(account_id, "bench", clock.now())
    client = app.test_client()
    with client.session_transaction() as held:
        held.update({"_user_id": secret, "_fresh": True, "seen": int(clock.now().timestamp())})
    client.get("/me/")
    cookies = [client.get_cookie(name) for name in ("rapport", "known")]
    return "; ".join(f"{cookie.key}={cookie.value}" for cookie in cookies if cookie)


def application_of(email: str) -> str:
    """The public id of a person's application."""
    person = find_by_email(email)
    assert person is not None
    return session().scalars(select(Application.public_id).where(Application.person_id == person.id)).one()


def card_of(email: str) -> str:
    """The public id of a person."""
    person = find_by_email(email)
    assert person is not None
    return person.public_id


def pipeline_of(email: str) -> str:
    """The public id of the opening to which a person applied, with hundreds of others."""
    person = find_by_email(email)
    assert person is not None
    statement = select(Opening).join(Application, Application.opening_id == Opening.id)
    opening = session().scalars(statement.where(Application.person_id == person.id)).one()
    last = select(func.max(ApplicationEvent.id)).group_by(ApplicationEvent.application_id)
    is_open = ApplicationEvent.id.in_(last) & ApplicationEvent.status.not_in(ENDINGS)
    joined = select(func.count()).select_from(Application).join(ApplicationEvent, is_open & _OF_IT)
    count = session().scalar(joined.where(Application.opening_id == opening.id))
    assert count == OPEN_IN_FIRST, count
    return opening.public_id


def statements(app: Flask, path: str, cookie: str) -> int:
    """How many SQL statements one GET of `path` runs."""
    seen: list[str] = []

    def note(conn: object, cursor: object, statement: str, *rest: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            seen.append(statement)

    with app.app_context():
        engines = (db.engine, db.engines["write"])
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    answer = app.test_client(use_cookies=False).get(path, headers={"Cookie": cookie} if cookie else {})
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)
    assert answer.status_code == 200, f"{path} answered {answer.status}"
    return len(seen)


@contextmanager
def served(target: list[str], folder: Path) -> Iterator[tuple[int, list[int]]]:
    """granian with one process and one thread on a free port: the port and the server's processes."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", "1", "--blocking-threads", "1", "--no-ws", "--log-level", "error", *target]
    server = subprocess.Popen(command, env={**os.environ, **environment(folder)}, stderr=subprocess.DEVNULL)
    try:
        _wait_until_it_answers(port)
        yield port, _children(server.pid)
    finally:
        server.terminate()
        server.wait()


def _wait_until_it_answers(port: int) -> None:
    for _ in range(200):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
    sys.exit("The server did not come up.")


def _children(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(one) for one in text.split()] or [pid]
