"""Changing the address we write to: confirmed at the new one, told to the old one, taken back when it was not you."""

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.jobs import forget_expired
from portal.accounts.models import Account, DeviceSession
from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.permissions import Role
from portal.core.tokens import TokenKind
from portal.people.models import Address
from portal.people.queries import known_person
from tests.accounts.addresses import (
    NEW,
    addresses,
    ask_for,
    change_to,
    confirm_link,
    keep_link,
    press,
    signed_in_browser,
    written_to,
)
from tests.accounts.visitors import (
    ADA,
    NORA,
    PASSWORD,
    WRONG,
    ask,
    hire,
    import_person,
    is_in,
    join,
    last_letter,
    letters,
    sign_in,
    sign_in_link,
)
from tests.conftest import Time
from tests.pages import Browser, is_named
from tests.whole_site.routes import token_of

pytestmark = pytest.mark.both_in_soak


def test_nothing_changes_before_the_new_address_is_confirmed(app: Flask) -> None:
    join()
    page = ask_for(signed_in_browser(app), NEW)
    assert f"We have written to {NEW}" in page.text
    assert addresses(ADA) == [(ADA, True)]
    assert [letter.kind for letter in letters(NEW)] == ["accounts/new_address"]
    assert "accounts/address_changed" not in [letter.kind for letter in letters(ADA)]


def test_after_the_link_is_pressed_we_write_there_and_one_signs_in_there(app: Flask) -> None:
    join()
    browser = signed_in_browser(app)
    ask_for(browser, NEW)
    page = press(browser, confirm_link(NEW))
    assert f"From now on we write to {NEW}" in page.text
    assert written_to(NEW) == NEW
    elsewhere = Browser(app)
    assert sign_in(elsewhere, NEW).status == 303
    old = Browser(app)
    page = old.submit(old.get("/sign-in"), email=ADA, password=PASSWORD, expect=422)
    assert "do not fit together" in page.text


def test_the_code_works_in_the_browser_that_asked_and_in_no_other(app: Flask) -> None:
    join()
    browser, other = signed_in_browser(app), signed_in_browser(app)
    page = ask_for(browser, NEW)
    code = last_letter(NEW).code(TokenKind.NEW_ADDRESS)
    assert "No address waits here" in other.get("/me/account/addresses/confirm").text
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    assert "does not fit" in browser.submit(page, code=wrong, expect=422).text
    assert f"From now on we write to {NEW}" in browser.submit(page, code=code).text


def test_looking_at_the_link_uses_nothing_up(app: Flask) -> None:
    join()
    browser = signed_in_browser(app)
    ask_for(browser, NEW)
    for visitor in (Browser(app), browser, browser):
        assert visitor.get(confirm_link(NEW)).heading == "Is this your address?"
    assert addresses(ADA) == [(ADA, True)]
    press(browser, confirm_link(NEW))


def test_whoever_reads_a_mistyped_address_cannot_take_the_account(app: Flask) -> None:
    join()
    join(NORA, "Nora Berg")
    ask_for(signed_in_browser(app), NORA)
    stranger, nora = Browser(app), signed_in_browser(app, NORA)
    for visitor in (stranger, nora):
        page = visitor.get(confirm_link(NORA))
        assert not is_named("Ada", page.text)
        assert ADA not in page.text
        assert not [form for form in page.forms if form.action.startswith("/address/")]
        visitor.post(confirm_link(NORA), {"csrf_token": token_of(visitor)}, expect=422)
    assert addresses(ADA) == [(ADA, True)]


def test_the_mail_to_the_new_address_names_nobody(app: Flask) -> None:
    join()
    ask_for(signed_in_browser(app), NEW)
    letter = last_letter(NEW)
    for part in (letter.subject, letter.text, letter.html):
        assert not is_named("Ada", part)
        assert ADA not in part


def test_a_link_is_dead_after_an_hour_after_use_and_after_a_newer_one(app: Flask, time: Time) -> None:
    join()
    browser = signed_in_browser(app)
    ask_for(browser, NEW)
    first = confirm_link(NEW)
    ask_for(browser, "another@demo.example")
    browser.get(first, expect=404)
    time.pass_by(minutes=60)
    browser.get(confirm_link("another@demo.example"), expect=404)
    ask_for(browser, NEW)
    press(browser, confirm_link(NEW))
    assert "does not work any more" in browser.get(confirm_link(NEW), expect=404).text


@pytest.mark.parametrize("known", [True, False])
def test_the_answer_is_the_same_whether_we_know_the_address_or_not(app: Flask, known: bool) -> None:
    join()
    if known:
        import_person(NEW, "Zanna Imported")
    page = ask_for(signed_in_browser(app), NEW)
    assert page.text.count(NEW) == 1
    letter = last_letter(NEW)
    assert letter.kind == "accounts/new_address"
    assert "Zanna" not in letter.text + page.text


def test_the_present_password_is_asked(app: Flask) -> None:
    join()
    browser = signed_in_browser(app)
    page = browser.get("/me/account/addresses/change")
    refused = browser.submit(page, email=NEW, present=WRONG, expect=422)
    assert "This is not your present password" in refused.text
    assert refused.form(having="email").values["email"] == NEW
    assert letters(NEW) == []


def test_guessing_the_present_password_is_slowed(app: Flask) -> None:
    join()
    browser = signed_in_browser(app)
    page = browser.get("/me/account/addresses/change")
    for _ in range(10):
        browser.submit(page, email=NEW, present=WRONG, expect=422)
    assert "too often" in browser.submit(page, email=NEW, present=PASSWORD, expect=429).text


def test_who_has_no_password_signs_in_by_mail_once_more(app: Flask, time: Time) -> None:
    join(password="")
    browser = Browser(app)
    ask(browser)
    press(browser, sign_in_link())
    assert "email" in browser.get("/me/account/addresses/change").form(having="email").names
    time.pass_by(minutes=16)
    page = browser.get("/me/account/addresses/change")
    assert "First, show us that it is you" in page.text
    token = page.form(action="next=/me/account/addresses/change").values["csrf_token"]
    browser.post("/me/account/addresses/change", {"csrf_token": token, "email": NEW}, expect=422)
    assert letters(NEW) == []
    code_page = browser.submit(page, action="next=/me/account/addresses/change", having="csrf_token")
    back = browser.submit(code_page, code=last_letter().code(TokenKind.SIGN_IN))
    assert back.heading == "Change your address"
    browser.submit(back, email=NEW)
    assert press(browser, confirm_link(NEW)).heading == "Your account"


def test_sessions_elsewhere_end_and_this_one_stays(app: Flask) -> None:
    join()
    elsewhere = signed_in_browser(app)
    browser = signed_in_browser(app)
    change_to(browser, NEW)
    assert is_in(browser)
    assert not is_in(elsewhere)


def test_the_old_address_is_told_without_the_new_one(app: Flask) -> None:
    join()
    change_to(signed_in_browser(app), NEW)
    letter = last_letter(ADA)
    assert letter.kind == "accounts/address_changed"
    assert "If it was not you" in letter.text
    assert NEW not in letter.text + letter.html


def test_the_old_address_goes_after_seven_days(app: Flask, time: Time) -> None:
    join()
    browser = signed_in_browser(app)
    change_to(browser, NEW)
    assert "Removed on Wednesday 11 March 2026" in browser.get("/me/account").text
    time.pass_by(days=6, hours=23)
    forget_expired(clock.now())
    assert addresses(NEW) == [(NEW, True), (ADA, False)]
    time.pass_by(hours=1)
    for _ in range(2):
        forget_expired(clock.now())
    assert addresses(NEW) == [(NEW, True)]
    assert known_person(ADA) is None
    assert is_in(browser)


def test_the_old_address_can_be_kept(app: Flask, time: Time) -> None:
    join()
    browser = signed_in_browser(app)
    page = change_to(browser, NEW)
    browser.submit(page, action="/addresses/keep", having="email", button="Keep")
    time.pass_by(days=8)
    forget_expired(clock.now())
    assert addresses(NEW) == [(NEW, True), (ADA, False)]


def test_who_came_back_with_the_old_address_stays_signed_in_when_it_goes(app: Flask, time: Time) -> None:
    person_id = join()
    change_to(signed_in_browser(app), NEW)
    browser = Browser(app)
    ask(browser)
    press(browser, sign_in_link())
    time.pass_by(days=8)
    forget_expired(clock.now())
    assert is_in(browser)
    assert session().scalars(select(Account).where(Account.person_id == person_id)).one().password_hash is not None


def test_it_was_not_me_takes_everything_back(app: Flask, time: Time) -> None:
    join()
    thief = signed_in_browser(app)
    change_to(thief, NEW)
    link = keep_link(ADA)
    time.pass_by(days=6)
    owner = Browser(app)
    assert owner.get(link).heading == "Was it not you?"
    assert is_in(thief)
    page = owner.submit(owner.get(link), action=link, having="csrf_token")
    assert f"{ADA} is your address again" in page.text
    assert not is_in(thief)
    assert addresses(ADA) == [(ADA, True)]
    assert known_person(NEW) is None
    refused = Browser(app)
    refused.submit(refused.get("/sign-in"), email=ADA, password=PASSWORD, expect=422)
    ask(owner)
    assert press(owner, sign_in_link()).status == 200
    assert is_in(owner)
    owner.get(link, expect=404)


def test_a_thief_who_changes_twice_or_removes_the_old_one_is_undone_too(app: Flask, time: Time) -> None:
    join()
    thief = signed_in_browser(app)
    change_to(thief, NEW)
    link = keep_link(ADA)
    time.pass_by(hours=1)
    page = change_to(thief, "second@demo.example")
    assert ADA in page.text
    time.pass_by(days=6, hours=22)
    owner = Browser(app)
    owner.submit(owner.get(link), action=link, having="csrf_token")
    assert addresses(ADA) == [(ADA, True)]


def test_a_thief_who_asked_once_more_cannot_finish_after_it_was_taken_back(app: Flask) -> None:
    join()
    thief = signed_in_browser(app)
    change_to(thief, NEW)
    ask_for(thief, "second@demo.example")
    owner, link = Browser(app), keep_link(ADA)
    owner.submit(owner.get(link), action=link, having="csrf_token")
    owner.get(confirm_link("second@demo.example"), expect=404)


def test_the_link_to_object_is_dead_after_seven_days(app: Flask, time: Time) -> None:
    join()
    change_to(signed_in_browser(app), NEW)
    link = keep_link(ADA)
    time.pass_by(days=7)
    Browser(app).get(link, expect=404)


def test_links_of_one_kind_open_nothing_else(app: Flask) -> None:
    join()
    browser = signed_in_browser(app)
    ask_for(browser, NEW)
    confirm = confirm_link(NEW).rsplit("/", 1)[1]
    for path in ("/keep-address", "/confirm", "/sign-in", "/reset", "/invitation"):
        browser.get(f"{path}/{confirm}", expect=404)
    press(browser, confirm_link(NEW))
    keep = keep_link(ADA).rsplit("/", 1)[1]
    for path in ("/address", "/confirm", "/reset", "/invitation"):
        browser.get(f"{path}/{keep}", expect=404)


def test_an_address_of_ones_own_is_not_asked_for_again(app: Flask) -> None:
    join()
    browser = signed_in_browser(app)
    page = browser.get("/me/account/addresses/change")
    for spelling in (ADA, ADA.upper(), f"  {ADA} "):
        refused = browser.submit(page, email=spelling, present=PASSWORD, expect=422)
        assert "one of your addresses already" in refused.text


def test_what_is_no_address_is_refused_beside_the_field(app: Flask) -> None:
    join()
    browser = signed_in_browser(app)
    page = browser.get("/me/account/addresses/change")
    for nonsense in ("", "ada", "a@b", "a@demo.example\r\nBcc: x@y.example"):
        assert browser.submit(page, email=nonsense, present=PASSWORD, expect=422).find("aria-invalid") is not None


def test_asking_too_often_is_refused(app: Flask) -> None:
    join()
    browser = signed_in_browser(app)
    for _ in range(5):
        ask_for(browser, NEW)
    page = browser.get("/me/account/addresses/change")
    assert "too often" in browser.submit(page, email=NEW, present=PASSWORD, expect=429).text


def test_staff_change_theirs_in_the_same_way(app: Flask) -> None:
    hire(ADA, Role.RECRUITER)
    browser = signed_in_browser(app)
    change_to(browser, NEW)
    assert written_to(NEW) == NEW
    assert browser.client.get("/recruiting/").status_code == 200


def test_extra_fields_change_nothing(app: Flask) -> None:
    person_id = join()
    other = join(NORA, "Nora Berg")
    browser = signed_in_browser(app)
    form = browser.get("/me/account/addresses/change").form(having="email")
    browser.post(
        form.action, {**form.values, "email": NEW, "present": PASSWORD, "person_id": str(other), "is_primary": "1"}
    )
    press(browser, confirm_link(NEW))
    assert {row.person_id for row in session().scalars(select(Address).where(Address.email == NEW))} == {person_id}
    assert addresses(NORA) == [(NORA, True)]


def test_one_account_and_no_session_of_nobody_are_left(app: Flask, time: Time) -> None:
    person_id = join()
    change_to(signed_in_browser(app), NEW)
    time.pass_by(days=8)
    forget_expired(clock.now())
    end_reading()
    account = session().scalars(select(Account).where(Account.person_id == person_id)).one()
    rows = session().scalars(select(DeviceSession).where(DeviceSession.person_id == person_id)).all()
    assert {row.account_id for row in rows} == {account.id}
