"""Erasing oneself: what is open ends, one last mail goes first, and then nothing but the listed things is left."""

import pytest
from flask import Flask
from sqlalchemy import select

from portal.applications.models import Application
from portal.applications.states import ApplicationStatus
from portal.contact.actions import choose, stop
from portal.contact.rules import PURPOSE_WORDS
from portal.contact.states import Purpose
from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.permissions import Role
from portal.outbox.models import Delivery
from portal.privacy.actions import leave_for_good
from portal.privacy.jobs import erase_who_asked
from portal.privacy.rules import survivors
from portal.prospects.queries import erased_hash
from tests import factories
from tests.accounts import visitors
from tests.accounts.visitors import ADA, PASSWORD
from tests.conftest import Time
from tests.pages import Browser
from tests.privacy.erasing import entries, is_gone, journal, send_mail, what_had_been_said, work

__all__ = ["journal"]
ERASE = "/me/privacy/erase"

pytestmark = pytest.mark.usefixtures("journal")


@pytest.fixture
def ada(app: Flask) -> int:
    """Ada, with an open application and one that has ended."""
    person_id = visitors.join()
    rita = factories.make_staff()
    factories.make_application(factories.make_opening("Baker"), rita, person_id=person_id)
    ended = ApplicationStatus.NOT_SELECTED
    factories.make_application(factories.make_opening("Cook"), rita, person_id=person_id, status=ended)
    return person_id


@pytest.fixture
def hers(app: Flask, ada: int) -> Browser:
    return factories.signed_in(app, ada)


def erase(browser: Browser, **typed: str) -> None:
    browser.submit(browser.get(ERASE), action=ERASE, **{"address": ADA, **typed})


def test_the_page_says_what_ends_and_what_stays_in_the_words_of_the_code(hers: Browser) -> None:
    page = hers.get(ERASE)
    assert "1 open application is withdrawn: Baker." in page.text
    assert "1 earlier application goes" in page.text
    for words in survivors().values():
        assert " ".join(words.split()) in page.text
    held = hers.get("/me/privacy").text
    notice = Browser(hers.client.application).get("/privacy").text
    for words in survivors().values():
        assert words in held
        assert words in notice


def test_the_last_mail_goes_before_the_address(ada: int, hers: Browser) -> None:
    erase(hers)
    erase_who_asked(clock.now())
    assert not is_gone(ada), "the mail has not gone yet"
    assert not visitors.is_in(hers), "signed out at once"
    assert send_mail()[-1] == ("privacy/last_mail", ADA)
    erase_who_asked(clock.now())
    assert is_gone(ada)
    assert session().scalars(select(Application.id).where(Application.person_id == ada)).all() == []
    assert len(entries()) == 1
    erase_who_asked(clock.now())
    assert len(entries()) == 1


def test_the_last_mail_names_what_was_withdrawn_and_is_the_only_one(ada: int, hers: Browser) -> None:
    erase(hers)
    end_reading()
    waiting = session().scalars(select(Delivery).where(Delivery.person_id == ada).where(Delivery.state == "queued"))
    (mail,) = [one for one in waiting if one.kind != "accounts/password_changed"]
    assert "Baker" in mail.text
    assert "Cook" not in mail.text


def test_a_mail_server_that_stays_away_keeps_nobody(ada: int, hers: Browser, time: Time) -> None:
    erase(hers)
    time.pass_by(hours=47)
    erase_who_asked(clock.now())
    assert not is_gone(ada)
    time.pass_by(hours=1)
    erase_who_asked(clock.now())
    assert is_gone(ada)


def test_an_address_that_nobody_reads_keeps_nobody(ada: int, hers: Browser) -> None:
    erase(hers)
    factories.settle_mail(state="dead", error="no such user")
    erase_who_asked(clock.now())
    assert is_gone(ada)


def test_a_wrong_address_erases_nobody(ada: int, hers: Browser) -> None:
    page = hers.submit(hers.get(ERASE), action=ERASE, address="bo@demo.example", expect=422)
    assert f"This is not {ADA}." in page.text
    work()
    assert not is_gone(ada)


def test_who_found_the_device_cannot(ada: int, hers: Browser, time: Time) -> None:
    time.pass_by(hours=1)
    page = hers.submit(hers.get(ERASE), action=ERASE, address=ADA, present="guessed wrong", expect=422)
    assert "This is not your present password." in page.text
    work()
    assert not is_gone(ada)
    erase(hers, present=PASSWORD)
    work()
    assert is_gone(ada)


def test_who_works_here_hands_over_first(app: Flask) -> None:
    rita = visitors.hire()
    browser = factories.signed_in(app, rita)
    page = browser.get(ERASE)
    assert "You work here" in page.text
    assert not any(form.action == ERASE for form in page.forms)
    token = browser.get("/me/privacy/copy").form(having="csrf_token").values["csrf_token"]
    browser.client.post(ERASE, data={"csrf_token": token, "address": visitors.RITA})
    work()
    assert not is_gone(rita)


def test_twice_is_once(ada: int) -> None:
    for _time in range(2):
        leave_for_good(ada, ada, clock.now())
    assert len([kind for kind, _to in send_mail() if kind == "privacy/last_mail"]) == 1


def test_what_stays_of_the_address_says_what_they_had_wanted(ada: int, hers: Browser, time: Time) -> None:
    choose(ada, Purpose.JOB_ALERTS, True, source="/me", now=clock.now())
    time.pass_by(days=1)
    stop(ada, [Purpose.JOB_ALERTS], source="/me", now=clock.now())
    erase(hers, present=PASSWORD)
    work()
    assert what_had_been_said(erased_hash(ADA)) == {"job_alerts": ["withdrawn", "2026-03-05"]}


def test_they_can_join_again_as_if_we_had_never_met(app: Flask, ada: int, hers: Browser) -> None:
    erase(hers)
    work()
    again = visitors.join()
    assert again != ada
    assert "We know of no application of yours." in factories.signed_in(app, again).get("/me/privacy").text


def test_an_admin_does_it_for_somebody_who_writes(app: Flask, ada: int) -> None:
    choose(ada, Purpose.JOB_ALERTS, True, source="/join", now=clock.now())
    admin = factories.signed_in(app, factories.make_staff("Alma Reyes", Role.ADMIN))
    page = admin.get("/recruiting/admin/privacy-requests")
    page = admin.submit(page, action="/recruiting/admin/privacy-requests", email=ADA)
    assert "Job alerts: said yes, Wednesday 4 March 2026" in page.text
    assert str(PURPOSE_WORDS[Purpose.JOB_ALERTS]) in page.text
    action = f"{page.path}/erase"
    assert "Please say why." in admin.submit(page, action=action, expect=422).text
    page = admin.submit(page, action=action, erase_reason="A letter of 3 March")
    assert ADA in page.text
    work()
    assert is_gone(ada)
    page = admin.get("/recruiting/admin/privacy-requests")
    page = admin.submit(page, action="/recruiting/admin/privacy-requests", email=ADA)
    assert "was erased on Wednesday 4 March 2026" in page.text
    assert len(entries()) == 1


def test_an_admin_has_a_copy_made_and_does_not_get_it(app: Flask, ada: int) -> None:
    admin = factories.signed_in(app, factories.make_staff("Alma Reyes", Role.ADMIN))
    path = f"/recruiting/admin/privacy-requests/people/{factories.public_id_of(ada)}"
    page = admin.submit(admin.get(path), action=f"{path}/copy", copy_reason="Their mail of today")
    assert "only they can fetch it" in page.text
