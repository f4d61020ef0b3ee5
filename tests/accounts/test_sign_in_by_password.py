"""Signing in with a password; where one goes then; what stays the same for strangers."""

import re

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import update

from portal.accounts.actions import sign_in_by_password
from portal.accounts.adapters import is_outdated
from portal.accounts.models import Account
from portal.accounts.queries import find_account
from portal.core import clock
from portal.core.db import RenderedTooLate, session, transaction
from tests.accounts.visitors import ADA, NORA, PASSWORD, RITA, WRONG, hire, import_person, is_in, join, letters, sign_in
from tests.conftest import counted_statements
from tests.pages import Browser

pytestmark = pytest.mark.both_in_soak


def test_right_password_signs_in(app: Flask) -> None:
    join()
    browser = Browser(app)
    assert sign_in(browser).response.location == "/me/"
    assert is_in(browser)


def test_staff_go_to_the_recruiting_pages(app: Flask) -> None:
    hire()
    assert sign_in(Browser(app), RITA).response.location == "/recruiting/"


@pytest.mark.parametrize("password", [WRONG, PASSWORD.upper(), PASSWORD + " ", " " + PASSWORD, "None", "0"])
def test_wrong_password_is_refused_with_the_address_kept(app: Flask, password: str) -> None:
    join()
    browser = Browser(app)
    page = browser.submit(browser.get("/sign-in"), email=ADA, password=password, expect=422)
    assert "do not fit together" in page.text
    assert page.form(having="password").values["email"] == ADA
    assert page.form(having="password").values["password"] == ""
    assert not is_in(browser)


def test_last_character_of_a_long_password_counts(app: Flask) -> None:
    long = "ä🙂" * 64
    join(password=long)
    browser = Browser(app)
    browser.submit(browser.get("/sign-in"), email=ADA, password=long[:-1] + "x", expect=422)
    sign_in(browser, password=long)
    assert is_in(browser)


def test_the_same_letters_written_another_way_are_the_same_password(app: Flask) -> None:
    join(password="zażółć gęślą")
    browser = Browser(app)
    sign_in(browser, password="zaz\u0307o\u0301\u0142c\u0301 ge\u0328s\u0301la\u0328")
    assert is_in(browser)


def test_unknown_address_no_password_and_wrong_password_read_the_same(app: Flask) -> None:
    join(ADA)
    join(RITA, "Rita", password="")
    import_person(NORA, "Nora")
    answers, work = [], []
    for email in (ADA, RITA, NORA, "nobody@demo.example"):
        browser = Browser(app)
        form = browser.get("/sign-in")
        with counted_statements() as seen:
            page = browser.submit(form, email=email, password=WRONG, expect=422)
        answers.append(re.sub(r'value="[^"]*"', "", page.body))
        work.append(list(seen))
    assert len(set(answers)) == 1
    assert all(one == work[0] for one in work)


@pytest.mark.parametrize("email", [ADA, NORA])
def test_a_password_is_tried_whether_the_address_is_known_or_not(app: Flask, email: str) -> None:
    join(ADA)
    with transaction(), pytest.raises(RenderedTooLate, match="Checking a password"):
        sign_in_by_password(email, WRONG, "A browser", clock.now())


def test_password_hashed_with_older_parameters_is_hashed_anew(app: Flask) -> None:
    person_id = join()
    old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    with transaction() as own:
        own.execute(update(Account).where(Account.person_id == person_id).values(password_hash=old))
    sign_in(Browser(app))
    account = find_account(ADA)
    assert account is not None
    assert account.password_hash not in {None, old}
    assert not is_outdated(account.password_hash or "")
    assert is_in_with(app, PASSWORD)


def is_in_with(app: Flask, password: str) -> bool:
    browser = Browser(app)
    sign_in(browser, password=password)
    return is_in(browser)


def test_password_is_never_checked_while_others_wait_to_write(app: Flask) -> None:
    join()
    with transaction(), pytest.raises(RenderedTooLate):
        sign_in_by_password(ADA, PASSWORD, "A browser", clock.now())


def test_somebody_known_from_an_import_cannot_be_signed_in_by_password(app: Flask) -> None:
    import_person()
    browser = Browser(app)
    browser.submit(browser.get("/sign-in"), email=ADA, password=PASSWORD, expect=422)
    assert letters() == []


def test_signing_in_leads_back_to_where_one_wanted_to_go(app: Flask) -> None:
    join()
    browser = Browser(app)
    page = browser.get("/me/account/password")
    assert page.path == "/sign-in?next=/me/account/password"
    back = browser.submit(page, email=ADA, password=PASSWORD)
    assert back.path == "/me/account/password"


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "https:evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/me\r\nSet-Cookie: a=b",
        "/\t/evil.example",
        " //evil.example",
        "http://localhost@evil.example/",
        "http://localhost.evil.example/",
        "me/account",
    ],
)
def test_next_never_leads_elsewhere(app: Flask, target: str) -> None:
    join()
    browser = Browser(app)
    page = browser.get("/sign-in", query_string={"next": target})
    form = page.form(having="email")
    assert "evil" not in form.action
    answer = browser.client.post(
        "/sign-in", query_string={"next": target}, data={**form.values, "email": ADA, "password": PASSWORD}
    )
    assert (answer.status_code, answer.location) == (303, "/me/")


def test_candidate_is_not_sent_to_pages_that_are_not_theirs(app: Flask) -> None:
    join()
    browser = Browser(app)
    page = browser.get("/sign-in?next=/recruiting/admin/staff")
    assert browser.submit(page, email=ADA, password=PASSWORD, expect=303, follow=False).response.location == "/me/"


@pytest.mark.parametrize(
    "extra",
    [
        {"role": "admin"},
        {"email_verified": "1", "claimed_at": "2020-01-01"},
        {"id": "1", "person_id": "1", "account_id": "1"},
        {"is_active": "1", "is_authenticated": "1"},
    ],
)
def test_extra_fields_change_nothing(app: Flask, extra: dict[str, str]) -> None:
    join()
    browser = Browser(app)
    form = browser.get("/sign-in").form(having="email")
    browser.post("/sign-in", {**form.values, "email": ADA, "password": PASSWORD, **extra}, expect=303, follow=False)
    assert browser.client.get("/recruiting/admin/staff").status_code == 404
    browser = Browser(app)
    form = browser.get("/sign-in").form(having="email")
    browser.post("/sign-in", {**form.values, "email": ADA, "password": WRONG, **extra}, expect=422)


def test_two_addresses_in_one_form_count_as_the_first(app: Flask) -> None:
    join()
    join(NORA, "Nora")
    browser = Browser(app)
    form = browser.get("/sign-in").form(having="email")
    browser.post("/sign-in", {**form.values, "email": [ADA, NORA], "password": ""})
    assert [letter.kind for letter in letters(ADA)][-1] == "accounts/sign_in"
    assert "accounts/sign_in" not in [letter.kind for letter in letters(NORA)]


def test_forms_without_their_token_are_refused(app: Flask) -> None:
    join()
    browser = Browser(app)
    form = browser.get("/sign-in").form(having="email")
    forged = {**form.values, "email": ADA, "password": PASSWORD, "csrf_token": "forged"}
    browser.post("/sign-in", forged, expect=400)
    assert not is_in(browser)
    session().rollback()
