"""An offer on a phone: accepting, declining and asking for time, with scripts and without."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from portal.offers.states import OfferState
from tests import factories
from tests.browser.conftest import faint_in_the_dark, give_session, overflow, violations
from tests.factories import Made
from tests.offers.offering import FRIDAY, make, own

Opener = Callable[..., Page]
PHONE = 320


def _sign_in(app: Flask, page: Page, site: str, person_id: int) -> None:
    give_session(page, factories.signed_in(app, person_id), site)


@pytest.fixture
def rita(app: Flask) -> int:
    return factories.make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def ada(rita: int) -> Made:
    person = factories.make_person("Ada Lind", "ada@example.org")
    opening = factories.make_opening("Data Analyst", recruiter_id=rita)
    made = factories.make_application(opening, rita, person_id=person, promised=FRIDAY)
    make(made, rita)
    return made


def _is_well_made(page: Page) -> None:
    assert violations(page) == []
    assert faint_in_the_dark(page) == []
    assert overflow(page) == 0


@pytest.mark.only("sqlite")  # what is tried is in the browser
@pytest.mark.parametrize("has_scripts", [True, False])
def test_from_the_application_to_a_yes_with_one_thumb(
    app: Flask, site: str, open_page: Opener, ada: Made, has_scripts: bool
) -> None:
    page = open_page(width=PHONE, javascript=has_scripts)
    _sign_in(app, page, site, ada.person_id)
    page.goto(f"{site}/me/applications/{ada.public_id}")
    page.get_by_role("link", name="Read the offer").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Our offer to you")
    assert overflow(page) == 0
    page.get_by_role("link", name="Accept", exact=True).click()
    page.get_by_role("button", name="Accept the offer").dblclick()
    expect(page.locator("main")).to_contain_text("You accepted this offer on")
    assert own(ada).state is OfferState.ACCEPTED
    page.goto(f"{site}/me/applications/{ada.public_id}")
    expect(page.locator(".say-first")).to_contain_text("You accepted our offer")
    assert overflow(page) == 0


@pytest.mark.only("sqlite")  # what is tried is in the browser
@pytest.mark.parametrize("has_scripts", [True, False])
def test_a_no_with_a_reason(app: Flask, site: str, open_page: Opener, ada: Made, has_scripts: bool) -> None:
    page = open_page(width=PHONE, javascript=has_scripts)
    _sign_in(app, page, site, ada.person_id)
    page.goto(f"{site}/me/applications/{ada.public_id}/offer")
    page.get_by_role("link", name="Decline", exact=True).click()
    page.get_by_text("I stay where I am").click()
    page.get_by_role("button", name="Decline the offer").click()
    expect(page.locator("main")).to_contain_text("You declined this offer on")
    expect(page.get_by_role("link", name="Choose what I hear from you")).to_be_visible()
    assert own(ada).state is OfferState.DECLINED


@pytest.mark.only("sqlite")  # what is tried is in the browser
@pytest.mark.parametrize("has_scripts", [True, False])
def test_more_time_with_a_day_that_is_offered(
    app: Flask, site: str, open_page: Opener, ada: Made, has_scripts: bool
) -> None:
    page = open_page(width=PHONE, javascript=has_scripts)
    _sign_in(app, page, site, ada.person_id)
    page.goto(f"{site}/me/applications/{ada.public_id}/offer")
    page.get_by_role("link", name="Ask for more time").click()
    page.get_by_role("button", name="Ask for this other day").click()
    expect(page.get_by_role("alert")).to_contain_text("Please choose a day, or enter one.")
    page.get_by_role("button", name="Until Tuesday 17 March 2026").click()
    expect(page.locator("main")).to_contain_text("You asked for time until Tuesday 17 March 2026")
    assert own(ada).is_time_asked


@pytest.mark.only("sqlite")  # what is tried is in the browser
def test_every_page_of_an_offer_is_well_made_on_a_phone(
    app: Flask, site: str, open_page: Opener, rita: int, ada: Made
) -> None:
    page = open_page(width=PHONE)
    _sign_in(app, page, site, ada.person_id)
    for rest in ("", "/time", "/accept", "/decline"):
        page.goto(f"{site}/me/applications/{ada.public_id}/offer{rest}")
        _is_well_made(page)
    page = open_page(width=PHONE)
    _sign_in(app, page, site, rita)
    for rest in ("", "/write", "/withdraw", "/more-time"):
        page.goto(f"{site}/recruiting/applications/{ada.public_id}/offer{rest}")
        _is_well_made(page)
