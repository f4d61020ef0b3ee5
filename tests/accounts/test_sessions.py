"""A session per device: how it starts, how long it lives, how it ends everywhere."""

from base64 import b64encode
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.actions import change_role, deactivate_staff
from portal.accounts.jobs import forget_expired
from portal.accounts.models import DeviceSession
from portal.accounts.queries import find_identity
from portal.core import clock
from portal.core.db import session
from portal.core.permissions import Role
from tests.accounts.visitors import ADA, ADMIN, NORA, RITA, ask, hire, is_in, join, sign_in, sign_in_link
from tests.conftest import START, Time, counted_statements
from tests.factories import make_staff, signed_in
from tests.pages import Browser, Page

pytestmark = pytest.mark.both_in_soak


def _cookie(browser: Browser) -> str:
    found = browser.client.get_cookie("rapport")
    assert found is not None
    return str(found.value)


def _press(browser: Browser, page: Page, action: str) -> Page:
    return browser.submit(page, action=action)


def test_who_is_asking_takes_one_statement(app: Flask) -> None:
    join()
    browser = Browser(app)
    sign_in(browser)
    page = browser.get("/me/account/password")
    assert page.status == 200
    with counted_statements() as seen:
        browser.get("/me/account/password")
    assert len([s for s in seen if "FROM device_session" in s and "JOIN account" in s and "staff" in s]) == 1


def test_candidate_stays_signed_in_for_90_days(app: Flask, time: Time) -> None:
    join()
    browser = Browser(app)
    sign_in(browser)
    time.pass_by(days=89)
    assert is_in(browser)
    time.pass_by(days=1)
    assert not is_in(browser)


def test_staff_sign_in_again_after_12_hours_however_busy(app: Flask, time: Time) -> None:
    hire()
    browser = Browser(app)
    sign_in(browser, RITA)
    for _ in range(11):
        time.pass_by(hours=1)
        assert is_in(browser)
    time.pass_by(hours=1)
    assert not is_in(browser)


def test_long_session_of_a_candidate_is_short_once_they_work_here(app: Flask, time: Time) -> None:
    person_id = hire(role=Role.HIRING_MANAGER)
    deactivate_staff(person_id, hire(ADMIN, Role.ADMIN, "Ada Admin"), clock.now())
    browser = Browser(app)
    sign_in(browser, RITA)
    time.pass_by(hours=13)
    assert is_in(browser)


def test_signing_out_ends_this_device_only(app: Flask) -> None:
    join()
    here, there = Browser(app), Browser(app)
    for browser in (here, there):
        sign_in(browser)
    page = here.get("/me/account")
    copied = _cookie(here)
    here.submit(page, action="/sign-out", expect=303, follow=False)
    assert not is_in(here)
    assert is_in(there)
    here.client.set_cookie("rapport", copied)
    assert not is_in(here)


def test_one_device_can_be_signed_out_from_another(app: Flask) -> None:
    join()
    here, there = Browser(app), Browser(app)
    there.client.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (Linux; Android 14) Firefox/128.0"
    sign_in(there)
    sign_in(here)
    page = here.get("/me/account")
    assert "Firefox on Android" in page.text
    first = session().scalar(select(DeviceSession.public_id).where(DeviceSession.device == "Firefox on Android"))
    _press(here, page, f"/{first}/sign-out")
    assert is_in(here)
    assert not is_in(there)


def test_sign_out_everywhere_ends_all_at_once(app: Flask) -> None:
    join()
    here, there = Browser(app), Browser(app)
    for browser in (here, there):
        sign_in(browser)
    page = _press(here, here.get("/me/account"), "/sign-out-everywhere")
    assert page.path == "/sign-in"
    assert "signed out on every device" in page.text
    assert not is_in(here)
    assert not is_in(there)


def test_device_of_somebody_else_does_not_exist(app: Flask) -> None:
    join()
    join(NORA, "Nora")
    ada, nora = Browser(app), Browser(app)
    sign_in(ada)
    sign_in(nora, NORA)
    hers = session().scalars(select(DeviceSession.public_id).order_by(DeviceSession.id)).all()[0]
    token = {"csrf_token": nora.get("/me/account").form(having="name").values["csrf_token"]}
    nora.post(f"/me/account/devices/{hers}/sign-out", token, expect=404)
    assert is_in(ada)


def test_signing_in_again_leaves_no_second_session_behind(app: Flask) -> None:
    join()
    browser = Browser(app)
    sign_in(browser)
    before = _cookie(browser)
    ask(Browser(app))
    browser.submit(browser.get(sign_in_link()), action=sign_in_link()[-20:], expect=303, follow=False)
    assert "A browser" in browser.get("/me/account").text
    assert browser.get("/me/account").text.count("This device") == 1
    stranger = Browser(app)
    stranger.client.set_cookie("rapport", before)
    assert not is_in(stranger)


def test_planted_cookie_is_worth_nothing_after_sign_in(app: Flask) -> None:
    join()
    attacker = Browser(app)
    ask(attacker)
    planted = _cookie(attacker)
    victim = Browser(app)
    victim.client.set_cookie("rapport", planted)
    sign_in(victim)
    assert is_in(victim)
    assert _cookie(victim) != planted
    assert not is_in(attacker)


def test_role_change_ends_sessions_at_once(app: Flask) -> None:
    admin, rita = hire(ADMIN, Role.ADMIN, "Ada Admin"), hire()
    browser = Browser(app)
    sign_in(browser, RITA)
    assert is_in(browser)
    change_role(rita, Role.HIRING_MANAGER, None, admin, clock.now())
    assert not is_in(browser)


def test_last_seen_is_written_at_most_hourly_and_kept_to_the_hour(app: Flask, time: Time) -> None:
    join()
    browser = Browser(app)
    sign_in(browser)

    def seen() -> object:
        session().rollback()
        return session().scalar(select(DeviceSession.last_seen_at))

    assert seen() == START
    time.pass_by(minutes=59)
    browser.get("/me/account")
    assert seen() == START
    time.pass_by(minutes=21)
    browser.get("/me/account")
    assert seen() == START + timedelta(hours=1)
    with counted_statements() as statements:
        browser.get("/me/account")
    assert not [s for s in statements if s.startswith("UPDATE")]


def test_made_up_secrets_are_nobody(app: Flask) -> None:
    join()
    for secret in ("", "None", "0", "a" * 43):
        assert find_identity(secret, clock.now()) is None


def test_ended_sessions_are_forgotten_after_a_month(app: Flask, time: Time) -> None:
    join()
    browser = Browser(app)
    sign_in(browser)
    _press(browser, browser.get("/me/account"), "/sign-out-everywhere")
    time.pass_by(days=29)
    forget_expired(clock.now())
    assert session().scalar(select(DeviceSession.id)) is not None
    time.pass_by(days=2)
    forget_expired(clock.now())
    forget_expired(clock.now())
    session().rollback()
    assert session().scalar(select(DeviceSession.id)) is None


def test_address_of_the_account_is_shown_with_the_person(app: Flask) -> None:
    join()
    browser = Browser(app)
    sign_in(browser)
    page = browser.get("/me/account")
    assert ADA in page.text
    assert page.form(having="name").values["name"] == "Ada Lind"


def test_mark_of_a_known_device_names_nobody_and_is_out_of_reach_of_scripts(app: Flask) -> None:
    join()
    browser = Browser(app)
    answer = sign_in(browser).response
    known = next(line for line in answer.headers.getlist("Set-Cookie") if line.startswith("known="))
    assert "HttpOnly" in known
    assert "SameSite=Lax" in known
    assert ADA not in known
    assert b64encode(ADA.encode()).decode().rstrip("=") not in known


def test_pages_of_the_account_stay_within_their_budget(app: Flask) -> None:
    join()
    browser = Browser(app)
    with counted_statements() as seen:
        browser.get("/sign-in")
    assert len(seen) <= 2
    sign_in(browser)
    with counted_statements() as seen:
        browser.get("/me/account")
    assert len(seen) <= 6


def test_an_old_copy_of_a_staff_cookie_is_dead_after_hours_of_silence(app: Flask, time: Time) -> None:
    rita = make_staff()
    desk = signed_in(app, rita)
    desk.get("/me/")
    time.pass_by(hours=5)
    assert "/sign-in" in desk.get("/me/").path
