"""Whoever was signed out while they wrote gets it back, they alone, and nothing is sent by itself."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyotp
import pytest
from flask import Flask
from sqlalchemy import func, select
from wtforms import Form as AnyForm
from wtforms import PasswordField

from portal.accounts.rules import KEPT_FORMS, LARGEST_KEPT_FORM, texts_among
from portal.core import clock
from portal.core.db import db, end_reading, session
from portal.core.tokens import TokenKind
from portal.files.models import StoredFile
from portal.files.queries import folder
from portal.outbox.models import Delivery
from portal.web.forms import Form
from portal.web.kept_forms import SECRETS
from tests.accounts.test_found_device import copy_of
from tests.accounts.test_second_factor import SET_UP, digits, key_on
from tests.accounts.visitors import (
    ADA,
    ADMIN,
    PASSWORD,
    RITA,
    ask,
    hire,
    join,
    last_letter,
    sign_in,
    sign_in_link,
)
from tests.conftest import Time
from tests.factories import make_application, make_opening
from tests.pages import Browser, Page

#: Pages, not the database, decide here; what is stored is tried on both.
pytestmark = pytest.mark.only("sqlite")
BOTH = pytest.mark.only("sqlite", "postgresql")

WORDS = "Dear Ada,\n\nthe team liked how you think. We write again on Friday.\n\nRita"
HERE = "/sign-in/kept"


@pytest.fixture
def letter(app: Flask) -> str:
    """The page on which Rita writes to Ada."""
    rita = hire()
    made = make_application(make_opening(recruiter_id=rita), rita, name="Ada Lind", promised=date(2026, 3, 20))
    return f"/recruiting/applications/{made.public_id}"


def letters_about_applications() -> int:
    end_reading()
    kinds = select(func.count(Delivery.id)).where(Delivery.kind.startswith("applications/"))
    return session().scalar(kinds) or 0


def kept_files() -> list[Path]:
    return [folder() / name for name in session().scalars(select(StoredFile.public_id).order_by(StoredFile.id))]


def begin(app: Flask, email: str = RITA) -> Browser:
    browser = Browser(app)
    sign_in(browser, email)
    return browser


def send(browser: Browser, page: Page, words: str = WORDS) -> Page:
    """Press the button of the letter, as it stands on a page that was opened before."""
    return browser.submit(page, having="message", button="send", message=words, when="3")


@BOTH
def test_letter_of_a_recruiter_who_idled_is_sent_once_after_both_factors(app: Flask, time: Time, letter: str) -> None:
    browser = begin(app)
    key = key_on(browser.get(SET_UP))
    browser.submit(browser.get(SET_UP), code=digits(key))
    page = browser.get(letter)
    time.pass_by(hours=3)
    page = send(browser, page)
    assert page.path.startswith("/sign-in")
    assert "Sign in, and you get back what you wrote" in page.text
    assert letters_about_applications() == 0
    page = browser.submit(page, email=RITA, password=PASSWORD)
    page = browser.submit(page, code=pyotp.TOTP(key).at(clock.now()))
    assert page.path == HERE
    assert page.heading == "You were signed out while you wrote"
    assert "the team liked how you think" in page.text
    assert letters_about_applications() == 0
    page = browser.submit(page, action=letter)
    assert page.path == letter
    assert "It goes" in page.text
    assert letters_about_applications() == 1
    assert browser.get(HERE).heading == "Nothing is waiting here"
    assert kept_files() == []


@pytest.mark.parametrize("hours", [3, 5, 13])
def test_it_is_kept_however_the_session_ended(app: Flask, time: Time, letter: str, hours: int) -> None:
    browser = begin(app)
    page = browser.get(letter)
    time.pass_by(hours=hours)
    page = send(browser, page)
    assert browser.submit(page, email=RITA, password=PASSWORD).path == HERE


def test_another_person_at_the_same_browser_sees_nothing_of_it(app: Flask, time: Time, letter: str) -> None:
    hire(ADMIN, name="Vera Admin")
    browser = begin(app)
    page = browser.get(letter)
    time.pass_by(hours=3)
    page = browser.submit(send(browser, page), email=ADMIN, password=PASSWORD)
    assert page.heading == "Nothing is waiting here"
    number = session().scalars(select(StoredFile.id)).one()
    for path in (HERE, f"{letter}?kept={number}"):
        assert "liked how you think" not in browser.client.get(path).get_data(as_text=True)
    browser.post("/sign-in/kept/drop", {"csrf_token": _token(page), "kept_form": str(number)})
    assert len(kept_files()) == 1
    assert letters_about_applications() == 0


def _token(page: Page) -> str:
    return str(page.form(action="/sign-out").values["csrf_token"])


def test_form_that_was_open_before_somebody_else_signed_in_is_not_theirs(app: Flask, letter: str) -> None:
    hire(ADMIN, name="Vera Admin")
    browser = begin(app)
    page = browser.get(letter)
    browser.submit(browser.get("/me/account"), action="/sign-out")
    sign_in(browser, ADMIN)
    page = browser.submit(page, having="message", button="send", message=WORDS, expect=400)
    assert page.heading == "This form has expired"
    assert kept_files() == []


def test_session_that_changed_in_another_tab_loses_nothing(app: Flask, letter: str) -> None:
    browser = begin(app)
    page = browser.get(letter)
    browser.submit(browser.get("/me/account"), action="/sign-out")
    sign_in(browser, RITA)
    page = send(browser, page)
    assert page.path == HERE
    assert "the team liked how you think" in page.text
    assert "It goes" in browser.submit(page, action=letter).text
    assert letters_about_applications() == 1


def test_signed_out_in_another_tab_and_back_by_mail_in_a_third(app: Flask, letter: str) -> None:
    browser = begin(app)
    page = browser.get(letter)
    browser.submit(browser.get("/me/account"), action="/sign-out")
    # Signed out, it has no cookie of ours any more; it says itself which site's form it sends.
    browser.client.environ_base["HTTP_ORIGIN"] = "http://localhost"
    page = send(browser, page)
    assert "Sign in, and you get back what you wrote" in page.text
    browser.submit(page, email=RITA)
    assert last_letter(RITA).kind == "accounts/sign_in"
    page = browser.submit(browser.get(sign_in_link(RITA)), action=sign_in_link(RITA)[-20:])
    assert page.path == HERE
    assert "the team liked how you think" in page.text


def test_page_of_origin_shows_again_with_all_that_was_typed(app: Flask, time: Time, letter: str) -> None:
    browser = begin(app)
    page = browser.get(letter)
    time.pass_by(hours=3)
    page = browser.submit(page, having="message", button="send", message=WORDS, when="5")
    page = browser.submit(page, email=RITA, password=PASSWORD)
    page = browser.get(next(link for link in page.links if link.startswith(letter)))
    assert "Nothing has been sent yet" in page.text
    form = page.form(having="message")
    assert form.values["message"] == WORDS
    assert form.values["when"] == "5"
    assert "It goes" in browser.submit(page, having="message", button="send").text
    assert letters_about_applications() == 1
    assert kept_files() == []


def test_thrown_away_it_is_gone(app: Flask, time: Time, letter: str) -> None:
    browser = begin(app)
    page = browser.get(letter)
    time.pass_by(hours=3)
    page = browser.submit(send(browser, page), email=RITA, password=PASSWORD)
    files = kept_files()
    assert [file.exists() for file in files] == [True]
    page = browser.submit(page, action="/drop")
    assert "Gone. Nothing was sent." in page.text
    assert [file.exists() for file in files] == [False]
    assert letters_about_applications() == 0


def test_two_letters_from_two_tabs_both_wait(app: Flask, time: Time, letter: str) -> None:
    browser = begin(app)
    page = browser.get(letter)
    time.pass_by(hours=3)
    send(browser, page, "The first of two letters")
    page = browser.submit(send(browser, page, "The second of two letters"), email=RITA, password=PASSWORD)
    assert "The first of two letters" in page.text
    assert "The second of two letters" in page.text
    page = browser.submit(page, action="/drop")
    assert page.path == HERE
    assert "The first of two letters" in page.text
    assert "The second of two letters" not in page.text


def test_it_waits_for_twelve_hours_and_no_longer(app: Flask, time: Time, letter: str) -> None:
    browser = begin(app)
    page = browser.get(letter)
    time.pass_by(hours=3)
    page = send(browser, page)
    time.pass_by(hours=12)
    page = browser.submit(browser.get("/sign-in"), email=RITA, password=PASSWORD)
    assert page.heading == "Nothing is waiting here"


def test_what_lies_on_the_disk_tells_nothing(app: Flask, time: Time, letter: str) -> None:
    browser = begin(app)
    page = browser.get(letter)
    time.pass_by(hours=3)
    send(browser, page)
    raw = kept_files()[0].read_bytes()
    assert b"liked" not in raw
    assert letter.encode() not in raw
    row = session().scalars(select(StoredFile)).one()
    assert "liked" not in row.name


def test_too_long_to_be_kept_is_said(app: Flask, time: Time, letter: str) -> None:
    browser = begin(app)
    page = browser.get(letter)
    time.pass_by(hours=3)
    page = send(browser, page, "word " * (LARGEST_KEPT_FORM // 5 + 1))
    assert "too long to be kept" in page.text
    assert kept_files() == []


def test_nobody_fills_the_disk_with_it(app: Flask, time: Time, letter: str) -> None:
    browser = begin(app)
    page = browser.get(letter)
    time.pass_by(hours=3)
    for _ in range(KEPT_FORMS.tries + 3):
        send(copy_of(browser), page)
    assert len(kept_files()) == KEPT_FORMS.tries


@pytest.mark.parametrize("token", ["", "None", "A.B.C", "IkFCQyI.aaaa.bbbb"])
def test_form_that_we_did_not_make_is_not_kept(app: Flask, letter: str, token: str) -> None:
    page = Browser(app).client.post(letter, data={"csrf_token": token, "message": WORDS})
    assert page.status_code == 400
    assert kept_files() == []


def test_candidate_gets_their_answers_back(app: Flask, time: Time) -> None:
    join()
    browser = begin(app, ADA)
    page = browser.get("/me/account")
    time.pass_by(days=91)
    page = browser.submit(page, having="name", name="Ada Marie Lind")
    assert page.path.partition("?")[0] == "/sign-in"
    page = browser.submit(page, email=ADA, password=PASSWORD)
    assert "Ada Marie Lind" in page.text
    assert "Saved." in browser.submit(page, action="/me/account").text
    assert browser.get("/me/account").form(having="name").values["name"] == "Ada Marie Lind"


def test_passwords_are_never_kept(app: Flask, time: Time) -> None:
    join()
    browser = begin(app, ADA)
    page = browser.get("/me/account/addresses/add")
    time.pass_by(days=91)
    page = browser.submit(page, having="present", email="ada@second.example", present=PASSWORD)
    page = browser.submit(page, email=ADA, password=PASSWORD)
    assert page.path == HERE
    assert "ada@second.example" in page.body
    assert PASSWORD not in page.body


def test_a_form_of_nothing_but_secrets_is_not_kept(app: Flask, time: Time) -> None:
    join()
    browser = begin(app, ADA)
    page = browser.get("/me/account/password")
    time.pass_by(days=91)
    page = browser.submit(page, having="password", present=PASSWORD, password="another-password")
    assert page.path.partition("?")[0] == "/sign-in"
    assert kept_files() == []


def _forms(kind: type) -> Iterator[type]:
    for one in kind.__subclasses__():
        yield one
        yield from _forms(one)


def test_every_password_and_code_of_the_site_is_a_secret(app: Flask) -> None:
    found = {
        name
        for form in _forms(Form)
        for name, field in vars(form).items()
        if getattr(field, "field_class", None) is not None
        and (issubclass(field.field_class, PasswordField) or name == "code")
    }
    assert issubclass(Form, AnyForm)
    assert found
    assert found <= SECRETS


def test_asking_again_for_a_page_without_signing_in_leads_to_sign_in(app: Flask) -> None:
    assert Browser(app).get(HERE).path.startswith("/sign-in?next=")


def test_words_are_told_from_choices() -> None:
    fields = [("message", "Two words"), ("when", "2026-03-04"), ("do", "send"), ("seen", "abc"), ("empty", " ")]
    assert texts_among(fields) == ["Two words"]


def test_code_in_another_tab_leads_back_as_well(app: Flask, time: Time, letter: str) -> None:
    browser = begin(app)
    page = browser.get(letter)
    time.pass_by(hours=3)
    send(browser, page)
    ask(browser, RITA)
    page = browser.submit(browser.get("/sign-in/code"), code=last_letter(RITA).code(TokenKind.SIGN_IN))
    assert page.path == HERE


@pytest.fixture
def breaks(app: Flask) -> Iterator[None]:
    """Errors are answered, as on a server."""
    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    yield
    app.testing = True
    app.config["PROPAGATE_EXCEPTIONS"] = True


def _rename(before: str, after: str) -> None:
    end_reading()
    with db.engines["write"].begin() as connection:
        connection.exec_driver_sql(f"ALTER TABLE {before} RENAME TO {after}")


@pytest.mark.usefixtures("breaks")
def test_database_that_takes_nothing_leaves_the_words_in_the_page_that_says_so(app: Flask, letter: str) -> None:
    browser = begin(app)
    page = browser.get(letter)
    _rename("delivery", "gone")
    try:
        page = browser.submit(page, having="message", button="send", message=WORDS, when="3", expect=503)
    finally:
        _rename("gone", "delivery")
    assert page.heading == "We cannot save anything just now"
    assert "It goes" in browser.submit(page, action=letter).text
    assert letters_about_applications() == 1


@pytest.mark.usefixtures("breaks")
def test_page_that_says_so_never_holds_a_password(app: Flask) -> None:
    join()
    browser = begin(app, ADA)
    page = browser.get("/me/account/password")
    _rename("device_session", "gone")
    try:
        page = browser.submit(page, having="password", present=PASSWORD, password="another-password", expect=503)
    finally:
        _rename("gone", "device_session")
    assert PASSWORD not in page.body
    assert "another-password" not in page.body
