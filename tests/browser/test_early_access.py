"""Early access in a real browser: it flips at the second, and the countdown says so by itself."""

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener, overflow, violations
from tests.conftest import START, Time
from tests.factories import make_published, make_staff
from tests.openings.early import MEMBER, OTHERS, Asker, make_askers

pytestmark = pytest.mark.only("sqlite")
TITLE = "Quiet Cartographer"
PUBLIC = START + timedelta(days=2)


@pytest.fixture
def askers(app: Flask) -> dict[str, Asker]:
    return make_askers(app)


@pytest.fixture
def slug(app: Flask) -> str:
    recruiter_id = make_staff("Otto Berg")
    return make_published(TITLE, public_at=PUBLIC, recruiter_id=recruiter_id)


def window_of(asker: Asker, open_page: Opener, site: str, **how: object) -> Page:
    """A window in which this asker is signed in, if they are."""
    page = open_page(**how)
    cookie = asker.browser.client.get_cookie("rapport")
    if cookie is not None:
        page.context.add_cookies([{"name": "rapport", "value": cookie.value, "url": site}])
    return page


def test_it_becomes_everybodys_at_the_second(
    askers: dict[str, Asker], slug: str, open_page: Opener, site: str, time: Time
) -> None:
    windows = {name: window_of(asker, open_page, site) for name, asker in askers.items()}
    time.at = PUBLIC - timedelta(seconds=1)
    for name in OTHERS:
        windows[name].goto(f"/openings/{slug}")
        expect(windows[name].get_by_role("heading", level=1)).to_have_text("There is no opening here")
        windows[name].goto("/openings")
        expect(windows[name].get_by_role("link", name=TITLE)).to_have_count(0)
    windows[MEMBER].goto("/openings")
    windows[MEMBER].get_by_role("link", name=TITLE).click()
    expect(windows[MEMBER].get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(windows[MEMBER].get_by_text("Only members see this until")).to_be_visible()
    time.at = PUBLIC
    for page in windows.values():
        page.goto("/openings")
        page.get_by_role("main").get_by_role("link", name=TITLE).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
        expect(page.get_by_text("Only members see this until")).to_have_count(0)


def test_the_countdown_runs_out_by_itself(
    askers: dict[str, Asker], slug: str, open_page: Opener, site: str, time: Time
) -> None:
    time.at = PUBLIC - timedelta(seconds=3)
    page = window_of(askers[MEMBER], open_page, site)
    page.goto(f"/openings/{slug}")
    expect(page.locator("[data-countdown]")).to_have_text("Everybody can see it now")


@pytest.mark.parametrize("javascript", [True, False], ids=["with a script", "without a script"])
def test_the_time_left_is_said_with_and_without_a_script(
    askers: dict[str, Asker], slug: str, open_page: Opener, site: str, javascript: bool
) -> None:
    page = window_of(askers[MEMBER], open_page, site, javascript=javascript, width=320)
    page.goto(f"/openings/{slug}")
    expect(page.locator("[data-countdown]")).to_have_text("2 days left" if not javascript else "47 hours left")
    expect(page.get_by_text("Friday 6 March 2026, 09:00")).to_be_visible()
    assert overflow(page) <= 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_members_pages_are_sound_in_early_access(
    askers: dict[str, Asker], slug: str, open_page: Opener, site: str, scheme: str
) -> None:
    page = window_of(askers[MEMBER], open_page, site, scheme=scheme)
    for path in (f"/openings/{slug}", "/openings", "/me/", "/openings?q=zebra&area=data"):
        page.goto(path)
        assert violations(page) == [], path
