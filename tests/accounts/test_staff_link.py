"""The link for a colleague whom no mail reaches and who closed the browser before their second factor was set up."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.actions import deactivate_staff, link_to_come_in
from portal.accounts.rules import NotPossible
from portal.audit.models import AuditRecord
from portal.core import clock
from portal.core.db import db, end_reading, session
from portal.core.permissions import Role
from portal.core.settings import current_settings, install_settings
from portal.people.queries import known_person
from tests.accounts.test_second_factor import CODES, SET_UP, digits, key_on
from tests.accounts.visitors import ADMIN, RITA, hire, invite, is_in, join, letters, sign_in
from tests.conftest import Time
from tests.faults.test_commands import Done, check_one_line, run
from tests.pages import Browser, Page

pytestmark = pytest.mark.both_in_soak
CHOSEN = "four words in a row"
SITE = "https://talent.example"


@pytest.fixture
def production(app: Flask) -> Iterator[None]:
    before = current_settings()
    install_settings(replace(before, env="production"))
    yield
    install_settings(before)


def command(folder: Path, *arguments: str) -> Done:
    """A `portal staff` command in production, on the database of this test."""
    settings = current_settings()
    end_reading()
    return run(
        folder,
        "staff",
        *arguments,
        PORTAL_ENV="production",
        PORTAL_DATABASE_URL=f"sqlite:///{db.engine.url.database}",  # the settings may be those of the other database
        PORTAL_SECRET_KEY=settings.secret_key,
        PORTAL_PRIVACY_KEY=settings.privacy_key,
        PORTAL_BASE_URL=SITE,
        PORTAL_MAIL_URL="smtp://127.0.0.1:1",
        PORTAL_MAIL_FROM="Talent <talent@talent.example>",
        PORTAL_ORG_NAME="Kindred",
    )


def open_link(browser: Browser, link: str) -> Page:
    """Open a printed link and press its button; the page it leads to."""
    path = link.strip().removeprefix(SITE).removeprefix(current_settings().base_url)
    return browser.submit(browser.get(path), action=path, having="csrf_token")


def set_up(browser: Browser, page: Page) -> None:
    assert page.path == SET_UP
    assert browser.submit(page, code=digits(key_on(page))).path == CODES


def person_id(email: str) -> int:
    end_reading()
    known = known_person(email)
    assert known is not None
    return known.person_id


@pytest.mark.only("sqlite", because="the command runs in a process of its own, on a file")
def test_the_first_admin_who_closed_the_browser_comes_back_by_command(
    app: Flask, production: None, tmp_path: Path, time: Time
) -> None:
    time.at = clock._system_time()  # the command has the real time
    printed = command(tmp_path, "add", ADMIN, "--name", "Vera Admin", "--role", "admin")
    path = printed.stdout.strip().removeprefix(SITE)
    closed = Browser(app)
    assert closed.submit(closed.get(path), password=CHOSEN).path == SET_UP
    time.pass_by(hours=1)
    assert "Mail me a code" in sign_in_again(app).text
    check_one_line(
        command(tmp_path, "add", ADMIN, "--name", "Vera Admin", "--role", "admin"), 1, f"portal staff link {ADMIN}"
    )
    time.at = clock._system_time()
    done = command(tmp_path, "link", ADMIN.upper())
    assert done.stdout.startswith(f"{SITE}/sign-in/")
    assert (done.returncode, done.stderr) == (0, "")
    browser = Browser(app)
    set_up(browser, open_link(browser, done.stdout))
    assert is_in(browser, "/recruiting/admin/staff")
    check_one_line(command(tmp_path, "link", ADMIN), 1, "has a second factor set up")
    actions = session().scalars(select(AuditRecord.action).where(AuditRecord.actor_id.is_(None))).all()
    assert actions.count("accounts.link_to_come_in") == 1


def sign_in_again(app: Flask) -> Page:
    """A password alone, where mail does not work: the page that wants a mail."""
    browser = Browser(app)
    return browser.submit(browser.get("/sign-in"), email=ADMIN, password=CHOSEN)


@pytest.mark.only("sqlite", because="it is about words")
def test_the_command_knows_nobody_but_the_staff(app: Flask, tmp_path: Path) -> None:
    join()
    for email in ("nobody@example.org", "ada@demo.example"):
        check_one_line(command(tmp_path, "link", email), 1, "Nobody on the staff")


def test_the_link_works_once_for_an_hour_and_mails_nothing(app: Flask, production: None, time: Time) -> None:
    rita = hire()
    before = len(letters(RITA))
    first = link_to_come_in(rita, clock.now())
    second = link_to_come_in(rita, clock.now())
    assert len(letters(RITA)) == before
    Browser(app).get(first.removeprefix(current_settings().base_url), expect=404)
    time.pass_by(minutes=59)
    browser = Browser(app)
    set_up(browser, open_link(browser, second))
    Browser(app).get(second.removeprefix(current_settings().base_url), expect=404)


def test_a_link_from_before_asks_for_the_factor_that_was_set_up_since(app: Flask, production: None, time: Time) -> None:
    rita = hire()
    link = link_to_come_in(rita, clock.now())
    setter = Browser(app)
    set_up(setter, open_link(setter, link))
    with pytest.raises(NotPossible, match="has a second factor"):
        link_to_come_in(rita, clock.now())
    time.at += timedelta(minutes=5)
    assert sign_in(Browser(app), RITA).response.location == "/sign-in/second-factor"


def test_who_has_not_accepted_gets_another_invitation_and_who_has_left_gets_none(app: Flask) -> None:
    old = invite()
    link = link_to_come_in(person_id(RITA), clock.now())
    assert "/invitation/" in link
    Browser(app).get(old, expect=404)
    browser = Browser(app)
    path = link.removeprefix(current_settings().base_url)
    assert browser.submit(browser.get(path), password=CHOSEN).path == "/recruiting/"
    deactivate_staff(person_id(RITA), hire(ADMIN, Role.ADMIN, "Vera"), clock.now())
    with pytest.raises(NotPossible, match="does not work here any more"):
        link_to_come_in(person_id(RITA), clock.now())
