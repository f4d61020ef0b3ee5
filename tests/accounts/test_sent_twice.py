"""A double click: both requests come with the same cookies, and the answer of the second is the one that is seen."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from portal.core.settings import current_settings, install_settings
from portal.core.tokens import TokenKind
from tests.accounts.addresses import NEW, add, addresses, ask_for, signed_in_browser
from tests.accounts.test_found_device import copy_of
from tests.accounts.test_second_factor import ASKED, CODES, SET_UP, codes_on, digits, halfway, key_on, protect
from tests.accounts.visitors import ADA, RITA, ask, hire, invite, is_in, join, last_letter, letters, sign_in
from tests.conftest import Time
from tests.pages import Browser, Page

#: They are about cookies and pages.
pytestmark = pytest.mark.only("sqlite")
CHOSEN = "four words in a row"
ACCOUNT = "/me/account"


@pytest.fixture
def production(app: Flask) -> Iterator[None]:
    before = current_settings()
    install_settings(replace(before, env="production"))
    yield
    install_settings(before)


def click_twice(browser: Browser, page: Page, **values: str) -> tuple[Browser, Page]:
    """Send a form twice from one browser; the browser as the second answer leaves it, and the page it leads to."""
    second = copy_of(browser)
    browser.submit(page, expect=303, follow=False, **values)
    return second, second.submit(page, **values)


def test_changing_the_password_twice_is_changing_it_once(app: Flask) -> None:
    join()
    browser = signed_in_browser(app)
    page = browser.get(f"{ACCOUNT}/password")
    second, seen = click_twice(browser, page, present="demo-password", password=CHOSEN)
    assert seen.path == ACCOUNT
    assert "Your new password counts from now on" in seen.text
    assert is_in(second)
    assert is_in(browser)
    assert [letter.kind for letter in letters()].count("accounts/password_changed") == 2  # when they joined, and now


def test_what_was_typed_differently_the_second_time_signs_nobody_in(app: Flask) -> None:
    join()
    browser = signed_in_browser(app)
    page = browser.get(f"{ACCOUNT}/password")
    thief = copy_of(browser)
    browser.submit(page, present="demo-password", password=CHOSEN)
    values = page.form(having="password").values
    for guess in ("another guess of it", "demo-password", ""):
        answer = thief.post(f"{ACCOUNT}/password", {**values, "present": "demo-password", "password": guess})
        assert answer.path.startswith("/sign-in")
    assert not is_in(thief)


def test_after_five_guesses_the_right_one_is_of_no_use(app: Flask) -> None:
    join()
    browser = signed_in_browser(app)
    page = browser.get(f"{ACCOUNT}/password")
    thief = copy_of(browser)
    browser.submit(page, present="demo-password", password=CHOSEN)
    values = page.form(having="password").values | {"present": "demo-password"}
    for number in range(5):
        thief.post(f"{ACCOUNT}/password", {**values, "password": f"guess number {number}"})
    thief.post(f"{ACCOUNT}/password", {**values, "password": CHOSEN})
    assert not is_in(thief)


def test_a_second_click_counts_for_two_minutes(app: Flask, time: Time) -> None:
    join()
    browser = signed_in_browser(app)
    page = browser.get(f"{ACCOUNT}/password")
    early, late = copy_of(browser), copy_of(browser)
    browser.submit(page, present="demo-password", password=CHOSEN)
    time.pass_by(seconds=60)
    assert early.submit(page, present="demo-password", password=CHOSEN).path == ACCOUNT
    time.pass_by(seconds=60)
    assert late.submit(page, present="demo-password", password=CHOSEN).path.startswith("/sign-in")


def test_the_cookie_alone_leads_nowhere(app: Flask) -> None:
    join()
    browser = signed_in_browser(app)
    page = browser.get(f"{ACCOUNT}/password")
    thief = copy_of(browser)
    browser.submit(page, present="demo-password", password=CHOSEN)
    assert not is_in(thief)


@pytest.mark.parametrize("what", ["change", "add"])
def test_the_code_of_a_new_address_sent_twice_leaves_one_signed_in(app: Flask, what: str) -> None:
    join()
    browser = signed_in_browser(app)
    page = ask_for(browser, NEW, what)
    second, seen = click_twice(browser, page, code=last_letter(NEW).code(TokenKind.NEW_ADDRESS))
    assert seen.path == ACCOUNT
    assert ("From now on we write to" if what == "change" else "is yours now") in seen.text
    assert is_in(second)
    assert NEW in [email for email, _is_primary in addresses(NEW)]


def test_the_code_of_an_address_with_a_record_sent_twice_leads_to_the_offer(app: Flask) -> None:
    join()
    join(NEW, "Ada L.")
    browser = signed_in_browser(app)
    page = ask_for(browser, NEW, "add")
    second, seen = click_twice(browser, page, code=last_letter(NEW).code(TokenKind.NEW_ADDRESS))
    assert seen.heading == "Join two records"
    assert is_in(second)


def test_a_wrong_code_is_still_a_wrong_code(app: Flask) -> None:
    join()
    browser = signed_in_browser(app)
    page = ask_for(browser, NEW, "add")
    code = last_letter(NEW).code(TokenKind.NEW_ADDRESS)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    assert "does not fit" in browser.submit(page, code=wrong, expect=422).text
    add(browser, NEW)
    assert addresses(ADA) == [(ADA, True), (NEW, False)]


def test_the_code_of_a_sign_in_mail_sent_twice_leaves_one_signed_in(app: Flask) -> None:
    join()
    browser = Browser(app)
    page = ask(browser)
    second, seen = click_twice(browser, page, code=last_letter().code(TokenKind.SIGN_IN))
    assert seen.path == "/me/"
    assert is_in(second)


def test_a_new_password_by_code_sent_twice_leaves_one_signed_in(app: Flask) -> None:
    join()
    browser = Browser(app)
    page = ask(browser, path="/reset")
    code = last_letter().code(TokenKind.RESET)
    second, seen = click_twice(browser, page, code=code, password=CHOSEN)
    assert "Your new password counts from now on" in seen.text
    assert is_in(second)


def test_the_second_factor_sent_twice_leaves_one_signed_in(app: Flask, time: Time) -> None:
    hire()
    _own, key, codes = protect(app)
    time.pass_by(seconds=30)
    browser = halfway(app)
    second, seen = click_twice(browser, browser.get(ASKED), code=digits(key))
    assert seen.path == "/recruiting/"
    assert is_in(second)
    browser = halfway(app)
    page = browser.get("/sign-in/recovery-code")
    second, seen = click_twice(browser, page, code=codes[0])
    assert seen.path == "/recruiting/profile/second-factor"
    assert is_in(second)


def test_setting_a_second_factor_up_twice_shows_the_recovery_codes_that_count(app: Flask, production: None) -> None:
    browser = Browser(app)
    page = browser.submit(browser.get(invite()), password=CHOSEN)
    assert page.path == SET_UP
    second, seen = click_twice(browser, page, code=digits(key_on(page)))
    assert seen.path == CODES
    assert codes_on(seen) == codes_on(browser.get(CODES))
    assert is_in(second, "/recruiting/")
    other = Browser(app)
    assert sign_in(other, RITA, CHOSEN).response.location == ASKED
