"""The main job, in a real browser: from an export to a candidate who knows where they stand."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from portal.accounts.actions.passwords import store_password
from portal.accounts.adapters import hash_password
from portal.accounts.models import Account
from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.permissions import Role
from portal.outbox.models import DevMail
from tests import factories
from tests.browser.conftest import Opener
from tests.conftest import Time

pytestmark = pytest.mark.only("sqlite")
EXPORT = Path(__file__).parent.parent / "data" / "applications-greenhouse.csv"
NGOZI = "ngozi.demir60@example.org"
PASSWORD = "correct horse battery staple"


@pytest.fixture
def rita(app: Flask, time: Time) -> int:
    """A recruiter with a password, on Friday 20 November 2026."""
    time.at = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    person_id = factories.make_staff("Rita Sander", Role.RECRUITER, "rita@example.org")
    factories.signed_in(app, person_id)
    account_id = session().scalars(select(Account.id).where(Account.person_id == person_id)).one()
    store_password(account_id, hash_password(PASSWORD), None, clock.now(), except_session=None)
    return person_id


def sign_in(page: Page, email: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").first.fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile(r"/recruiting/$"))


def last_mail(to: str) -> DevMail:
    """The newest message to this address, as it went out."""
    end_reading()
    return session().scalars(select(DevMail).where(DevMail.to_address == to).order_by(DevMail.id.desc())).first()  # type: ignore[return-value]


def path_in(mail: DevMail, part: str) -> str:
    """The path of the link to `part` in the message."""
    found = re.search(rf"https?://[^/\s]+(/{part}/\S+)", mail.text)
    assert found, mail.text
    return found.group(1)


@pytest.mark.parametrize(
    ("width", "javascript"), [(1280, True), (390, True), (390, False)], ids=["desktop", "phone", "without a script"]
)
def test_from_an_export_to_a_candidate_who_knows(
    app: Flask, rita: int, open_page: Opener, do_work: Callable[[], None], width: int, javascript: bool
) -> None:
    desk = open_page(width=width, javascript=javascript)
    sign_in(desk, "rita@example.org")
    import_the_export(desk, do_work)
    say_what_the_stages_mean(desk, do_work)

    phone = open_page(width=width, javascript=javascript)
    join_and_confirm(phone, do_work)
    read_the_application(phone, "Interviewing")

    write_to_ngozi(desk)
    phone.reload()
    expect(phone.get_by_text("Lovely to meet you")).to_have_count(0)
    do_work()
    phone.reload()
    expect(phone.get_by_text("Lovely to meet you")).to_be_visible()
    expect(phone.locator("[data-status=decision_pending]")).to_be_visible()
    expect(phone.locator("time[data-next-update-by]")).to_have_attribute("datetime", "2026-12-15")
    expect(phone.get_by_text("Hugo is back on Monday.")).to_be_visible()

    say_what_they_look_for(phone)
    phone.goto("/me/privacy")
    expect(phone.get_by_role("main")).to_contain_text("Kubernetes")
    expect(phone.get_by_role("main")).to_contain_text(NGOZI)
    expect(phone.get_by_role("main")).not_to_contain_text("Technical Interview")

    follow_from_another_browser(open_page(width=width, javascript=javascript))


def import_the_export(desk: Page, do_work: Callable[[], None]) -> None:
    desk.goto("/recruiting/imports")
    desk.locator("input[type=file]").set_input_files(EXPORT)
    desk.get_by_role("button", name="Upload and check").click()
    expect(desk).to_have_url(re.compile(r"/recruiting/imports/\w+"))
    address = desk.url
    do_work()
    desk.goto(address)
    expect(desk.get_by_role("main")).to_contain_text("Gender")
    # What its labels mean is said later in this story.
    desk.get_by_label(re.compile("Go on all the same")).check()
    with desk.expect_navigation():
        desk.get_by_role("button", name=re.compile(r"^Import \d+ applications")).click()
    do_work()
    desk.goto(address)
    desk.get_by_role("link", name="Release this import").click()
    desk.get_by_label(re.compile("Go on all the same")).check()
    # The page before has a heading, too: what is waited for is the answer.
    with desk.expect_navigation():
        desk.get_by_role("main").get_by_role("button", name=re.compile("Release")).click()
    expect(desk.get_by_role("heading", level=1)).to_be_visible()
    desk.goto(address)


def say_what_the_stages_mean(desk: Page, do_work: Callable[[], None]) -> None:
    desk.goto(desk.url.rstrip("/") + "/labels")
    expect(desk.get_by_label("Technical Interview")).to_have_value("interviewing")
    with desk.expect_navigation():
        desk.get_by_role("main").get_by_role("button", name="Save").click()
    do_work()


def join_and_confirm(phone: Page, do_work: Callable[[], None]) -> None:
    phone.goto("/join")
    phone.get_by_label("Your name").fill("Ngozi Demir")
    phone.get_by_label("E-mail").fill(NGOZI.upper())
    phone.get_by_label(re.compile("updates|news", re.I)).first.check()
    phone.get_by_role("main").get_by_role("button", name="Join").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("mail")
    phone.goto("/me/applications")
    expect(phone).to_have_url(re.compile("/sign-in"))
    do_work()
    path = path_in(last_mail(NGOZI), "confirm")
    phone.goto(path)
    phone.goto(path)
    phone.get_by_role("button", name="Confirm and come in").click()
    expect(phone).to_have_url(re.compile("/me/$"))


def read_the_application(phone: Page, status: str) -> None:
    phone.goto("/me/applications")
    phone.get_by_role("link", name="Site Reliability Engineer").click()
    expect(phone.locator("time[data-next-update-by]")).to_be_visible()
    expect(phone.locator("[data-status]")).to_contain_text(status)
    expect(phone.get_by_role("main")).to_contain_text("Rita Sander")
    expect(phone.get_by_role("main")).not_to_contain_text("Technical Interview")


def write_to_ngozi(desk: Page) -> None:
    desk.goto("/recruiting/applications?q=ngozi.demir60")
    desk.get_by_role("link", name="Ngozi Demir").first.click()
    desk.locator("select[name=status]").select_option("decision_pending")
    desk.locator("textarea[name=message]").fill("Lovely to meet you.\n\nWe decide next week.")
    desk.locator("input[name=next_update_by]").fill("2026-12-15")
    desk.get_by_role("button", name="Send now").click()
    expect(desk.locator("[aria-invalid=true]").first).to_be_visible()
    expect(desk.locator("textarea[name=message]")).to_have_value(re.compile("Lovely to meet you"))
    desk.locator("textarea[name=date_reason]").fill("Hugo is back on Monday.")
    desk.get_by_role("button", name="Preview").click()
    expect(desk.get_by_role("main")).to_contain_text("Hugo is back on Monday.")
    with desk.expect_navigation():
        desk.get_by_role("button", name="Send now").click()
    expect(desk.locator("[aria-invalid=true]")).to_have_count(0)


def say_what_they_look_for(phone: Page) -> None:
    phone.goto("/me/preferences")
    phone.locator("[name=career_stage][value=open_to_it]").check(force=True)
    phone.locator("summary", has_text="What you bring").click()
    skills = phone.get_by_label(re.compile("What are you good at"))
    skills.fill("k8s, Python")
    skills.press("Tab")
    phone.get_by_role("main").get_by_role("button", name="Save").click()
    # What saves itself says "Saved" as well.
    expect(phone.locator(".flashes")).to_contain_text("Saved")


def follow_from_another_browser(other: Page) -> None:
    """The link in the letter shows nothing by itself, and one button opens the application to read."""
    path = path_in(last_mail(NGOZI), "follow")
    other.goto(path)
    expect(other.get_by_role("main")).not_to_contain_text("Site Reliability")
    other.get_by_role("button", name="Open the application").click()
    expect(other.get_by_text("Lovely to meet you")).to_be_visible()
    expect(other.get_by_role("link", name="Sign in").first).to_be_visible()
