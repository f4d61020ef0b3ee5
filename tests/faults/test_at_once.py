"""One button pressed fifty times at once, by an impatient person or a proxy that tries again: one effect."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from portal.accounts.models import Account, DeviceSession
from portal.applications.models import ApplicationEvent
from portal.applications.states import EventKind
from portal.ats.actions import work_on_import
from portal.ats.queries import find_import
from portal.ats.states import ImportState
from portal.audit.models import AuditRecord
from portal.community.models import JoinRequest, Membership
from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.tokens import TokenKind
from portal.outbox.models import Delivery
from portal.people.models import Person
from tests.accounts import visitors
from tests.factories import visitor
from tests.pages import Browser
from tests.whole_site.world import make_world

THREADS = 50
EMAIL = "noor@example.org"


def press_at_once(browsers: list[Browser], path: str, values: list[dict[str, Any]]) -> Counter[int]:
    """The same form from many threads at the same moment; how often each status came back."""
    start = Barrier(len(browsers))

    def press(one: tuple[Browser, dict[str, Any]]) -> TestResponse:
        start.wait()
        return one[0].client.post(path, data=one[1])

    end_reading()
    with ThreadPoolExecutor(len(browsers)) as pool:
        answers = list(pool.map(press, zip(browsers, values, strict=True)))
    end_reading()
    return Counter(answer.status_code for answer in answers)


def copies(browser: Browser, app: Flask) -> list[Browser]:
    """The same browser many times over: each sends the same cookies."""
    made = [Browser(app) for _ in range(THREADS)]
    for one in made:
        one.client._cookies = dict(browser.client._cookies or {})
    return made


def strangers(app: Flask, path: str, having: str) -> tuple[list[Browser], list[dict[str, Any]]]:
    """Many browsers that each have the page with the form before them, and what their forms hold."""
    browsers = [visitor(app) for _ in range(THREADS)]
    return browsers, [one.get(path).form(having=having).values for one in browsers]


def count(of: Callable[..., Any] | Any, *where: Any) -> int:
    end_reading()
    return session().scalar(select(func.count()).select_from(of).where(*where)) or 0


def test_one_confirmation_link_pressed_fifty_times_makes_one_member(app: Flask) -> None:
    asking = visitor(app)
    asking.submit(asking.get("/join"), having="areas", name="Noor Haddad", email=EMAIL)
    path = f"/confirm/{visitors.last_letter(EMAIL).token(TokenKind.CONFIRM)}"
    statuses = press_at_once(*_with_path(strangers(app, path, "csrf_token"), path))
    assert statuses == {303: 1, 404: THREADS - 1}
    assert [count(table) for table in (Person, Account, Membership, DeviceSession)] == [1, 1, 1, 1]


def test_one_sign_in_link_pressed_fifty_times_signs_one_browser_in(app: Flask) -> None:
    visitors.join(EMAIL)
    visitors.ask(visitor(app), EMAIL)
    path = visitors.sign_in_link(EMAIL)
    statuses = press_at_once(*_with_path(strangers(app, path, "csrf_token"), path))
    assert statuses == {303: 1, 404: THREADS - 1}
    assert count(DeviceSession) == 1


def test_one_join_form_sent_fifty_times_leaves_one_request_and_one_working_link(app: Flask) -> None:
    browser = visitor(app)
    form = browser.get("/join").form(having="areas")
    values = {**form.values, "name": "Noor Haddad", "email": EMAIL}
    statuses = press_at_once(copies(browser, app), "/join", [values] * THREADS)
    assert set(statuses) <= {303, 429}
    assert statuses[303] == len(visitors.letters(EMAIL))
    assert count(JoinRequest) == 1
    tokens = [letter.token(TokenKind.CONFIRM) for letter in visitors.letters(EMAIL)]
    assert [visitor(app).client.get(f"/confirm/{token}").status_code for token in tokens].count(200) == 1


def test_one_letter_sent_fifty_times_reaches_the_candidate_once(app: Flask) -> None:
    world = make_world(app)
    path = f"/recruiting/applications/{world.applications['bob']}"
    rita = world.browsers["rita"]
    values = {**rita.get(path).form(having="message").values, "message": "Hello.", "when": "5"}
    values["date_reason"] = "Hugo is away."
    letters, events = count(Delivery), count(ApplicationEvent, ApplicationEvent.kind == EventKind.MESSAGE)
    statuses = press_at_once(copies(rita, app), path, [{**values, "do": "send"}] * THREADS)
    assert statuses == {303: 1, 409: THREADS - 1}
    assert count(Delivery) == letters + 1
    assert count(ApplicationEvent, ApplicationEvent.kind == EventKind.MESSAGE) == events + 1


def test_one_import_applied_and_released_fifty_times_is_applied_and_released_once(app: Flask) -> None:
    world = make_world(app)
    path, rita = f"/recruiting/imports/{world.import_id}", world.browsers["rita"]
    token = {"csrf_token": rita.get("/recruiting/imports").form(having="file").values["csrf_token"]}
    token["all_the_same"] = "y"
    assert set(press_at_once(copies(rita, app), f"{path}/apply", [token] * THREADS)) == {303}
    work_on_import(find_import(world.import_id).id, clock.now())
    end_reading()
    row = find_import(world.import_id)
    assert row.state is ImportState.APPLIED
    assert row.added
    assert set(press_at_once(copies(rita, app), f"{path}/release", [token] * THREADS)) == {303}
    for action in ("ats.apply_import", "ats.release_import"):
        assert count(AuditRecord, AuditRecord.action == action) == 1


def _with_path(
    found: tuple[list[Browser], list[dict[str, Any]]], path: str
) -> tuple[list[Browser], str, list[dict[str, Any]]]:
    return found[0], path, found[1]
