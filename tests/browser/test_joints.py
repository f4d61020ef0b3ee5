"""What happens by itself in a browser: signing out forgets what was typed, and long work goes on page by page."""

from datetime import date

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from portal.applications.actions.delaying import STEP
from tests.browser.conftest import Opener
from tests.factories import make_application, make_opening, make_person, make_staff, signed_in

pytestmark = pytest.mark.only("sqlite")  # what is tried is in the browser
TODAY = date(2026, 3, 4)
KEPT = "Object.keys(localStorage).sort().join()"


def come_in(app: Flask, person_id: int, page: Page, site: str, path: str) -> None:
    """Take over the cookie of a browser in which this person is signed in, and go there."""
    cookie = signed_in(app, person_id).client.get_cookie("rapport")
    assert cookie is not None
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": site}])
    page.goto(path)


def test_signing_out_anywhere_forgets_what_this_browser_has_kept(app: Flask, site: str, open_page: Opener) -> None:
    page = open_page()
    come_in(app, make_person("Ada Lind"), page, site, "/me/account")
    page.evaluate("localStorage.setItem('autosave:apply:a', '1'); localStorage.setItem('another', '1')")
    page.locator(".site-account").get_by_role("button", name="Sign out").click()
    page.wait_for_url(lambda url: "/me" not in url)
    assert page.evaluate(KEPT) == "another"


def test_many_are_told_page_by_page_without_a_click_between(app: Flask, site: str, open_page: Opener) -> None:
    rita, opening = make_staff("Rita Sander"), make_opening()
    for number in range(STEP + 2):
        make_application(opening, rita, name=f"Person {number}", promised=TODAY)
    page = open_page()
    come_in(app, rita, page, site, "/recruiting/applications/delay")
    page.get_by_label("In 3 working days").check()
    page.get_by_label("Why it takes longer").fill("The team reads every application itself.")
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("button", name=f"Tell {STEP + 2} people").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"It takes longer: {STEP + 2} people told")
