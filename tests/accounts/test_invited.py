"""Whoever is invited to the staff has no access before they accept, by the link and by nothing else."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.actions import accept_invitation, confirm_address, deactivate_staff, renew_invitation
from portal.accounts.models import Account, DeviceSession
from portal.accounts.queries import find_account, find_identity
from portal.accounts.rules import NotPossible, TokenRefused
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.permissions import Role
from portal.core.settings import current_settings, install_settings
from portal.core.tokens import TokenKind
from portal.people.models import Address, Staff
from portal.people.queries import find_staff
from portal.privacy.actions import merge_people
from tests.accounts.visitors import (
    ADMIN,
    NORA,
    PASSWORD,
    ask,
    hire,
    invite,
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

STAFF = "/recruiting/admin/staff"
PAT = "pat@home.example"
CORP = "pat@corp.example"
OLD_JOB = "pat@oldjob.example"
CHOSEN = "four words in a row"


def know(email: str, person_id: int) -> None:
    """One more address of a person, confirmed, with a way to sign in."""
    with transaction() as own:
        own.add(Address(person_id=person_id, email=email, is_primary=False, created_at=clock.now()))
        own.flush()
        confirm_address(email, name="", locale="en", timezone="Europe/Warsaw", now=clock.now())


@pytest.fixture
def pat(app: Flask) -> int:
    """A candidate with three addresses, one of them read by a former employer."""
    person_id = join(PAT, "Pat Quinn")
    know(OLD_JOB, person_id)
    know(CORP, person_id)
    return person_id


@pytest.fixture
def production(app: Flask) -> Iterator[None]:
    before = current_settings()
    install_settings(replace(before, env="production"))
    yield
    install_settings(before)


def by_mail(app: Flask, email: str) -> Browser:
    """A browser in which somebody who reads `email` came in by a mailed link."""
    browser = Browser(app)
    ask(browser, email)
    link = sign_in_link(email)
    browser.submit(browser.get(link), action=link[-20:], expect=303, follow=False)
    return browser


def test_other_address_of_an_invited_person_opens_only_the_candidates_side(app: Flask, pat: int) -> None:
    admin = Browser(app)
    hire(ADMIN, Role.ADMIN, "Vera Admin")
    sign_in(admin, ADMIN)
    page = admin.submit(admin.get(f"{STAFF}/new"), email=CORP, name="Pat", role="admin")
    assert CORP in page.text
    thief = by_mail(app, OLD_JOB)
    assert is_in(thief)
    for path in ("/recruiting/", STAFF, "/recruiting/profile/second-factor", "/sign-in/second-factor/set-up"):
        thief.get(path, expect=404)


def test_password_of_a_candidate_opens_nothing_more_before_and_nothing_after(app: Flask, pat: int) -> None:
    link = invite(CORP, Role.ADMIN, "Pat")
    early = Browser(app)
    assert sign_in(early, PAT).response.location == "/me/"
    early.get(STAFF, expect=404)
    colleague = Browser(app)
    colleague.submit(colleague.get(link), password=CHOSEN, expect=303, follow=False)
    assert is_in(colleague, STAFF)
    assert not is_in(early)
    late = Browser(app)
    late.submit(late.get("/sign-in"), email=PAT, password=PASSWORD, expect=422)


def test_invitation_goes_to_the_address_that_was_typed_and_not_to_another(app: Flask, pat: int) -> None:
    invite(CORP, Role.RECRUITER, "Pat")
    assert last_letter(CORP).kind == "accounts/invitation"
    assert not [letter for letter in letters(PAT) if letter.kind == "accounts/invitation"]
    page = Browser(app).get(f"/invitation/{last_letter(CORP).token(TokenKind.INVITATION)}")
    assert CORP in page.text
    assert PAT not in page.text


def test_who_accepts_signs_in_with_the_invited_address_and_stays_a_candidate(app: Flask, pat: int) -> None:
    link = invite(CORP, Role.RECRUITER, "Pat")
    browser = Browser(app)
    done = browser.submit(browser.get(link), password=CHOSEN, expect=303, follow=False)
    assert done.response.location == "/recruiting/"
    assert is_in(browser, "/me/applications")
    other = Browser(app)
    assert sign_in(other, CORP, CHOSEN).response.location == "/recruiting/"


def test_session_from_before_is_out_once_the_invitation_is_accepted(app: Flask, pat: int) -> None:
    link = invite(CORP, Role.ADMIN, "Pat")
    before = by_mail(app, OLD_JOB)
    colleague = Browser(app)
    colleague.submit(colleague.get(link), password=CHOSEN, expect=303, follow=False)
    assert not is_in(before)
    assert not is_in(before, "/recruiting/")


def test_list_says_invited_until_they_are_here(app: Flask, pat: int) -> None:
    admin = Browser(app)
    hire(ADMIN, Role.ADMIN, "Vera Admin")
    sign_in(admin, ADMIN)
    link = invite(CORP, Role.RECRUITER, "Pat")
    page = admin.get(STAFF)
    assert "Invited, not yet here" in page.text
    page = admin.submit(page, action="/invitation")
    assert f"on its way to {CORP}" in page.text
    Browser(app).get(link, expect=404)
    newest = f"/invitation/{last_letter(CORP).token(TokenKind.INVITATION)}"
    colleague = Browser(app)
    colleague.submit(colleague.get(newest), password=CHOSEN, expect=303, follow=False)
    assert "not yet here" not in admin.get(STAFF).text


def test_invitation_can_be_taken_back(app: Flask, pat: int) -> None:
    admin = Browser(app)
    hire(ADMIN, Role.ADMIN, "Vera Admin")
    sign_in(admin, ADMIN)
    link = invite(CORP, Role.RECRUITER, "Pat")
    take_back = next(path for path in admin.get(STAFF).links if path.endswith("/leave"))
    page = admin.get(take_back)
    assert page.heading == "Take back the invitation of Pat Quinn"
    admin.submit(page, action="/leave")
    Browser(app).get(link, expect=404)
    assert "No longer here" in admin.get(STAFF).text
    candidate = by_mail(app, PAT)
    assert is_in(candidate)
    candidate.get("/recruiting/", expect=404)


def test_inviting_another_address_of_theirs_voids_the_first_link(app: Flask, pat: int) -> None:
    first = invite(OLD_JOB, Role.RECRUITER, "Pat")
    second = invite(CORP, Role.RECRUITER, "Pat")
    Browser(app).get(first, expect=404)
    assert CORP in Browser(app).get(second).text


def test_link_to_an_address_that_is_no_longer_theirs_is_dead(app: Flask, pat: int) -> None:
    link = invite(CORP, Role.ADMIN, "Pat")
    nora = join(NORA, "Nora")
    with transaction() as own:
        row = own.scalars(select(Address).where(Address.email == CORP)).one()
        row.person_id = nora
        for account in own.scalars(select(Account).where(Account.address_id == row.id)):
            account.person_id = nora
    with pytest.raises(TokenRefused):
        accept_invitation(link.rpartition("/")[2], "Nora", CHOSEN, "Firefox", clock.now())
    with pytest.raises(NotPossible, match="no longer an address of theirs"):
        renew_invitation(pat, hire(ADMIN, Role.ADMIN, "Vera"), clock.now())


def test_record_that_an_invited_one_joins_is_invited_and_not_on_the_staff(app: Flask, pat: int) -> None:
    invite(CORP, Role.ADMIN, "Pat")
    kept = join(NORA, "Nora")
    merge_people(kept, pat, None, clock.now())
    browser = by_mail(app, NORA)
    assert is_in(browser)
    browser.get("/recruiting/", expect=404)
    row = find_staff(kept)
    assert row is not None
    assert row.invited_email == CORP


def test_whoever_left_and_is_invited_again_has_no_access_before_they_accept(app: Flask) -> None:
    person_id = hire(CORP, Role.ADMIN, "Pat")
    deactivate_staff(person_id, hire(ADMIN, Role.ADMIN, "Vera"), clock.now())
    link = invite(CORP, Role.ADMIN, "Pat")
    browser = Browser(app)
    assert sign_in(browser, CORP).response.location == "/me/"
    browser.get("/recruiting/", expect=404)
    browser.submit(browser.get(link), password=CHOSEN, expect=303, follow=False)
    assert is_in(browser, STAFF)


def test_two_who_accept_at_once_leave_one_in(app: Flask, pat: int) -> None:
    token = invite(CORP, Role.ADMIN, "Pat").rpartition("/")[2]
    end_reading()

    def accept(password: str) -> str:
        with app.app_context():
            try:
                return accept_invitation(token, "Pat", password, "Firefox", clock.now())
            except TokenRefused:
                return ""

    with ThreadPoolExecutor(2) as pool:
        secrets = list(pool.map(accept, ("the first of the two", "the second of the two")))
    end_reading()
    assert sorted(bool(secret) for secret in secrets) == [False, True]
    found = find_identity(max(secrets), clock.now())
    assert found is not None
    assert found.role is Role.ADMIN


def test_acceptance_and_taking_back_at_once_leave_no_access_or_all(app: Flask, pat: int) -> None:
    vera = hire(ADMIN, Role.ADMIN, "Vera Admin")
    token = invite(CORP, Role.ADMIN, "Pat").rpartition("/")[2]
    end_reading()

    def accept() -> None:
        with app.app_context():
            try:
                accept_invitation(token, "Pat", CHOSEN, "Firefox", clock.now())
            except TokenRefused:
                return

    def take_back() -> None:
        with app.app_context():
            deactivate_staff(pat, vera, clock.now())

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(accept), pool.submit(take_back)]:
            done.result()
    end_reading()
    staff = session().get_one(Staff, pat)
    assert not staff.is_active
    mine = select(DeviceSession.id).where(DeviceSession.person_id == pat)
    assert session().scalars(mine.where(DeviceSession.ended_at.is_(None))).all() == []


def test_first_admin_by_command_is_in_by_the_link(app: Flask, production: None) -> None:
    browser = Browser(app)
    page = browser.submit(browser.get(invite(ADMIN, Role.ADMIN, "Vera Admin")), password=CHOSEN)
    assert page.path == "/sign-in/second-factor/set-up"
    assert "app-key" in page.body


def test_in_production_a_password_alone_sets_no_second_factor_up(app: Flask, production: None, time: Time) -> None:
    hire(CORP, Role.ADMIN, "Pat")
    thief = Browser(app)
    page = thief.submit(thief.get("/sign-in"), email=CORP, password=PASSWORD)
    assert page.path == "/sign-in/second-factor/set-up"
    assert "app-key" not in page.body
    thief.post(page.path, {**page.form(action="/mail").values, "code": "000000"}, expect=422)
    page = thief.submit(page, action="/mail")
    assert page.path == "/sign-in/code"
    page = thief.submit(page, code=last_letter(CORP).code(TokenKind.SIGN_IN))
    assert page.path == "/sign-in/second-factor/set-up"
    assert "app-key" in page.body


def test_other_address_of_a_colleague_sets_no_second_factor_up(app: Flask, pat: int, production: None) -> None:
    link = invite(CORP, Role.ADMIN, "Pat")
    colleague = Browser(app)
    colleague.submit(colleague.get(link), password=CHOSEN)
    for email in (OLD_JOB, PAT):
        thief = by_mail(app, email)
        page = thief.get("/sign-in/second-factor/set-up")
        assert "app-key" not in page.body
        thief.submit(page, action="/mail")
        assert last_letter(CORP).kind == "accounts/sign_in"
        assert not is_in(thief)
    assert find_account(OLD_JOB) is not None
