"""A device that somebody finds, or a copy of its cookie, does not become somebody else's account."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from portal.accounts.models import Account, DeviceSession
from portal.accounts.queries import second_factor_of
from portal.accounts.rules import FACTORS_KNOWN_DEVICE_A_DAY, Proof, mailbox_of, proof_of_newcomer, proof_of_owner
from portal.core import clock
from portal.core.db import end_reading, transaction
from portal.core.tokens import TokenKind
from tests.accounts.test_second_factor import ASKED, CODES, OWN, SET_UP, codes_on, digits, halfway, key_on, protect
from tests.accounts.visitors import (
    ADA,
    PASSWORD,
    RITA,
    WRONG,
    ask,
    hire,
    is_in,
    join,
    last_letter,
    letters,
    sign_in,
    sign_in_link,
)
from tests.conftest import Time
from tests.pages import Browser

pytestmark = pytest.mark.only("sqlite")
BOTH = pytest.mark.only("sqlite", "postgresql")
CHOSEN = "four words in a row"
NEW = "ada@new.example"


@pytest.fixture
def rita(app: Flask) -> int:
    return hire()


def copy_of(browser: Browser) -> Browser:
    """Another browser with the same cookies: a thief's."""
    other = Browser(browser.app)
    for name in ("rapport", "known", "trusted"):
        cookie = browser.client.get_cookie(name)
        if cookie is not None:
            other.client.set_cookie(name, cookie.value)
    return other


def by_mail(app: Flask, email: str = ADA) -> Browser:
    browser = Browser(app)
    ask(browser, email)
    browser.submit(browser.get(sign_in_link(email)), action=sign_in_link(email)[-20:], expect=303, follow=False)
    return browser


# The second factor


@BOTH
def test_stolen_session_replaces_no_second_factor(app: Flask, time: Time, rita: int) -> None:
    own, key, _codes = protect(app)
    thief = copy_of(own)
    time.pass_by(minutes=1)
    page = thief.get(SET_UP)
    theirs = digits(key_on(page))
    form = page.form(having="code").values
    thief.post(SET_UP, {**form, "code": theirs}, expect=422)
    thief.post(SET_UP, {**form, "code": theirs, "present": "000000"}, expect=422)
    page = thief.post(SET_UP, {**form, "code": theirs, "present": theirs}, expect=422)
    assert "what your present app shows" in page.text
    assert is_in(own, "/recruiting/")
    other = halfway(app)
    other.submit(other.get(ASKED), code=digits(key), expect=303, follow=False)


@BOTH
def test_owner_moves_to_a_new_phone_with_the_old_one_or_a_recovery_code(app: Flask, time: Time, rita: int) -> None:
    own, key, codes = protect(app)
    time.pass_by(minutes=1)
    page = own.get(SET_UP)
    second = key_on(page)
    own.submit(page, code=digits(second), present=digits(key))
    assert is_in(own, "/recruiting/")
    page = own.get(SET_UP)
    own.submit(page, code=digits(key_on(page)), present=codes[1], expect=422)
    fresh = codes_on(own.get(CODES))
    page = own.submit(page, code=digits(key_on(page)), present=fresh[1].upper())
    assert page.path == CODES
    assert not set(codes_on(page)) & set(fresh)


def test_what_is_no_present_code_is_told_beside_its_field(app: Flask, rita: int) -> None:
    own, _key, _codes = protect(app)
    page = own.get(SET_UP)
    code = digits(key_on(page))
    page = own.submit(page, code=code, present="", expect=422)
    assert "Please enter the code that your present app shows" in page.text
    own.submit(page, code=code, present="not a code", expect=422)


def test_guesses_of_the_present_code_are_counted(app: Flask, time: Time, rita: int) -> None:
    own, _key, _codes = protect(app)
    time.pass_by(minutes=20)
    page = own.get(SET_UP)
    answers = [
        own.client.post(
            SET_UP, data={**page.form(having="code").values, "code": digits(key_on(page)), "present": "1" * 6}
        )
        for _ in range(11)
    ]
    assert answers[-1].status_code == 429


@BOTH
def test_copies_of_the_cookie_are_out_once_a_factor_is_set_up(app: Flask, rita: int) -> None:
    own = Browser(app)
    sign_in(own, RITA)
    thief = copy_of(own)
    page = own.get(SET_UP)
    own.submit(page, code=digits(key_on(page)))
    assert is_in(own, "/recruiting/")
    assert not is_in(thief)
    assert thief.get(CODES).path == "/sign-in"


@BOTH
def test_copy_of_the_cookie_from_halfway_is_out_once_the_owner_is_in(app: Flask, time: Time, rita: int) -> None:
    _own, key, codes = protect(app)
    for way, code in ((ASKED, ""), ("/sign-in/recovery-code", codes[0])):
        time.pass_by(seconds=60)
        browser = halfway(app)
        thief = copy_of(browser)
        browser.submit(browser.get(way), code=code or digits(key))
        assert is_in(browser, "/recruiting/")
        assert not is_in(thief)
        assert not is_in(thief, "/recruiting/")


def test_old_session_without_a_factor_needs_the_password(app: Flask, time: Time, rita: int) -> None:
    own = Browser(app)
    sign_in(own, RITA)
    time.pass_by(minutes=16)
    page = own.get(SET_UP)
    code = digits(key_on(page))
    page = own.submit(page, code=code, password="", expect=422)
    page = own.submit(page, code=code, password=WRONG, expect=422)
    assert "not your present password" in page.text
    assert second_factor_of(rita) is None
    assert own.submit(page, code=code, password=PASSWORD).path == CODES


def test_old_session_without_a_password_comes_in_anew(app: Flask, time: Time, rita: int) -> None:
    own = by_mail(app, RITA)
    with transaction() as session:
        session.execute(update(DeviceSession).values(created_at=clock.now() - timedelta(minutes=16)))
    # As somebody whose account has no password.
    _forget_passwords()
    page = own.get(SET_UP)
    assert "app-key" not in page.body
    page = own.submit(page, action="/mail")
    page = own.submit(page, code=last_letter(RITA).code(TokenKind.SIGN_IN))
    assert page.path == SET_UP
    assert "app-key" in page.body


def _forget_passwords() -> None:
    with transaction() as session:
        session.execute(update(Account).values(password_hash=None))


def test_recovery_codes_that_were_put_away_do_not_come_back_with_an_old_cookie(app: Flask, rita: int) -> None:
    own, _key, codes = protect(app)
    old = copy_of(own)
    assert codes_on(old.get(CODES)) == codes
    own.submit(own.get(CODES), action="/codes")
    assert old.get(CODES).path == OWN


def test_known_device_has_at_most_forty_tries_of_the_second_factor_a_day(app: Flask, time: Time, rita: int) -> None:
    own, key, _codes = protect(app)
    own.submit(own.get("/privacy"), action="/sign-out")
    refused = 0
    for _ in range(6):
        sign_in(own, RITA)
        form = own.get(ASKED).form(having="code").values
        refused += [own.client.post(ASKED, data={**form, "code": "000000"}).status_code for _ in range(10)].count(422)
        own.submit(own.get(ASKED), action="/sign-out")
        time.pass_by(minutes=16)
    assert 30 < refused <= FACTORS_KNOWN_DEVICE_A_DAY.tries
    time.pass_by(days=1)
    sign_in(own, RITA)
    own.submit(own.get(ASKED), code=digits(key))
    assert is_in(own, "/recruiting/")


@pytest.mark.parametrize(
    ("has_factor", "is_fresh", "has_password", "proof"),
    [
        (True, True, True, Proof.PRESENT_CODE),
        (True, False, False, Proof.PRESENT_CODE),
        (False, True, False, Proof.NOTHING),
        (False, False, True, Proof.PASSWORD),
        (False, False, False, Proof.MAIL),
    ],
)
def test_proof_of_who_is_signed_in(has_factor: bool, is_fresh: bool, has_password: bool, proof: Proof) -> None:
    assert proof_of_owner(has_factor=has_factor, is_fresh=is_fresh, has_password=has_password) is proof


@pytest.mark.parametrize(("is_by_mail", "is_entry"), [(True, False), (False, True), (False, False)])
def test_newcomers_come_by_mail_to_their_address(is_by_mail: bool, is_entry: bool) -> None:
    assert proof_of_newcomer(is_by_mail=is_by_mail, is_entry=is_entry) is Proof.MAIL
    assert proof_of_newcomer(is_by_mail=True, is_entry=True) is Proof.NOTHING


# Passwords and addresses


@BOTH
def test_old_session_sets_no_first_password(app: Flask, time: Time) -> None:
    join(password="")
    own = by_mail(app)
    token = own.get("/me/account/password").form(having="password").values
    time.pass_by(days=40)
    page = own.get("/me/account/password")
    assert "First, show us that it is you" in page.text
    own.post("/me/account/password", {**token, "password": CHOSEN}, expect=422)
    stranger = Browser(app)
    stranger.submit(stranger.get("/sign-in"), email=ADA, password=CHOSEN, expect=422)
    page = own.submit(page, action="/sign-in/again?next=/me/account/password")
    page = own.submit(page, code=last_letter().code(TokenKind.SIGN_IN))
    assert page.path == "/me/account/password"
    own.submit(page, password=CHOSEN)
    other = Browser(app)
    sign_in(other, password=CHOSEN)
    assert is_in(other)


@BOTH
def test_copy_of_the_cookie_is_out_after_a_change_of_password(app: Flask) -> None:
    join()
    own = Browser(app)
    sign_in(own)
    thief = copy_of(own)
    assert is_in(thief)
    page = own.submit(own.get("/me/account/password"), present=PASSWORD, password=CHOSEN)
    assert "Your new password counts from now on" in page.text
    assert is_in(own)
    assert not is_in(thief)


def test_change_of_password_keeps_the_second_factor_given(app: Flask, rita: int) -> None:
    own, _key, _codes = protect(app)
    own.submit(own.get("/me/account/password"), present=PASSWORD, password=CHOSEN)
    assert is_in(own, "/recruiting/")


def _with_code(browser: Browser) -> None:
    page = browser.get("/me/account/addresses/confirm")
    browser.submit(page, code=last_letter(NEW).code(TokenKind.NEW_ADDRESS))


def _with_link(browser: Browser) -> None:
    link = next(word for word in last_letter(NEW).text.split() if "/address/" in word).removeprefix("http://localhost")
    browser.submit(browser.get(link), action=link)


@pytest.mark.parametrize("confirm", [_with_code, _with_link])
def test_copy_of_the_cookie_is_out_after_a_change_of_address(app: Flask, confirm: Callable[[Browser], None]) -> None:
    join()
    own = Browser(app)
    sign_in(own)
    thief = copy_of(own)
    own.submit(own.get("/me/account/addresses/change"), email=NEW, present=PASSWORD)
    confirm(own)
    assert is_in(own)
    assert not is_in(thief)


# Idle staff, and mail


@pytest.mark.parametrize("path", ["/me/account", "/me/privacy", "/me/", SET_UP, CODES, OWN, "/recruiting/"])
def test_staff_who_did_nothing_for_two_hours_sign_in_again_everywhere(
    app: Flask, time: Time, rita: int, path: str
) -> None:
    own = Browser(app)
    sign_in(own, RITA)
    own.get("/recruiting/")
    time.pass_by(hours=2, minutes=1)
    idle = copy_of(own)
    assert idle.get(path).path.startswith("/sign-in")
    assert idle.get("/me/account").path.startswith("/sign-in")
    assert "Sign out" not in idle.get("/privacy").text


def test_staff_who_read_their_own_pages_are_not_idle(app: Flask, time: Time, rita: int) -> None:
    own = Browser(app)
    sign_in(own, RITA)
    for _ in range(3):
        time.pass_by(hours=1, minutes=30)
        own.get("/me/account")
    assert is_in(own, "/recruiting/")


def test_candidates_do_not_idle_out(app: Flask, time: Time) -> None:
    join()
    own = Browser(app)
    sign_in(own)
    time.pass_by(days=3)
    assert is_in(own)


def test_what_stands_behind_a_plus_counts_as_one_mailbox(app: Flask) -> None:
    answers = []
    for number in range(7):
        browser = Browser(app)
        browser.client.environ_base["REMOTE_ADDR"] = f"192.0.2.{number}"
        form = browser.get("/sign-in").form(having="email").values
        answers.append(
            browser.client.post("/sign-in", data={**form, "email": f"target+{number}@mail.example"}).status_code
        )
    assert answers == [303] * 5 + [429] * 2
    end_reading()
    assert len(letters("target+3@mail.example")) == 1


@pytest.mark.parametrize(
    ("email", "mailbox"),
    [
        ("ada@demo.example", "ada@demo.example"),
        ("ada+jobs@demo.example", "ada@demo.example"),
        ("ada+a+b@demo.example", "ada@demo.example"),
        ("+a@demo.example", "+a@demo.example"),
    ],
)
def test_mailbox(email: str, mailbox: str) -> None:
    assert mailbox_of(email) == mailbox
