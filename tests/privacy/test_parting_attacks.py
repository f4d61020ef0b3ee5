"""Joining twice in a row, removing what came, and links of somebody who has left: nobody loses an address by it."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.actions import accept_invitation, choose_address
from portal.accounts.jobs import forget_expired
from portal.accounts.models import LeavingAddress
from portal.accounts.rules import TokenRefused
from portal.conversations.queries import own_messages
from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.permissions import Role
from portal.core.tokens import TokenKind
from portal.people.queries import known_person
from tests.accounts.addresses import (
    NEW,
    add,
    addresses,
    ask_for,
    confirm_link,
    join_both,
    keep_link,
    press,
    signed_in_browser,
)
from tests.accounts.visitors import ADA, NORA, PASSWORD, ask, invite, is_in, join, sign_in_link
from tests.conftest import Time
from tests.conversations.talking import answer, ask_us, open_tasks
from tests.factories import make_application, make_opening, make_staff, public_id_of, settle_mail
from tests.pages import Browser, Page

pytestmark = pytest.mark.both_in_soak
MALL = "mall@evil.example"
MALL_TOO = "mall.two@evil.example"
SHARED = "family@home.example"
_APART = TokenKind.KEEP_APART


def _joined(app: Flask, email: str, other: str) -> Browser:
    """A browser of whoever has `email`, which has joined the record of `other` to theirs."""
    browser = signed_in_browser(app, email)
    join_both(browser, add(browser, other))
    return browser


def _remove(browser: Browser, email: str) -> Page:
    token = browser.get("/me/account").form(having="name").values["csrf_token"]
    return browser.post("/me/account/addresses/remove", {"csrf_token": token, "email": email})


def _in_vain(app: Flask, link: str) -> None:
    """Press a button whose page may have been opened before."""
    browser = Browser(app)
    token = browser.get("/sign-in").form(having="csrf_token").values["csrf_token"]
    browser.post(link, {"csrf_token": token}, expect=404)


def test_two_joins_in_a_row_do_not_carry_an_address_away(app: Flask) -> None:
    """Mall joins Ada's record and lets a third record of theirs join that; parting the outer one kept Ada's address."""
    join()
    join(MALL, "Mall", PASSWORD)
    add(signed_in_browser(app, MALL), MALL_TOO)
    _joined(app, MALL, ADA)
    link = keep_link(ADA, _APART)
    join(NORA, "Nix")
    nix = signed_in_browser(app, NORA)
    page = None
    for email in (MALL, MALL_TOO, ADA):
        page = add(nix, email)
    assert page is not None
    page = join_both(nix, page)
    assert "That record was joined with another one a short while ago" in page.text
    assert addresses(NORA) == [(NORA, True)]
    press(Browser(app), link)
    assert addresses(ADA) == [(ADA, True)]
    assert {email for email, _is_primary in addresses(MALL)} == {MALL, MALL_TOO}


def test_a_record_that_has_parted_again_joins_at_once(app: Flask) -> None:
    join()
    join(MALL, "Mall")
    _joined(app, MALL, ADA)
    press(Browser(app), keep_link(ADA, _APART))
    join(NORA, "Nix")
    _joined(app, NORA, MALL)
    assert {email for email, _is_primary in addresses(NORA)} == {NORA, MALL}


def test_after_two_weeks_a_joined_record_joins_another(app: Flask, time: Time) -> None:
    join()
    join(MALL, "Ada L.")
    _joined(app, MALL, ADA)
    join(NORA, "Ada Lind")
    time.pass_by(days=14)
    browser = signed_in_browser(app, NORA)
    add(browser, MALL)
    join_both(browser, add(browser, ADA))
    assert {email for email, _is_primary in addresses(NORA)} == {NORA, MALL, ADA}


def test_one_record_joins_several_and_each_parts_alone(app: Flask) -> None:
    join()
    join(NORA, "Nora Berg")
    join(MALL, "Mall")
    _joined(app, MALL, ADA)
    _joined(app, MALL, NORA)
    press(Browser(app), keep_link(ADA, _APART))
    assert addresses(ADA) == [(ADA, True)]
    press(Browser(app), keep_link(NORA, _APART))
    assert addresses(NORA) == [(NORA, True)]
    assert addresses(MALL) == [(MALL, True)]


def test_removed_at_once_an_address_stays_as_long_as_its_link_that_parts(app: Flask, time: Time) -> None:
    join()
    join(MALL, "Mall")
    mall = _joined(app, MALL, ADA)
    page = _remove(mall, ADA)
    assert "removed on Wednesday 18 March" in page.text
    time.pass_by(days=13)
    forget_expired(clock.now())
    press(Browser(app), keep_link(ADA, _APART))
    assert addresses(ADA) == [(ADA, True)]
    assert addresses(MALL) == [(MALL, True)]
    time.pass_by(days=10)
    forget_expired(clock.now())
    assert addresses(ADA) == [(ADA, True)]


def test_so_does_one_that_was_to_go_before_or_goes_by_the_joining(app: Flask, time: Time) -> None:
    join()
    join(SHARED, "Bo Lind")
    browser = signed_in_browser(app)
    add(browser, NEW)
    _remove(browser, NEW)
    ask_for(browser, SHARED)
    join_both(browser, press(browser, confirm_link(SHARED)))
    end_reading()
    days = session().scalars(select(LeavingAddress.leaves_at)).all()
    assert list(days) == [clock.now() + timedelta(days=14)] * 2
    time.pass_by(days=15)
    forget_expired(clock.now())
    assert addresses(SHARED) == [(SHARED, True)]


def test_link_of_somebody_who_has_left_does_nothing_to_the_record_they_left(app: Flask) -> None:
    join()
    add(signed_in_browser(app), NEW)
    join(SHARED, "Wen")
    join(MALL, "Mo")
    mo = _joined(app, MALL, SHARED)
    add(mo, ADA)
    join_both(mo, add(mo, NEW))
    first, second = keep_link(ADA, _APART), keep_link(NEW, _APART)
    press(Browser(app), first)
    assert {email for email, _is_primary in addresses(ADA)} == {ADA, NEW}
    for link in (first, second):
        Browser(app).get(link, expect=404)
        _in_vain(app, link)
    assert is_in(mo)
    assert {email for email, _is_primary in addresses(MALL)} == {MALL, SHARED}


def test_link_of_an_address_that_was_taken_back_does_nothing_any_more(app: Flask) -> None:
    join()
    join(SHARED, "Bo Lind")
    join(NORA, "Nora Berg")
    thief = signed_in_browser(app)
    add(thief, NEW)
    join_both(thief, add(thief, SHARED))
    link = keep_link(NEW, _APART)
    press(Browser(app), keep_link(ADA))
    assert addresses(ADA) == [(ADA, True)]
    ada = Browser(app)
    ask(ada)
    press(ada, sign_in_link())
    ada.submit(ada.get("/me/account/addresses/add"), email=NORA)
    join_both(ada, press(ada, confirm_link(NORA)))
    _in_vain(app, link)
    assert {email for email, _is_primary in addresses(ADA)} == {ADA, NORA}
    assert is_in(ada)


def test_address_of_a_colleague_who_has_accepted_is_not_given_away(app: Flask) -> None:
    pat = join(ADA, "Pat Quinn")
    join(SHARED, "Pat Q.")
    _joined(app, ADA, SHARED)
    before = [keep_link(email, _APART) for email in (ADA, SHARED)]
    colleague = Browser(app)
    link = invite(SHARED, Role.ADMIN, "Pat")
    colleague.submit(colleague.get(link), password="four words in a row", expect=303, follow=False)
    for link in before:
        Browser(app).get(link, expect=404)
    for email in (ADA, SHARED):
        choose_address(pat, email, clock.now())
    press(Browser(app), keep_link(ADA))
    assert (SHARED, False) in addresses(ADA)


def test_before_accepting_an_invited_address_still_parts(app: Flask) -> None:
    join()
    join(MALL, "Mall")
    _joined(app, MALL, ADA)
    link = invite(ADA, Role.ADMIN, "Ada")
    press(Browser(app), keep_link(ADA, _APART))
    assert addresses(ADA) == [(ADA, True)]
    with pytest.raises(TokenRefused):
        accept_invitation(link.rpartition("/")[2], "Ada", "four words in a row", "Firefox", clock.now())
    signed_in_browser(app, MALL).get("/recruiting/", expect=404)


def test_what_was_said_about_an_application_goes_back_with_it(app: Flask) -> None:
    rita = make_staff("Rita Sander")
    ada, nora = join(), join(NORA, "Nora Berg")
    made = make_application(make_opening("Data Analyst"), rita, person_id=ada, promised=date(2026, 3, 6))
    make_application(make_opening("Designer"), rita, person_id=nora)
    ask_us(ada, "Is there a lift?", made.public_id)
    answer(ada, rita, "Yes, there is.", made.public_id)
    settle_mail()
    ask_us(ada, "And a canteen?", made.public_id)
    browser = _joined(app, NORA, ADA)
    ask_us(nora, "When do I start?")
    assert [line.body for line in own_messages(nora)][-1] == "When do I start?"
    assert len(open_tasks()) == 1
    assert "Is there a lift?" in browser.get("/me/conversation").text
    press(Browser(app), keep_link(ADA, _APART))
    end_reading()
    assert [line.body for line in own_messages(nora)] == ["When do I start?"]
    parted = known_person(ADA)
    assert parted is not None
    said = [line.body for line in own_messages(parted.person_id)]
    assert said == ["Is there a lift?", "Yes, there is.", "And a canteen?"]
    owed = {task.about: task.person_id for task in open_tasks()}
    assert owed == {public_id_of(parted.person_id): parted.person_id, public_id_of(nora): nora}
    assert "Is there a lift?" not in browser.get("/me/conversation").text
