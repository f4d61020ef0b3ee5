"""What a stranger, a scanner or an impatient thumb can do with the links of mails: nothing but less."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.audit.models import AuditRecord
from portal.community.actions import join as join_community
from portal.contact.models import ConsentEvent, ContactPreferences, SignOfLife
from portal.contact.queries import consent_states, contact_preferences
from portal.contact.rules import Preferences
from portal.contact.states import Purpose
from portal.core import clock
from portal.core.db import end_reading, session
from tests.accounts import visitors
from tests.accounts.visitors import ADA, NORA, sign_in
from tests.contact import links
from tests.pages import Browser, is_named

pytestmark = pytest.mark.both_in_soak
UPDATES, ALERTS = Purpose.INSIDER_UPDATES, Purpose.JOB_ALERTS


@pytest.fixture
def ada(app: Flask) -> int:
    """A member who said yes to insider updates and job alerts."""
    person_id = visitors.join(ADA)
    join_community(person_id, [UPDATES, ALERTS], clock.now())
    return person_id


def given_to(person_id: int) -> set[Purpose]:
    end_reading()
    return {purpose for purpose, state in consent_states(person_id).items() if state.is_given}


def rows() -> list[int]:
    """How much stands in all that a link could write to."""
    end_reading()
    tables = (ConsentEvent, ContactPreferences, SignOfLife, AuditRecord)
    return [session().scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def test_asking_for_the_head_of_a_page_changes_nothing(app: Flask, ada: int) -> None:
    before = rows()
    for path in (links.unsubscribe(ada, UPDATES), links.preferences(ada), links.stay(ada)):
        answer = app.test_client().head(path)
        assert (answer.status_code, answer.data) == (200, b"")
    assert rows() == before


@pytest.mark.parametrize(
    "path", ["{preferences}", "{preferences}/everything", "{stay}", "/me/preferences", "/me/join", "/me/leave"]
)
def test_only_one_click_works_without_the_token_of_a_page(app: Flask, ada: int, path: str) -> None:
    browser = Browser(app)
    sign_in(browser)
    before = rows()
    target = path.format(preferences=links.preferences(ada), stay=links.stay(ada))
    assert browser.client.post(target, data={"stop": "insider_updates", "pause": "open"}).status_code == 400
    assert rows() == before


@pytest.mark.parametrize(
    "more",
    [
        {"purpose": "job_alerts"},
        {"what": "job_alerts"},
        {"stop": "job_alerts", "consents": "events"},
        {"person_id": "1", "public_id": "x"},
        {"what": "x" * 5000},
    ],
)
def test_one_click_with_more_than_one_click_does_what_its_link_says(app: Flask, ada: int, more: dict[str, str]) -> None:
    data: dict[str, Any] = {"List-Unsubscribe": "One-Click", **more}
    assert app.test_client().post(links.unsubscribe(ada, UPDATES), data=data).status_code == 200
    assert given_to(ada) == {ALERTS}


@pytest.mark.only("sqlite")  # the same statements on both; this is about how many there are
def test_the_button_a_hundred_times_is_the_button_once(app: Flask, ada: int) -> None:
    client = app.test_client(use_cookies=False)
    for number in range(100):
        assert client.post(links.unsubscribe(ada, UPDATES)).status_code == 200
        if number == 0:
            after_one = rows()
    assert rows() == after_one


def test_what_is_no_token_is_not_there(app: Flask, ada: int) -> None:
    before = rows()
    token = links.unsubscribe(ada, UPDATES).removeprefix("/unsubscribe/")
    body, _dot, seal = token.partition(".")
    for nonsense in (
        "x",
        ".",
        f".{seal}",
        f"{body}.",
        f"{token}.{seal}",
        f"{token}=",
        f"{token}%0A",
        "%00",
        "é" * 40,
        "%F0%28%8C%28",
        "a" * 8000,
        "None",
        "..%2F..",
    ):
        for page in ("unsubscribe", "preferences", "stay"):
            answer = app.test_client().get(f"/{page}/{nonsense}")
            assert answer.status_code == 404, f"{page} {nonsense[:20]}"
        assert app.test_client().post(f"/unsubscribe/{nonsense}").status_code == 404, nonsense[:20]
    assert rows() == before


def test_a_link_works_for_whoever_it_names_and_not_for_whoever_is_signed_in(app: Flask, ada: int) -> None:
    nora = visitors.join(NORA, "Nora Berg")
    join_community(nora, [UPDATES], clock.now())
    browser = Browser(app)
    sign_in(browser, NORA)
    browser.submit(browser.get(links.unsubscribe(ada, UPDATES)), action=links.unsubscribe(ada, UPDATES))
    assert given_to(ada) == {ALERTS}
    assert given_to(nora) == {UPDATES}


def test_pages_of_links_name_nobody(app: Flask, ada: int) -> None:
    for path in (links.unsubscribe(ada, UPDATES), links.preferences(ada), links.stay(ada)):
        text = Browser(app).get(path).text
        assert not is_named("Ada", text)
        assert ADA not in text


def test_saving_nothing_says_so_and_changes_nothing(app: Flask, ada: int) -> None:
    browser = Browser(app)
    page = browser.submit(browser.get(links.preferences(ada)), having="pause")
    assert "You chose nothing, so all stays as it is." in page.text
    end_reading()
    assert contact_preferences(ada) == Preferences()
    assert given_to(ada) == {UPDATES, ALERTS}


def test_nobody_changes_the_preferences_of_somebody_else(app: Flask, ada: int) -> None:
    nora = visitors.join(NORA, "Nora Berg")
    browser = Browser(app)
    sign_in(browser, NORA)
    values = browser.get("/me/preferences").form(having="skills").values
    extra = {"person_id": str(ada), "pause": "open", "rests_until": "2027-01-01", "is_member": "1", "skills": "Python"}
    browser.post("/me/preferences", {**values, **extra})
    end_reading()
    assert contact_preferences(ada) == Preferences()
    assert contact_preferences(nora) == Preferences()
