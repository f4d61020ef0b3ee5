"""What we hold about signing in: shown, removed, moved with the person."""

from flask import Flask
from sqlalchemy import func, select

from portal.accounts import privacy
from portal.accounts.jobs import forget_expired
from portal.accounts.models import Account, DeviceSession, OneTimeToken
from portal.accounts.queries import find_account
from portal.core import clock
from portal.core.db import session, transaction
from portal.people import privacy as people_privacy
from portal.people.queries import known_person
from tests.accounts.visitors import ADA, NORA, ask, is_in, join, sign_in
from tests.conftest import Time
from tests.pages import Browser


def _counts() -> list[int]:
    session().rollback()
    tables = (Account, DeviceSession, OneTimeToken)
    return [session().scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def test_person_reads_how_and_where_they_sign_in(app: Flask) -> None:
    person_id = join()
    browser = Browser(app)
    browser.client.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0"
    sign_in(browser)
    sections = {section.title: section for section in privacy.export(person_id)}
    (email, ways), *_ = sections["How you sign in"].rows
    assert email == ADA
    assert "link, code or password" in ways
    (device, times), *_ = sections["Devices you signed in on"].rows
    assert device == "Firefox on Linux"
    assert "Wednesday 4 March 2026" in times
    assert "argon2" not in str(sections)


def test_removed_person_is_signed_out_and_nothing_of_them_stays(app: Flask) -> None:
    ada = join()
    join(NORA, "Nora", password="")
    browser = Browser(app)
    ask(browser)
    ask(Browser(app), NORA)
    sign_in(browser)
    with transaction():
        privacy.erase(ada, clock.now())
        people_privacy.erase(ada, clock.now())
    assert not is_in(browser)
    assert known_person(ADA) is None
    assert _counts() == [1, 0, 1]
    with transaction():
        privacy.erase(ada, clock.now())


def test_token_sent_to_an_address_before_we_knew_whose_it_is_goes_too(app: Flask) -> None:
    ask(Browser(app))
    ada = join(password="")
    with transaction():
        privacy.erase(ada, clock.now())
    assert _counts()[2] == 0


def test_two_records_become_one_with_both_ways_in(app: Flask) -> None:
    ada, other = join(), join(NORA, "Ada Lind")
    browser = Browser(app)
    sign_in(browser, NORA)
    with transaction():
        privacy.merge(ada, other, clock.now())
        people_privacy.merge(ada, other, clock.now())
    assert not is_in(browser)
    found = find_account(NORA)
    assert found is not None
    assert found.person_id == ada
    sign_in(browser, NORA)
    assert ADA in browser.get("/me/account").text
    assert NORA in browser.get("/me/account").text


def test_retention_and_job_may_run_twice(app: Flask, time: Time) -> None:
    join()
    sign_in(Browser(app))
    ask(Browser(app))
    time.pass_by(days=200)
    for _ in range(2):
        privacy.retention(clock.now())
        forget_expired(clock.now())
    assert _counts() == [1, 0, 0]


def test_handing_over_changes_no_way_to_sign_in(app: Flask) -> None:
    ada, nora = join(), join(NORA, "Nora")
    before = _counts()
    with transaction():
        privacy.hand_over(ada, nora, clock.now())
    assert _counts() == before
