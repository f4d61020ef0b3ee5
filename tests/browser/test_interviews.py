"""A candidate and their interview on a phone: choose a time, answer by keyboard alone, say that they are late."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from portal.core.permissions import Role
from portal.interviews.states import InterviewState
from tests import factories
from tests.browser.conftest import Opener, faint_in_the_dark, give_session, overflow, violations
from tests.conftest import Time
from tests.factories import Made
from tests.interviews.meeting import TUESDAY, WEDNESDAY, link_to, mails, make_candidate, proposed, row_of, wishes_of
from tests.interviews.rows import make_interview

pytestmark = pytest.mark.only("sqlite")  # what is tried is in the browser


@pytest.fixture
def rita(app: Flask) -> int:
    return factories.make_staff("Rita Sander")


@pytest.fixture
def made(rita: int) -> Made:
    return make_candidate(rita)


@pytest.fixture
def agreed(made: Made, rita: int) -> str:
    hugo = factories.make_staff("Hugo Berg", Role.HIRING_MANAGER)
    return make_interview(made.id, rita, starts_at=TUESDAY, panel=[(hugo, None), (rita, None)])


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without"])
def test_from_the_mail_to_a_time_in_two_taps(
    made: Made, rita: int, open_page: Opener, do_work: Callable[[], None], javascript: bool
) -> None:
    one = proposed(made, rita)
    link = link_to(one, made.person_id)
    phone = open_page(width=390, javascript=javascript)
    phone.goto(link)
    assert phone.locator("input[name=time]:checked").count() == 0
    phone.get_by_text("Wednesday 11 March 2026, 14:00").click()
    phone.get_by_role("button", name="Take this time").click()
    expect(phone.get_by_text("Your interview is on Wednesday 11 March 2026, 14:00")).to_be_visible()
    assert row_of(one).starts_at == WEDNESDAY
    do_work()
    assert [mail.person_id for mail in mails("interviews/confirmed")] == [made.person_id]


def test_a_time_is_chosen_by_keyboard_alone(made: Made, rita: int, open_page: Opener) -> None:
    one = proposed(made, rita)
    page = open_page(width=390)
    page.goto(link_to(one, made.person_id))
    _tab_to(page, "input[name=time]")
    page.keyboard.press("ArrowDown")
    _tab_to(page, "form[action$='/time'] button")
    page.keyboard.press("Enter")
    expect(page.get_by_text("the time is yours")).to_be_visible()
    assert row_of(one).state is InterviewState.CONFIRMED


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without"])
def test_running_late_is_one_tap(made: Made, agreed: str, open_page: Opener, time: Time, javascript: bool) -> None:
    link = link_to(agreed, made.person_id)
    time.at = TUESDAY - timedelta(minutes=15)
    phone = open_page(width=390, javascript=javascript)
    phone.goto(link)
    phone.get_by_role("button", name="I am running late").click()
    expect(phone.get_by_role("heading", name="You are running late")).to_be_visible()
    expect(phone.locator("a[href='tel:+48221234567']")).to_be_visible()
    assert [kind for kind, _words, _waits in wishes_of(agreed)] == ["running_late"]


def test_every_page_of_it_can_be_read_and_used_by_everybody(
    app: Flask, made: Made, rita: int, agreed: str, open_page: Opener, site: str
) -> None:
    links = [link_to(proposed(made, rita), made.person_id), link_to(agreed, made.person_id)]
    own = _signed_in(app, made.person_id, open_page(width=390), site)
    found: list[str] = []
    for path in (*links, f"{links[0]}/another-time", f"{links[0]}/decline", f"/me/interviews/{agreed}", "/me/"):
        own.goto(path)
        found += [f"{path}: {line}" for line in (*violations(own), *faint_in_the_dark(own))]
        for width in (320, 390):
            own.set_viewport_size({"width": width, "height": 900})
            assert overflow(own) == 0, f"{path} is wider than {width}"
    own.goto(f"/me/interviews/{agreed}")
    with own.expect_navigation():
        own.get_by_role("button", name="I cannot come").click()
    found += violations(own)
    assert found == []


def _tab_to(page: Page, selector: str) -> None:
    """Press the tab key until something that matches has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"the tab key never comes to {selector}")


def _signed_in(app: Flask, person_id: int, page: Page, site: str) -> Page:
    """The page in a browser in which this person is signed in."""
    give_session(page, factories.signed_in(app, person_id), site)
    return page
