"""Somebody in New York applies to a company in Warsaw: their pages and mails are on their clock, and name both."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect

from portal.core.db import end_reading
from tests import factories
from tests.applications.applying import made, opening, secrets_of
from tests.browser.conftest import PATIENCE
from tests.factories import Made
from tests.interviews.arranging import newest, propose
from tests.interviews.meeting import link_to, mails

pytestmark = pytest.mark.only("sqlite")  # what is tried is in the browser
Abroad = Callable[..., Page]


@pytest.fixture
def abroad(browser: Chromium, site: str) -> Iterator[Abroad]:
    """A phone whose clock is that of New York."""
    contexts = []

    def make(*, javascript: bool) -> Page:
        context = browser.new_context(
            base_url=site,
            viewport={"width": 390, "height": 900},
            timezone_id="America/New_York",
            java_script_enabled=javascript,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        return page

    yield make
    for context in contexts:
        context.close()


def _apply(page: Page, slug: str) -> None:
    page.goto(f"/openings/{slug}/apply")
    page.get_by_label("Your name").fill("Nia New")
    page.get_by_label("E-mail").fill("nia@example.org")
    page.get_by_label("What draws you to data?").fill("It answers.")
    page.get_by_role("button", name="Send my application").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your mail")
    token, _code = secrets_of()
    page.goto(f"/apply/{token}")
    page.get_by_role("button", name="Send my application").click()
    expect(page.get_by_text("Your application is with us")).to_be_visible()


@pytest.mark.parametrize(
    ("javascript", "when", "also"),
    [
        (True, "Tuesday 10 March 2026, 09:00", "14:00 in Warsaw"),
        (False, "Tuesday 10 March 2026, 14:00", ""),
    ],
    ids=["with scripts", "without"],
)
def test_who_applies_from_afar_never_takes_our_clock_for_theirs(
    app: Flask, abroad: Abroad, do_work: Callable[[], None], javascript: bool, when: str, also: str
) -> None:
    slug, phone = opening(), abroad(javascript=javascript)
    _apply(phone, slug)
    end_reading()
    (application, _submission), *_rest = made()
    rita, nia = application.owner_id, application.person_id
    applied = Made(application.id, application.public_id, nia)
    propose(factories.signed_in(app, rita), applied, [rita], times="10 March 14:00\n11 March 10:00")
    do_work()
    (mail,) = mails("interviews/proposal")
    one = newest().public_id
    phone.goto(link_to(one, nia))
    city = "New York" if also else "Warsaw"
    expect(phone.get_by_text(f"{city} time.")).to_be_visible()
    phone.get_by_text(when).click()
    phone.get_by_role("button", name="Take this time").click()
    expect(phone.get_by_text(f"Your interview is on {when} ({city} time).")).to_be_visible()
    (confirmed,) = mails("interviews/confirmed")
    both = f"{when} in New York ({also})" if also else f"{when} (Warsaw time)"
    assert f"Time 1: {both}" in mail.text
    assert confirmed.subject == f"Your interview: {both}"
    if also:
        expect(phone.get_by_text(f"That is {also}.").first).to_be_visible()
