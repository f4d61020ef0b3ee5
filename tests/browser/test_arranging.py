"""Arranging interviews as colleagues do: on a phone, by keyboard, with and without scripts."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from portal.core import clock
from portal.core.db import transaction
from portal.core.permissions import Role
from portal.interviews.actions.choosing import choose_time
from portal.interviews.actions.wishing import tell_us
from portal.interviews.models import GuideRead
from portal.interviews.states import InterviewState, WishKind
from tests import factories
from tests.browser.conftest import Opener, faint_in_the_dark, overflow, violations
from tests.browser.test_joints import come_in
from tests.conftest import Time
from tests.factories import Made
from tests.interviews.arranging import calendar_in, count, newest, offered, outbox, sent_to
from tests.interviews.meeting import TUESDAY, WEDNESDAY, make_candidate, proposed, row_of, time_id
from tests.interviews.rows import make_interview

pytestmark = pytest.mark.only("sqlite")  # what is tried is in the browser
THURSDAY = TUESDAY + timedelta(days=2)
TIMES = "10 March 14:00\n11 March 14:00\n2026-03-12 14:00"
BOTH_WAYS = pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without"])


@pytest.fixture
def rita(app: Flask) -> int:
    return factories.make_staff("Rita Sander", email="rita@kindred.example")


@pytest.fixture
def made(rita: int) -> Made:
    return make_candidate(rita)


@pytest.fixture
def hugo(rita: int) -> int:
    """He knows the guide, and meets somebody else on Tuesday at the same time."""
    hugo = factories.make_staff("Hugo Berg", Role.HIRING_MANAGER, "hugo@kindred.example")
    with transaction() as own:
        own.add(GuideRead(staff_id=hugo, read_at=clock.now()))
    make_interview(make_candidate(rita, "Bob Eriksen").id, rita, starts_at=TUESDAY, panel=[(hugo, None)])
    return hugo


@pytest.fixture
def lena(app: Flask) -> int:
    """She has not read the guide."""
    return factories.make_staff("Lena Walczak", Role.HIRING_MANAGER, "lena@kindred.example")


@BOTH_WAYS
def test_three_times_are_looked_at_sent_taken_back_and_sent(
    app: Flask, made: Made, rita: int, hugo: int, lena: int, open_page: Opener, site: str, javascript: bool
) -> None:
    phone = open_page(width=390, javascript=javascript)
    come_in(app, rita, phone, site, f"/recruiting/applications/{made.public_id}")
    phone.get_by_role("link", name="Propose an interview").click()
    before = count()
    _fill(phone)
    phone.get_by_role("button", name="Preview").click()
    for words in (
        "Please look at this once",
        "Hugo Berg",
        "Lena Walczak has not read the guide to interviews this year.",
        "Time 3: Thursday 12 March 2026, 14:00",
        "Nothing has been sent yet.",
    ):
        expect(phone.locator("#main")).to_contain_text(words)
    assert (count(), overflow(phone)) == (before, 0)
    phone.get_by_role("button", name="Propose these times").click()
    phone.get_by_role("button", name="Take it back").click()
    expect(phone.get_by_text("Taken back. Nothing was sent.")).to_be_visible()
    assert (count(), overflow(phone)) == (before, 0)
    assert phone.get_by_label("Times to choose from").input_value().splitlines() == [
        "2026-03-10 14:00",
        "2026-03-11 14:00",
        "2026-03-12 14:00",
    ]
    expect(phone.get_by_label("What you write to them")).to_have_value("We would like to meet you.")
    with phone.expect_navigation():
        phone.get_by_role("button", name="Send now").click()
    # What was pointed out before the undo is pointed out once more: it is another form.
    phone.get_by_role("button", name="Send now").click()
    expect(phone.get_by_text("sees the times once the mail is accepted")).to_be_visible()
    assert offered(newest().public_id) == [TUESDAY, WEDNESDAY, THURSDAY]


def test_times_that_cannot_be_read_stand_a_line_each_and_all_goes_by_keyboard(
    app: Flask, made: Made, rita: int, lena: int, open_page: Opener, site: str
) -> None:
    page = open_page()
    come_in(app, rita, page, site, f"/recruiting/applications/{made.public_id}/interviews/new")
    _tab_to(page, "[name=times]")
    page.keyboard.type("some time next week\n2 March 2026 14:00\n11 March 14:00")
    for name, words in (
        ("place", "https://meet.example/talk"),
        ("contact_phone", "+48 22 123 45 67"),
        ("message", "We would like to meet you."),
    ):
        if name == "contact_phone":
            _tab_to(page, f"[name=panel][value='{factories.public_id_of(lena)}']")
            page.keyboard.press("Space")
        _tab_to(page, f"[name={name}]")
        page.keyboard.type(words)
    _tab_to(page, "button[value=send]")
    page.keyboard.press("Enter")
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.locator(".error-summary a[href='#times']")).to_have_count(2)
    lines = page.locator("#times-error").inner_text().splitlines()
    assert [line for line in lines if "“some time next week”" in line] == [lines[-2]]
    assert lines[-1] == "“2 March 2026 14:00” has passed."
    assert violations(page) == []

    page.locator(".error-summary a").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#times")).to_be_focused()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("11 March 14:00")
    _tab_to(page, "button[value=send]")
    page.keyboard.press("Enter")
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.locator(".error-summary")).to_contain_text("Lena Walczak has not read the guide")
    _tab_to(page, "button[value=send]")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Until then you can take it back or send it now.")).to_be_visible()
    assert offered(newest().public_id) == [WEDNESDAY]


@BOTH_WAYS
def test_a_chosen_time_is_moved_and_called_off_on_a_phone(
    app: Flask,
    made: Made,
    rita: int,
    hugo: int,
    open_page: Opener,
    site: str,
    do_work: Callable[[], None],
    javascript: bool,
) -> None:
    met = proposed(made, rita)
    choose_time(made.person_id, met, time_id(met, WEDNESDAY), now=clock.now())
    do_work()
    phone = open_page(width=390, javascript=javascript)
    come_in(app, rita, phone, site, f"/recruiting/interviews/{met}")
    phone.get_by_role("link", name="Another time").click()
    phone.get_by_text("It moves to this time at once").click()
    phone.get_by_label("The new time").fill("12 March 14:00")
    phone.get_by_label("What you write to them").fill("Our room is taken on Wednesday.")
    phone.get_by_role("button", name="Preview").click()
    expect(phone.locator("#preview")).to_contain_text("Your interview has moved: Thursday 12 March 2026, 14:00")
    assert row_of(met).starts_at == WEDNESDAY
    phone.get_by_role("button", name="Change the time").click()
    expect(phone.get_by_text("It takes place at another time")).to_be_visible()
    assert row_of(met).starts_at == THURSDAY
    do_work()
    phone.get_by_role("link", name="Call it off").click()
    phone.get_by_role("button", name="Call it off").click()
    expect(phone.locator("#message-error")).to_contain_text("Please write what the candidate will read.")
    phone.get_by_label("What you write to them").fill("The post is on hold, and I am sorry.")
    phone.get_by_role("button", name="Call it off").click()
    expect(phone.get_by_text("Called off. The candidate and the panel hear of it now.")).to_be_visible()
    assert overflow(phone) == 0
    do_work()
    to_ada = [mail for mail in outbox() if mail.person_id == made.person_id and mail.calendar]
    assert [calendar_in(mail) for mail in to_ada] == [
        ("REQUEST", 1, WEDNESDAY),
        ("REQUEST", 2, THURSDAY),
        ("CANCEL", 3, THURSDAY),
    ]


@BOTH_WAYS
def test_what_became_of_it_is_said_and_put_right(
    app: Flask, made: Made, rita: int, open_page: Opener, site: str, time: Time, javascript: bool
) -> None:
    met = make_interview(made.id, rita, starts_at=TUESDAY, panel=[(rita, None)])
    time.at = TUESDAY + timedelta(hours=1)
    phone = open_page(width=390, javascript=javascript)
    come_in(app, rita, phone, site, "/recruiting/interviews")
    phone.get_by_role("link", name="1 interview waits for us").click()
    phone.get_by_role("link", name="Ada Lind", exact=True).click()
    for label, button, state, mails in (
        ("It took place", "Say what became of it", InterviewState.DONE, set()),
        ("They did not come", "Put it right", InterviewState.MISSED_BY_THEM, set()),
        ("We did not come", "Put it right", InterviewState.MISSED_BY_US, {"ada.lind@example.org"}),
    ):
        phone.get_by_role("link", name=button).click()
        phone.get_by_text(label, exact=True).click()
        if state is InterviewState.MISSED_BY_US:
            phone.get_by_role("button", name="Preview").click()
            expect(phone.locator("#preview")).to_contain_text("That was our fault, and we are sorry")
        phone.get_by_role("button", name="Save").click()
        expect(phone.locator(".say-first .turn")).to_contain_text(label)
        assert row_of(met).state is state
        assert len(sent_to("missed_by_us")) == len(mails)
    assert overflow(phone) == 0


def test_every_page_and_state_of_it_can_be_read_and_used_by_everybody(
    app: Flask, made: Made, rita: int, hugo: int, open_page: Opener, site: str, time: Time
) -> None:
    met = make_interview(
        made.id, rita, starts_at=THURSDAY, panel=[(hugo, None), (rita, None)], criteria="SQL\nPatience"
    )
    tell_us(made.person_id, met, WishKind.ANOTHER_TIME, now=clock.now(), words="Any morning of the week after.")
    base = f"/recruiting/interviews/{met}"
    time.at = TUESDAY + timedelta(hours=1)
    page = open_page(width=390)
    come_in(app, rita, page, site, "/recruiting/interviews")
    found: list[str] = []

    def look(what: str) -> None:
        nonlocal found
        found += [f"{what}: {line}" for line in (*violations(page), *faint_in_the_dark(page))]
        for width in (320, 390):
            page.set_viewport_size({"width": width, "height": 900})
            assert overflow(page) == 0, f"{what} is wider than {width}"

    for path in ("", "?show=ours", "?show=theirs"):
        page.goto(f"/recruiting/interviews{path}")
        look(f"the list {path}")
    for path in ("", "/move", "/change", "/call-off"):
        page.goto(base + path)
        look(path)
    page.goto(f"{base}/move")
    page.get_by_text("They choose from these times").click()
    page.get_by_label("The new time").fill("14 March 14:00\n15 March 8:00")
    page.get_by_label("What you write to them").fill("Our room is taken.")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#preview")).to_be_visible()
    look("a preview")
    page.get_by_label("The new time").fill("soon\nlater")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#times-error")).to_be_visible()
    look("times that cannot be read")
    assert found == []


def _fill(page: Page) -> None:
    """The page of a proposal, with Hugo and Lena."""
    page.get_by_label("Times to choose from").fill(TIMES)
    page.get_by_label("Where you meet").fill("https://meet.example/talk")
    for name in ("Hugo Berg", "Lena Walczak"):
        page.locator("label.choice", has_text=name).click()
    page.get_by_label("Under which number").fill("+48 22 123 45 67")
    page.get_by_label("What you write to them").fill("We would like to meet you.")


def _tab_to(page: Page, selector: str) -> None:
    """Press the tab key until something that matches has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"the tab key never comes to {selector}")
