"""What happens by itself in a browser: signing out forgets what was typed, and looking at long work does none of it."""

import re
from datetime import date

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from portal.applications.actions.closing import EndingForMany, end_many
from portal.applications.actions.moving_many import STEP, begin_change
from portal.applications.jobs import go_on_with_changes
from portal.applications.models import ApplicationEvent, ChangeItem, EndingLetter
from portal.applications.queries import StaffScope
from portal.applications.queries.finishing import in_opening
from portal.applications.queries.pipeline import chosen
from portal.applications.rules.pipeline import Change
from portal.applications.states import ApplicationStatus, EndReason, ManyKind
from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.permissions import Role
from portal.openings.models import Opening
from portal.outbox.models import Delivery
from tests.browser.conftest import Opener, give_session
from tests.factories import make_application, make_opening, make_person, make_staff, signed_in

pytestmark = pytest.mark.only("sqlite")  # what is tried is in the browser
TODAY = date(2026, 3, 4)
KEPT = "Object.keys(localStorage).sort().join()"


def come_in(app: Flask, person_id: int, page: Page, site: str, path: str) -> None:
    """Take over the cookie of a browser in which this person is signed in, and go there."""
    give_session(page, signed_in(app, person_id), site)
    page.goto(path)


def test_signing_out_anywhere_forgets_what_this_browser_has_kept(app: Flask, site: str, open_page: Opener) -> None:
    page = open_page()
    come_in(app, make_person("Ada Lind"), page, site, "/me/account")
    page.evaluate("localStorage.setItem('autosave:apply:a', '1'); localStorage.setItem('another', '1')")
    page.locator(".site-account").get_by_role("button", name="Sign out").click()
    page.wait_for_url(lambda url: "/me" not in url)
    page.wait_for_function(f"{KEPT} === 'another'")


def everything() -> list[tuple[str, list[tuple[str, ...]]]]:
    """All that telling somebody writes, and how far each of many has come."""
    end_reading()
    items = [(str(one.id), str(one.state)) for one in session().scalars(select(ChangeItem).order_by(ChangeItem.id))]
    letters = [(str(one.id), str(one.state)) for one in session().scalars(select(EndingLetter))]
    events = [(one.public_id,) for one in session().scalars(select(ApplicationEvent))]
    sent = [(str(one.id), str(one.state)) for one in session().scalars(select(Delivery))]
    end_reading()
    return [("items", items), ("letters", letters), ("events", events), ("sent", sent)]


def test_only_a_press_of_a_button_tells_many_and_a_page_of_progress_only_shows_it(
    app: Flask, site: str, open_page: Opener
) -> None:
    rita, opening = make_staff("Rita Sander"), make_opening()
    for number in range(STEP + 2):
        make_application(opening, rita, name=f"Person {number}", promised=TODAY)
    page = open_page()
    come_in(app, rita, page, site, "/recruiting/applications/delay")
    page.get_by_label("In 3 working days").check()
    page.get_by_label("Why it takes longer").fill("The team reads every application itself.")
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("button", name=f"Tell {STEP + 2} people").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"It takes longer: {STEP + 2} people")
    delayed = page.url
    newcomer = make_application(opening, rita, name="Somebody new", promised=TODAY)
    scope = StaffScope(rita, Role.RECRUITER)
    people = chosen(None, [newcomer.public_id], opening, scope, TODAY)
    letter = Change(ManyKind.WRITE, message="We read it.")
    change = begin_change(letter, people, opening_id=opening, scope=scope, now=clock.now())
    end_reading()
    seen = {one.public_id: one.newest_event_id for one in in_opening(opening, scope)}
    ending = EndingForMany(ApplicationStatus.NOT_SELECTED, EndReason.MISSING_SKILL, "", "Hello, we chose others.")
    round_id = end_many(opening, seen, ending, scope=scope, now=clock.now())
    opening_id = session().get_one(Opening, opening).public_id
    before = everything()
    for path in (
        delayed,
        f"/recruiting/pipeline/changes/{change}",
        f"/recruiting/openings/{opening_id}/finish/rounds/{round_id}",
    ):
        with page.expect_response(re.compile("/progress")):
            page.goto(path)
        page.reload()
        assert everything() == before
    go_on_with_changes(clock.now())
    end_reading()
    page.goto(delayed)
    expect(page.locator("[data-done]")).to_contain_text(str(STEP + 2))
