"""A reader between two trains: what is new, read, found helpful, taken back, answered; and an invitation."""

from datetime import date

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from portal.updates.states import UpdateKind
from tests.browser.conftest import Opener, faint_in_the_dark, give_session, overflow, violations
from tests.factories import make_published, make_staff, opening_id_of, signed_in
from tests.fitting.fits import invite, member, send_due
from tests.updates.posting import post

pytestmark = pytest.mark.only("sqlite")  # what is tried is in the browser
TABLE = "We publish **what we pay**.\n\n| Level | From | To |\n|---|---|---|\n| Junior | €42,000 | €50,000 |"


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander")


@pytest.fixture
def mia(app: Flask, rita: int) -> int:
    """A member who has something to read, and was invited to apply."""
    person_id = member("Mia Berg", areas=["data"])
    post(rita, kind=UpdateKind.PAY_BANDS, source="Our own payroll", source_on=date(2026, 2, 1), body=TABLE)
    post(rita, "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenhersteller gesucht")
    invite(opening_id_of(make_published(recruiter_id=rita)), rita, person_id, is_hurried=True)
    send_due()
    return person_id


def come_in(app: Flask, site: str, page: Page, person_id: int) -> None:
    give_session(page, signed_in(app, person_id), site)


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without"])
def test_a_reader_on_a_phone(app: Flask, site: str, open_page: Opener, mia: int, javascript: bool) -> None:
    phone = open_page(width=320, javascript=javascript)
    come_in(app, site, phone, mia)
    phone.goto("/me/")
    assert overflow(phone) == 0
    phone.get_by_role("link", name="2 updates are new for you").click()
    expect(phone.get_by_text("2 are new for you.")).to_be_visible()
    assert overflow(phone) == 0
    phone.get_by_role("link", name="What we pay").click()
    expect(phone.get_by_role("cell", name="Junior")).to_be_visible()
    assert overflow(phone) == 0
    if not javascript:
        phone.get_by_role("button", name="Mark as read").click()
        phone.get_by_role("link", name="What we pay").click()
    expect(phone.get_by_role("button", name="Mark as read")).not_to_be_visible()
    phone.get_by_role("button", name="It helped").focus()
    phone.keyboard.press("Enter")
    expect(phone.get_by_text("We see that it helped, not whom.")).to_be_visible()
    phone.get_by_role("button", name="Take it back").click()
    expect(phone.get_by_text("Taken back.")).to_be_visible()
    phone.get_by_role("link", name="Reply").click()
    phone.get_by_label("Your message").fill("Does it hold for part time too?")
    phone.get_by_role("button", name="Send").click()
    expect(phone.get_by_text("Does it hold for part time too?")).to_be_visible()
    phone.goto("/me/")
    expect(phone.get_by_text("1 update is new for you")).to_be_visible()
    phone.get_by_role("button", name="Not now").click()
    expect(phone.get_by_text("You may still apply.")).to_be_visible()
    expect(phone.get_by_text("An invitation")).not_to_be_visible()


@pytest.mark.parametrize("path", ["/me/", "/me/updates", "/me/updates/what-we-pay", "/me/job-alerts", "/updates"])
def test_what_a_reader_sees_is_for_everybody_to_read(
    app: Flask, site: str, open_page: Opener, mia: int, path: str
) -> None:
    phone = open_page(width=390)
    come_in(app, site, phone, mia)
    phone.goto(path)
    assert violations(phone) == []
    assert faint_in_the_dark(phone) == []
