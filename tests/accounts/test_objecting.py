"""What whoever reads an address can take back: all of it where we wrote to, only the removal of any other."""

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.actions import end_all_sessions
from portal.accounts.jobs import forget_expired
from portal.accounts.models import SecondFactor
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.tokens import TokenKind
from tests.accounts.addresses import (
    NEW,
    add,
    addresses,
    ask_for,
    change_to,
    confirm_link,
    keep_link,
    press,
    signed_in_browser,
)
from tests.accounts.visitors import (
    ADA,
    NORA,
    PASSWORD,
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
from tests.pages import Browser, Page

pytestmark = pytest.mark.both_in_soak

OLD_JOB = "ada@oldjob.example"


def _remove(browser: Browser, email: str) -> Page:
    token = browser.get("/me/account").form(having="name").values["csrf_token"]
    return browser.post("/me/account/addresses/remove", {"csrf_token": token, "email": email})


def _choose(browser: Browser, email: str) -> Page:
    token = browser.get("/me/account").form(having="name").values["csrf_token"]
    return browser.post("/me/account/addresses/choose", {"csrf_token": token, "email": email})


def test_the_reader_of_a_removed_second_address_does_not_get_the_account(app: Flask) -> None:
    join()
    browser = signed_in_browser(app)
    add(browser, OLD_JOB)
    _remove(browser, OLD_JOB)
    assert "/keep-address/stay/" in last_letter(OLD_JOB).text
    link = keep_link(OLD_JOB, TokenKind.KEEP_REMOVED)
    reader = Browser(app)
    assert reader.get(link).heading == "Keep this address?"
    page = press(reader, link)
    assert f"{OLD_JOB} stays" in page.text
    assert addresses(ADA) == [(ADA, True), (OLD_JOB, False)]
    assert is_in(browser)
    assert sign_in(Browser(app)).status == 303
    reader.get(link, expect=404)


def test_an_address_that_was_kept_does_not_go_after_seven_days(app: Flask, time: Time) -> None:
    join()
    browser = signed_in_browser(app)
    add(browser, OLD_JOB)
    _remove(browser, OLD_JOB)
    time.pass_by(days=6)
    press(Browser(app), keep_link(OLD_JOB, TokenKind.KEEP_REMOVED))
    time.pass_by(days=2)
    forget_expired(clock.now())
    assert addresses(ADA) == [(ADA, True), (OLD_JOB, False)]


def test_the_address_that_was_written_to_is_told_of_another_choice_and_can_take_it_back(app: Flask) -> None:
    join()
    thief = signed_in_browser(app)
    add(thief, NEW)
    _choose(thief, NEW)
    assert last_letter(ADA).kind == "accounts/address_chosen"
    assert NEW not in last_letter(ADA).text
    press(Browser(app), keep_link(ADA))
    assert addresses(ADA) == [(ADA, True)]
    assert not is_in(thief)


def test_choosing_the_address_that_is_written_to_already_tells_nobody(app: Flask) -> None:
    join()
    browser = signed_in_browser(app)
    add(browser, NEW)
    before = len(letters(ADA))
    _choose(browser, ADA)
    assert len(letters(ADA)) == before


def test_an_address_that_was_written_to_lately_takes_its_removal_back_whole(app: Flask, time: Time) -> None:
    join()
    thief = signed_in_browser(app)
    add(thief, NEW)
    _choose(thief, NEW)
    time.pass_by(days=5)
    _remove(thief, ADA)
    time.pass_by(days=6)
    press(Browser(app), keep_link(ADA))
    assert addresses(ADA) == [(ADA, True)]


def test_another_choice_asks_for_the_password_of_who_has_been_in_for_a_while(app: Flask, time: Time) -> None:
    join()
    browser = signed_in_browser(app)
    add(browser, NEW)
    time.pass_by(minutes=16)
    page = _choose(browser, NEW)
    assert page.heading == "Write to another address"
    assert addresses(ADA) == [(ADA, True), (NEW, False)]
    refused = browser.submit(page, present=WRONG, expect=422)
    assert "This is not your present password" in refused.text
    assert "From now on we write to" in browser.submit(refused, present=PASSWORD).text
    assert addresses(ADA) == [(NEW, True), (ADA, False)]


def test_another_choice_asks_who_has_no_password_to_sign_in_again(app: Flask, time: Time) -> None:
    join(password="")
    browser = Browser(app)
    ask(browser)
    press(browser, sign_in_link())
    browser.submit(browser.get("/me/account/addresses/add"), email=NEW)
    press(browser, confirm_link(NEW))
    time.pass_by(minutes=16)
    page = _choose(browser, NEW)
    assert "First, show us that it is you" in page.text
    code_page = browser.submit(page, action="new.example", having="csrf_token")
    back = browser.submit(code_page, code=last_letter().code(TokenKind.SIGN_IN))
    assert back.heading == "Write to another address"
    assert "From now on we write to" in browser.submit(back, action="/choose", having="email").text
    assert addresses(ADA) == [(NEW, True), (ADA, False)]


def test_taking_back_says_which_addresses_are_left(app: Flask, time: Time) -> None:
    join()
    thief = signed_in_browser(app)
    add(thief, OLD_JOB)
    time.pass_by(days=15)
    change_to(thief, NEW)
    page = press(Browser(app), keep_link(ADA))
    assert f"These addresses are part of that account, too: {OLD_JOB}." in page.text
    assert addresses(ADA) == [(ADA, True), (OLD_JOB, False)]


def test_with_no_other_address_nothing_is_said_of_others(app: Flask) -> None:
    join()
    change_to(signed_in_browser(app), NEW)
    assert "part of that account" not in press(Browser(app), keep_link(ADA)).text


@pytest.mark.parametrize("kind", [TokenKind.KEEP_ADDRESS, TokenKind.KEEP_REMOVED])
def test_links_to_object_are_good_at_their_own_place_only(app: Flask, kind: TokenKind) -> None:
    join()
    browser = signed_in_browser(app)
    add(browser, OLD_JOB)
    _remove(browser, OLD_JOB)
    link = keep_link(ADA if kind is TokenKind.KEEP_ADDRESS else OLD_JOB, kind)
    head, token = link.rsplit("/", 1)
    for path in {"/keep-address", "/keep-address/stay", "/keep-address/apart"} - {head}:
        Browser(app).get(f"{path}/{token}", expect=404)


def test_a_stranger_who_joins_with_an_address_leaves_its_confirmation_alone(app: Flask) -> None:
    join()
    browser = signed_in_browser(app)
    page = ask_for(browser, NEW, "add")
    letter = last_letter(NEW)
    stranger = Browser(app)
    stranger.submit(stranger.get("/join"), email=NEW, name="Somebody else")
    assert f"{NEW} is yours now" in browser.submit(page, code=letter.code(TokenKind.NEW_ADDRESS)).text


def test_nor_does_somebody_else_who_asks_for_the_same_address(app: Flask) -> None:
    join()
    join(NORA, "Nora Berg")
    browser = signed_in_browser(app)
    page = ask_for(browser, NEW, "add")
    letter = last_letter(NEW)
    ask_for(signed_in_browser(app, NORA), NEW, "add")
    assert f"{NEW} is yours now" in browser.submit(page, code=letter.code(TokenKind.NEW_ADDRESS)).text


def test_joining_is_not_confirmed_by_the_link_for_another_address(app: Flask) -> None:
    join()
    ask_for(signed_in_browser(app), NEW, "add")
    token = last_letter(NEW).token(TokenKind.NEW_ADDRESS)
    Browser(app).get(f"/confirm/{token}", expect=404)


def _trust_key(person_id: int) -> str:
    end_reading()
    return session().scalars(select(SecondFactor.trust_key).where(SecondFactor.person_id == person_id)).one()


def _give_factor(person_id: int) -> None:
    with transaction() as own:
        own.add(
            SecondFactor(
                person_id=person_id,
                sealed_secret="sealed",
                last_step=0,
                trust_key="first",
                codes_made_at=clock.now(),
                created_at=clock.now(),
            )
        )


def test_taking_back_forgets_the_devices_that_remember_the_second_factor(app: Flask) -> None:
    person_id = hire(ADA)
    change_to(signed_in_browser(app), NEW)
    _give_factor(person_id)
    press(Browser(app), keep_link(ADA))
    assert _trust_key(person_id) != "first"


def test_so_does_signing_out_everywhere_but_not_on_all_other_devices(app: Flask) -> None:
    person_id = hire(ADA)
    _give_factor(person_id)
    end_all_sessions(person_id, clock.now(), except_session=1)
    assert _trust_key(person_id) == "first"
    end_all_sessions(person_id, clock.now())
    assert _trust_key(person_id) != "first"
