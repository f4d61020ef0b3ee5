"""The audit log: newest first, in plain words, found by action, person and subject."""

import ast
import re

import pytest
from flask import Flask

from portal.audit.actions import record
from portal.audit.rules import ACTION_WORDS, action_words, detail_words
from portal.core import clock
from portal.core.db import transaction
from portal.core.paths import ROOT
from portal.core.permissions import Role
from tests.accounts.visitors import ADA, ADMIN, RITA, hire, import_person, sign_in
from tests.conftest import Time, counted_statements
from tests.pages import Browser

PATH = "/recruiting/admin/audit"


@pytest.fixture
def admin(app: Flask) -> Browser:
    hire(ADMIN, Role.ADMIN, "Nina Admin")
    browser = Browser(app)
    sign_in(browser, ADMIN)
    return browser


def test_newest_comes_first_with_who_what_and_whom(admin: Browser, time: Time) -> None:
    ada, rita = import_person(ADA, "Ada Lind"), hire(RITA)
    time.pass_by(minutes=5)
    record("accounts.change_role", "person:abc", actor_id=None, now=clock.now(), person_id=rita, role="admin")
    time.pass_by(minutes=5)
    record("applications.write_to_candidate", "application:xyz", actor_id=rita, now=clock.now(), person_id=ada)
    text = admin.get(PATH).text
    assert "Rita Sander Wrote to a candidate Ada Lind application:xyz" in text
    assert "The system Changed a role Rita Sander person:abc Role: admin" in text
    assert text.index("Wrote to a candidate Ada") < text.index("The system Changed a role")


def test_records_are_found_by_action_person_and_subject(admin: Browser) -> None:
    ada = import_person(ADA, "Ada Lind")
    record("community.join", "person:first", actor_id=ada, now=clock.now(), person_id=ada)
    record("ats.discard_import", "import:second", actor_id=None, now=clock.now())
    for query, found in (("q=lind", "first"), ("q=ADA@demo", "first"), ("q=second", "second"), ("q=%25", "")):
        text = admin.get(f"{PATH}?{query}").text
        assert ("person:first" in text) == (found == "first"), query
        assert ("import:second" in text) == (found == "second"), query
    page = admin.get(f"{PATH}?action=ats.discard_import&q=")
    assert "import:second" in page.text
    assert "person:first" not in page.text


def test_a_search_without_a_result_leads_back(admin: Browser) -> None:
    page = admin.get(f"{PATH}?q=nobody-like-this")
    assert "Nothing fits" in page.text
    assert PATH in page.links


def test_fifty_stand_on_a_page_with_the_total(admin: Browser) -> None:
    with transaction():
        for number in range(60):
            record("ats.create_import", f"import:n{number:03}", actor_id=None, now=clock.now())
    page = admin.get(f"{PATH}?action=ats.create_import")
    assert page.text.count("import:n") == 50
    assert "60 records, page 1 of 2" in page.text
    with counted_statements() as seen:
        second = admin.get(f"{PATH}?action=ats.create_import&page=2")
    assert second.text.count("import:n") == 10
    assert len(seen) <= 6


def test_only_admins_read_it(app: Flask) -> None:
    hire(RITA, Role.RECRUITER)
    browser = Browser(app)
    sign_in(browser, RITA)
    browser.get(PATH, expect=404)


def test_everything_that_is_ever_recorded_has_plain_words() -> None:
    assert recorded_actions() - set(ACTION_WORDS) == set()
    assert action_words("long.gone") == "long.gone"


def recorded_actions() -> set[str]:
    found = set()
    for path in (ROOT / "portal").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if "record" in name or "note" in name:
                texts = (str(one.value) for one in node.args if isinstance(one, ast.Constant))
                found |= {text for text in texts if re.fullmatch(r"[a-z]+\.[a-z_]+", text)}
    return found


def test_facts_that_say_nothing_are_left_out() -> None:
    assert detail_words({"role": "hiring-manager", "count": 0, "source": "", "told": None, "is_new": True}) == [
        ("Role", "hiring-manager"),
        ("How many", "0"),
        ("Is new", "yes"),
    ]
    assert detail_words({"status_after": "in_review", "next_update_by": "2026-03-06"}) == [
        ("Status after", "in review"),
        ("Next word by", "Friday 6 March 2026"),
    ]
