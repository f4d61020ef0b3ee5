"""Applying without being signed in: nothing is an application before the address is confirmed."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.applications.jobs import forget_unsent
from portal.applications.models import ApplyRequest
from portal.core import clock
from portal.core.db import session, transaction
from portal.files.models import StoredFile
from portal.openings.models import Opening
from portal.openings.states import OpeningState
from portal.people.queries import known_person
from tests import factories
from tests.applications.applying import GOOD, fill, made, mails, opening, public_id_in, secrets_of, upload
from tests.conftest import Time
from tests.pages import Browser

NEW = {**GOOD, "name": "Nia New", "email": "nia@example.org"}


@pytest.fixture
def visitor(app: Flask) -> Browser:
    return factories.visitor(app)


def _csrf(browser: Browser) -> str:
    return str(browser.get("/join").form(having="csrf_token").values["csrf_token"])


def test_a_stranger_applies_and_one_tap_in_the_mail_makes_the_application(app: Flask, visitor: Browser) -> None:
    slug = opening()
    asked = fill(visitor, visitor.get(f"/openings/{slug}/apply?ref=board"), **NEW, cv=upload())
    assert asked.heading == "Check your mail"
    assert made() == []
    assert known_person("nia@example.org") is None
    (mail,) = mails("applications/confirm_application")
    assert "I like your tables" not in mail.text
    token, _code = secrets_of()
    elsewhere = factories.visitor(app)
    page = elsewhere.get(f"/apply/{token}")
    elsewhere.get(f"/apply/{token}")
    assert "Because it answers." in page.text
    assert "My CV.pdf" in page.text
    receipt = elsewhere.submit(page, action=f"/apply/{token}")
    (application, submission), *rest = made()
    assert not rest
    assert application.public_id == public_id_in(receipt)
    assert application.channel == "board"
    file = session().get_one(StoredFile, submission.cv_id)
    assert (file.owner_id, file.delete_on) == (application.person_id, None)
    assert mails("applications/received")[0].to_address == "nia@example.org"
    elsewhere.get(f"/me/applications/{application.public_id}")
    # The link works once.
    assert "does not work any more" in factories.visitor(app).get(f"/apply/{token}", expect=404).heading
    assert (
        "does not work any more" in visitor.post(f"/apply/{token}", {"csrf_token": _csrf(visitor)}, expect=404).heading
    )
    assert len(made()) == 1


def test_the_code_does_the_same_in_the_browser_that_asked(app: Flask, visitor: Browser) -> None:
    asked = fill(visitor, visitor.get(f"/openings/{opening()}/apply"), **NEW)
    _token, code = secrets_of()
    wrong = visitor.submit(asked, having="code", code="000000" if code != "000000" else "111111", expect=422)
    receipt = visitor.submit(wrong, having="code", code=code)
    assert "Your application is with us" in receipt.text
    assert len(made()) == 1


def test_known_and_unknown_addresses_read_the_same(app: Flask, visitor: Browser) -> None:
    slug = opening()
    factories.make_person("Known Kim", "kim@example.org")
    page = visitor.get(f"/openings/{slug}/apply")
    answers = [
        fill(visitor, page, **{**NEW, "email": email}).text.replace(email, "x")
        for email in ("kim@example.org", "new@example.org")
    ]
    assert answers[0] == answers[1]
    first, second = mails("applications/confirm_application")
    assert first.subject == second.subject
    assert "Known Kim" in first.text


def test_who_had_applied_already_is_led_there_after_confirming(app: Flask, visitor: Browser) -> None:
    slug, kim = opening(), factories.make_person("Kim", "kim@example.org")
    browser = factories.signed_in(app, kim)
    before = public_id_in(fill(browser, browser.get(f"/openings/{slug}/apply"), **GOOD))
    fill(visitor, visitor.get(f"/openings/{slug}/apply"), **{**NEW, "email": "kim@example.org"}, cv=upload())
    page = visitor.get(f"/apply/{secrets_of()[0]}")
    after = visitor.submit(page, action=page.path)
    assert after.response.request.path == f"/me/applications/{before}"
    assert "You had applied for this already." in after.text
    assert len(made()) == 1
    assert session().scalar(select(func.count()).select_from(StoredFile)) == 0


def test_a_file_is_not_lost_when_something_else_is_wrong(visitor: Browser) -> None:
    page = visitor.get(f"/openings/{opening()}/apply")
    again = fill(visitor, page, expect=422, **{**NEW, "email": "no address"}, cv=upload())
    assert "My CV.pdf" in again.text
    assert again.form(having="email").values["email"] == "no address"
    fill(visitor, again, email="nia@example.org")
    page = visitor.get(f"/apply/{secrets_of()[0]}")
    visitor.submit(page, action=page.path)
    assert made()[0][1].cv_id is not None


def test_a_mistyped_address_takes_the_file_along_to_the_right_one(visitor: Browser) -> None:
    slug = opening()
    fill(visitor, visitor.get(f"/openings/{slug}/apply"), **{**NEW, "email": "nia@exmaple.org"}, cv=upload())
    fill(visitor, visitor.get(f"/openings/{slug}/apply"), **NEW)
    page = visitor.get(f"/apply/{secrets_of()[0]}")
    assert "My CV.pdf" in page.text


def test_what_was_never_confirmed_is_forgotten_with_its_file(visitor: Browser, time: Time) -> None:
    fill(visitor, visitor.get(f"/openings/{opening()}/apply"), **NEW, cv=upload())
    token, _code = secrets_of()
    time.pass_by(minutes=61)
    assert "does not work any more" in visitor.get(f"/apply/{token}", expect=404).heading
    forget_unsent(clock.now())
    forget_unsent(clock.now())
    assert session().scalar(select(func.count()).select_from(ApplyRequest)) == 0
    assert session().scalar(select(func.count()).select_from(StoredFile)) == 0


def test_an_opening_that_closes_before_the_confirmation_says_so_and_makes_nothing(visitor: Browser) -> None:
    slug = opening()
    fill(visitor, visitor.get(f"/openings/{slug}/apply"), **NEW)
    page = visitor.get(f"/apply/{secrets_of()[0]}")
    with transaction() as own:
        stopped = own.scalars(select(Opening).where(Opening.slug == slug)).one()
        stopped.state, stopped.stopped_at = OpeningState.STOPPED, clock.now()
    said = visitor.submit(page, action=page.path, expect=410)
    assert said.heading == "This opening has closed"
    assert made() == []
    assert known_person("nia@example.org") is None


@pytest.mark.only("sqlite")  # refused before the database is asked
def test_robots_that_fill_every_field_leave_nothing(visitor: Browser) -> None:
    page = visitor.get(f"/openings/{opening()}/apply")
    fill(visitor, page, expect=422, **NEW, website="http://spam.example", cv=upload())
    assert session().scalar(select(func.count()).select_from(StoredFile)) == 0
    assert mails("applications/confirm_application") == []


def test_many_mails_to_one_address_are_stopped_and_the_form_is_kept(visitor: Browser) -> None:
    page = visitor.get(f"/openings/{opening()}/apply")
    for _number in range(5):
        fill(visitor, page, **NEW)
    refused = fill(visitor, page, expect=429, **NEW)
    assert refused.form(having="cover_note").values["cover_note"] == "I like your tables."
