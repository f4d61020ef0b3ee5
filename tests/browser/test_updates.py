"""A recruiter writes her first update in Chromium, looks at it, sends it, watches it go out and stops it."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect

from portal.core import clock
from portal.core.db import end_reading
from portal.updates.jobs import publish_due
from portal.updates.states import Audience, UpdateKind
from tests.browser.conftest import Opener, faint_in_the_dark, give_session, overflow, violations
from tests.conftest import Time
from tests.digests.mails import deliver, mails_to, prepare, reader
from tests.factories import make_segment, make_staff, signed_in
from tests.updates.posting import content, draft, id_of, post

pytestmark = pytest.mark.only("sqlite")
TITLE = "What a mid-level developer earns with us"
BODY = "We publish **what we pay**.\n\n## Bands\n\n| Level | From |\n|---|---|\n| Mid | 17 000 |\n"


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander")


@pytest.fixture
def come_in(app: Flask, open_page: Opener, site: str, rita: int) -> Callable[..., Page]:
    """Opens a window in which Rita is signed in."""

    def make(**window: object) -> Page:
        page = open_page(**window)
        give_session(page, signed_in(app, rita), site)
        return page

    return make


def write_down() -> None:
    """What the worker does when something is published: the audience, but no mail."""
    end_reading()
    publish_due(clock.now())
    end_reading()


def begin(page: Page) -> None:
    """Begin an update about pay bands, from the list of all."""
    page.goto("/recruiting/updates")
    page.get_by_role("link", name="New update").first.click()
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_text("Please give it a title.").last).to_be_visible()
    page.get_by_label("Title").fill(TITLE)
    page.get_by_label("What it is").select_option(label="Insight: pay bands")
    page.get_by_role("button", name="Begin").click()
    expect(page.locator("h1")).to_have_text(f"Write: {TITLE}")


def frame(page: Page, title: str) -> Locator:
    """The body of what a preview shows under this title."""
    found = page.locator(f"iframe[title='{title}']")
    found.scroll_into_view_if_needed()
    return found.content_frame.locator("body")


@pytest.mark.parametrize("javascript", [True, False])
def test_her_first_update_from_an_empty_page_to_being_read(
    come_in: Callable[..., Page], time: Time, javascript: bool
) -> None:
    ada = reader("Ada Lind")
    page = come_in(javascript=javascript)
    begin(page)
    page.get_by_role("button", name="On to publishing").click()
    expect(page.get_by_text("4 things are missing before people may read it")).to_be_visible()
    expect(page.get_by_role("button", name="Publish now")).to_have_count(0)
    page.get_by_role("link", name="Add what is missing").click()
    page.get_by_label("Summary").fill("Four bands, in the open.")
    page.get_by_label("Text", exact=True).fill(BODY)
    page.get_by_label("Where the figures come from").fill("Our own pay bands")
    page.get_by_label("Of which day they are").fill("2026-03-02")
    page.get_by_role("button", name="Preview").click()
    for scheme in ("light", "dark"):
        expect(frame(page, f"The page in {scheme} colours")).to_contain_text("We publish what we pay.")
        expect(frame(page, f"The mail in {scheme} colours")).to_contain_text("Our own pay bands")
    page.get_by_role("link", name="Go on to publishing").press("Enter")
    expect(page.locator("#reach")).to_contain_text("Could have it by mail now")
    page.get_by_label("Day").fill("2026-03-03")
    page.get_by_label("Time", exact=True).fill("09:30")
    page.get_by_role("button", name="Schedule").click()
    expect(page.get_by_text("This time has passed.").last).to_be_visible()
    expect(page.get_by_label("Time", exact=True)).to_have_value("09:30")
    page.get_by_label("Day").fill("2026-03-05")
    page.get_by_role("button", name="Schedule").click()
    expect(page.locator("#standing")).to_contain_text("It goes out by itself on Thursday 5 March 2026, 09:30")
    time.pass_by(days=2)
    for work in (write_down, prepare, deliver):
        work()
    assert [mail.subject for mail in mails_to(ada)] == [TITLE]
    # She has been signed out since.
    later = come_in(javascript=javascript)
    later.goto(page.url.partition("#")[0])
    expect(later.locator("#standing")).to_contain_text("Those it is for read it since")


def test_what_she_types_saves_itself_and_a_choice_that_would_not_count_is_said(come_in: Callable[..., Page]) -> None:
    page = come_in()
    begin(page)
    status = page.locator("[data-autosave-status]")
    page.get_by_label("Summary").wait_for()
    # What is typed before the script is there waits for the next word.
    page.wait_for_load_state("load")
    page.get_by_label("Summary").fill("Four bands, in the open.")
    expect(status).to_contain_text("Saved at")
    page.get_by_label("Data", exact=True).check()
    expect(status).to_contain_text("You ticked interests.")
    page.get_by_label("Members with certain interests").check()
    expect(status).to_contain_text("Saved at")
    page.reload()
    expect(page.get_by_label("Summary")).to_have_value("Four bands, in the open.")
    expect(page.get_by_label("Data", exact=True)).to_be_checked()


def test_two_quick_clicks_begin_one_update(come_in: Callable[..., Page]) -> None:
    page = come_in()
    page.goto("/recruiting/updates/new")
    page.get_by_label("Title").fill(TITLE)
    page.get_by_role("button", name="Begin").dblclick()
    expect(page.locator("h1")).to_have_text(f"Write: {TITLE}")
    page.goto("/recruiting/updates")
    expect(page.get_by_role("link", name=TITLE)).to_have_count(1)


def test_she_publishes_by_keyboard_and_watches_it_go_out(come_in: Callable[..., Page], rita: int) -> None:
    readers = [reader(f"Reader {number}") for number in range(3)]
    reader("Never asked", says_yes=False)
    public_id = draft(content(audience=Audience.MEMBERS), rita)
    page = come_in()
    page.goto(f"/recruiting/updates/{public_id}/publish")
    page.get_by_role("link", name="have not said yes to mail about this").press("Enter")
    expect(page.get_by_role("link", name="Never asked")).to_be_visible()
    expect(page.get_by_role("link", name="Reader 1")).to_have_count(0)
    page.go_back()
    page.get_by_role("button", name="Publish now").press("Enter")
    expect(page.locator("#standing")).to_contain_text("We write down whom it is for")
    write_down()
    expect(page.locator("#standing")).to_contain_text("Those it is for read it since")
    page.get_by_role("link", name="How the mail goes").press("Enter")
    expect(page.locator("#goes")).to_contain_text("Mail about it begins within seconds.")
    prepare()
    expect(page.locator("#goes")).to_contain_text("0 of 3")
    page.get_by_role("button", name="Pause").press("Enter")
    expect(page.locator("#goes")).to_contain_text("The mailing is paused.")
    for work in (prepare, deliver):
        work()
    assert [mails_to(one) for one in readers] == [[], [], []]
    page.get_by_role("button", name="Go on").press("Enter")
    expect(page.locator("#goes")).to_contain_text("of 3")
    for work in (prepare, deliver):
        work()
    expect(page.locator("#goes")).to_contain_text("Everything that could go at once has gone.")
    expect(page.get_by_role("button", name="Pause")).to_have_count(0)
    expect(page.locator("#held")).to_contain_text("have not said yes to mail about this")
    assert [len(mails_to(one)) for one in readers] == [1, 1, 1]


@pytest.mark.parametrize("javascript", [True, False])
def test_she_tries_it_on_herself_and_stops_it_halfway(
    come_in: Callable[..., Page], rita: int, javascript: bool
) -> None:
    readers = [reader(f"Reader {number}") for number in range(2)]
    public_id = id_of(post(rita))
    page = come_in(javascript=javascript)
    page.goto(f"/recruiting/updates/{public_id}/preview")
    page.get_by_role("button", name="Send me a test").click()
    expect(page.get_by_text(re.compile("The mail is on its way to "))).to_be_visible()
    prepare()
    page.reload()
    page.get_by_role("link", name="Stop").click()
    expect(page.locator("h1")).to_have_text("Stop the mailing?")
    expect(page.get_by_text("2 people who wait for it get no mail about it")).to_be_visible()
    page.get_by_role("button", name="Stop it for good").click()
    expect(page.locator("#goes")).to_contain_text("The mailing was stopped.")
    for work in (prepare, deliver):
        work()
    assert [mails_to(one) for one in readers] == [[], []]
    assert [mail.subject for mail in mails_to(rita)] == ["Test: What we pay"]


def test_what_is_not_published_is_sound_on_a_phone_and_a_desk(come_in: Callable[..., Page], rita: int) -> None:
    """`test_pages` sees the pages of what is published; these are of drafts."""
    story = draft(content("How Ada came here", kind=UpdateKind.MEMBER_STORY), rita)
    segment = draft(content("For a few", audience=Audience.SEGMENT, segment=make_segment(rita)), rita)
    members = draft(content("For members", audience=Audience.MEMBERS), rita)
    reader("Ada Lind")
    page = come_in(width=320)
    paths = (story, f"{story}/edit", f"{story}/publish", f"{segment}/publish", f"{members}/reach", f"{story}/discard")
    for path in (f"/recruiting/updates/{one}" for one in paths):
        page.set_viewport_size({"width": 320, "height": 900})
        page.goto(path)
        assert overflow(page) == 0, path
        assert violations(page) + faint_in_the_dark(page) == [], path
        page.set_viewport_size({"width": 1280, "height": 900})
        assert overflow(page) == 0, path
