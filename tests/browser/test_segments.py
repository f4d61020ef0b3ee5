"""A recruiter builds a segment in Chromium: with the live count, by keyboard, on a phone and without a script."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from portal.community.states import CareerStage
from tests.browser.conftest import Opener, faint_in_the_dark, give_session, overflow, violations
from tests.factories import make_segment, make_staff, signed_in
from tests.segments.people import BERLIN, WARSAW, make_member

pytestmark = pytest.mark.only("sqlite")
PASSIVE = {"areas": ("engineering",), "career_stage": CareerStage.NOT_LOOKING_NOW}


@pytest.fixture
def rita(app: Flask) -> int:
    make_member("Here Wolska", places=(WARSAW,), skills=("backend development",), **PASSIVE)
    make_member("Remote Ek", work_modes=["remote"], skills=("backend development",), **PASSIVE)
    make_member("Berlin Vogel", places=(BERLIN,), skills=("backend development",), **PASSIVE)
    make_member("Front Nowak", places=(WARSAW,), **PASSIVE)
    return make_staff("Rita Sander")


def come_in(app: Flask, page: Page, site: str, person_id: int) -> Page:
    """`page` with the cookie of this colleague."""
    give_session(page, signed_in(app, person_id), site)
    page.goto("/recruiting/segments")
    return page


def ask(page: Page, what: str) -> None:
    """Add a condition."""
    page.get_by_label("Something else to ask").last.select_option(label=what)
    page.get_by_role("button", name="Add a condition").last.click()
    expect(page.locator("legend", has_text=what)).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False])
def test_passive_backend_people_in_warsaw_or_remote_take_few_steps(
    app: Flask, open_page: Opener, site: str, rita: int, javascript: bool
) -> None:
    page = come_in(app, open_page(javascript=javascript), site, rita)
    page.get_by_role("link", name=re.compile("Use as a start.*Passive members")).click()
    expect(page.locator("[data-segment-count]")).to_have_text("4 people")
    ask(page, "Skill")
    page.get_by_role("group", name="Skill").get_by_label("Which").fill("backend")
    ask(page, "Place, or remote")
    place = page.get_by_role("group", name="Place, or remote")
    place.get_by_label("Which").fill("Warsaw")
    place.get_by_label("How").select_option("or_remote")
    if javascript:
        place.get_by_label("Which").press("Enter")
    else:
        page.get_by_role("button", name="Count again").click()
    expect(page.locator("[data-segment-count]")).to_have_text("2 people")
    page.get_by_label("Name", exact=True).fill("Backend in Warsaw")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("h1")).to_have_text("Backend in Warsaw")
    expect(page.get_by_role("link", name="Here Wolska", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Remote Ek", exact=True)).to_be_visible()
    assert "Berlin Vogel" not in page.content()


def test_the_count_follows_what_is_chosen_without_a_reload(app: Flask, open_page: Opener, site: str, rita: int) -> None:
    page = come_in(app, open_page(), site, rita)
    page.goto("/recruiting/segments/new?from=passive-members")
    page.evaluate("window.stayed = true")
    page.get_by_label("Open to it").uncheck()
    page.get_by_label("Not looking now").uncheck()
    expect(page.locator("[data-segment-count]")).to_have_text("Not whole yet")
    page.get_by_label("Actively looking").check()
    expect(page.locator("[data-segment-count]")).to_have_text("0 people")
    expect(page.locator("[data-segment-sentence]")).to_contain_text("“Actively looking”")
    assert page.evaluate("window.stayed") is True


@pytest.mark.parametrize("width", [320, 1280])
def test_every_page_is_sound_on_a_phone_and_a_desk(
    app: Flask, open_page: Opener, site: str, rita: int, width: int
) -> None:
    segment = make_segment(rita)
    page = come_in(app, open_page(width=width), site, rita)
    base = "/recruiting/segments"
    for path in ("", "/new?from=passive-members", f"/{segment}", f"/{segment}/remove", "/ready/passive-members"):
        page.goto(f"{base}{path}")
        assert overflow(page) == 0, path
        assert violations(page) + faint_in_the_dark(page) == [], path
    with page.expect_navigation():
        page.get_by_role("link", name="Why they are in").first.click()
    assert overflow(page) == 0
    assert violations(page) + faint_in_the_dark(page) == []
    page.goto(f"{base}/new")
    with page.expect_navigation():
        page.get_by_role("button", name="Add a group").click()
    page.get_by_role("button", name="Add a group").first.click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_be_focused()
    assert overflow(page) == 0
    assert violations(page) == []
