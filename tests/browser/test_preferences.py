"""The page of preferences as somebody fills it in: it saves itself, and loses nothing when it cannot."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from portal.community.actions import join
from portal.community.queries import offers_of, preferences_of, profile_of
from portal.core import clock
from portal.core.db import end_reading
from tests.browser.conftest import NOTHING_KEPT, Opener, give_session, violations
from tests.factories import make_person, signed_in

pytestmark = pytest.mark.only("sqlite")
PAGE = "/me/preferences"
STATUS = "[data-autosave-status]"


@pytest.fixture
def ada(app: Flask) -> int:
    person_id = make_person("Ada Lind", "ada@example.org")
    join(person_id, [], clock.now())
    return person_id


def unfold(page: Page) -> None:
    """Open the parts of the page that are folded, as a tap does."""
    for title in ("What you bring", "What comes next for you", "Other offers"):
        page.locator("summary", has_text=title).click()


@pytest.fixture
def come_in(app: Flask, ada: int, open_page: Opener, site: str) -> Callable[..., Page]:
    def opened(**options: object) -> Page:
        page = open_page(**options)
        give_session(page, signed_in(app, ada), site)
        page.goto(PAGE)
        unfold(page)
        return page

    return opened


def test_it_saves_itself_again_and_again(ada: int, come_in: Callable[..., Page]) -> None:
    page = come_in(width=390)
    field = page.get_by_label("What motivates you?")
    for words in ("Tea.", "Coffee."):
        field.fill(words)
        page.wait_for_function("w => document.querySelector('[data-autosave-status]').dataset.state === w", arg="saved")
        expect(page.locator(STATUS)).to_have_text("Saved at 09:00.")
        page.evaluate("document.querySelector('[data-autosave-status]').dataset.state = ''")
    expect(page.locator("[data-known]")).to_contain_text("1 of 12")
    end_reading()
    assert profile_of(ada).motivates == "Coffee."
    assert violations(page) == []
    page.reload()
    expect(field).to_have_value("Coffee.")


def test_half_an_answer_is_said_and_the_rest_is_saved(ada: int, come_in: Callable[..., Page]) -> None:
    page = come_in()
    page.get_by_label("What do you hope to earn?").fill("60,000")
    page.get_by_label("What worries you about a change?").fill("The way.")
    expect(page.locator(STATUS)).to_contain_text("Please choose a currency as well.")
    end_reading()
    assert (profile_of(ada).pay, profile_of(ada).worries) == (None, "The way.")
    page.get_by_label("Currency").select_option("EUR")
    expect(page.locator(STATUS)).to_contain_text("Saved at")
    end_reading()
    assert profile_of(ada).pay is not None


def test_without_a_connection_it_is_kept_on_the_phone_until_it_is_saved(ada: int, come_in: Callable[..., Page]) -> None:
    page = come_in(width=390)
    page.route(
        f"**{PAGE}", lambda route: route.fulfill(status=429) if route.request.method == "POST" else route.continue_()
    )
    page.get_by_label("Have you been offered something else?").fill("A bakery.")
    expect(page.locator(STATUS)).to_contain_text("Not saved yet, kept on this phone.")
    end_reading()
    assert offers_of(ada) is None
    page.unroute(f"**{PAGE}")
    page.reload()
    expect(page.get_by_label("Have you been offered something else?")).to_have_value("A bakery.")
    expect(page.locator(STATUS)).to_contain_text("Saved at")
    end_reading()
    told = offers_of(ada)
    assert told is not None
    assert told.offers.words == "A bakery."
    page.wait_for_function(NOTHING_KEPT)


def test_what_was_changed_in_another_window_is_not_overwritten(ada: int, come_in: Callable[..., Page]) -> None:
    first, second = come_in(), come_in()
    second.get_by_label("What motivates you?").fill("Water.")
    expect(second.locator(STATUS)).to_contain_text("Saved at")
    first.get_by_label("What motivates you?").fill("Tea.")
    expect(first.locator(STATUS)).to_contain_text("You changed this elsewhere meanwhile.")
    first.get_by_role("button", name="Save", exact=True).click()
    expect(first.get_by_role("alert")).to_contain_text("Saved now: Water.")
    expect(first.get_by_label("What motivates you?")).to_have_value("Tea.")
    first.get_by_role("button", name="Save", exact=True).click()
    expect(first.locator(".flashes")).to_contain_text("Saved.")
    end_reading()
    assert profile_of(ada).motivates == "Tea."


def test_without_javascript_the_button_saves(ada: int, come_in: Callable[..., Page]) -> None:
    page = come_in(javascript=False, width=390)
    page.get_by_label("What are you good at?").fill("SQL\nPython")
    page.get_by_label("What motivates you?").fill("Tea.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".flashes")).to_contain_text("Saved.")
    end_reading()
    assert profile_of(ada).motivates == "Tea."
    assert [skill.label for skill in preferences_of(ada).skills] == ["Python", "SQL"]
