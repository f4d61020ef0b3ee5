"""On whose clock people read: that of their browser when they come in, until they choose one; never one made up."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.actions import change_own_profile, follow_browser
from portal.audit.models import AuditRecord
from portal.company.actions import change_settings
from portal.company.rules import version_of
from portal.company.states import DEFAULTS, Setting
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.permissions import Role
from portal.core.tokens import TokenKind
from portal.people import privacy
from portal.people.actions import add_person
from portal.people.models import Person
from portal.people.queries import has_said_profile, known_person
from tests.accounts.visitors import (
    ADA,
    ADMIN,
    NORA,
    RITA,
    hire,
    import_person,
    join,
    last_letter,
    sign_in_link,
)
from tests.applications.applying import GOOD, fill, made, opening, secrets_of
from tests.pages import Browser, Page

pytestmark = pytest.mark.both_in_soak

WARSAW, NEW_YORK, TOKYO = "Europe/Warsaw", "America/New_York", "Asia/Tokyo"
FORGED = ("Europe/Atlantis", "../../etc/passwd", "UTC", "<b>", "A" * 400)


def zone_of(email: str) -> str:
    """The zone in which this address' owner reads."""
    end_reading()
    known = known_person(email)
    assert known is not None
    return known.timezone


def asks_to_join(app: Flask, zone: str = "", email: str = NORA) -> Browser:
    browser = Browser(app)
    browser.submit(browser.get("/join"), having="areas", name="Nora Berg", email=email, browser_zone=zone)
    return browser


def joins(app: Flask, zone: str = "", *, confirmed_in: str = "", email: str = NORA) -> Browser:
    """From the form to the button behind the mailed link; each browser says its zone, or nothing."""
    asks_to_join(app, zone, email)
    browser, path = Browser(app), f"/confirm/{last_letter(email).token(TokenKind.CONFIRM)}"
    browser.submit(browser.get(path), action=path[-20:], browser_zone=confirmed_in, expect=303, follow=False)
    return browser


def applies(app: Flask, zone: str = "", *, confirmed_in: str = "", email: str = NORA) -> Browser:
    """The same for an application."""
    browser = Browser(app)
    page = browser.get(f"/openings/{opening()}/apply")
    typed: dict[str, Any] = {**GOOD, "name": "Nora Berg", "email": email, "browser_zone": zone}
    fill(browser, page, **typed)
    token, _code = secrets_of()
    browser.submit(browser.get(f"/apply/{token}"), action=f"/apply/{token}", browser_zone=confirmed_in)
    return browser


def signs_in(app: Flask, zone: str, email: str = ADA, **more: Any) -> Page:
    """With a password."""
    browser = Browser(app)
    values = {"email": email, "password": "demo-password", "browser_zone": zone, **more}
    return browser.submit(browser.get("/sign-in"), **values, expect=303, follow=False)


@pytest.fixture
def tokyo(app: Flask) -> None:
    """The company works in Tokyo."""
    admin = hire(ADMIN, Role.ADMIN, "Vera Admin")
    seen = version_of({Setting.ZONE: DEFAULTS[Setting.ZONE]})
    change_settings({Setting.ZONE: TOKYO}, seen, actor_id=admin, now=clock.now())
    end_reading()


def test_who_joins_reads_on_the_clock_of_their_browser(app: Flask) -> None:
    joins(app, NEW_YORK)
    assert zone_of(NORA) == NEW_YORK


def test_who_applies_reads_on_the_clock_of_their_browser(app: Flask) -> None:
    applies(app, NEW_YORK)
    assert len(made()) == 1
    assert zone_of(NORA) == NEW_YORK


@pytest.mark.parametrize("come", [joins, applies])
def test_the_browser_in_which_the_mail_is_opened_counts_before_the_one_that_asked(app: Flask, come: Any) -> None:
    come(app, NEW_YORK, confirmed_in="America/Chicago")
    assert zone_of(NORA) == "America/Chicago"


@pytest.mark.parametrize("come", [joins, applies])
def test_a_mail_opened_without_scripts_takes_nothing_back(app: Flask, come: Any) -> None:
    come(app, NEW_YORK, confirmed_in="")
    assert zone_of(NORA) == NEW_YORK


def test_the_code_takes_the_zone_as_the_link_does(app: Flask) -> None:
    browser = asks_to_join(app)
    page = browser.get("/confirm/code")
    browser.submit(page, code=last_letter(NORA).code(TokenKind.CONFIRM), browser_zone=NEW_YORK)
    assert zone_of(NORA) == NEW_YORK


@pytest.mark.usefixtures("tokyo")
@pytest.mark.parametrize("come", [joins, applies])
def test_without_scripts_the_clock_is_the_company_s(app: Flask, come: Any) -> None:
    come(app)
    assert zone_of(NORA) == TOKYO


@pytest.mark.parametrize("said", FORGED)
def test_a_zone_that_is_none_is_passed_over_without_a_word(app: Flask, said: str) -> None:
    browser = joins(app, said, confirmed_in=said)
    assert zone_of(NORA) == WARSAW
    browser.get("/me/")


@pytest.mark.parametrize("come", [joins, applies])
def test_somebody_from_an_import_gets_their_own_clock_when_they_come(app: Flask, come: Any) -> None:
    import_person()
    come(app, NEW_YORK, email=ADA)
    assert zone_of(ADA) == NEW_YORK


def test_nothing_changes_before_the_address_is_confirmed(app: Flask) -> None:
    import_person()
    asks_to_join(app, NEW_YORK, ADA)
    assert zone_of(ADA) == WARSAW


def test_signing_in_fills_in_what_nobody_has_said(app: Flask) -> None:
    person_id = join()
    signs_in(app, NEW_YORK)
    assert zone_of(ADA) == NEW_YORK
    told = session().scalars(select(AuditRecord.action).where(AuditRecord.person_id == person_id)).all()
    assert "people.take_browser_zone" in told


def test_signing_in_by_the_mailed_link_does_the_same(app: Flask) -> None:
    join(password="")
    browser = Browser(app)
    browser.submit(browser.get("/sign-in"), email=ADA)
    path = sign_in_link()
    page = browser.submit(browser.get(path), action=path[-20:], browser_zone=NEW_YORK)
    assert page.status == 200
    assert zone_of(ADA) == NEW_YORK


def test_signing_in_elsewhere_later_changes_nothing(app: Flask) -> None:
    join()
    signs_in(app, NEW_YORK)
    signs_in(app, TOKYO)
    assert zone_of(ADA) == NEW_YORK


@pytest.mark.parametrize("chosen", [TOKYO, WARSAW])
def test_what_somebody_chose_stays_whatever_their_browser_says(app: Flask, chosen: str) -> None:
    person_id = join()
    # Whoever chooses the company's zone had another before, or changed their name in the same form.
    change_own_profile(person_id, name="Ada L. Lind", locale="en", timezone=chosen, now=clock.now())
    signs_in(app, NEW_YORK)
    joins(app, NEW_YORK, confirmed_in=NEW_YORK, email=ADA)
    applies(app, NEW_YORK, confirmed_in=NEW_YORK, email=ADA)
    assert zone_of(ADA) == chosen


def test_colleagues_keep_the_clock_on_which_they_propose_times(app: Flask) -> None:
    rita = hire()
    signs_in(app, NEW_YORK, RITA)
    follow_browser(rita, NEW_YORK, clock.now())
    assert zone_of(RITA) == WARSAW


def test_a_merged_record_takes_the_clock_that_is_known(app: Flask) -> None:
    kept, gone = import_person(), add_person("A. Lind", NORA, "en", NEW_YORK, clock.now()).id
    privacy.merge(kept, gone, clock.now())
    assert session().get_one(Person, kept).timezone == NEW_YORK


def test_a_merged_record_keeps_the_clock_that_was_chosen(app: Flask) -> None:
    kept, gone = join(), add_person("A. Lind", NORA, "en", NEW_YORK, clock.now()).id
    change_own_profile(kept, name="Ada L. Lind", locale="en", timezone=WARSAW, now=clock.now())
    with transaction():
        privacy.merge(kept, gone, clock.now())
    assert session().get_one(Person, kept).timezone == WARSAW
    assert has_said_profile(kept)
