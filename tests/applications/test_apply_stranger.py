"""Applying without being signed in: nothing is an application before the address is confirmed."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.applications.jobs import forget_unsent
from portal.applications.models import ApplyRequest
from portal.core import clock
from portal.core.db import session, transaction
from portal.files.jobs import delete_due_files
from portal.files.models import StoredFile
from portal.openings.models import Opening
from portal.openings.states import OpeningState
from portal.people.queries import known_person
from tests import factories
from tests.applications.applying import GOOD, fill, made, mails, opening, public_id_in, secrets_of, upload
from tests.conftest import Time
from tests.pages import Browser

pytestmark = pytest.mark.both_in_soak
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
    assert "You have applied for this already, and your application is open." in after.text
    assert "What you typed now was not added." in after.text
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
    mistyped = {**NEW, "email": "nia@exmaple.org"}
    sent = fill(visitor, visitor.get(f"/openings/{slug}/apply"), **mistyped, cv=upload())
    wrong_link = secrets_of()[0]
    form = visitor.submit(sent, action=f"/openings/{slug}/apply", button="change")
    values = form.form(having="cover_note").values
    assert (values["email"], values["question-why"]) == ("nia@exmaple.org", "Because it answers.")
    assert (values["question-permit"], values["cover_note"]) == ("yes", "I like your tables.")
    assert "My CV.pdf" in form.text
    fill(visitor, form, email="nia@example.org")
    # Whoever has the mistyped address sends nothing with it any more.
    assert "does not work any more" in visitor.get(f"/apply/{wrong_link}", expect=404).heading
    page = visitor.get(f"/apply/{secrets_of()[0]}")
    assert "My CV.pdf" in page.text
    visitor.submit(page, action=page.path)
    assert [submission.cv_id is not None for _application, submission in made()] == [True]


def test_after_a_wrong_code_what_was_sent_can_still_be_changed(visitor: Browser) -> None:
    slug = opening()
    sent = fill(visitor, visitor.get(f"/openings/{slug}/apply"), **NEW)
    code = secrets_of()[1]
    again = visitor.submit(sent, having="code", code="000000" if code != "000000" else "111111", expect=422)
    form = visitor.submit(again, action=f"/openings/{slug}/apply", button="change")
    assert form.form(having="cover_note").values["cover_note"] == "I like your tables."


def test_who_comes_back_to_the_page_after_sending_reads_nothing_of_it(visitor: Browser) -> None:
    slug = opening()
    sent = fill(visitor, visitor.get(f"/openings/{slug}/apply"), **NEW, cv=upload())
    kept = sent.form(having="kept").values["kept"]
    page = visitor.get("/apply/code")
    assert all("kept" not in form.names for form in page.forms)
    anew = visitor.get(f"/openings/{slug}/apply")
    assert "My CV.pdf" not in anew.text
    assert not anew.form(having="cover_note").values["kept"]
    # Nor is what one page knew good for another opening, or when somebody made it up.
    for path, text in ((opening(), kept), (slug, kept[:-2]), (slug, "")):
        sent_in = {"csrf_token": _csrf(visitor), "do": "change", "kept": text}
        answer = visitor.client.post(f"/openings/{path}/apply", data=sent_in)
        assert answer.status_code == 303, path


def test_what_was_confirmed_meanwhile_is_not_changed_from_an_older_page(app: Flask, visitor: Browser) -> None:
    slug = opening()
    page = fill(visitor, visitor.get(f"/openings/{slug}/apply"), expect=422, **{**NEW, "email": "no"}, cv=upload())
    sent = fill(visitor, page, email="nia@example.org")
    phone = factories.visitor(app)
    confirm = phone.get(f"/apply/{secrets_of()[0]}")
    phone.submit(confirm, action=confirm.path)
    late = visitor.submit(sent, action=f"/openings/{slug}/apply", button="change")
    assert "cannot be changed from that page any more" in late.text
    # The page before, which still names the file, neither removes it nor sends it a second time.
    for values in ({"do": "remove-cv"}, {"email": "eve@example.org"}):
        after = fill(visitor, page, expect=422, **values)
        assert "My CV.pdf" not in after.text
    file = session().get_one(StoredFile, made()[0][1].cv_id)
    assert file.owner_id == made()[0][0].person_id
    assert len(mails("applications/confirm_application")) == 1


def test_a_file_goes_with_one_request_only(visitor: Browser) -> None:
    slug = opening()
    page = fill(visitor, visitor.get(f"/openings/{slug}/apply"), expect=422, **{**NEW, "email": "no"}, cv=upload())
    fill(visitor, page, email="nia@example.org")
    second = fill(visitor, page, expect=422, email="eve@example.org")
    assert "Please choose it again" in second.text
    fill(visitor, page, expect=422, do="remove-cv")
    confirm = visitor.get(f"/apply/{secrets_of()[0]}")
    visitor.submit(confirm, action=confirm.path)
    assert made()[0][1].cv_id is not None


def test_a_file_that_was_not_sent_can_be_removed_and_is_gone(visitor: Browser) -> None:
    page = visitor.get(f"/openings/{opening()}/apply")
    page = fill(visitor, page, expect=422, **{**NEW, "email": "no"}, cv=upload())
    page = fill(visitor, page, expect=422, do="remove-cv")
    assert "My CV.pdf" not in page.text
    assert session().scalar(select(func.count()).select_from(StoredFile)) == 0


def test_what_was_never_confirmed_is_forgotten_with_its_file(visitor: Browser, time: Time) -> None:
    fill(visitor, visitor.get(f"/openings/{opening()}/apply"), **NEW, cv=upload())
    token, _code = secrets_of()
    time.pass_by(hours=24, minutes=1)
    forget_unsent(clock.now())
    forget_unsent(clock.now())
    assert "does not work any more" in visitor.get(f"/apply/{token}", expect=404).heading
    assert session().scalar(select(func.count()).select_from(ApplyRequest)) == 0
    assert session().scalar(select(func.count()).select_from(StoredFile)) == 0


def test_a_link_that_is_too_old_is_sent_anew_and_nothing_typed_is_lost(
    app: Flask, visitor: Browser, time: Time
) -> None:
    fill(visitor, visitor.get(f"/openings/{opening()}/apply"), **NEW, cv=upload())
    token, _code = secrets_of()
    time.pass_by(hours=20)
    forget_unsent(clock.now())
    delete_due_files(clock.now())
    other = Browser(app)
    page = other.get(f"/apply/{token}", expect=410)
    assert page.heading == "This link is too old"
    assert NEW["email"] not in page.text
    assert "A fresh link is on its way" in other.submit(page, action="/fresh").text
    fresh, _code = secrets_of()
    assert fresh != token
    assert "does not work any more" in other.get(f"/apply/{token}", expect=404).heading
    confirm = other.get(f"/apply/{fresh}")
    assert "My CV.pdf" in confirm.text
    other.submit(confirm, action=f"/apply/{fresh}")
    ((_application, submission),) = made()
    assert submission.cv_id is not None


def test_in_the_browser_that_asked_the_code_of_the_fresh_mail_works_too(visitor: Browser, time: Time) -> None:
    fill(visitor, visitor.get(f"/openings/{opening()}/apply"), **NEW)
    time.pass_by(hours=2)
    page = visitor.get(f"/apply/{secrets_of()[0]}", expect=410)
    code_page = visitor.submit(page, action="/fresh")
    visitor.submit(code_page, code=secrets_of()[1])
    assert len(made()) == 1


def test_fresh_links_to_one_address_have_an_end(app: Flask, visitor: Browser, time: Time) -> None:
    fill(visitor, visitor.get(f"/openings/{opening()}/apply"), **NEW)
    for _again in range(30):
        time.pass_by(minutes=61)
        page = visitor.get(f"/apply/{secrets_of()[0]}", expect=410)
        answer = visitor.client.post(f"{page.path}/fresh", data={"csrf_token": _csrf(visitor)})
        if answer.status_code == 429:
            break
    else:
        pytest.fail("mails without end")


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
