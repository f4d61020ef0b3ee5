"""A candidate's whole way on a phone: find, apply, follow, ask, read the answer, withdraw, and stay a member."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from portal.applications.actions import write_to_candidate
from portal.applications.models import Application
from portal.applications.queries import StaffScope, StaffView, find_for_staff
from portal.applications.rules import Proposal
from portal.applications.states import ApplicationStatus
from portal.community.actions import join
from portal.community.queries import is_member
from portal.conversations.actions import send_reply
from portal.conversations.queries import find_thread
from portal.conversations.rules import Reply
from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.permissions import Role
from portal.outbox.models import DevMail
from tests import factories
from tests.applications.applying import QUESTIONS
from tests.applications.cvs import PDF
from tests.browser.conftest import Opener, give_session, overflow
from tests.conftest import Time

pytestmark = pytest.mark.only("sqlite")  # what is tried is in the browser
ADA = "ada@example.org"


@pytest.fixture
def rita(app: Flask) -> int:
    return factories.make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def ada(app: Flask, rita: int) -> int:
    """A member, and an opening that she has not seen."""
    person_id = factories.make_person("Ada Lind", ADA)
    join(person_id, [], clock.now())
    factories.make_published("Data Analyst", recruiter_id=rita, questions=QUESTIONS)
    return person_id


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without"])
def test_from_finding_an_opening_to_withdrawing(
    app: Flask,
    rita: int,
    ada: int,
    site: str,
    open_page: Opener,
    do_work: Callable[[], None],
    time: Time,
    javascript: bool,
) -> None:
    phone = open_page(width=390, javascript=javascript)
    _sign_in(app, ada, phone, site)
    _find_and_begin(phone)
    _apply(phone)
    do_work()
    receipt = _last_mail()
    assert "Data Analyst" in receipt.subject
    assert "/follow/" in receipt.text
    _apply_twice(phone)

    phone.get_by_role("link", name="See your application").click()
    expect(phone.locator("[data-status=received]")).to_be_visible()
    expect(phone.locator("time[data-next-update-by]")).to_be_visible()
    page = phone.url
    _ask(phone)
    _answer(rita)
    do_work()
    phone.goto("/me/conversation")
    expect(phone.get_by_text("Yes, two days a week.")).to_be_visible()

    # Rita writes; the page says so only once the letter was accepted.
    time.pass_by(hours=1)
    _write(rita)
    phone.goto(page)
    expect(phone.locator("[data-status=received]")).to_be_visible()
    time.pass_by(minutes=20)
    do_work()
    phone.reload()
    expect(phone.locator("[data-status=interviewing]")).to_be_visible()
    expect(phone.get_by_text("We would like to meet you.")).to_be_visible()
    assert overflow(phone) == 0

    phone.get_by_role("link", name="Withdraw this application").click()
    phone.get_by_role("button", name="Withdraw my application").click()
    expect(phone.locator("[data-status=withdrawn]")).to_be_visible()
    do_work()
    assert "You withdrew your application for Data Analyst" in _last_mail().text
    end_reading()
    assert is_member(ada)


def _sign_in(app: Flask, person_id: int, phone: Page, site: str) -> None:
    give_session(phone, factories.signed_in(app, person_id), site)


def _find_and_begin(phone: Page) -> None:
    """What was typed and saved is there again after a reload."""
    phone.goto("/openings")
    phone.get_by_role("link", name="Data Analyst").click()
    phone.get_by_role("main").get_by_role("link", name=re.compile("Apply")).first.click()
    phone.wait_for_url("**/apply")
    address = phone.url
    phone.get_by_label("Cover note").fill("I like your tables.")
    with phone.expect_navigation():
        phone.get_by_role("button", name="Save and finish later").click()
    phone.goto(address)
    expect(phone.get_by_label("Cover note")).to_have_value("I like your tables.")


def _apply(phone: Page) -> None:
    """With a CV and what the opening asks; first with something left out."""
    phone.get_by_role("button", name="Send my application").click()
    expect(phone.get_by_role("alert")).to_contain_text("Please answer this question.")
    expect(phone.get_by_label("Cover note")).to_have_value("I like your tables.")
    phone.get_by_label("What draws you to data?").fill("Because it answers.")
    phone.get_by_text("Night", exact=True).click()
    phone.locator("input[type=file]").set_input_files(
        {"name": "Ada Lind.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    phone.get_by_role("button", name="Send my application").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("What you sent: Data Analyst")
    expect(phone.get_by_role("main")).to_contain_text("Ada Lind.pdf")
    expect(phone.get_by_role("main")).to_contain_text("Because it answers.")


def _apply_twice(phone: Page) -> None:
    phone.goto("/openings")
    phone.get_by_role("link", name="Data Analyst").click()
    phone.wait_for_url("**/openings/*")
    phone.goto(phone.url.rstrip("/") + "/apply")
    expect(phone.get_by_role("main")).to_contain_text("You have applied for this already")


def _ask(phone: Page) -> None:
    phone.get_by_role("link", name="Ask Rita Sander a question").click()
    phone.get_by_label("Your message").fill("May I work from home?")
    phone.get_by_role("main").get_by_role("button", name="Send").click()
    expect(phone.get_by_text("May I work from home?")).to_be_visible()


def _seen_by(rita: int) -> tuple[StaffScope, StaffView]:
    end_reading()
    scope = StaffScope(rita, Role.RECRUITER)
    view = find_for_staff(session().scalars(select(Application.public_id)).one(), scope)
    assert view is not None
    return scope, view


def _answer(rita: int) -> None:
    scope, view = _seen_by(rita)
    thread = find_thread(view.person_public_id, scope)
    assert thread is not None
    reply = Reply("Yes, two days a week.", view.public_id)
    seen = thread.messages[-1].public_id
    send_reply(
        view.person_public_id,
        scope=scope,
        reply=reply,
        seen_id=seen,
        form_key="one",
        is_hurried=True,
        now=clock.now(),
    )


def _write(rita: int) -> None:
    """A letter with the time in which it can be taken back."""
    scope, view = _seen_by(rita)
    hears_by = (clock.now() + timedelta(days=5)).date()
    proposal = Proposal(ApplicationStatus.INTERVIEWING, "We would like to meet you.", hears_by, "")
    write_to_candidate(
        view.public_id, scope=scope, proposal=proposal, seen_event_id=view.newest_event_id, now=clock.now()
    )


def _last_mail() -> DevMail:
    end_reading()
    wanted = select(DevMail).where(DevMail.to_address == ADA).order_by(DevMail.id.desc())
    found = session().scalars(wanted).first()
    assert found is not None
    return found
