"""The page of an opening says how many applied and where they are, each number a link to those it counts."""

from datetime import date

import pytest
from flask import Flask

from portal.applications.models import Application
from portal.applications.states import ApplicationStatus
from portal.core.db import session, transaction
from portal.core.permissions import Role
from portal.openings.models import Opening
from portal.openings.rules import Stage
from tests.conftest import counted_statements
from tests.factories import make_application, make_opening, make_staff, make_version, signed_in
from tests.pages import Browser

pytestmark = pytest.mark.both_in_soak

LATE, TODAY, FRIDAY = date(2026, 3, 3), date(2026, 3, 4), date(2026, 3, 6)
EVERYBODY = ("Ada", "Bo", "Cleo", "Dan", "Over 0", "Over 1", "Over 2", "Elsewhere")
STAGES = (
    Stage("Reading", "We read.", "Rita", "A week", "in_review"),
    Stage("Talk & tea", "We talk.", "Hugo", "An hour", "interviewing"),
)


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def hugo(app: Flask) -> int:
    return make_staff("Hugo Berg", Role.HIRING_MANAGER, "hugo@example.org")


@pytest.fixture
def desk(app: Flask, rita: int) -> Browser:
    return signed_in(app, rita)


@pytest.fixture
def opening(app: Flask, hugo: int) -> int:
    opening_id = make_opening("Nurse", manager_id=hugo)
    make_version(opening_id, "Nurse", stages=STAGES)
    return opening_id


def page_of(opening: int) -> str:
    return f"/recruiting/openings/{session().get_one(Opening, opening).public_id}"


def fill(opening: int, rita: int) -> None:
    """Two in the second stage, one of them late; one in none, due today; one elsewhere by an import; three endings."""
    for name, stage, promised in (("Ada", "Talk & tea", LATE), ("Bo", "Talk & tea", FRIDAY), ("Cleo", "", TODAY)):
        made = make_application(opening, rita, name=name, promised=promised)
        with transaction() as own:
            own.get_one(Application, made.id).stage = stage
    make_application(opening, rita, name="Dan", promised=FRIDAY, source_stage="Phone")
    for number in range(3):
        make_application(opening, rita, name=f"Over {number}", status=ApplicationStatus.NOT_SELECTED)
    make_application(make_opening("Baker"), rita, name="Elsewhere", promised=LATE)


def test_an_opening_to_which_nobody_applied_says_so(desk: Browser, opening: int) -> None:
    page = desk.get(page_of(opening))
    assert "Nobody has applied yet." in page.text
    assert "Had an ending" not in page.text


def test_it_says_how_many_are_where_how_many_are_due_and_how_many_had_an_ending(
    desk: Browser, opening: int, rita: int
) -> None:
    fill(opening, rita)
    text = desk.get(page_of(opening)).text
    assert "Open 4 Due today or late 2 Had an ending 3" in text
    assert "In no stage yet 1 due 1 Reading 0 Talk & tea 1 due 2 Phone 1" in text


def test_each_number_leads_to_those_it_counts(desk: Browser, opening: int, rita: int) -> None:
    fill(opening, rita)
    where = page_of(opening)
    links = desk.get(where).links
    for narrowing, names in (
        ("", {"Ada", "Bo", "Cleo", "Dan"}),
        ("?due=y", {"Ada", "Cleo"}),
        ("?ended=y", {"Over 0", "Over 1", "Over 2"}),
        ("?stage=Talk%20%26%20tea", {"Ada", "Bo"}),
        ("?stage=Talk%20%26%20tea&due=y", {"Ada"}),
        ("?stage=-", {"Cleo"}),
        ("?stage=Phone", {"Dan"}),
    ):
        assert f"{where}/pipeline{narrowing}" in links
        body = desk.get(f"{where}/pipeline{narrowing}").body
        assert {name for name in EVERYBODY if f"Choose: {name}" in body} == names, narrowing


def test_whoever_a_letter_is_on_its_way_to_is_due_nowhere(desk: Browser, opening: int, rita: int) -> None:
    fill(opening, rita)
    cleo = desk.get(f"{page_of(opening)}/pipeline?stage=-")
    letter = desk.get(next(link for link in cleo.links if link.startswith("/recruiting/applications/")))
    words = {"message": "We have read it, Cleo. Thank you.", "date_reason": "Somebody was ill."}
    desk.submit(letter, having="message", button="send", when="5", **words)
    text = desk.get(page_of(opening)).text
    assert "Due today or late 1" in text
    assert "In no stage yet 1 Reading 0 Talk & tea 1 due 2 Phone 1" in text
    pipeline = desk.get(f"{page_of(opening)}/pipeline")
    assert "In no stage yet 1 Reading 0 Talk & tea 2 1 due Phone 1" in pipeline.text
    assert "1 application" in desk.get(f"{page_of(opening)}/pipeline?due=y").text


def test_when_all_have_had_an_ending_no_stage_is_listed(desk: Browser, opening: int, rita: int) -> None:
    make_application(opening, rita, status=ApplicationStatus.NOT_SELECTED)
    text = desk.get(page_of(opening)).text
    assert "Open 0 Due today or late 0 Had an ending 1" in text
    assert "Reading" not in text


def test_a_hiring_manager_sees_the_numbers_of_their_own_opening(app: Flask, opening: int, rita: int, hugo: int) -> None:
    fill(opening, rita)
    make_application(opening, rita, person_id=hugo, promised=LATE)
    browser = signed_in(app, hugo)
    # Their own application is not for them to look at.
    assert "Open 4 Due today or late 2 Had an ending 3" in browser.get(page_of(opening)).text
    browser.get(page_of(make_opening("Baker")), expect=404)


def test_the_numbers_cost_one_statement_however_many_applied(desk: Browser, opening: int, rita: int) -> None:
    desk.get(page_of(opening))
    with counted_statements() as none:
        desk.get(page_of(opening))
    fill(opening, rita)
    with counted_statements() as many:
        desk.get(page_of(opening))
    assert len(many) == len(none)
    assert sum("application" in one.lower() and "count(*)" in one.lower() for one in many) == 1
