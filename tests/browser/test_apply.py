"""Applying in a real browser: what is typed saves itself, and stays there while the server does not answer."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, Route, expect

from tests import factories
from tests.applications.applying import opening
from tests.browser.conftest import NOTHING_KEPT, give_session, overflow, violations

pytestmark = pytest.mark.only("sqlite")  # what is tried is in the browser
Opener = Callable[..., Page]


def _sign_in(app: Flask, page: Page, site: str, name: str = "Ada Lind") -> None:
    """Take over the cookie of a browser in which this person is signed in."""
    give_session(page, factories.signed_in(app, factories.make_person(name)), site)


def _fill_in(page: Page, form: str) -> None:
    """What somebody whom we do not know yet writes into the form at this address."""
    page.goto(form)
    page.get_by_label("Your name").fill("Nia New")
    page.get_by_label("E-mail").fill("nia@example.org")
    page.get_by_label("What draws you to data?").fill("Only for you.")


def test_a_draft_saves_itself_and_waits_in_this_browser_while_the_server_is_down(
    app: Flask, site: str, open_page: Opener
) -> None:
    slug = opening()
    page = open_page()
    _sign_in(app, page, site)
    page.goto(f"{site}/openings/{slug}/apply")
    status = page.locator("[data-autosave-status]")
    page.get_by_label("Cover note").fill("The first sentence.")
    expect(status).to_contain_text("Saved on")
    page.wait_for_function(NOTHING_KEPT)

    def refuse(route: Route) -> None:
        if route.request.method == "POST":
            route.fulfill(status=408, body="")
        else:
            route.continue_()

    page.route(f"**/openings/{slug}/apply*", refuse)
    page.get_by_label("Cover note").fill("The first sentence. And a second one.")
    expect(status).to_have_text("Not saved yet, kept on this phone. We try again by ourselves.")
    page.unroute(f"**/openings/{slug}/apply*")
    page.reload()
    expect(page.get_by_label("Cover note")).to_have_value("The first sentence. And a second one.")
    expect(status).to_contain_text("Saved on")
    page.reload()
    expect(page.get_by_label("Cover note")).to_have_value("The first sentence. And a second one.")
    page.wait_for_function(NOTHING_KEPT)


def test_what_a_stranger_types_stays_in_their_browser_and_holds_no_secret(site: str, open_page: Opener) -> None:
    slug = opening()
    page = open_page()
    page.goto(f"{site}/openings/{slug}/apply")
    page.get_by_label("Your name").fill("Nia New")
    page.get_by_text("Night", exact=True).click()
    page.get_by_label("Cover note").fill("Only mine so far.")
    expect(page.locator("[data-autosave-status]")).to_have_text("Kept on this phone only, until you send it.")
    kept = page.evaluate("JSON.stringify(localStorage)")
    assert "Only mine so far." in kept
    assert "csrf_token" not in kept
    page.goto(f"{site}/")
    page.goto(f"{site}/openings/{slug}/apply")
    expect(page.get_by_label("Cover note")).to_have_value("Only mine so far.")
    expect(page.get_by_label("Night")).to_be_checked()
    expect(page.locator("[data-autosave-status]")).to_contain_text("is here again")


def test_who_presses_send_in_a_tunnel_keeps_the_page_and_is_told(site: str, open_page: Opener) -> None:
    page = open_page()
    _fill_in(page, f"{site}/openings/{opening()}/apply")
    page.context.set_offline(True)
    page.get_by_role("button", name="Send my application").last.click()
    expect(page.get_by_role("alert")).to_contain_text("There is no connection, so nothing was sent.")
    expect(page.get_by_label("Your name")).to_have_value("Nia New")
    page.context.set_offline(False)
    page.get_by_role("button", name="Send my application").last.click()
    expect(page.get_by_role("heading", name="Check your mail")).to_be_visible()


def test_the_next_one_at_this_computer_finds_nothing_of_what_was_sent(site: str, open_page: Opener) -> None:
    page, form = open_page(), f"{site}/openings/{opening()}/apply"
    _fill_in(page, form)
    # The enter key sends; it presses no other button of the form.
    page.get_by_label("Your name").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your mail")
    page.wait_for_function(NOTHING_KEPT)
    page.get_by_role("button", name="Change what I wrote").click()
    expect(page.get_by_label("What draws you to data?")).to_have_value("Only for you.")
    page.goto(form)
    expect(page.get_by_label("What draws you to data?")).to_have_value("")


def test_what_was_typed_and_not_sent_is_forgotten_after_a_week(site: str, open_page: Opener) -> None:
    slug = opening()
    page = open_page()
    page.goto(f"{site}/openings/{slug}/apply")
    page.get_by_label("Cover note").fill("Perhaps later.")
    expect(page.locator("[data-autosave-status]")).to_have_text("Kept on this phone only, until you send it.")
    page.evaluate(
        """() => { for (const key of Object.keys(localStorage)) {
            const kept = JSON.parse(localStorage.getItem(key));
            localStorage.setItem(key, JSON.stringify({ ...kept, at: kept.at - 7 * 24 * 60 * 60 * 1000 - 1000 }));
        } }"""
    )
    page.reload()
    expect(page.get_by_label("Cover note")).to_have_value("")
    page.wait_for_function(NOTHING_KEPT)


def test_without_scripts_everything_is_there_but_the_saving_by_itself(app: Flask, site: str, open_page: Opener) -> None:
    slug = opening()
    page = open_page(javascript=False)
    _sign_in(app, page, site)
    page.goto(f"{site}/openings/{slug}/apply")
    page.get_by_label("Cover note").fill("By hand.")
    with page.expect_navigation():
        page.get_by_role("button", name="Save and finish later").click()
    page.goto(f"{site}/openings/{slug}/apply")
    expect(page.get_by_label("Cover note")).to_have_value("By hand.")


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_the_form_and_the_receipt_can_be_read_by_everybody(
    app: Flask, site: str, open_page: Opener, width: int, scheme: str
) -> None:
    slug = opening()
    page = open_page(width=width, scheme=scheme)
    page.goto(f"{site}/openings/{slug}/apply")
    page.get_by_role("button", name="Send my application").click()
    expect(page.get_by_role("alert")).to_be_focused()
    assert (violations(page), overflow(page)) == ([], 0)
    _sign_in(app, page, site)
    page.goto(f"{site}/openings/{slug}/apply")
    page.get_by_label("What draws you to data?").fill("Numbers.")
    page.get_by_role("button", name="Send my application").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("What you sent")
    assert (violations(page), overflow(page)) == ([], 0)
    page.get_by_role("link", name="Add your CV").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Your CV")
    assert (violations(page), overflow(page)) == ([], 0)
