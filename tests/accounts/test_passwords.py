"""A forgotten password, a new one, a changed one."""

import re

import pytest
from flask import Flask

from portal.accounts.adapters import MEMORY_IN_KIB, PASSES
from portal.core.tokens import TokenKind
from tests.accounts.visitors import (
    ADA,
    NORA,
    PASSWORD,
    WRONG,
    ask,
    import_person,
    is_in,
    join,
    last_letter,
    letters,
    sign_in,
)
from tests.pages import Browser, Page

pytestmark = pytest.mark.both_in_soak
NEW = "four words in a row"


def _reset_page(browser: Browser) -> Page:
    return browser.get(f"/reset/{last_letter().token(TokenKind.RESET)}")


def test_reset_link_sets_a_password_and_signs_in(app: Flask) -> None:
    join()
    browser = Browser(app)
    ask(browser, path="/reset")
    done = browser.submit(_reset_page(browser), password=NEW, expect=303, follow=False)
    assert done.response.location == "/me/"
    assert is_in(browser)
    other = Browser(app)
    other.submit(other.get("/sign-in"), email=ADA, password=PASSWORD, expect=422)
    sign_in(other, password=NEW)
    assert is_in(other)


def test_reset_signs_every_other_device_out_and_tells_the_owner(app: Flask) -> None:
    join()
    there, here = Browser(app), Browser(app)
    sign_in(there)
    ask(here, path="/reset")
    here.submit(_reset_page(here), password=NEW, expect=303, follow=False)
    assert not is_in(there)
    assert last_letter().kind == "accounts/password_changed"
    assert "Was it you?" in last_letter().text


def test_reset_by_code_works_in_the_browser_that_asked(app: Flask) -> None:
    join()
    browser = Browser(app)
    page = ask(browser, path="/reset")
    code = last_letter().code(TokenKind.RESET)
    browser.submit(page, code=code, password=NEW, expect=303, follow=False)
    assert is_in(browser)


def test_weak_password_costs_no_try_of_the_code(app: Flask) -> None:
    join()
    browser = Browser(app)
    page = ask(browser, path="/reset")
    code = last_letter().code(TokenKind.RESET)
    for _ in range(6):
        page = browser.submit(page, code=code, password="12345678", expect=422)
    browser.submit(page, code=code, password=NEW, expect=303, follow=False)
    assert is_in(browser)


def test_sixth_try_of_a_reset_code_is_refused(app: Flask) -> None:
    join()
    browser = Browser(app)
    page = ask(browser, path="/reset")
    code = last_letter().code(TokenKind.RESET)
    for _ in range(5):
        page = browser.submit(page, code=f"{(int(code) + 7) % 1_000_000:06d}", password=NEW, expect=422)
    browser.submit(page, code=code, password=NEW, expect=422)
    assert not is_in(browser)


def test_sign_in_code_does_not_reset_and_reset_code_does_not_sign_in(app: Flask) -> None:
    join()
    browser = Browser(app)
    sign_in_page = ask(browser)
    reset_page = ask(browser, path="/reset")
    browser.submit(reset_page, code=letters()[-2].code(TokenKind.SIGN_IN), password=NEW, expect=422)
    assert browser.submit(sign_in_page, code=last_letter().code(TokenKind.RESET)).path == "/sign-in"
    assert not is_in(browser)


def test_asking_for_a_reset_answers_the_same_for_all(app: Flask) -> None:
    join()
    answers = []
    for email in (ADA, NORA):
        browser = Browser(app)
        page = ask(browser, email, "/reset")
        answers.append((page.path, re.sub(r'value="[^"]*"', "", page.body.replace(email, "ADDRESS"))))
    assert answers[0] == answers[1]
    assert last_letter(NORA).kind == "accounts/unknown_address"


def test_imported_person_can_begin_with_a_password(app: Flask) -> None:
    import_person()
    browser = Browser(app)
    ask(browser, path="/reset")
    browser.submit(_reset_page(browser), password=NEW, expect=303, follow=False)
    assert is_in(browser)


def test_password_change_kills_a_waiting_reset_link(app: Flask) -> None:
    join()
    ask(Browser(app), path="/reset")
    link = f"/reset/{last_letter().token(TokenKind.RESET)}"
    browser = Browser(app)
    sign_in(browser)
    page = browser.get("/me/account/password")
    browser.submit(page, present=PASSWORD, password=NEW)
    browser.get(link, expect=404)


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("1234567", "at least 8"),
        ("x" * 7, "at least 8"),
        ("12345678", "Many people"),
        ("Password123!", "Many people"),
        ("QWERTYUIOP", "Many people"),
        ("Sunshine2024", "Many people"),
        ("aaaaaaaaaa", "Many people"),
        (ADA, "address"),
        (f"my {ADA.upper()} word", "address"),
        ("ö" * 100 + "ab" * 14 + "x", "at most 128"),
        ("", "choose a password"),
    ],
)
def test_password_that_is_guessed_first_is_refused(app: Flask, password: str, words: str) -> None:
    join()
    browser = Browser(app)
    ask(browser, path="/reset")
    page = browser.submit(_reset_page(browser), password=password, expect=422)
    assert words in page.text
    assert not is_in(browser)


@pytest.mark.parametrize(
    "password", ["k7#mQ2vL", "correct horse battery", "паролька-9", "🦀🦊🐙🦉🐢🦔🐝🐬", "ab c" * 32, PASSWORD]
)
def test_any_characters_and_lengths_up_to_128_are_good(app: Flask, password: str) -> None:
    join(password="")
    browser = Browser(app)
    ask(browser, path="/reset")
    browser.submit(_reset_page(browser), password=password, expect=303, follow=False)
    other = Browser(app)
    sign_in(other, password=password)
    assert is_in(other)


def test_changing_the_password_needs_the_present_one(app: Flask) -> None:
    join()
    here, there = Browser(app), Browser(app)
    sign_in(here)
    sign_in(there)
    page = here.get("/me/account/password")
    page = here.submit(page, present=WRONG, password=NEW, expect=422)
    assert "not your present password" in page.text
    assert is_in(there)
    page = here.submit(page, present=PASSWORD, password=NEW)
    assert page.path == "/me/account"
    assert is_in(here)
    assert not is_in(there)
    assert last_letter().kind == "accounts/password_changed"


def test_present_password_cannot_be_left_out_or_guessed_for_long(app: Flask) -> None:
    join()
    browser = Browser(app)
    sign_in(browser)
    form = browser.get("/me/account/password").form(having="present")
    without = {k: v for k, v in form.values.items() if k != "present"}
    browser.post("/me/account/password", {**without, "password": NEW}, expect=422)
    for _ in range(10):
        browser.post("/me/account/password", {**form.values, "present": WRONG, "password": NEW}, expect=422)
    page = browser.post("/me/account/password", {**form.values, "present": PASSWORD, "password": NEW}, expect=429)
    assert "too often" in page.text


def test_first_password_needs_no_present_one(app: Flask) -> None:
    join(password="")
    browser = Browser(app)
    ask(browser)
    browser.submit(ask(browser), code=last_letter().code(TokenKind.SIGN_IN), expect=303, follow=False)
    page = browser.get("/me/account/password")
    assert page.heading == "Set a password"
    browser.submit(page, password=NEW)
    other = Browser(app)
    sign_in(other, password=NEW)
    assert is_in(other)


def test_passwords_are_hashed_at_least_as_hard_as_owasp_advises() -> None:
    # https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html: 19 MiB and two passes.
    assert MEMORY_IN_KIB >= 19 * 1024
    assert PASSES >= 2
