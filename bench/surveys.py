"""Results over 100,000 responses, and sending an answer with none stored and with 100,000, on both databases."""

import logging
import random
import re
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextvars import Context
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any

import structlog
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert

from bench.bare import app as bare
from bench.postgresql import cpu_seconds, know_the_rows, postgresql, servers
from bench.site import cookie_of, environment, statements
from portal.accounts.models import OneTimeToken
from portal.app import create_app
from portal.applications.states import ApplicationStatus
from portal.core import clock, migrations
from portal.core.db import db, end_reading, transaction
from portal.core.identifiers import new_public_id, new_secret
from portal.core.permissions import Role
from portal.core.settings import read_settings
from portal.core.tokens import TokenKind, token_hash
from portal.openings.actions import find_or_add_opening
from portal.openings.models import Opening
from portal.people.actions import add_person, add_staff
from portal.surveys.actions.editing import publish_ready
from portal.surveys.actions.reaching import add_to_reach
from portal.surveys.actions.releasing import release_ballots
from portal.surveys.models import Ballot, PartialAnswers, SurveyInvitation
from portal.surveys.queries.surveys import contents_of, survey_at
from portal.surveys.rules.questions import Content, Question
from portal.surveys.rules.reaching import ASKED as WERE_ASKED
from portal.surveys.rules.reaching import BEGAN
from portal.surveys.states import SCALES, TEXTS, CountedAs, Touchpoint

RESPONSES = 100_000
MONTHS = 24
OPENINGS = 200
AREAS = ("engineering", "data", "design", "product", "sales", "people", "finance", "operations")
#: Of those who are asked, two in five answer.
ASKED = RESPONSES * 5 // 2
PEOPLE = 1_000
POSTS = 60
ROUNDS = 15
#: Words of which each stands in few texts.
_RARE = tuple(f"word{number}" for number in range(2_000))
_ENDINGS = (*[ApplicationStatus.NOT_SELECTED] * 8, ApplicationStatus.WITHDRAWN, ApplicationStatus.OPENING_CANCELLED)
#: Floor of a results page: 50 ms of CPU; goal: 5. An answer costs at 100,000 what it costs at none.
HEAD = f"{'page':44} {'wall ms':>8} {'CPU ms':>7} {'x bare':>7} {'stmts':>6} {'bytes':>8}"


@dataclass
class _Place:
    """A site with one survey, and what answers to it look like."""

    app: Flask
    survey_id: int
    public_id: str
    content: Content
    openings: list[tuple[int, str, str]]
    people: list[int]
    numbers: Iterator[int]
    draw: random.Random


def run() -> None:
    """Measure and print one line a page, and the ratio of sending."""
    with tempfile.TemporaryDirectory() as name:
        _measure("SQLite", Path(name), "")
    with tempfile.TemporaryDirectory() as name, postgresql(Path(name)) as url:
        _measure("PostgreSQL", Path(name), url)


def _measure(kind: str, folder: Path, url: str) -> None:
    app = create_app(read_settings(environment(folder) | ({"PORTAL_DATABASE_URL": url} if url else {})))
    # A line in the log for each request would stand between the figures.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with app.app_context():
        place = _make(app)
        before = _posts(place)
        took = _fill(place)
        after = _posts(place)
        opening = place.openings[0][1]
    print(f"{kind}: {RESPONSES:,} responses in {MONTHS} months, {OPENINGS} openings, {ASKED:,} asked")
    print(f"release of {RESPONSES // MONTHS:,} ballots: {median(took):.0f} ms, the last one {took[-1]:.0f} ms")
    print(HEAD)
    cookie, root = cookie_of(app, "rita@example.org"), f"/recruiting/surveys/{place.public_id}"
    reference = [_took(lambda: bare.test_client().get("/"), None) for _ in range(ROUNDS)]
    bare_cpu = median(one[1] for one in reference)
    print(f"{'bare Flask page':44} {median(one[0] for one in reference):8.2f} {bare_cpu:7.2f} {1:7.1f}")
    for path in (
        root,
        f"{root}?where=area:data",
        f"{root}?where=opening:{opening}",
        f"{root}?where=opening:{opening}&outcome=not_selected",
        f"{root}/comments",
        f"{root}/comments?q=weekend",
        f"{root}/comments?q={_RARE[7]}",
        f"{root}/comments?q=nobody-wrote-this",
        "/recruiting/surveys",
        # Nothing but the layout, whoever looks at it, and a line that says that there is nothing.
        "/recruiting/surveys/posts",
    ):
        print(_line(app, path, cookie, bare_cpu).replace(place.public_id, "<id>").replace(opening, "<id>"))
    wall, cpu = (median(one[part] for one in after) for part in (0, 1))
    ratio = cpu / median(one[1] for one in before)
    print(f"sending an answer: {wall:.1f} ms, CPU {cpu:.2f} ms; {ratio:.2f} times what it cost with none stored\n")
    with app.app_context():
        db.engine.dispose()
        db.engines["write"].dispose()


def _line(app: Flask, path: str, cookie: str, bare_cpu: float) -> str:
    seen = statements(app, path, cookie)
    client = app.test_client(use_cookies=False)

    def fetch_it() -> int:
        answer = client.get(path, headers={"Cookie": cookie})
        assert answer.status_code == 200, f"{path} answered {answer.status}"
        return len(answer.data)

    size = fetch_it()
    taken = [_took(fetch_it, app) for _ in range(ROUNDS)]
    wall, cpu = (median(one[part] for one in taken) for part in (0, 1))
    return f"{path:44} {wall:8.1f} {cpu:7.2f} {cpu / bare_cpu:7.1f} {seen:6d} {size:8,d}"


def _took(work: Callable[[], Any], app: Flask | None) -> tuple[float, float]:
    """Milliseconds on the clock and of the processors, those of a database's server among them."""
    # Asked before the clocks are read: asking costs both sides as much as a part of a page.
    beside = servers(app) if app is not None else []
    spent, begun = cpu_seconds(beside), time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000, (cpu_seconds(beside) - spent) * 1000


def _make(app: Flask) -> _Place:
    migrations.upgrade(db.engines["write"])
    now = clock.now()
    with transaction() as own:
        rita = add_person("Rita Sander", "rita@example.org", "en", "Europe/Warsaw", now)
        add_staff(rita.id, Role.RECRUITER, None, now, introduction="Recruiter")
        openings = []
        for number in range(OPENINGS):
            made = find_or_add_opening("greenhouse", str(4000 + number), f"Opening {number}", rita.id, now)
            own.get_one(Opening, made.id).area = AREAS[number % len(AREAS)]
            openings.append((made.id, made.public_id, AREAS[number % len(AREAS)]))
        people = [
            add_person(f"Person {number}", f"person{number}@example.org", "en", "Europe/Warsaw", now).id
            for number in range(PEOPLE)
        ]
    publish_ready(Touchpoint.NOT_SELECTED, actor_id=rita.id, now=now)
    end_reading()
    survey = survey_at(Touchpoint.NOT_SELECTED)
    assert survey is not None
    content = contents_of(survey.id)[survey.version_number]
    draw = random.Random(20260304)
    return _Place(app, survey.id, survey.public_id, content, openings, people, count(), draw)


def _posts(place: _Place) -> list[tuple[float, float]]:
    """Send answers, each by the link of somebody else; what each took."""
    tokens = [_invited(place) for _ in range(POSTS + 3)]
    end_reading()
    client = place.app.test_client()
    # In a context of its own, as on a server: a request must find nothing of ours.
    page = Context().run(client.get, f"/surveys/{tokens[0]}/contact").get_data(as_text=True)
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None, "no form to send with"
    taken = [_took(lambda token=token: _post(client, token, found[1]), place.app) for token in tokens]  # type: ignore[misc]
    return taken[3:]


def _post(client: FlaskClient, token: str, csrf: str) -> None:
    sent = {"csrf_token": csrf, "name": "without", "contact": "no"}
    answer = Context().run(client.post, f"/surveys/{token}/send", data=sent)
    assert answer.status_code == 303, f"sending answered {answer.status}"
    assert "sent=anonymous" in answer.headers["Location"]


def _invited(place: _Place) -> str:
    """Somebody who has answered all and not sent it; their token."""
    public_id, token, now = new_public_id(), new_secret(), clock.now()
    digest = token_hash(token, TokenKind.SURVEY)
    row = _invitation(place, next(place.numbers)) | {"public_id": public_id, "is_opened": True, "version_number": 1}
    with transaction() as own:
        made = SurveyInvitation(**row)
        own.add(made)
        own.flush()
        answers = _answers(place)
        own.add(PartialAnswers(invitation_id=made.id, answers=answers, delete_on=now.date() + timedelta(days=30)))
        own.add(
            OneTimeToken(
                kind=TokenKind.SURVEY,
                token_hash=digest,
                subject=public_id,
                person_id=row["person_id"],
                created_at=now,
                expires_at=now + timedelta(days=30),
                tries_left=0,
            )
        )
    return token


def _fill(place: _Place) -> list[float]:
    """Ballots of two years, released month by month as the worker does; what each release took."""
    now, took = clock.now(), []
    for some in _chunks(ASKED):
        with transaction() as own:
            own.execute(insert(SurveyInvitation), [_asked(place, number) for number in some])
    with transaction():
        add_to_reach(Counter({(place.survey_id, WERE_ASKED): ASKED, (place.survey_id, BEGAN): RESPONSES}))
    for month in range(MONTHS):
        for some in _chunks(RESPONSES // MONTHS):
            with transaction() as own:
                own.execute(insert(Ballot), [_ballot(place) for _ in some])
        begun = time.perf_counter()
        release_ballots(place.survey_id, now - timedelta(days=30 * (MONTHS - month)))
        took.append((time.perf_counter() - begun) * 1000)
    end_reading()
    know_the_rows()
    return took


def _chunks(count: int) -> Iterator[range]:
    return (range(first, min(first + 5_000, count)) for first in range(0, count, 5_000))


def _invitation(place: _Place, number: int) -> dict[str, Any]:
    today = clock.now().date()
    return {
        "public_id": new_public_id(),
        "survey_id": place.survey_id,
        "person_id": place.people[number % PEOPLE],
        "application_id": None,
        "cause": f"bench:{number}:{new_public_id()}",
        "asked_on": today,
        "closes_on": today + timedelta(days=30),
        "is_opened": False,
        "is_answered": False,
        "version_number": None,
        "counted_as": CountedAs.ASKED,
    }


def _asked(place: _Place, number: int) -> dict[str, Any]:
    is_answered = number % 5 < 2
    return _invitation(place, number) | {
        "is_opened": is_answered,
        "is_answered": is_answered,
        "version_number": 1 if is_answered else None,
        "counted_as": CountedAs.BEGAN if is_answered else CountedAs.ASKED,
    }


def _ballot(place: _Place) -> dict[str, Any]:
    opening_id, _public_id, area = place.draw.choice(place.openings)
    return {
        "key": new_public_id() + new_public_id(),
        "survey_id": place.survey_id,
        "version_number": 1,
        "lot": "",
        "opening_id": opening_id,
        "area": area,
        "outcome": place.draw.choice(_ENDINGS),
        "answers": _answers(place),
    }


def _answers(place: _Place) -> dict[str, Any]:
    return {
        one.id: _answer(place.draw, one)
        for one in place.content.questions
        if place.draw.random() < 0.9 or one.is_required
    }


def _answer(draw: random.Random, question: Question) -> Any:
    if question.kind in SCALES:
        return draw.randint(*SCALES[question.kind])
    if question.kind in TEXTS:
        said = "The task took a whole weekend, and two hours would have been enough to see how we work together."
        return f"{said} {draw.choice(_RARE)}"
    return draw.choice(question.options).id
