"""The second factor of staff: set up, asked for after every way in, reset; and how it stays shut for others."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from portal.accounts import privacy
from portal.accounts.actions import (
    deactivate_staff,
    give_second_factor,
    offered_secret,
    reset_second_factor,
    set_up_second_factor,
    shown_recovery_codes,
)
from portal.accounts.adapters import fitting_step, seal, unseal
from portal.accounts.models import DeviceSession, RecoveryCode, SecondFactor
from portal.accounts.queries import devices_of, find_identity, second_factor_of
from portal.accounts.rules import (
    NotPossible,
    Step,
    WrongCode,
    clean_recovery_code,
    next_step,
    write_recovery_code,
)
from portal.audit.models import AuditRecord
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.permissions import Role
from portal.core.settings import current_settings, install_settings
from portal.core.tokens import TokenKind
from tests.accounts.visitors import (
    ADA,
    ADMIN,
    NORA,
    PASSWORD,
    RITA,
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
from tests.conftest import START, Time
from tests.factories import public_id_of
from tests.pages import Browser, Page

#: Most of these are about pages; where the database decides, a test says both.
pytestmark = [pytest.mark.both_in_soak, pytest.mark.only("sqlite")]
BOTH = pytest.mark.only("sqlite", "postgresql")

ASKED = "/sign-in/second-factor"
SET_UP = "/sign-in/second-factor/set-up"
CODES = "/sign-in/second-factor/codes"
OWN = "/recruiting/profile/second-factor"


@pytest.fixture
def production(app: Flask) -> Iterator[None]:
    """The site as a company runs it: the second factor is required."""
    before = current_settings()
    install_settings(replace(before, env="production"))
    yield
    install_settings(before)


def key_on(page: Page) -> str:
    """The key that the page offers to an app."""
    found = re.search(r'id="app-key" value="([A-Z2-7 ]+)"', page.body)
    assert found is not None
    return found[1].replace(" ", "")


def digits(key: str) -> str:
    """What an app with this key shows now."""
    return pyotp.TOTP(key).at(clock.now())


def codes_on(page: Page) -> list[str]:
    return re.findall(r'<code dir="ltr">([0-9a-z-]{19})</code>', page.body)


def protect(app: Flask, email: str = RITA) -> tuple[Browser, str, list[str]]:
    """Set up by the pages: the browser it was done in, the app's key, the recovery codes."""
    browser = Browser(app)
    sign_in(browser, email)
    page = browser.get(SET_UP)
    key = key_on(page)
    page = browser.submit(page, code=digits(key))
    assert page.path == CODES
    return browser, key, codes_on(page)


@pytest.fixture
def rita(app: Flask) -> int:
    return hire()


def halfway(app: Flask) -> Browser:
    """A browser in which Rita's password was right, and her app is asked for."""
    browser = Browser(app)
    page = browser.submit(browser.get("/sign-in"), email=RITA, password=PASSWORD)
    assert page.path == ASKED
    return browser


def test_demo_and_development_ask_for_none(app: Flask, rita: int) -> None:
    assert sign_in(Browser(app), RITA).response.location == "/recruiting/"


@BOTH
def test_app_is_set_up_and_asked_for_from_then_on(app: Flask, time: Time, rita: int) -> None:
    browser, key, _codes = protect(app)
    assert is_in(browser, "/recruiting/")
    time.pass_by(seconds=30)
    other = halfway(app)
    for path in ("/recruiting/", "/me/", "/me/account", OWN):
        assert other.get(path).path.startswith(ASKED), path
    page = other.submit(other.get(ASKED), code=digits(key), expect=303, follow=False)
    assert page.response.location == "/recruiting/"
    assert is_in(other, "/recruiting/")


def test_first_sign_in_in_production_sets_it_up_before_anything_else(app: Flask, rita: int, production: None) -> None:
    browser = Browser(app)
    ask(browser, RITA)
    page = browser.submit(browser.get(sign_in_link(RITA)), action="")
    assert page.path == SET_UP
    for path in ("/recruiting/", "/me/", ASKED, CODES, "/sign-in/recovery-code"):
        assert browser.get(path).path.startswith(SET_UP), path
    page = browser.submit(page, code=digits(key_on(page)))
    assert len(codes_on(page)) == 10
    assert browser.submit(page, action="/codes").path == "/recruiting/"


def test_invitation_in_production_leads_to_it(app: Flask, production: None) -> None:
    browser = Browser(app)
    page = browser.submit(browser.get(invite()), password="four words in a row")
    assert page.path == SET_UP
    page = browser.submit(page, code=digits(key_on(page)))
    assert is_in(browser, "/recruiting/")


def test_candidates_are_never_asked(app: Flask, production: None) -> None:
    join()
    browser = Browser(app)
    assert sign_in(browser).response.location == "/me/"
    browser.get(SET_UP, expect=404)
    browser.get(OWN, expect=404)


def test_link_code_and_new_password_do_not_skip_it(app: Flask, time: Time, rita: int) -> None:
    protect(app)
    by_link, by_code, by_reset = Browser(app), Browser(app), Browser(app)
    page = ask(by_link, RITA)
    assert by_link.submit(by_link.get(sign_in_link(RITA)), action="").path == ASKED
    page = ask(by_code, RITA)
    page = by_code.submit(page, code=last_letter(RITA).code(TokenKind.SIGN_IN))
    assert page.path == ASKED
    page = ask(by_reset, RITA, "/reset")
    code = last_letter(RITA).code(TokenKind.RESET)
    page = by_reset.submit(page, code=code, password="four words in a row")
    assert page.path == ASKED
    assert not any(is_in(browser) for browser in (by_link, by_code, by_reset))


def test_wanted_page_is_reached_after_it(app: Flask, time: Time, rita: int) -> None:
    _browser, key, _codes = protect(app)
    time.pass_by(seconds=60)
    browser = Browser(app)
    page = browser.get("/recruiting/applications")
    page = browser.submit(page, email=RITA, password=PASSWORD)
    page = browser.submit(page, code=digits(key))
    assert page.path == "/recruiting/applications"


@BOTH
def test_digits_work_once(app: Flask, time: Time, rita: int) -> None:
    _browser, key, _codes = protect(app)
    used = digits(key)
    first = halfway(app)
    assert "works once" in first.submit(first.get(ASKED), code=used, expect=422).text
    time.pass_by(seconds=30)
    first.submit(first.get(ASKED), code=digits(key))
    second = halfway(app)
    second.submit(second.get(ASKED), code=digits(key), expect=422)
    assert not is_in(second)


def test_a_clock_that_is_half_a_minute_off_is_good_enough(app: Flask, time: Time, rita: int) -> None:
    _browser, key, _codes = protect(app)
    time.pass_by(minutes=5)
    for off, is_good in ((60, False), (-60, False), (-30, True), (30, True)):
        browser = halfway(app)
        code = pyotp.TOTP(key).at(clock.now() + timedelta(seconds=off))
        browser.submit(browser.get(ASKED), code=code, expect=303 if is_good else 422, follow=False)
        assert is_in(browser) is is_good, off


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "None", "١٢٣٤٥"])
def test_what_is_no_code_is_told_beside_the_field(app: Flask, rita: int, typed: str) -> None:
    protect(app)
    browser = halfway(app)
    page = browser.submit(browser.get(ASKED), code=typed, expect=422)
    assert page.find("aria-invalid") is not None


@BOTH
def test_recovery_code_lets_in_once_and_tells_the_owner(app: Flask, rita: int) -> None:
    _browser, _key, codes = protect(app)
    first, second = halfway(app), halfway(app)
    page = first.submit(first.get("/sign-in/recovery-code"), code=codes[3].upper().replace("-", " "))
    assert page.path == OWN
    assert "9 recovery codes are left" in page.text
    assert last_letter(RITA).kind == "accounts/recovery_code_used"
    second.submit(second.get("/sign-in/recovery-code"), code=codes[3], expect=422)
    assert not is_in(second)
    second.submit(second.get("/sign-in/recovery-code"), code=codes[4])
    assert is_in(second)


@BOTH
def test_four_at_once_with_one_recovery_code_or_one_set_of_digits_let_one_in(app: Flask, time: Time, rita: int) -> None:
    _browser, key, codes = protect(app)
    time.pass_by(seconds=30)
    tries = [(code, halfway(app)) for code in [codes[0]] * 4 + [digits(key)] * 4]

    def give(one: tuple[str, Browser]) -> int:
        code, browser = one
        path = "/sign-in/recovery-code" if "-" in code else ASKED
        form = browser.get(path).form(having="code")
        return browser.client.post(path, data={**form.values, "code": code}).status_code

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(give, tries[:4])) + sorted(pool.map(give, tries[4:]))
    assert answers == [303, 422, 422, 422] * 2


@BOTH
def test_codes_are_shown_until_put_away_and_in_no_other_browser(app: Flask, time: Time, rita: int) -> None:
    browser, key, codes = protect(app)
    assert len(set(codes)) == 10
    assert codes_on(browser.get(CODES)) == codes
    time.pass_by(seconds=30)
    other = halfway(app)
    other.submit(other.get(ASKED), code=digits(key))
    assert other.get(CODES).path == OWN
    browser.submit(browser.get(CODES), action="/codes")
    assert browser.get(CODES).path == OWN


def test_codes_are_not_shown_after_an_hour(app: Flask, time: Time, rita: int) -> None:
    browser, _key, _codes = protect(app)
    time.pass_by(minutes=59)
    assert codes_on(browser.get(CODES))
    time.pass_by(minutes=1)
    assert browser.get(CODES).path == OWN


@BOTH
def test_new_codes_need_the_app_and_end_the_former(app: Flask, time: Time, rita: int) -> None:
    browser, key, codes = protect(app)
    browser.submit(browser.get(OWN), code="000000", expect=422)
    time.pass_by(minutes=1)
    fresh = codes_on(browser.submit(browser.get(OWN), code=digits(key)))
    assert len(fresh) == 10
    assert not set(fresh) & set(codes)
    other = halfway(app)
    other.submit(other.get("/sign-in/recovery-code"), code=codes[0], expect=422)
    other.submit(other.get("/sign-in/recovery-code"), code=fresh[0])
    assert is_in(other)


def test_nothing_that_opens_the_door_is_stored_in_the_clear(app: Flask, rita: int) -> None:
    _browser, key, codes = protect(app)
    end_reading()
    factor = session().scalars(select(SecondFactor)).one()
    stored = str([(row.code_hash) for row in session().scalars(select(RecoveryCode))]) + factor.sealed_secret
    assert key not in stored
    assert not any(code in stored or code.replace("-", "") in stored for code in codes)
    assert unseal(factor.sealed_secret) == key


def test_after_a_change_of_the_secret_key_a_recovery_code_is_the_way_in(app: Flask, time: Time, rita: int) -> None:
    _browser, key, codes = protect(app)
    before = current_settings()
    install_settings(replace(before, secret_key="another-secret-key-that-is-only-good-for-tests"))
    try:
        time.pass_by(seconds=30)
        person, browser_session = rita, session().scalars(select(DeviceSession.id)).first()
        assert browser_session is not None
        with pytest.raises(WrongCode):
            give_second_factor(person, browser_session, digits(key), clock.now())
        browser = halfway(app)
        browser.submit(browser.get("/sign-in/recovery-code"), code=codes[0])
        assert is_in(browser)
    finally:
        install_settings(before)


def test_device_remembers_it_for_thirty_days_and_only_for_this_person(app: Flask, time: Time, rita: int) -> None:
    hire(NORA, name="Nora")
    _browser, key, _codes = protect(app)
    _nora, nora_key, _codes = protect(app, NORA)
    time.pass_by(seconds=30)
    browser = halfway(app)
    browser.submit(browser.get(ASKED), code=digits(key), remember="y")
    browser.submit(browser.get("/privacy"), action="/sign-out")
    time.pass_by(days=29, hours=23)
    assert sign_in(browser, RITA).response.location == "/recruiting/"
    browser.submit(browser.get("/privacy"), action="/sign-out")
    assert sign_in(browser, NORA).response.location.startswith(ASKED)
    browser.submit(browser.get(ASKED), code=digits(nora_key))
    browser.submit(browser.get("/privacy"), action="/sign-out")
    time.pass_by(hours=1)
    assert sign_in(browser, RITA).response.location.startswith(ASKED)


def test_without_the_tick_no_device_remembers_it(app: Flask, time: Time, rita: int) -> None:
    _browser, key, _codes = protect(app)
    time.pass_by(seconds=30)
    browser = halfway(app)
    browser.submit(browser.get(ASKED), code=digits(key))
    browser.submit(browser.get("/privacy"), action="/sign-out")
    assert sign_in(browser, RITA).response.location.startswith(ASKED)


@pytest.mark.parametrize("how", ["forgotten", "set up again", "reset", "forged"])
def test_remembered_device_is_asked_again(app: Flask, time: Time, rita: int, how: str) -> None:
    own, key, _codes = protect(app)
    time.pass_by(seconds=30)
    browser = halfway(app)
    browser.submit(browser.get(ASKED), code=digits(key), remember="y")
    browser.submit(browser.get("/privacy"), action="/sign-out")
    if how == "forgotten":
        own.submit(own.get(OWN), action="/devices")
    elif how == "forged":
        cookie = browser.client.get_cookie("trusted")
        assert cookie is not None
        # Not at the very end: of its last character some bits mean nothing.
        another = "x" if cookie.value[-9] != "x" else "y"
        browser.client.set_cookie("trusted", cookie.value[:-9] + another + cookie.value[-8:])
    elif how == "reset":
        reset_second_factor(rita, None, clock.now())
        sign_in(own, RITA)
        own.submit(page := own.get(SET_UP), code=digits(key_on(page)))
    else:
        time.pass_by(seconds=30)
        own.submit(page := own.get(SET_UP), code=digits(key_on(page)), present=digits(key))
    assert sign_in(browser, RITA).response.location.startswith(ASKED)


@BOTH
def test_setting_up_ends_every_other_device_and_tells_the_owner(app: Flask, rita: int) -> None:
    other = Browser(app)
    sign_in(other, RITA)
    browser, key, codes = protect(app)
    assert not is_in(other)
    assert [letter.kind for letter in letters(RITA)].count("accounts/second_factor_set_up") == 1
    page = browser.get(SET_UP)
    assert key_on(page) != key
    browser.submit(page, code=digits(key), present=codes[0], expect=422)
    browser.submit(page, code=digits(key_on(page)), present=codes[0])
    assert [letter.kind for letter in letters(RITA)].count("accounts/second_factor_set_up") == 2


def test_a_key_is_offered_again_until_it_is_set_up_and_nothing_is_stored_before(app: Flask, rita: int) -> None:
    browser = Browser(app)
    sign_in(browser, RITA)
    assert key_on(browser.get(SET_UP)) == key_on(browser.get(SET_UP))
    assert second_factor_of(rita) is None
    other = Browser(app)
    sign_in(other, RITA)
    assert key_on(other.get(SET_UP)) != key_on(browser.get(SET_UP))


def test_whoever_waits_too_long_begins_anew(app: Flask, time: Time, rita: int) -> None:
    protect(app)
    browser = halfway(app)
    time.pass_by(minutes=29)
    assert browser.get("/recruiting/").path.startswith(ASKED)
    time.pass_by(minutes=1)
    assert browser.get("/recruiting/").path.startswith("/sign-in?")


@BOTH
def test_who_is_halfway_in_is_not_among_the_devices_and_can_leave(app: Flask, rita: int) -> None:
    protect(app)
    browser = halfway(app)
    assert len(devices_of(rita, clock.now())) == 1
    browser.submit(browser.get(ASKED), action="/sign-out")
    assert browser.get(ASKED).path.startswith("/sign-in")
    assert is_in(browser) is False


def test_guessing_is_slow_and_locks_out_nobody_for_good(app: Flask, time: Time, rita: int) -> None:
    own, key, _codes = protect(app)
    own.submit(own.get("/privacy"), action="/sign-out")
    thief = halfway(app)
    for _ in range(10):
        thief.submit(thief.get(ASKED), code="000000", expect=422)
    assert "too often" in thief.submit(thief.get(ASKED), code="000000", expect=429).text
    time.pass_by(seconds=30)
    sign_in(own, RITA)
    own.submit(own.get(ASKED), code=digits(key))
    assert is_in(own), "a device that has signed in before counts by itself"
    time.pass_by(minutes=15)
    late = halfway(app)
    late.submit(late.get(ASKED), code=digits(key))
    assert is_in(late)


def test_thief_has_at_most_forty_tries_a_day(app: Flask, time: Time, rita: int) -> None:
    protect(app)
    refused = 0
    for _ in range(5):
        thief = halfway(app)
        answers = [_post_code(thief, "000000") for _ in range(11)]
        refused += answers.count(422)
        time.pass_by(minutes=16)
    assert 20 < refused <= 40


def _post_code(browser: Browser, code: str) -> int:
    form = browser.get(ASKED).form(having="code")
    return browser.client.post(ASKED, data={**form.values, "code": code}).status_code


@BOTH
def test_admin_resets_it_and_the_owner_is_told(app: Flask, rita: int) -> None:
    browser, _key, _codes = protect(app)
    hire(ADMIN, Role.ADMIN, "Vera Admin")
    admin = Browser(app)
    sign_in(admin, ADMIN)
    page = admin.get("/recruiting/admin/staff")
    assert "with a second factor" in page.text
    path = f"/recruiting/admin/staff/{public_id_of(rita)}"
    assert f"{path}/second-factor" in admin.get(path).links
    page = admin.submit(admin.get(f"{path}/second-factor"), action="/second-factor")
    assert "told by mail" in page.text
    assert not is_in(browser)
    letter = last_letter(RITA)
    assert letter.kind == "accounts/second_factor_reset"
    assert "http://localhost/sign-in" in letter.text
    assert second_factor_of(rita) is None
    assert sign_in(browser, RITA).response.location == "/recruiting/"
    actions = session().scalars(select(AuditRecord.action).where(AuditRecord.person_id == rita)).all()
    assert "accounts.reset_second_factor" in actions


def test_nobody_resets_their_own_by_the_page_of_colleagues(app: Flask, time: Time) -> None:
    person_id = hire(ADMIN, Role.ADMIN, "Vera Admin")
    admin, _key, _codes = protect(app, ADMIN)
    link = next(
        link for link in admin.get("/recruiting/admin/staff").links if "/admin/staff/" in link and "new" not in link
    )
    assert admin.get(f"{link}/second-factor").path == link
    assert second_factor_of(person_id) is not None


def test_resetting_what_is_not_there_says_so(app: Flask, rita: int) -> None:
    with pytest.raises(NotPossible, match="no second factor"):
        reset_second_factor(rita, None, clock.now())


@BOTH
def test_whoever_leaves_takes_it_along(app: Flask, rita: int) -> None:
    browser, _key, _codes = protect(app)
    deactivate_staff(rita, hire(ADMIN, Role.ADMIN, "Vera"), clock.now())
    assert second_factor_of(rita) is None
    assert sign_in(browser, RITA).response.location == "/me/"


@BOTH
def test_two_set_ups_at_once_leave_one(app: Flask, rita: int) -> None:
    browser = Browser(app)
    sign_in(browser, RITA)
    own_id = session().scalars(select(DeviceSession.id)).one()
    secret = offered_secret("browser secret", None)
    given = set_up_second_factor(rita, own_id, "browser secret", digits(secret), clock.now())
    end_reading()
    with pytest.raises(WrongCode):
        set_up_second_factor(rita, own_id, "browser secret", digits(secret), clock.now())
    assert len(shown_recovery_codes(rita, given, clock.now())) == 10
    assert shown_recovery_codes(rita, "browser secret", clock.now()) == []


def test_session_that_waits_is_nobody(app: Flask, rita: int) -> None:
    protect(app)
    browser = halfway(app)
    with browser.client.session_transaction() as cookie:
        secret = cookie["halfway"]
        cookie["_user_id"] = secret
        cookie["_fresh"] = True
    found = find_identity(secret, clock.now())
    assert found is not None
    assert found.step is Step.CODE
    assert not is_in(browser)
    assert not is_in(browser, "/recruiting/")


@pytest.mark.parametrize("path", [ASKED, SET_UP, CODES, "/sign-in/recovery-code"])
def test_strangers_are_sent_to_the_sign_in_page(app: Flask, path: str) -> None:
    assert Browser(app).get(path).path == "/sign-in"


@pytest.mark.parametrize(
    ("role", "has_factor", "is_required", "is_given", "step"),
    [
        (Role.CANDIDATE, True, True, False, Step.IN),
        (Role.RECRUITER, False, False, False, Step.IN),
        (Role.RECRUITER, False, True, False, Step.SET_UP),
        (Role.HIRING_MANAGER, True, False, False, Step.CODE),
        (Role.ADMIN, True, True, False, Step.CODE),
        (Role.ADMIN, True, True, True, Step.IN),
    ],
)
def test_next_step(role: Role, has_factor: bool, is_required: bool, is_given: bool, step: Step) -> None:
    assert next_step(role, has_factor=has_factor, is_required=is_required, is_given=is_given) is step


@given(st.binary(min_size=10, max_size=10), st.text("- .\t–", max_size=2))
def test_recovery_codes_are_read_however_they_are_typed(random: bytes, between: str) -> None:
    code = write_recovery_code(random)
    assert re.fullmatch(r"([0-9a-hjkmnp-tv-z]{4}-){3}[0-9a-hjkmnp-tv-z]{4}", code)
    assert clean_recovery_code(code.upper().replace("-", between).replace("0", "O").replace("1", "l")) == code


@given(st.text())
def test_any_text_is_a_recovery_code_or_none(text: str) -> None:
    code = clean_recovery_code(text)
    assert code == "" or clean_recovery_code(code) == code


@given(st.integers(0, 2**31), st.integers(-5, 5))
def test_digits_fit_around_now_and_never_twice(seconds: int, steps_off: int) -> None:
    key, now = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", START + timedelta(seconds=seconds)
    code = pyotp.TOTP(key).at(now + timedelta(seconds=30 * steps_off))
    step = fitting_step(key, code, 0, now)
    if abs(steps_off) <= 1:
        assert step is not None
        assert fitting_step(key, code, step, now) is None
    elif step is not None:
        assert code in {pyotp.TOTP(key).at(now + timedelta(seconds=off)) for off in (-30, 0, 30)}


def test_sealed_twice_differs_and_opens_to_the_same() -> None:
    assert seal("a secret") != seal("a secret")
    assert unseal(seal("a secret")) == "a secret"


@BOTH
def test_candidate_who_was_merged_in_keeps_the_second_factor_of_the_colleague(app: Flask, rita: int) -> None:
    protect(app)
    ada = join(ADA)
    with transaction():
        privacy.merge(ada, rita, clock.now())
    assert second_factor_of(rita) is None
    factor = second_factor_of(ada)
    assert factor is not None
    assert factor.codes_left == 10
