"""What only a window shows: where the focus is, what covers what, how large a thing is to hit."""

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener
from tests.browser.test_pages import come_in
from tests.whole_site.world import World, make_world

pytestmark = pytest.mark.only("sqlite")
FOCUSED = "getComputedStyle(document.activeElement)"


@pytest.fixture
def world(app: Flask) -> World:
    """Two of everything."""
    return make_world(app)


@pytest.fixture
def window(world: World, open_page: Opener, site: str) -> Page:
    """An admin's window."""
    page = open_page()
    come_in(page, world, "admin", site)
    return page


def test_in_forced_colours_every_focused_field_has_an_outline(window: Page) -> None:
    window.emulate_media(forced_colors="active")
    window.goto("/recruiting/admin/audit")
    for name in ("who", "about", "since"):
        window.focus(f"[name={name}]")
        assert window.evaluate(f"{FOCUSED}.outlineStyle") == "solid", name
        assert float(window.evaluate(f"{FOCUSED}.outlineWidth").removesuffix("px")) >= 2, name
        assert window.evaluate(f"{FOCUSED}.outlineColor") not in {"transparent", "rgba(0, 0, 0, 0)"}, name


def test_links_in_tables_are_large_enough_to_hit(window: Page) -> None:
    for path in ("/recruiting/admin/staff", "/recruiting/admin/mails", "/recruiting/tasks?whose=team"):
        window.goto(path)
        heights = window.eval_on_selector_all(
            ".data tbody a:not(.button)", "links => links.map(link => link.getBoundingClientRect().height)"
        )
        assert heights, path
        assert min(heights) >= 24, path


def test_the_bar_of_tasks_covers_nothing_until_one_is_chosen(window: Page) -> None:
    window.goto("/recruiting/tasks?whose=team")
    bar = window.locator(".action-bar")
    expect(bar).to_have_css("position", "static")
    window.get_by_role("checkbox").nth(1).check()
    expect(bar).to_have_css("position", "sticky")


def test_with_no_task_chosen_the_reason_takes_the_focus(window: Page) -> None:
    window.goto("/recruiting/tasks?whose=team")
    window.get_by_role("button", name="They are done").click()
    expect(window.get_by_role("alert")).to_be_focused()


def test_a_preview_of_a_mail_is_announced_and_its_frame_shows_the_focus(window: Page) -> None:
    window.goto("/recruiting/admin/mails/applications/message")
    window.get_by_role("button", name="Preview in dark").click()
    window.get_by_text("What you have typed is shown below").wait_for()
    frame = window.locator("iframe[name=preview][data-focus]")
    window.get_by_role("button", name="Preview as text").focus()
    window.keyboard.press("Tab")
    frame.wait_for()
    assert frame.evaluate("frame => getComputedStyle(frame).outlineStyle") == "solid"
    window.keyboard.press("Shift+Tab")
    frame.wait_for(state="detached")


def test_on_a_phone_the_title_of_a_row_comes_first(window: Page) -> None:
    window.set_viewport_size({"width": 390, "height": 800})
    window.goto("/recruiting/admin/audit")
    first = window.locator(".data tbody tr").first
    title, when = (first.locator(name).bounding_box() for name in ("th", "td >> nth=0"))
    assert title is not None
    assert when is not None
    assert title["y"] < when["y"]


def test_after_a_task_is_done_the_keyboard_goes_on_from_the_notice(window: Page) -> None:
    window.goto("/recruiting/?whose=team")
    window.get_by_role("button", name="Done").first.press("Enter")
    expect(window.locator(".flashes")).to_be_focused()
    window.keyboard.press("Tab")
    assert window.evaluate("document.activeElement.closest('main') !== null")


def test_a_record_is_copied_with_one_press_and_that_is_said(window: Page, site: str) -> None:
    window.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site)
    window.goto("/recruiting/admin/sender")
    record = window.locator("[data-copy]").first
    before = record.bounding_box()
    record.get_by_role("button", name="Copy").click()
    record.get_by_role("button", name="Copied").wait_for()
    assert window.evaluate("navigator.clipboard.readText()") == record.locator("code").inner_text()
    assert record.get_by_role("status").text_content() == "Copied"
    assert record.bounding_box() == before


def test_without_javascript_no_button_promises_to_copy(world: World, open_page: Opener, site: str) -> None:
    page = open_page(javascript=False)
    come_in(page, world, "admin", site)
    page.goto("/recruiting/admin/sender")
    assert page.locator("[data-copy] code").count()
    assert page.locator("[data-copy] button").count() == 0
