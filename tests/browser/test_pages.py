"""Every page as a person sees it: no axe finding in either scheme, no complaint of the browser, no sideways scroll."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Page as Window
from playwright.sync_api import expect

from tests.browser.conftest import Opener, faint_in_the_dark, give_session, load_axe, overflow, violations
from tests.pages import Page
from tests.whole_site.access import ACCESS, ANYONE
from tests.whole_site.routes import routes
from tests.whole_site.world import World, make_world

pytestmark = pytest.mark.only("sqlite")
#: Whose eyes see the pages of each part of the site.
EYES = {"public": "visitor", "candidate": "ada", "recruiting": "admin", "dev": "visitor"}
#: Not pages, or shown inside another.
NOT_PAGES = {
    "static",
    "candidate.privacy.copy_state",
    "dev.mailbox.html_part",
    "dev.mailbox.example",
    "recruiting.digests.progress",
    "recruiting.imports.progress",
    "recruiting.imports.refused",
    "recruiting.updates.progress",
    "recruiting.wording.shown",
}
NARROW = {"width": 320, "height": 800}
WIDE = {"width": 1280, "height": 900}


@pytest.fixture
def world(app: Flask) -> World:
    """Two of everything."""
    return make_world(app)


def addresses(world: World) -> list[tuple[str, str, str]]:
    """(whose eyes, address, what it says is not there) of every page that answers with HTML."""
    found = []
    for rule in routes(world.app, "GET"):
        endpoint = str(rule.endpoint)
        eyes = EYES.get(endpoint.split(".")[0], "visitor")
        if endpoint in NOT_PAGES:
            continue
        answer = world.browsers[eyes].client.get(world.url(rule))
        # What may run no script is shown inside a page; axe would wait in it for ever.
        is_page = "sandbox" not in answer.headers.get("Content-Security-Policy", "")
        if is_page and answer.mimetype == "text/html" and answer.status_code in {200, 404, 410}:
            found.append((eyes, world.url(rule), "" if answer.status_code == 200 else Page.of(answer).heading))
    return found


def come_in(page: Window, world: World, eyes: str, site: str) -> None:
    """Give this window the session of one of the world's people."""
    if eyes != "visitor":
        give_session(page, world.browsers[eyes], site)


def test_every_page_is_sound(world: World, open_page: Opener, site: str) -> None:
    found = []
    seen = addresses(world)
    assert len(seen) >= sum(1 for (method, _), access in ACCESS.items() if method == "GET" and access != ANYONE) - 8
    windows = {}
    for eyes in {eyes for eyes, *_ in seen}:
        windows[eyes] = open_page()
        come_in(windows[eyes], world, eyes, site)
    # A page that says that there is nothing looks alike wherever it stands.
    different = {(eyes, missing or url): (eyes, url) for eyes, url, missing in seen}
    for eyes, url in different.values():
        page = windows[eyes]
        page.goto(url)
        load_axe(page)
        # The size that the window has already comes first: to change it takes as long as some pages do.
        for size in sorted((WIDE, NARROW), key=lambda size: size != page.viewport_size):
            page.set_viewport_size(size)  # type: ignore[arg-type]  # a width and a height
            lines = violations(page) + faint_in_the_dark(page) if size is WIDE else too_wide(page)
            found += [f"{eyes} {url}: {line}" for line in lines]
    assert found == []


def too_wide(page: Window) -> list[str]:
    """What does not fit into the narrowest window."""
    pixels = overflow(page)
    return [f"{pixels} pixels too wide at 320"] if pixels > 0 else []


def test_the_keyboard_reaches_the_content_first(world: World, open_page: Opener) -> None:
    page = open_page()
    page.goto("/join")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#"))
    page.keyboard.press("Tab")
    expect(page.locator("main :focus")).to_be_visible()


def test_a_form_with_errors_says_so_first(world: World, open_page: Opener) -> None:
    page = open_page(width=390)
    page.goto("/join")
    page.get_by_role("main").get_by_role("button", name="Join").click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    summary.get_by_role("link").first.click()
    expect(page.locator("input:focus")).to_be_visible()
    assert violations(page) == []
