"""A recruiter works a pipeline of 400 by keyboard."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from portal.applications.jobs import write_endings
from portal.applications.models import Application
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.permissions import Role
from portal.notes.models import Note
from portal.openings.models import Opening
from portal.openings.rules import Stage
from tests.browser.conftest import Opener, give_session, overflow, violations
from tests.conftest import Time
from tests.factories import (
    Made,
    make_application,
    make_opening,
    make_staff,
    make_version,
    settle_mail,
    signed_in,
)

pytestmark = pytest.mark.only("sqlite")
STAGES = (
    Stage("Reading", "We read.", "Rita", "A week", "in_review"),
    Stage("Talk", "We talk.", "Hugo", "An hour", "interviewing"),
)
SECRET = "Asks for a ladder"
LETTER = "Hello {name},\n\nwe have chosen somebody else. Thank you for your time."


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander")


@pytest.fixture
def hugo(app: Flask) -> int:
    return make_staff("Hugo Berg", Role.HIRING_MANAGER, "hugo@example.org")


@pytest.fixture
def opening(hugo: int) -> int:
    opening_id = make_opening("Nurse", manager_id=hugo)
    make_version(opening_id, "Nurse", stages=STAGES)
    return opening_id


@pytest.fixture
def four_hundred(opening: int, rita: int) -> list[Made]:
    with transaction():
        return [make_application(opening, rita, name=f"Person {number:03}") for number in range(400)]


def window_of(app: Flask, person_id: int, open_page: Opener, site: str) -> Page:
    page = open_page()
    give_session(page, signed_in(app, person_id), site)
    return page


def pipeline_of(opening: int) -> str:
    return f"/recruiting/openings/{session().get_one(Opening, opening).public_id}/pipeline"


def press(page: Page, keys: str) -> None:
    for key in keys.split():
        page.keyboard.press(key)


def walk_to(page: Page, button: str) -> None:
    """Press it as somebody does who came to it by Tab."""
    page.get_by_role("main").get_by_role("button", name=button).press("Enter")


def focused(page: Page) -> str:
    words: str = page.evaluate("document.activeElement.textContent.trim() || document.activeElement.name || ''")
    return words


def what_they_read(app: Flask, made: Made) -> str:
    end_reading()
    return signed_in(app, made.person_id).get(f"/me/applications/{made.public_id}").text


def in_stage(stage: str) -> set[str]:
    end_reading()
    return set(session().scalars(select(Application.public_id).where(Application.stage == stage)))


def test_four_hundred_are_worked_without_a_mouse(
    app: Flask, rita: int, opening: int, four_hundred: list[Made], open_page: Opener, site: str, time: Time
) -> None:
    page = window_of(app, rita, open_page, site)
    page.goto(pipeline_of(opening))
    assert violations(page) == []
    find_them(page)
    note_on_two(page, four_hundred)
    move_two_and_undo(page, four_hundred)
    end_three(page)
    put_one_off(page)
    end_reading()
    write_endings(clock.now())
    time.pass_by(days=1)
    settle_mail()
    told, put_off, noted = (what_they_read(app, four_hundred[number]) for number in (2, 5, 0))
    assert "Hello Person 002, we have chosen somebody else." in told
    assert "Not selected" in told
    assert "Hugo is back on Monday." in put_off
    assert "In review" in noted
    for text in (told, put_off, noted):
        assert SECRET not in text
        assert "Somebody else fits better" not in text


def find_them(page: Page) -> None:
    """The keys say what they are, none fires while somebody types, and the filters are reached by one."""
    press(page, "?")
    expect(page.get_by_text("choose or leave")).to_be_visible()
    press(page, "?")
    press(page, "/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.type("jxmn/?")
    expect(page.get_by_label("Name or address")).to_have_value("jxmn/?")
    page.get_by_label("Name or address").fill("person 0")
    press(page, "Enter")
    page.wait_for_url("**q=person+0**")
    expect(page.get_by_role("rowheader")).not_to_have_count(0)


def note_on_two(page: Page, made: list[Made]) -> None:
    press(page, "j")
    assert focused(page) == "Person 000"
    press(page, "x j j k x")
    expect(page.get_by_text("With 2 chosen:")).to_be_visible()
    press(page, "Control+n Alt+m")
    press(page, "n")
    page.wait_for_url("**/pipeline/note?**")
    expect(page.get_by_role("heading", level=1)).to_have_text("Note on 2 people")
    assert violations(page) == []
    page.get_by_label("Note for colleagues").focus()
    page.keyboard.type(SECRET)
    walk_to(page, "Note it on 2 applications")
    page.wait_for_url("**/pipeline?q=person+0")
    expect(page.get_by_text("Noted on 2 applications, for colleagues only.")).to_be_visible()
    end_reading()
    assert set(session().scalars(select(Note.application_id))) == {made[0].id, made[1].id}


def move_two_and_undo(page: Page, made: list[Made]) -> None:
    press(page, "j x j x m")
    page.wait_for_url("**/change?**")
    page.get_by_label("Stage from now on").select_option("Talk")
    page.get_by_label("In 3 working days").press("Space")
    page.get_by_label("Why the date is later").fill("Hugo is away.")
    walk_to(page, "Preview")
    expect(page.get_by_text("2 people get a mail.")).to_be_visible()
    assert violations(page) == []
    walk_to(page, "Do this for 2 people")
    page.wait_for_url("**/changes/**")
    assert in_stage("Talk") == {made[0].public_id, made[1].public_id}
    walk_to(page, "Take all 2 back")
    page.wait_for_url("**/pipeline?q=person+0")
    assert in_stage("Talk") == set()


def end_three(page: Page) -> None:
    press(page, "j j j x j x j x e")
    page.wait_for_url("**/finish?**")
    expect(page.get_by_role("heading", level=1)).to_have_text("End 3 applications")
    expect(page.get_by_text("It is not finished by this: 397 other people")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("link", name="Not selected: word the letter").press("Enter")
    page.wait_for_url("**/finish/letters?**")
    page.get_by_label("Somebody else fits better").press("Space")
    page.get_by_label("What each of them reads").fill(LETTER)
    walk_to(page, "Show each letter")
    for number in (2, 3, 4):
        expect(page.get_by_text(f"Hello Person 00{number},").first).to_be_visible()
    assert violations(page) == []
    walk_to(page, "Send 3 letters")
    page.wait_for_url("**/rounds/**")
    page.get_by_role("link", name="Back to the pipeline").press("Enter")
    page.wait_for_url("**/pipeline?q=person+0")


def put_one_off(page: Page) -> None:
    press(page, "j j j j j j")
    assert focused(page) == "Person 005"
    press(page, "d")
    page.wait_for_url("**/change?**")
    page.get_by_label(re.compile("In 10 working days")).press("Space")
    page.get_by_label("Why the date is later than promised").fill("Hugo is back on Monday.")
    walk_to(page, "Preview")
    walk_to(page, "Do this for 1 person")
    page.wait_for_url("**/changes/**")


def test_the_note_is_taken_back_by_keyboard(app: Flask, rita: int, opening: int, open_page: Opener, site: str) -> None:
    make_application(opening, rita)
    page = window_of(app, rita, open_page, site)
    page.goto(pipeline_of(opening))
    press(page, "j n")
    page.wait_for_url("**/pipeline/note?**")
    page.get_by_label("Note for colleagues").fill(SECRET)
    walk_to(page, "Note it on 1 application")
    page.wait_for_url("**/pipeline")
    press(page, "Tab")
    assert focused(page) == "See it, or take it back"
    press(page, "Enter")
    page.wait_for_url("**/notes/rounds/**")
    assert violations(page) == []
    walk_to(page, "Take the note back")
    page.wait_for_url("**/pipeline")
    expect(page.get_by_text("The note was taken back from 1 application.")).to_be_visible()
    end_reading()
    assert session().scalars(select(Note.id)).all() == []


def test_a_hiring_manager_notes_on_the_row_they_are_in(
    app: Flask, rita: int, hugo: int, opening: int, open_page: Opener, site: str
) -> None:
    make_application(opening, rita)
    page = window_of(app, hugo, open_page, site)
    page.goto(pipeline_of(opening))
    press(page, "? ? j x m n")
    page.wait_for_url("**/notes")
    expect(page.get_by_role("heading", level=1)).to_have_text("Notes on Ada Lind")


@pytest.mark.parametrize("path", ["/recruiting/", "/recruiting/tasks", "/recruiting/imports"])
def test_one_key_finds_and_another_says_which_keys_there_are(
    app: Flask, rita: int, open_page: Opener, site: str, path: str
) -> None:
    page = window_of(app, rita, open_page, site)
    page.goto(path)
    press(page, "Control+/ ?")
    expect(page.locator("[data-keys] dt").first).to_be_visible()
    assert violations(page) == []
    press(page, "/")
    page.wait_for_url("**/recruiting/search")
    expect(page.locator("main input[name=q]")).to_be_focused()
    page.keyboard.type("a/?")
    expect(page.locator("main input[name=q]")).to_have_value("a/?")


def test_single_keys_are_switched_off_for_this_browser(
    app: Flask, rita: int, opening: int, open_page: Opener, site: str
) -> None:
    with transaction():
        make_application(opening, rita, name="Ada Lind")
    page = window_of(app, rita, open_page, site)
    page.goto("/recruiting/tasks")
    press(page, "?")
    page.get_by_label("Single keys work in this browser").uncheck()
    page.goto(pipeline_of(opening))
    press(page, "j ? /")
    assert page.evaluate("document.activeElement === document.body")
    page.get_by_text("Keys", exact=True).click()
    page.get_by_label("Single keys work in this browser").check()
    press(page, "j")
    expect(page.get_by_role("link", name="Ada Lind")).to_be_focused()


@pytest.mark.parametrize("path", ["/recruiting/applications", "/recruiting/openings", "/recruiting/candidates"])
def test_a_list_with_a_field_of_its_own_is_searched_there(
    app: Flask, rita: int, open_page: Opener, site: str, path: str
) -> None:
    page = window_of(app, rita, open_page, site)
    page.goto(path)
    press(page, "/")
    assert page.evaluate("document.activeElement.name") == "q"
    assert page.url.endswith(path)


@pytest.mark.usefixtures("four_hundred")
def test_four_hundred_fit_a_narrow_phone(app: Flask, rita: int, opening: int, open_page: Opener, site: str) -> None:
    page = window_of(app, rita, open_page, site)
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(pipeline_of(opening))
    assert overflow(page) <= 0
    page.goto(f"{pipeline_of(opening)}/note?all=y")
    assert overflow(page) <= 0
