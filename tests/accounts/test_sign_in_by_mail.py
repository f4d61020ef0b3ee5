"""Signing in with the link or the code of a mail."""

import re

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.accounts.models import OneTimeToken
from portal.core.db import session
from portal.core.tokens import TokenKind
from portal.people.models import Person
from portal.people.queries import known_person
from tests.accounts.visitors import (
    ADA,
    NORA,
    RITA,
    ask,
    hire,
    import_person,
    is_in,
    join,
    last_letter,
    letters,
    sign_in_link,
)
from tests.conftest import Time, counted_statements
from tests.pages import Browser, Page

pytestmark = pytest.mark.both_in_soak


def test_link_signs_in_after_the_button_is_pressed(app: Flask) -> None:
    join(password="")
    browser = Browser(app)
    ask(browser)
    page = browser.get(sign_in_link())
    assert page.heading == "Sign in"
    assert ADA in page.text
    assert not is_in(browser)
    assert browser.submit(page, action=sign_in_link()[-20:], expect=303, follow=False).response.location == "/me/"
    assert is_in(browser)


def test_link_works_in_another_browser_than_the_one_that_asked(app: Flask) -> None:
    join(password="")
    ask(Browser(app))
    phone = Browser(app)
    phone.submit(phone.get(sign_in_link()), action=sign_in_link()[-20:], expect=303, follow=False)
    assert is_in(phone)


def test_looking_at_a_link_many_times_uses_nothing_up(app: Flask) -> None:
    join(password="")
    ask(Browser(app))
    for _ in range(3):
        Browser(app).get(sign_in_link())
    browser = Browser(app)
    browser.submit(browser.get(sign_in_link()), action=sign_in_link()[-20:], expect=303, follow=False)
    assert is_in(browser)


def test_link_works_once(app: Flask) -> None:
    join(password="")
    ask(Browser(app))
    first, second = Browser(app), Browser(app)
    page = second.get(sign_in_link())
    first.submit(first.get(sign_in_link()), action=sign_in_link()[-20:], expect=303, follow=False)
    dead = second.submit(page, action=sign_in_link()[-20:], expect=404)
    assert "does not work any more" in dead.heading
    assert not is_in(second)
    second.get(sign_in_link(), expect=404)


def test_pressing_the_button_twice_leaves_somebody_signed_in(app: Flask) -> None:
    join(password="")
    browser = Browser(app)
    ask(browser)
    page = browser.get(sign_in_link())
    browser.submit(page, action=sign_in_link()[-20:], expect=303, follow=False)
    token = {"csrf_token": browser.get("/me/account").form(having="name").values["csrf_token"]}
    assert browser.post(sign_in_link(), token, expect=303, follow=False).response.location == "/me/"
    assert is_in(browser)


def test_code_signs_in_the_browser_that_asked(app: Flask) -> None:
    join(password="")
    browser = Browser(app)
    page = ask(browser)
    code = last_letter().code(TokenKind.SIGN_IN)
    browser.submit(page, code=f"{code[:3]} {code[3:]}", expect=303, follow=False)
    assert is_in(browser)


def test_code_is_worth_nothing_in_another_browser(app: Flask) -> None:
    join(password="")
    join(NORA, "Nora Berg", password="")
    ask(Browser(app))
    code = last_letter().code(TokenKind.SIGN_IN)
    other = Browser(app)
    page = ask(other, NORA)
    assert "does not fit" in other.submit(page, code=code, expect=422).text
    assert not is_in(other)


def test_sixth_try_of_a_code_is_refused_although_it_is_right(app: Flask) -> None:
    join(password="")
    browser = Browser(app)
    page = ask(browser)
    code = last_letter().code(TokenKind.SIGN_IN)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for _ in range(5):
        page = browser.submit(page, code=wrong, expect=422)
    page = browser.submit(page, code=code, expect=422)
    assert "does not fit" in page.text
    assert not is_in(browser)


def test_fifth_try_of_a_code_still_counts(app: Flask) -> None:
    join(password="")
    browser = Browser(app)
    page = ask(browser)
    code = last_letter().code(TokenKind.SIGN_IN)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for _ in range(4):
        page = browser.submit(page, code=wrong, expect=422)
    browser.submit(page, code=code, expect=303, follow=False)
    assert is_in(browser)


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "None", "12a456"])
def test_what_is_no_code_costs_no_try(app: Flask, code: str) -> None:
    join(password="")
    browser = Browser(app)
    page = ask(browser)
    for _ in range(6):
        page = browser.submit(page, code=code, expect=422)
    browser.submit(page, code=last_letter().code(TokenKind.SIGN_IN), expect=303, follow=False)
    assert is_in(browser)


def test_code_page_without_asking_leads_back(app: Flask) -> None:
    assert Browser(app).get("/sign-in/code").path == "/sign-in"


def test_an_hour_later_link_and_code_are_dead(app: Flask, time: Time) -> None:
    join(password="")
    browser = Browser(app)
    page = ask(browser)
    time.pass_by(minutes=60)
    browser.get(sign_in_link(), expect=404)
    browser.submit(page, code=last_letter().code(TokenKind.SIGN_IN), expect=422)
    assert not is_in(browser)


def test_newer_mail_voids_the_older(app: Flask) -> None:
    join(password="")
    browser = Browser(app)
    ask(browser)
    older = sign_in_link()
    ask(browser)
    browser.get(older, expect=404)
    browser.get(sign_in_link())


def test_imported_person_signs_in_without_joining(app: Flask) -> None:
    person_id = import_person()
    browser = Browser(app)
    ask(browser)
    assert session().get(Person, person_id).claimed_at is None
    browser.submit(browser.get(sign_in_link()), action=sign_in_link()[-20:], expect=303, follow=False)
    assert session().get(Person, person_id).claimed_at is not None
    assert "Ada Lind" in browser.get("/me/account").body


def test_unknown_address_gets_a_mail_without_link_or_code(app: Flask) -> None:
    ask(Browser(app), NORA)
    letter = last_letter(NORA)
    assert letter.kind == "accounts/unknown_address"
    assert "do not know" in letter.subject
    assert letter.token(TokenKind.SIGN_IN) not in letter.text + letter.html
    assert letter.code(TokenKind.SIGN_IN) not in letter.text + letter.html
    assert "/join" in letter.text


def test_nothing_that_belongs_to_an_unknown_address_signs_in(app: Flask) -> None:
    browser = Browser(app)
    page = ask(browser, NORA)
    letter = last_letter(NORA)
    browser.get(f"/sign-in/{letter.token(TokenKind.SIGN_IN)}", expect=404)
    browser.submit(page, code=letter.code(TokenKind.SIGN_IN), expect=422)
    assert known_person(NORA) is None


def _without_secrets(page: Page, email: str) -> str:
    body = page.body.replace(email, "ADDRESS")
    return re.sub(r'name="(csrf_token|rendered)"[^>]*value="[^"]*"', "", body)


def test_known_and_unknown_addresses_get_the_same_answer(app: Flask) -> None:
    join(ADA)
    answers, work = [], []
    for email in (ADA, NORA):
        browser = Browser(app)
        form = browser.get("/sign-in")
        with counted_statements() as seen:
            page = browser.submit(form, email=email)
        wrong = browser.submit(page, code="123456", expect=422)
        answers.append((page.status, page.path, _without_secrets(page, email), _without_secrets(wrong, email)))
        work.append([statement.split("VALUES")[0] for statement in seen])
    assert answers[0] == answers[1]
    assert work[0] == work[1]


def test_asking_leaves_as_many_rows_for_unknown_addresses(app: Flask) -> None:
    join(ADA, password="")
    for email in (ADA, NORA):
        ask(Browser(app), email)
    count = session().scalar(select(func.count()).select_from(OneTimeToken))
    assert count == 2
    assert [len(letters(email)) for email in (ADA, NORA)] == [1, 1]


def test_address_is_found_however_it_is_typed(app: Flask) -> None:
    join(password="")
    browser = Browser(app)
    assert browser.submit(browser.get("/sign-in"), email="  ADA@Demo.Example ").path == "/sign-in/code"
    assert last_letter().kind == "accounts/sign_in"


@pytest.mark.parametrize("email", ["", "ada", "ada@", "ada@demo.example\r\nBcc: eve@evil.example", "a@b@c", "None"])
def test_what_is_no_address_is_refused_with_the_form_kept(app: Flask, email: str) -> None:
    browser = Browser(app)
    page = browser.submit(browser.get("/sign-in"), email=email, expect=422)
    assert page.heading == "Sign in"
    assert page.find("aria-invalid") is not None


def test_staff_go_to_the_recruiting_pages(app: Flask) -> None:
    hire()
    browser = Browser(app)
    ask(browser, RITA)
    page = browser.get(sign_in_link(RITA))
    pressed = browser.submit(page, action=sign_in_link(RITA)[-20:], expect=303, follow=False)
    assert pressed.response.location == "/recruiting/"


def test_robots_that_fill_in_everything_are_refused(app: Flask) -> None:
    browser = Browser(app)
    browser.submit(browser.get("/sign-in"), email=ADA, website="https://spam.example", expect=422)
    assert letters() == []
