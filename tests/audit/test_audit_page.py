"""The audit log: newest first, in plain words, found by action, person and subject."""

import ast
import re
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import insert

from portal.audit.actions import record
from portal.audit.models import AuditRecord
from portal.audit.queries import MOST_LISTED, AuditSearch, audit_page
from portal.audit.rules import (
    FOR_COLLEAGUES_ONLY,
    TOLD_BY_THE_LETTER,
    TOLD_TO_WHOM_IT_IS_ABOUT,
    action_words,
    detail_words,
    possible_subjects,
)
from portal.audit.rules.words import ACTION_WORDS
from portal.core import clock
from portal.core.db import transaction
from portal.core.paths import ROOT
from portal.core.permissions import Role
from portal.people.queries import known_person
from tests.accounts.visitors import ADA, ADMIN, RITA, hire, import_person, sign_in
from tests.conftest import Time, counted_statements, sqlite_plan
from tests.factories import public_id_of
from tests.pages import Browser

pytestmark = pytest.mark.both_in_soak

PATH = "/recruiting/admin/audit"


def known(email: str) -> int:
    """The id of somebody with this address."""
    person = known_person(email)
    assert person is not None
    return person.person_id


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
    page = admin.get(PATH)
    assert "Rita Sander Wrote to a candidate Ada Lind Application xyz" in page.text
    assert "The system Changed a role Rita Sander Person abc Role: admin" in page.text
    assert page.text.index("Wrote to a candidate Ada") < page.text.index("The system Changed a role")
    assert "/recruiting/applications/xyz" in page.links


def test_no_record_leads_to_a_page_that_is_not_there(admin: Browser) -> None:
    """Nobody has a card of themselves to look at, and whoever was erased has none."""
    nina, ada = known(ADMIN), import_person(ADA, "Ada Lind")
    for person_id in (nina, ada):
        subject = f"person:{public_id_of(person_id)}"
        record("accounts.change_role", subject, actor_id=nina, now=clock.now(), person_id=person_id, role="admin")
    record("privacy.erase_person", "person:gone", actor_id=nina, now=clock.now())
    shown = {link for link in admin.get(PATH).links if link.startswith("/recruiting/candidates/")}
    assert shown == {f"/recruiting/candidates/{public_id_of(ada)}"}


def found(admin: Browser, query: str, expect: set[str]) -> None:
    """The records that a search lists, by the last word of what they are about."""
    text = admin.get(f"{PATH}?{query}").text
    assert {one for one in ("first", "second", "third") if f" {one} " in text} == expect, query


@pytest.fixture
def three(admin: Browser, time: Time) -> Browser:
    """Rita wrote to Ada on Thursday, the system did something to an import on Friday, Ada joined on Saturday."""
    ada, rita = import_person(ADA, "Ada Lind"), hire(RITA)
    time.pass_by(days=1)
    record("applications.write_to_candidate", "application:first", actor_id=rita, now=clock.now(), person_id=ada)
    time.pass_by(days=1)
    record("ats.discard_import", "import:second", actor_id=None, now=clock.now())
    time.pass_by(days=1)
    record("community.join", "person:third", actor_id=ada, now=clock.now(), person_id=ada)
    sign_in(admin, ADMIN)
    return admin


def test_records_are_found_by_who_did_it(three: Browser) -> None:
    found(three, f"who={public_id_of(known(RITA))}", {"first"})
    found(three, "who=system", {"second"})
    found(three, "who=nobody-we-know", {"first", "second", "third"})


def test_records_are_found_by_what_was_done(three: Browser) -> None:
    found(three, "action=ats.discard_import", {"second"})
    found(three, "action=never.done", {"first", "second", "third"})


@pytest.mark.parametrize("words", ["lind", "LIND", "ADA@demo", "%20Ada%20%20Lind"])
def test_records_are_found_by_a_name_or_an_address(three: Browser, words: str) -> None:
    found(three, f"about={words}", {"first", "third"})


def test_records_are_found_by_an_id_as_it_stands_in_an_address(three: Browser) -> None:
    found(three, "about=second", {"second"})
    found(three, "about=import:second", {"second"})
    found(three, "about=application:second", set())
    found(three, "about=%25", set())


def test_records_are_found_by_their_days_first_and_last_included(three: Browser) -> None:
    found(three, "since=2026-03-06", {"second", "third"})
    found(three, "until=2026-03-06", {"first", "second"})
    found(three, "since=2026-03-06&until=2026-03-06", {"second"})
    found(three, "since=0001-01-01&until=9999-12-31", {"first", "second", "third"})


def test_a_day_begins_at_midnight_on_the_clock_of_who_reads(admin: Browser) -> None:
    record("ats.discard_import", "import:first", actor_id=None, now=datetime(2026, 3, 3, 23, 30, tzinfo=UTC))
    record("ats.discard_import", "import:second", actor_id=None, now=datetime(2026, 3, 3, 22, 30, tzinfo=UTC))
    found(admin, "since=2026-03-04", {"first"})
    found(admin, "until=2026-03-03", {"second"})


def test_ways_to_narrow_add_up_and_stay_in_the_form(three: Browser) -> None:
    who = public_id_of(known(RITA))
    query = f"who={who}&action=applications.write_to_candidate&about=lind&since=2026-03-05&until=2026-03-05"
    found(three, query, {"first"})
    form = three.get(f"{PATH}?{query}").form(having="about")
    assert form.values["who"] == who
    assert (form.values["about"], form.values["since"], form.values["until"]) == ("lind", "2026-03-05", "2026-03-05")
    found(three, f"who={who}&about=second", set())


def test_a_day_that_does_not_exist_is_named_and_narrows_nothing(three: Browser) -> None:
    found(three, "since=2026-02-31", {"first", "second", "third"})
    assert "Not a valid date value" in three.get(f"{PATH}?since=2026-02-31").text


def test_a_search_without_a_result_leads_back(admin: Browser) -> None:
    page = admin.get(f"{PATH}?about=nobody-like-this")
    assert "Nothing fits" in page.text
    assert PATH in page.links


def test_letters_that_fit_too_many_people_ask_for_more(admin: Browser) -> None:
    for number in range(21):
        import_person(f"lind{number}@example.org", f"Ada Lind {number}")
    assert "Write more of the name" in admin.get(f"{PATH}?about=lind").text
    assert "Write more of the name" not in admin.get(f"{PATH}?about=lind+20").text


def test_fifty_stand_on_a_page_with_the_total(admin: Browser) -> None:
    for number in range(60):
        record("ats.create_import", f"import:n{number:03}", actor_id=None, now=clock.now())
    page = admin.get(f"{PATH}?action=ats.create_import")
    assert page.text.count("Import n") == 50
    assert "60 records, page 1 of 2" in page.text
    with counted_statements() as seen:
        second = admin.get(f"{PATH}?action=ats.create_import&page=2")
    assert second.text.count("Import n") == 10
    assert len(seen) <= 7


@pytest.mark.only("sqlite")  # the limit is counted in our own code
def test_a_list_without_end_asks_for_days(admin: Browser) -> None:
    rows = [
        {"occurred_at": clock.now(), "action": "ats.create_import", "subject": f"import:n{number}", "details": {}}
        for number in range(MOST_LISTED + 1)
    ]
    with transaction() as session:
        session.execute(insert(AuditRecord), rows)
    text = admin.get(f"{PATH}?action=ats.create_import").text
    assert "10000 records, page 1 of 200" in text
    assert "The newest 10,000 records that fit are listed" in text
    assert admin.get(f"{PATH}?action=ats.create_import&page=999999").text.count("Import n") == 50


@pytest.mark.only("sqlite")  # its plans are stable; PostgreSQL chooses by what it has counted
def test_every_way_to_narrow_walks_an_index(app: Flask) -> None:
    """Newest first without sorting: 400 000 records stay as quick as 400."""
    searches = [AuditSearch(), AuditSearch(actor_id=1), AuditSearch(is_by_system=True), AuditSearch(action="a.b")]
    searches += [AuditSearch(about="Ada Lind", people=(1,)), AuditSearch(action="a.b", since=clock.now())]
    for search in searches:
        plan = plan_of(search)
        assert "ix_audit_record_newest" in plan, (search, plan)
        assert "USE TEMP B-TREE" not in plan, (search, plan)
    # An id or several people: what fits is found by index, and only that is sorted.
    assert "SCAN audit_record" not in plan_of(AuditSearch(about="Ab3dEf5hJk7m", people=(1, 2)))


def plan_of(search: AuditSearch) -> str:
    """How SQLite would find the newest fifty."""
    with counted_statements() as seen:
        audit_page(search, 0, 50)
    return sqlite_plan(seen[-1])


def test_what_somebody_may_mean_by_an_id() -> None:
    assert possible_subjects("import:second") == ["import:second"]
    assert "application:Ab3dEf5hJk7m" in possible_subjects("Ab3dEf5hJk7m")
    for words in ("", "a:b", "import:", "Ada Lind", "ada@demo.example"):
        assert possible_subjects(words) == []


def test_only_admins_read_it(app: Flask) -> None:
    hire(RITA, Role.RECRUITER)
    browser = Browser(app)
    sign_in(browser, RITA)
    browser.get(PATH, expect=404)


def test_everything_that_is_ever_recorded_has_plain_words() -> None:
    assert recorded_actions() - set(ACTION_WORDS) == set()
    assert action_words("long.gone") == "long.gone"


def test_somebody_has_thought_of_who_reads_of_each_action() -> None:
    lists = [*TOLD_TO_WHOM_IT_IS_ABOUT, *TOLD_BY_THE_LETTER, *FOR_COLLEAGUES_ONLY]
    assert sorted(lists) == sorted(ACTION_WORDS)


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
