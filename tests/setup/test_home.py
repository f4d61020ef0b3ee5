"""The admin's home: steps that tick themselves, a test mail, and the records of the domain."""

import threading

import pytest
from flask import Flask

from portal.core.db import end_reading
from portal.core.permissions import Role
from portal.outbox.states import DeliveryState
from portal.setup.queries import newest_test_mail
from portal.worker import run_worker
from tests import factories
from tests.accounts.visitors import ADMIN, RITA, hire, last_letter, sign_in
from tests.pages import Browser, Page

pytestmark = pytest.mark.both_in_soak

HOME, SENDER = "/recruiting/admin/", "/recruiting/admin/sender"


@pytest.fixture
def admin(app: Flask) -> Browser:
    hire(ADMIN, Role.ADMIN, "Alma Reyes")
    browser = Browser(app)
    sign_in(browser, ADMIN)
    return browser


def open_steps(page: Page) -> list[str]:
    assert page.tree is not None
    return [e.get("data-step", "") for e in page.tree.iter() if e.get("data-done") == "no"]


def work(app: Flask) -> None:
    # Whoever still reads keeps SQLite's log from being emptied; the worker would try for seconds.
    end_reading()
    run_worker(app, until_idle=True, stop=threading.Event())
    end_reading()


def test_a_new_company_has_everything_to_do_with_a_reason_and_a_way_there(admin: Browser) -> None:
    page = admin.get(HOME)
    assert open_steps(page) == [
        *("test_mail", "sender", "days", "logo", "notice", "imprint", "promises", "staff", "opening", "import")
    ]
    assert "10 steps are left" in page.text
    assert "Everything here depends on mail that arrives." in page.text
    links = (
        "/sender",
        "/settings/days",
        "/settings/logo",
        "/settings/privacy",
        "/settings/promises",
        "/staff/new",
        "/openings",
        "/imports",
    )
    assert all(any(link.endswith(wanted) for link in page.links) for wanted in links)
    assert "Replies go to Whoever looks after the application, at their own address" in page.text


def test_steps_tick_themselves(admin: Browser) -> None:
    rita = hire(RITA)
    factories.make_application(factories.make_opening("Nurse", recruiter_id=rita), rita)
    admin.submit(admin.get("/recruiting/admin/settings/days"), having="zone")
    admin.submit(admin.get("/recruiting/admin/settings/privacy"), contact_name="Ines")
    assert open_steps(admin.get(HOME)) == ["test_mail", "sender", "logo", "imprint", "promises", "opening"]
    admin.submit(admin.get("/recruiting/admin/settings/privacy"), imprint="Kindred Ltd, Warsaw")
    factories.make_published()
    assert open_steps(admin.get(HOME)) == ["test_mail", "sender", "logo", "promises"]


def test_a_test_mail_goes_to_whoever_asks_and_the_page_says_how_far_it_came(admin: Browser) -> None:
    page = admin.submit(admin.get(HOME), action="/test-mail")
    assert "Waiting to be sent since" in page.text
    letter = last_letter(ADMIN)
    assert "Your mail works" in letter.subject
    assert "/recruiting/admin/sender" in letter.text
    work(admin.app)
    page = admin.get(HOME)
    assert "Put into the development mailbox on" in page.text
    assert "test_mail" not in open_steps(page)


def test_one_test_mail_is_on_its_way_at_a_time(admin: Browser) -> None:
    page = admin.get(HOME)
    token = page.form(action="/test-mail").values
    for _twice in range(2):
        page = admin.post("/recruiting/admin/test-mail", token)
    assert "The last one is still on its way." in page.text
    work(admin.app)
    newest = newest_test_mail()
    assert newest is not None
    assert newest.state is DeliveryState.SENT


def test_what_was_found_of_the_domain_is_kept_with_its_day(admin: Browser) -> None:
    page = admin.get(SENDER)
    assert "talent@kindred.example" in page.text
    assert "v=spf1 mx ~all" in page.text
    assert page.text.count("Not checked yet") == 3
    page = admin.submit(page, selector="mail2026")
    assert page.text.count("Could not check from here") == 3
    assert "mail2026._domainkey.kindred.example" in page.text
    assert "Last looked on Wednesday 4 March 2026" in page.text


def test_a_selector_that_is_none_is_refused_and_stays_in_its_field(admin: Browser) -> None:
    page = admin.submit(admin.get(SENDER), selector="not one", expect=422)
    assert "A selector has letters" in page.text
    assert page.form(having="selector").values["selector"] == "not one"


def test_only_admins_come_here(app: Flask) -> None:
    hire(RITA)
    browser = Browser(app)
    sign_in(browser, RITA)
    browser.get(HOME, expect=404)
    browser.get(SENDER, expect=404)
