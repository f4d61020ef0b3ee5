"""One box that finds people, openings and notes, as far as the asker may see them."""

import pytest
from flask import Flask

from portal.community.models import PersonPlace, PersonSkill
from portal.core.db import transaction
from portal.core.permissions import Role
from tests.conftest import counted_statements
from tests.factories import make_application, make_opening, make_person, make_staff, public_id_of, signed_in
from tests.pages import Browser

SEARCH = "/recruiting/search"


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander")


@pytest.fixture
def desk(app: Flask, rita: int) -> Browser:
    return signed_in(app, rita)


def find(browser: Browser, words: str) -> str:
    text = browser.get(f"{SEARCH}?q={words}").text
    return text[text.index("as far as you may see them") :]


def test_an_empty_box_says_what_it_is_for(desk: Browser) -> None:
    page = desk.get(SEARCH)
    assert "What are you looking for?" in page.text
    box = page.find("data-key")
    assert box is not None
    assert (box.get("name"), box.get("data-key")) == ("q", "/")


def test_people_openings_and_notes_are_found_by_one_word(desk: Browser, rita: int) -> None:
    make_person("Crane Summers", "crane@example.org")
    make_opening("Crane Driver", recruiter_id=rita)
    ada = make_person("Ada Lind", "ada@example.org")
    card = f"/recruiting/candidates/{public_id_of(ada)}"
    desk.submit(desk.get(card), body="Drove a CRANE in Gdynia")
    page = desk.submit(desk.get(SEARCH), q="crane")
    assert [one for one in ("People", "Crane Summers", "Crane Driver", "Drove a CRANE") if one not in page.text] == []
    assert f"{card}#notes" in page.links


def test_people_are_found_by_address_and_by_tag(desk: Browser) -> None:
    ada = make_person("Ada Lind", "ada@example.org")
    desk.submit(desk.get(f"/recruiting/candidates/{public_id_of(ada)}/tags"), tags="Welder")
    assert "Ada Lind" in find(desk, "ada@exam")
    assert "Ada Lind" in find(desk, "WELD")


def test_a_card_that_was_found_leads_to_the_next_one_that_was(desk: Browser) -> None:
    first, second = make_person("Ada Lind"), make_person("Bo Lind")
    page = desk.get(f"{SEARCH}?q=lind")
    card = desk.get(next(link for link in page.links if public_id_of(second) in link))
    assert any(public_id_of(first) in link for link in card.links)


def test_nothing_found_says_what_to_try(desk: Browser) -> None:
    make_person("Ada Lind")
    assert "Nothing found for “%”" in find(desk, "%25")
    assert "Nothing found for “<b>”" in find(desk, "%3Cb%3E")


def test_many_people_lead_to_the_whole_list(desk: Browser) -> None:
    for number in range(12):
        make_person(f"Lind {number}")
    page = desk.get(f"{SEARCH}?q=lind")
    assert "/recruiting/candidates?q=lind" in page.links
    assert "12 people" in desk.get("/recruiting/candidates?q=lind").text


def test_a_hiring_manager_finds_only_what_is_theirs(app: Flask, desk: Browser, rita: int) -> None:
    hugo = make_staff("Hugo Berg", Role.HIRING_MANAGER)
    own = make_opening("Lind Crane Driver", recruiter_id=rita, manager_id=hugo)
    other = make_opening("Lind Nurse", recruiter_id=rita)
    ada = make_person("Ada Lind")
    applied = make_application(own, rita, person_id=ada)
    make_application(other, rita, person_id=make_person("Bo Lind"))
    make_person("Cleo Lind")
    desk.submit(desk.get(f"/recruiting/candidates/{public_id_of(ada)}"), body="Lind is a rare name")
    desk.submit(desk.get(f"/recruiting/candidates/{public_id_of(ada)}/tags"), tags="Lindy hop")
    manager = signed_in(app, hugo)
    text = find(manager, "lind")
    assert "Ada Lind" in text
    assert "Lind Crane Driver" in text
    assert [one for one in ("Nurse", "Bo Lind", "Cleo", "rare name") if one in text] == []
    assert "Nothing found" in find(manager, "lindy")
    assert f"/recruiting/applications/{applied.public_id}/read" in manager.get(f"{SEARCH}?q=lind").links


def test_a_search_costs_a_handful_of_statements(desk: Browser) -> None:
    for number in range(12):
        make_person(f"Lind {number}")
    desk.get(f"{SEARCH}?q=lind")
    with counted_statements() as statements:
        desk.get(f"{SEARCH}?q=lind")
    assert len(statements) <= 6


def test_somebody_is_found_by_several_words_each_in_a_place_of_its_own(app: Flask, desk: Browser) -> None:
    ada, bo = make_person("Ada Lind", "ada@example.org"), make_person("Bo Ek", "bo@example.org")
    for person_id, place in ((ada, "Gdańsk"), (bo, "Lisbon")):
        with transaction() as session:
            session.add(PersonSkill(person_id=person_id, skill="django", label="Django"))
            session.add(PersonPlace(person_id=person_id, place=place.lower(), label=place))
    both = find(desk, "django")
    assert ("Ada Lind" in both, "Bo Ek" in both) == (True, True)
    one = find(desk, "django+gda")
    assert ("Ada Lind" in one, "Bo Ek" in one) == (True, False)
    assert "Ada Lind" in find(desk, "lind+django")
    assert "Nothing found" in desk.get(f"{SEARCH}?q=django+warsaw").text
