"""A recruiter works a pipeline of 400 by keyboard."""

import pytest
from flask import Flask
from sqlalchemy import select

from portal.applications.models import Application
from portal.core.db import end_reading, session, transaction
from portal.openings.models import Opening
from portal.openings.rules import Stage
from tests.browser.conftest import Opener, overflow, violations
from tests.factories import make_application, make_opening, make_staff, make_version, signed_in

pytestmark = pytest.mark.only("sqlite")
STAGES = (
    Stage("Reading", "We read.", "Rita", "A week", "in_review"),
    Stage("Talk", "We talk.", "Hugo", "An hour", "interviewing"),
)


def test_four_hundred_are_worked_without_a_mouse(app: Flask, open_page: Opener, site: str) -> None:
    rita = make_staff("Rita Sander")
    opening = make_opening("Nurse")
    make_version(opening, "Nurse", stages=STAGES)
    with transaction():
        made = [make_application(opening, rita, name=f"Person {number:03}") for number in range(400)]
    cookie = signed_in(app, rita).client.get_cookie("rapport")
    assert cookie is not None
    page = open_page()
    page.context.add_cookies([{"name": "rapport", "value": cookie.value, "url": site}])
    page.goto(f"/recruiting/openings/{session().get_one(Opening, opening).public_id}/pipeline")
    assert violations(page) == []
    page.keyboard.press("?")
    assert page.get_by_text("choose or leave").is_visible()
    page.keyboard.press("?")
    page.get_by_label("Name or address").press_sequentially("jxm")
    assert page.get_by_label("Name or address").input_value() == "jxm"
    page.get_by_label("Name or address").fill("")
    page.keyboard.press("Tab")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") == "Person 000"
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("x")
    assert page.get_by_text("With 2 chosen:").is_visible()
    page.keyboard.press("m")
    page.wait_for_url("**/change?**")
    assert "2 people are chosen." in page.locator("main").inner_text()
    page.get_by_label("Stage from now on").select_option("Reading")
    page.get_by_role("button", name="Preview").press("Enter")
    page.get_by_text("Reads nothing new.").first.wait_for()
    assert violations(page) == []
    page.get_by_role("button", name="Do this for 2 people").press("Enter")
    page.wait_for_url("**/changes/**")
    assert violations(page) == []
    end_reading()
    moved = session().scalars(select(Application.public_id).where(Application.stage == "Reading"))
    assert set(moved) == {made[0].public_id, made[1].public_id}
    page.get_by_role("link", name="Back to the pipeline").press("Enter")
    page.wait_for_url("**/pipeline")
    page.keyboard.press("j")
    page.keyboard.press("o")
    page.wait_for_url("**/applications/**")
    assert page.locator("h1").inner_text().startswith("Person 000")
    page.go_back()
    page.set_viewport_size({"width": 320, "height": 800})
    assert overflow(page) <= 0
