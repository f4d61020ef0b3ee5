"""A yes or no to hearing from us after “not yet”, said with the link from a mail, without signing in."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from portal.audit.models import AuditRecord
from portal.contact.actions import choose
from portal.contact.models import ConsentEvent
from portal.contact.queries import consent_states
from portal.contact.rules import PURPOSE_WORDS
from portal.contact.states import ConsentAction, Purpose
from portal.core import clock
from portal.core.db import end_reading, session
from portal.outbox.models import Delivery
from tests.applications.test_end_application import stays, told_not_yet
from tests.applications.test_follow import follow, newest_link
from tests.conftest import Time
from tests.factories import (
    Made,
    make_application,
    make_opening,
    make_person,
    make_staff,
    settle_mail,
    signed_in,
    visitor,
)
from tests.pages import Browser, Page

pytestmark = pytest.mark.both_in_soak
FRIDAY = date(2026, 3, 6)
YES, NO = "/write-to-me", "/rather-not"


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def ada(rita: int) -> Made:
    person_id = make_person("Ada Lind", "ada@example.org")
    return make_application(make_opening("Data Analyst"), rita, person_id=person_id, promised=FRIDAY)


@pytest.fixture
def reader(app: Flask, rita: int, ada: Made, time: Time) -> Browser:
    """A browser without an account, which follows what the link in the letter opens."""
    told_not_yet(ada, rita, time)
    browser = visitor(app)
    follow(browser, newest_link())
    return browser


def page_of(made: Made) -> str:
    return f"/me/applications/{made.public_id}"


def buttons(page: Page) -> set[str]:
    return {ending for form in page.forms for ending in (YES, NO) if form.action.endswith(ending)}


def entries(made: Made) -> list[ConsentEvent]:
    end_reading()
    theirs = select(ConsentEvent).where(ConsentEvent.person_id == made.person_id).order_by(ConsentEvent.id)
    return list(session().scalars(theirs))


def mails(kind: str = "applications/said_yes") -> list[Delivery]:
    end_reading()
    return list(session().scalars(select(Delivery).where(Delivery.kind == kind).order_by(Delivery.id)))


def press(browser: Browser, path: str, expect: int = 200, follow: bool = True) -> Page:
    """As a button would, wherever it stands."""
    page = browser.get("/sign-in")
    token = page.form(having="email").values["csrf_token"]
    return browser.post(path, {"csrf_token": token}, expect=expect, follow=follow)


def test_yes_with_the_link_is_kept_with_its_words_and_the_address_hears_of_it(reader: Browser, ada: Made) -> None:
    page = reader.get(page_of(ada))
    assert "Rita Sander would like to write to you around Friday 3 April 2026" in page.text
    assert str(PURPOSE_WORDS[Purpose.CHECK_INS]) in page.text
    assert buttons(page) == {YES, NO}
    page = reader.submit(page, action=YES)
    assert "Thank you. You hear from us around the days below" in page.text
    assert "Rita Sander writes to you around Friday 3 April 2026" in page.text
    assert "You said yes to hearing from us on" not in page.text
    assert buttons(page) == {NO}
    (entry,) = entries(ada)
    assert (entry.action, entry.source) == (ConsentAction.GIVEN, "/follow/write-to-me")
    assert entry.words == str(PURPOSE_WORDS[Purpose.CHECK_INS])
    (mail,) = mails()
    assert mail.to_address == "ada@example.org"
    assert "If it was not you" in mail.text
    press(reader, f"{page_of(ada)}{YES}")
    assert (len(entries(ada)), len(mails())) == (1, 1)


def test_whoever_did_not_say_it_takes_it_back_with_the_link_in_that_mail(
    app: Flask, reader: Browser, ada: Made
) -> None:
    reader.submit(reader.get(page_of(ada)), action=YES)
    settle_mail()
    other = visitor(app)
    follow(other, newest_link())
    page = other.submit(other.get(page_of(ada)), action=NO)
    assert "We do not write to you about this any more." in page.text
    assert stays() == []
    assert not consent_states(ada.person_id)[Purpose.CHECK_INS].is_given
    end_reading()
    found = session().scalars(select(AuditRecord).where(AuditRecord.action == "applications.rather_not")).one()
    assert (found.actor_id, found.details) == (None, {"by_link": True})
    assert buttons(reader.get(page_of(ada))) == set()
    page = press(reader, f"{page_of(ada)}{YES}")
    assert "there was nothing to say yes to" in page.text
    assert len(mails()) == 1


def test_no_with_the_link_leaves_a_yes_that_was_said_signed_in(reader: Browser, ada: Made) -> None:
    choose(ada.person_id, Purpose.CHECK_INS, True, source="test", now=clock.now())
    end_reading()
    reader.submit(reader.get(page_of(ada)), action=NO)
    assert stays() == []
    assert consent_states(ada.person_id)[Purpose.CHECK_INS].is_given


def test_a_link_never_undoes_what_they_had_taken_back_themselves(app: Flask, rita: int, ada: Made, time: Time) -> None:
    for is_wanted in (True, False):
        choose(ada.person_id, Purpose.CHECK_INS, is_wanted, source="test", now=clock.now())
    time.pass_by(hours=1)
    told_not_yet(ada, rita, time)
    reader = visitor(app)
    follow(reader, newest_link())
    page = reader.get(page_of(ada))
    assert "To say yes, please sign in first." in page.text
    assert buttons(page) == {NO}
    page = press(reader, f"{page_of(ada)}{YES}")
    assert page.path.startswith("/sign-in")
    assert "Please sign in to say yes" in page.text
    assert not consent_states(ada.person_id)[Purpose.CHECK_INS].is_given
    assert mails() == []
    owner = signed_in(app, ada.person_id)
    owner.submit(owner.get(page_of(ada)), action=YES)
    end_reading()
    assert consent_states(ada.person_id)[Purpose.CHECK_INS].is_given


def test_the_link_says_nothing_about_other_applications_or_after_it_ran_out(
    app: Flask, reader: Browser, rita: int, ada: Made, time: Time
) -> None:
    other = make_application(make_opening("Other role"), rita, person_id=ada.person_id, promised=FRIDAY)
    stranger = make_application(make_opening("Nurse"), rita, name="Bo Ek", promised=FRIDAY)
    for made in (other, stranger):
        for what in (YES, NO):
            assert press(reader, f"{page_of(made)}{what}").path.startswith("/sign-in")
    bo = signed_in(app, stranger.person_id)
    token = bo.get("/me/").form(action="/sign-out").values["csrf_token"]
    for what in (YES, NO):
        bo.post(f"{page_of(ada)}{what}", {"csrf_token": token}, expect=404)
        assert reader.client.post(f"{page_of(ada)}{what}", data={}).status_code in {303, 400}
        assert reader.client.get(f"{page_of(ada)}{what}").status_code == 405
    assert entries(ada) == []
    time.pass_by(days=31)
    for what in (YES, NO):
        assert press(reader, f"{page_of(ada)}{what}").path.startswith("/sign-in")
    assert entries(ada) == []
    assert mails() == []
    assert len(stays()) == 3


def test_somebody_who_signed_out_everywhere_ends_what_links_may_say(app: Flask, reader: Browser, ada: Made) -> None:
    owner = signed_in(app, ada.person_id)
    owner.submit(owner.get("/me/account"), action="/sign-out-everywhere")
    assert press(reader, f"{page_of(ada)}{YES}").path.startswith("/sign-in")
    assert entries(ada) == []
