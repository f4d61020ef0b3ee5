"""A former address of somebody who is invited to the staff takes nothing over, before they accept and after."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from portal.accounts.actions import (
    AddressNotPossible,
    ask_for_address,
    choose_address,
    link_to_come_in,
    remove_address,
)
from portal.accounts.jobs import forget_expired
from portal.accounts.queries import entry_address, own_addresses
from portal.accounts.rules import NotPossible
from portal.core import clock
from portal.core.db import end_reading, transaction
from portal.core.permissions import Role
from portal.core.settings import current_settings, install_settings
from portal.people.models import Address
from tests.accounts.addresses import (
    addresses,
    ask_for,
    change_to,
    confirm_link,
    keep_link,
    press,
    signed_in_browser,
    written_to,
)
from tests.accounts.visitors import PASSWORD, ask, invite, is_in, join, last_letter, sign_in_link
from tests.conftest import Time
from tests.pages import Browser, Page

pytestmark = pytest.mark.both_in_soak
OLD_JOB = "pat@oldjob.example"
CORP = "pat@corp.example"
NEWER = "pat.quinn@corp.example"
CHOSEN = "four words in a row"
SET_UP = "/sign-in/second-factor/set-up"
INVITED = "You were invited to work here with"


@pytest.fixture
def production(app: Flask) -> Iterator[None]:
    before = current_settings()
    install_settings(replace(before, env="production"))
    yield
    install_settings(before)


@pytest.fixture
def pat(app: Flask) -> int:
    """Somebody who has just changed their address from one that a former employer reads."""
    person_id = join(OLD_JOB, "Pat Quinn")
    change_to(signed_in_browser(app, OLD_JOB), CORP)
    return person_id


def _accept(app: Flask, link: str) -> Browser:
    colleague = Browser(app)
    colleague.submit(colleague.get(link), password=CHOSEN, expect=303, follow=False)
    return colleague


def _by_mail(app: Flask, email: str) -> Browser:
    browser = Browser(app)
    ask(browser, email)
    link = sign_in_link(email)
    browser.submit(browser.get(link), action=link[-20:], expect=303, follow=False)
    return browser


def _remove(browser: Browser, email: str) -> Page:
    token = browser.get("/me/account").form(having="name").values["csrf_token"]
    return browser.post("/me/account/addresses/remove", {"csrf_token": token, "email": email})


def test_link_to_object_from_before_is_dead_once_the_invitation_is_accepted(app: Flask, pat: int) -> None:
    objection = keep_link(OLD_JOB)
    _accept(app, invite(CORP, Role.ADMIN, "Pat"))
    Browser(app).get(objection, expect=404)
    assert addresses(CORP) == [(CORP, True), (OLD_JOB, False)]


def test_former_address_that_objects_while_invited_takes_nothing_over(app: Flask, pat: int, production: None) -> None:
    link = invite(CORP, Role.ADMIN, "Pat")
    press(Browser(app), keep_link(OLD_JOB))
    assert set(addresses(CORP)) == {(CORP, False), (OLD_JOB, True)}
    _accept(app, link)
    assert addresses(CORP) == [(CORP, True), (OLD_JOB, False)]
    assert entry_address(pat) == CORP
    thief = _by_mail(app, OLD_JOB)
    page = thief.get(SET_UP)
    assert "app-key" not in page.body
    thief.submit(page, action="/mail")
    assert last_letter(CORP).kind == "accounts/sign_in"
    assert not is_in(thief)


def test_who_accepts_is_written_to_at_the_invited_address_and_it_stays(app: Flask, pat: int, time: Time) -> None:
    """Invited by the address that they have just changed away from."""
    link = invite(OLD_JOB, Role.RECRUITER, "Pat")
    time.pass_by(days=6)
    _accept(app, link)
    assert written_to(CORP) == OLD_JOB
    time.pass_by(days=30)
    forget_expired(clock.now())
    assert addresses(OLD_JOB) == [(OLD_JOB, True), (CORP, False)]


def test_an_address_does_not_go_while_its_invitation_waits(app: Flask, pat: int, time: Time) -> None:
    time.pass_by(days=6)
    link = invite(OLD_JOB, Role.RECRUITER, "Pat")
    time.pass_by(days=2)
    forget_expired(clock.now())
    assert is_in(_accept(app, link), "/recruiting/")


def test_objecting_as_a_colleague_leaves_the_address_they_come_in_with(app: Flask, pat: int) -> None:
    _accept(app, invite(CORP, Role.ADMIN, "Pat"))
    for email in (OLD_JOB, CORP):
        choose_address(pat, email, clock.now())
    press(Browser(app), keep_link(OLD_JOB))
    assert set(addresses(CORP)) == {(CORP, False), (OLD_JOB, True)}
    assert entry_address(pat) == CORP


def test_no_other_address_opens_the_way_when_the_invited_one_is_gone(app: Flask, pat: int) -> None:
    _accept(app, invite(CORP, Role.ADMIN, "Pat"))
    other = join("nora@demo.example", "Nora Berg")
    with transaction() as own:
        for row in own.query(Address).filter(Address.person_id == pat).filter(Address.email == CORP):
            row.person_id, row.is_primary = other, False
        for row in own.query(Address).filter(Address.email == OLD_JOB):
            row.is_primary = True
    end_reading()
    assert [one.email for one in own_addresses(pat)] == [OLD_JOB]
    assert entry_address(pat) == CORP
    with pytest.raises(NotPossible, match="no longer an address of theirs"):
        link_to_come_in(pat, clock.now())


def test_colleague_who_changes_their_address_comes_in_with_it_once_nobody_objected(
    app: Flask, pat: int, time: Time
) -> None:
    colleague = _accept(app, invite(CORP, Role.ADMIN, "Pat"))
    ask_for(colleague, NEWER, password=CHOSEN)
    press(colleague, confirm_link(NEWER))
    assert written_to(CORP) == NEWER
    assert entry_address(pat) == CORP
    time.pass_by(days=7)
    forget_expired(clock.now())
    assert CORP not in {one.email for one in own_addresses(pat)}
    assert entry_address(pat) == NEWER


def test_invited_address_cannot_be_removed_before_they_accept(app: Flask, pat: int) -> None:
    invite(CORP, Role.ADMIN, "Pat")
    reader = _by_mail(app, OLD_JOB)
    choose_address(pat, OLD_JOB, clock.now())
    assert f"{INVITED} {CORP}" in _remove(reader, CORP).text
    assert [one.leaves_at for one in own_addresses(pat) if one.email == CORP] == [None]


def test_nor_changed_away_from(app: Flask, pat: int) -> None:
    invite(CORP, Role.ADMIN, "Pat")
    browser = signed_in_browser(app, CORP)
    page = browser.get("/me/account/addresses/change")
    page = browser.submit(page, email=NEWER, present=PASSWORD, expect=422)
    assert f"{INVITED} {CORP}" in page.text
    assert page.form(having="email").values["email"] == NEWER
    with pytest.raises(AddressNotPossible):
        ask_for_address(pat, NEWER, is_change=True, browser_secret="secret", now=clock.now())


def test_nor_by_a_change_that_was_asked_for_before(app: Flask, pat: int, time: Time) -> None:
    ask_for(signed_in_browser(app, CORP), NEWER)
    invite(CORP, Role.ADMIN, "Pat")
    press(_by_mail(app, CORP), f"/address/{_newest_request()}")
    assert written_to(CORP) == NEWER
    time.pass_by(days=15)
    forget_expired(clock.now())
    assert CORP in {one.email for one in own_addresses(pat)}


def _newest_request() -> str:
    return confirm_link(NEWER).rpartition("/")[2]


def test_once_accepted_other_addresses_come_and_go_as_before(app: Flask, pat: int) -> None:
    colleague = _accept(app, invite(CORP, Role.ADMIN, "Pat"))
    ask_for(colleague, NEWER, "add", CHOSEN)
    press(colleague, confirm_link(NEWER))
    assert remove_address(pat, NEWER, clock.now()) is not None
    choose_address(pat, OLD_JOB, clock.now())
    assert remove_address(pat, CORP, clock.now()) is not None
