"""Whoever had only an automatic note is seen by colleagues, the longest without a word first."""

from datetime import date, timedelta

import pytest
from flask import Flask

from portal.applications.actions import write_to_candidate
from portal.applications.queries import StaffScope, find_for_staff
from portal.applications.queries.noted import noted_for
from portal.applications.rules import Proposal
from portal.applications.states import ApplicationStatus, EventKind
from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.permissions import Role
from portal.openings.models import Opening
from tests.conftest import counted_statements
from tests.factories import Made, add_event, make_application, make_opening, make_staff, public_id_of, signed_in
from tests.pages import Browser

FRIDAY = date(2026, 3, 20)
LIST = "/recruiting/applications"


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def desk(app: Flask, rita: int) -> Browser:
    return signed_in(app, rita)


@pytest.fixture
def opening(app: Flask, rita: int) -> int:
    return make_opening("Nurse", recruiter_id=rita)


def noted(opening: int, owner: int, name: str, *missed: date) -> Made:
    """Somebody who was promised a word by each of these days, and got an automatic note instead."""
    made = make_application(opening, owner, name=name, promised=FRIDAY)
    for day in missed:
        add_event(made.id, EventKind.HOLDING_NOTE, promised=FRIDAY, missed_on=day)
    return made


def names_in_order(browser: Browser, path: str, *names: str) -> list[str]:
    text = browser.get(path).text
    return sorted((name for name in names if name in text), key=text.index)


def scope(person_id: int, role: Role = Role.RECRUITER) -> StaffScope:
    return StaffScope(person_id, role)


def test_the_home_says_how_many_and_since_when_and_leads_to_them(opening: int, rita: int, desk: Browser) -> None:
    noted(opening, rita, "Ada Lind", date(2026, 3, 2))
    noted(opening, rita, "Ben Roth", date(2026, 2, 26))
    make_application(opening, rita, name="Cleo Marsh", promised=FRIDAY)
    home = desk.get("/recruiting/")
    assert "2 people have had only an automatic note from us" in home.text
    assert "promised a word by Thursday 26 February 2026" in home.text
    link = next(link for link in home.links if "waiting=note" in link)
    assert names_in_order(desk, link, "Ada Lind", "Ben Roth", "Cleo Marsh") == ["Ben Roth", "Ada Lind"]


def test_nothing_is_said_where_nobody_had_one(opening: int, rita: int, desk: Browser) -> None:
    make_application(opening, rita, promised=FRIDAY)
    assert "automatic note" not in desk.get("/recruiting/").text


def test_whoever_waits_longest_comes_first_even_with_a_newer_note(opening: int, rita: int, desk: Browser) -> None:
    noted(opening, rita, "Ada Lind", date(2026, 2, 27))
    noted(opening, rita, "Ben Roth", date(2026, 2, 2), date(2026, 3, 3))
    assert names_in_order(desk, f"{LIST}?waiting=note", "Ada Lind", "Ben Roth") == ["Ben Roth", "Ada Lind"]


def test_a_note_before_the_last_word_of_a_person_does_not_count(opening: int, rita: int, desk: Browser) -> None:
    made = noted(opening, rita, "Ada Lind", date(2026, 2, 2))
    add_event(made.id, EventKind.CALL, promised=FRIDAY)
    assert noted_for(scope(rita), rita).count == 0
    add_event(made.id, EventKind.HOLDING_NOTE, promised=FRIDAY, missed_on=date(2026, 3, 3))
    assert noted_for(scope(rita), rita).since == date(2026, 3, 3)


def test_whoever_has_a_letter_on_its_way_is_not_among_them(opening: int, rita: int, desk: Browser) -> None:
    made = noted(opening, rita, "Ada Lind", date(2026, 3, 2))
    view = find_for_staff(made.public_id, scope(rita))
    assert view is not None
    words = Proposal(ApplicationStatus.IN_REVIEW, "You are still in.", FRIDAY, "")
    write_to_candidate(
        made.public_id, scope=scope(rita), proposal=words, seen_event_id=view.newest_event_id, now=clock.now()
    )
    end_reading()
    assert noted_for(scope(rita), rita).count == 0
    assert "Ada Lind" not in desk.get(f"{LIST}?waiting=note").text


def test_the_pipeline_narrows_to_them(opening: int, rita: int, desk: Browser) -> None:
    noted(opening, rita, "Ada Lind", date(2026, 3, 2))
    make_application(opening, rita, name="Cleo Marsh", promised=FRIDAY)
    public_id = session().get_one(Opening, opening).public_id
    page = desk.get(f"/recruiting/openings/{public_id}/pipeline?waiting=note")
    assert "Ada Lind" in page.text
    assert "Cleo Marsh" not in page.text
    assert page.forms[-1].values["waiting"] == "note"


def test_each_sees_their_own_and_a_hiring_manager_only_their_openings(app: Flask, opening: int, rita: int) -> None:
    omar = make_staff("Omar Haddad")
    hugo = make_staff("Hugo Berg", Role.HIRING_MANAGER)
    noted(opening, rita, "Ada Lind", date(2026, 3, 2))
    assert "automatic note from us" not in signed_in(app, omar).get("/recruiting/").text
    assert "1 person has had" in signed_in(app, omar).get("/recruiting/?whose=team").text
    assert noted_for(scope(hugo, Role.HIRING_MANAGER), None).count == 0
    mine = f"{LIST}?waiting=note&owner={public_id_of(omar)}"
    assert "Ada Lind" not in signed_in(app, omar).get(mine).text


def test_many_ask_no_more_than_one(opening: int, rita: int, desk: Browser) -> None:
    noted(opening, rita, "Ada Lind", date(2026, 3, 2))
    desk.get("/recruiting/")
    with counted_statements() as few:
        desk.get("/recruiting/")
    for number in range(4):
        noted(opening, rita, f"Person {number}", date(2026, 3, 2) - timedelta(days=number))
    with counted_statements() as many:
        desk.get("/recruiting/")
    assert len(many) == len(few)


def test_those_who_are_told_that_it_takes_longer_are_the_ones_on_the_list(
    opening: int, rita: int, desk: Browser
) -> None:
    noted(opening, rita, "Ada Lind", date(2026, 3, 2))
    make_application(opening, rita, name="Cleo Marsh", promised=FRIDAY)
    page = desk.get(f"{LIST}?waiting=note")
    assert "Who waits longest for a word from a person is on top." in page.text
    delay = desk.get(next(link for link in page.links if "/delay" in link))
    assert "Ada Lind" in delay.text
    assert "Cleo Marsh" not in delay.text
