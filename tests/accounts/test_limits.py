"""Guessing is slow, and the owner is never locked out."""

import pytest
from flask import Flask

from portal.accounts.rules import (
    CODES_PER_ADDRESS_A_DAY,
    MAILS_PER_ADDRESS,
    MAILS_PER_NETWORK,
    PASSWORDS_KNOWN_DEVICE,
    PASSWORDS_PER_ADDRESS,
    PASSWORDS_PER_NETWORK,
)
from portal.core.tokens import TokenKind
from tests.accounts.visitors import (
    ADA,
    NORA,
    PASSWORD,
    WRONG,
    ask,
    is_in,
    join,
    last_letter,
    letters,
    sign_in,
    sign_in_link,
)
from tests.conftest import Time
from tests.pages import Browser

pytestmark = pytest.mark.both_in_soak


def _from(app: Flask, network: str) -> Browser:
    browser = Browser(app)
    browser.client.environ_base["REMOTE_ADDR"] = network
    return browser


def _guess(browser: Browser, times: int, email: str = ADA, expect: int = 422) -> None:
    for _ in range(times):
        browser.submit(browser.get("/sign-in"), email=email, password=WRONG, expect=expect)


def test_guessing_from_many_places_is_stopped_with_the_form_kept(app: Flask) -> None:
    join()
    for number in range(PASSWORDS_PER_ADDRESS.tries):
        _guess(_from(app, f"192.0.2.{number}"), 1)
    browser = _from(app, "192.0.2.200")
    page = browser.submit(browser.get("/sign-in"), email=ADA, password=PASSWORD, expect=429)
    assert "too often" in page.text
    assert page.form(having="email").values["email"] == ADA
    assert not is_in(browser)


def test_owner_signs_in_on_a_device_they_used_before(app: Flask) -> None:
    join()
    own = _from(app, "198.51.100.7")
    sign_in(own)
    own.submit(own.get("/me/account"), action="/sign-out", expect=303, follow=False)
    for number in range(PASSWORDS_PER_ADDRESS.tries + 5):
        stranger = _from(app, f"192.0.2.{number}")
        stranger.client.post("/sign-in", data=_filled(stranger))
    sign_in(own)
    assert is_in(own)


def _filled(browser: Browser) -> dict[str, str]:
    return {**browser.get("/sign-in").form(having="email").values, "email": ADA, "password": WRONG}


def test_owner_on_a_new_device_gets_in_by_mail(app: Flask) -> None:
    join()
    _guess(_from(app, "192.0.2.1"), PASSWORDS_PER_ADDRESS.tries)
    _guess(_from(app, "192.0.2.2"), 1, expect=429)
    browser = _from(app, "198.51.100.7")
    ask(browser)
    browser.submit(browser.get(sign_in_link()), action=sign_in_link()[-20:], expect=303, follow=False)
    assert is_in(browser)


def test_guessing_on_a_known_device_is_slowed_too(app: Flask) -> None:
    join()
    browser = Browser(app)
    sign_in(browser)
    browser.submit(browser.get("/me/account"), action="/sign-out", expect=303, follow=False)
    _guess(browser, PASSWORDS_KNOWN_DEVICE.tries)
    browser.submit(browser.get("/sign-in"), email=ADA, password=WRONG, expect=429)


def test_a_device_is_known_only_for_the_address_it_signed_in_with(app: Flask) -> None:
    join()
    join(NORA, "Nora")
    nora = _from(app, "198.51.100.7")
    sign_in(nora, NORA)
    nora.submit(nora.get("/me/account"), action="/sign-out", expect=303, follow=False)
    _guess(_from(app, "192.0.2.1"), PASSWORDS_PER_ADDRESS.tries)
    nora.submit(nora.get("/sign-in"), email=ADA, password=PASSWORD, expect=429)


@pytest.mark.parametrize("cookie", ["", "x", "W10.abc", '["a",["b"]]'])
def test_forged_mark_of_a_known_device_is_worth_nothing(app: Flask, cookie: str) -> None:
    join()
    _guess(_from(app, "192.0.2.1"), PASSWORDS_PER_ADDRESS.tries)
    browser = _from(app, "198.51.100.7")
    browser.client.set_cookie("known", cookie)
    browser.submit(browser.get("/sign-in"), email=ADA, password=PASSWORD, expect=429)


def test_one_place_cannot_try_many_addresses(app: Flask) -> None:
    browser = _from(app, "192.0.2.1")
    for number in range(PASSWORDS_PER_NETWORK.tries):
        _guess(browser, 1, email=f"person{number}@demo.example")
    _guess(browser, 1, email=NORA, expect=429)
    _guess(_from(app, "192.0.2.2"), 1, email=NORA)


def _ask_and_be_refused(browser: Browser) -> None:
    browser.submit(browser.get("/sign-in"), email=NORA, expect=429)


def test_addresses_of_one_ipv6_network_count_together(app: Flask) -> None:
    for number in range(MAILS_PER_NETWORK.tries):
        ask(_from(app, f"2001:db8:1:2::{number + 1:x}"), f"person{number}@demo.example")
    _ask_and_be_refused(_from(app, "2001:db8:1:2:ffff::1"))
    ask(_from(app, "2001:db8:1:3::1"), NORA)


def test_headers_that_anybody_can_set_change_no_count(app: Flask) -> None:
    browser = _from(app, "192.0.2.1")
    for number in range(MAILS_PER_NETWORK.tries):
        browser.client.environ_base["HTTP_X_FORWARDED_FOR"] = f"203.0.113.{number}"
        ask(browser, f"person{number}@demo.example")
    browser.client.environ_base["HTTP_X_FORWARDED_FOR"] = "203.0.113.200"
    _ask_and_be_refused(browser)


@pytest.mark.parametrize("email", [ADA, NORA])
def test_one_address_is_not_flooded_with_mail_known_or_not(app: Flask, email: str) -> None:
    join(ADA, password="")
    for number in range(MAILS_PER_ADDRESS.tries):
        path = "/reset" if number % 2 else "/sign-in"
        ask(_from(app, f"192.0.2.{number}"), email, path)
    browser = _from(app, "192.0.2.200")
    page = browser.submit(browser.get("/sign-in"), email=email, expect=429)
    assert "too often" in page.text
    browser.submit(browser.get("/reset"), email=email, expect=429)
    assert len(letters(email)) == MAILS_PER_ADDRESS.tries


def test_owner_gets_mail_on_a_known_device_although_strangers_used_theirs_up(app: Flask) -> None:
    join()
    own = _from(app, "198.51.100.7")
    sign_in(own)
    own.submit(own.get("/me/account"), action="/sign-out", expect=303, follow=False)
    for number in range(MAILS_PER_ADDRESS.tries):
        ask(_from(app, f"192.0.2.{number}"))
    stranger = _from(app, "192.0.2.200")
    stranger.submit(stranger.get("/sign-in"), email=ADA, expect=429)
    assert ask(own).heading == "Check your mail"


def test_one_place_cannot_write_to_everybody(app: Flask) -> None:
    browser = _from(app, "192.0.2.1")
    for number in range(MAILS_PER_NETWORK.tries):
        ask(browser, f"person{number}@demo.example")
    browser.submit(browser.get("/sign-in"), email=NORA, expect=429)


def test_guesses_of_codes_are_counted_over_all_mails(app: Flask, time: Time) -> None:
    join(password="")
    tried = 0
    while tried < CODES_PER_ADDRESS_A_DAY.tries:
        browser = _from(app, "192.0.2.1")
        page = ask(browser)
        for _ in range(5):
            wrong = f"{(int(last_letter().code(TokenKind.SIGN_IN)) + 1) % 1_000_000:06d}"
            page = browser.submit(page, code=wrong, expect=422)
            tried += 1
        time.pass_by(minutes=13)
    browser = _from(app, "192.0.2.2")
    page = ask(browser)
    page = browser.submit(page, code=last_letter().code(TokenKind.SIGN_IN), expect=429)
    assert "link in our newest mail still works" in page.text
    browser.submit(browser.get(sign_in_link()), action=sign_in_link()[-20:], expect=303, follow=False)
    assert is_in(browser)


def test_waiting_helps(app: Flask, time: Time) -> None:
    join()
    _guess(_from(app, "192.0.2.1"), PASSWORDS_PER_ADDRESS.tries)
    browser = _from(app, "192.0.2.2")
    browser.submit(browser.get("/sign-in"), email=ADA, password=PASSWORD, expect=429)
    time.pass_by(minutes=15)
    sign_in(browser)
    assert is_in(browser)
