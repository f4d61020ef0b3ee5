"""What goes wrong on purpose around people without an opening: links, forms, lists, and mail to who wants none."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from portal.contact.actions import record_consent, stop, stop_everything
from portal.contact.states import ConsentAction, Purpose
from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.permissions import Role
from portal.people.models import Person
from portal.people.queries import known_person
from portal.privacy.actions import erase_person
from portal.prospects.actions import add_prospect
from portal.prospects.models import Prospect
from portal.prospects.queries import find_prospect
from portal.prospects.rules import ProspectRefused
from tests import factories
from tests.pages import Browser
from tests.prospects.meeting import NOEL, added, invited, mails, no_thanks_in, scope, work

pytestmark = pytest.mark.both_in_soak


@pytest.fixture
def rita(app: Flask) -> int:
    return factories.make_staff("Rita Sander", email="rita@example.com")


@pytest.fixture
def desk(app: Flask, rita: int) -> Browser:
    return factories.signed_in(app, rita)


def person_id(email: str = NOEL.email) -> int:
    known = known_person(email)
    assert known is not None
    return known.person_id


def says_yes_elsewhere(rita: int, purpose: Purpose) -> None:
    record_consent(
        person_id(),
        purpose,
        ConsentAction.GIVEN,
        words="Yes",
        text_version="elsewhere",
        locale="en",
        source="stand",
        now=clock.now(),
        actor_id=rita,
    )


def test_who_said_that_they_want_no_mail_is_not_invited(app: Flask, rita: int, desk: Browser) -> None:
    public_id = added(rita)
    says_yes_elsewhere(rita, Purpose.INSIDER_UPDATES)
    stop_everything(person_id(), source="/unsubscribe", now=clock.now())
    end_reading()
    done = invited(rita, public_id)
    assert (done.count, [one.why for one in done.left_out]) == (0, ["They said that they want no mail from us."])
    assert f'value="{public_id}"' not in desk.client.get("/recruiting/prospects").text
    page = desk.get(f"/recruiting/prospects/{public_id}")
    assert "They said that they want no mail from us, so they are not invited." in page.text
    assert "Invite them" not in page.text
    work(app)
    assert mails() == []


def test_who_stopped_one_kind_and_kept_another_may_be_invited(app: Flask, rita: int) -> None:
    public_id = added(rita)
    for purpose in (Purpose.INSIDER_UPDATES, Purpose.JOB_ALERTS):
        says_yes_elsewhere(rita, purpose)
    stop(person_id(), [Purpose.JOB_ALERTS], source="/unsubscribe", now=clock.now())
    end_reading()
    assert invited(rita, public_id).count == 1


def test_opening_the_link_deletes_nobody_however_often(app: Flask, rita: int) -> None:
    invited(rita, added(rita))
    work(app)
    link = no_thanks_in(mails()[0])
    browser = factories.visitor(app)
    for _time in range(3):
        assert browser.client.get(link).status_code == 200
        assert browser.client.head(link).status_code == 200
        assert browser.client.options(link).status_code == 200
    work(app)
    assert find_prospect(known_public_id()) is not None


def known_public_id() -> str:
    end_reading()
    return session().scalars(select(Person.public_id).join(Prospect, Prospect.person_id == Person.id)).one()


def test_the_link_of_one_deletes_nobody_else_and_works_once(app: Flask, rita: int) -> None:
    first = added(rita)
    second = added(rita, email="bo@example.org", name="Bo")
    invited(rita, first, second)
    work(app)
    link = no_thanks_in(mails()[0])
    browser = factories.visitor(app)
    form = browser.get(link).form(having="csrf_token").values
    for _time in range(2):
        browser.client.post(link, data={**form, "person_id": person_id("bo@example.org"), "public_id": second})
        work(app)
    assert find_prospect(first) is None
    assert find_prospect(second) is not None
    assert browser.client.get(link).status_code == 404


@pytest.mark.parametrize("token", ["x", "None", "0" * 43, "..%2F..", "%00", "é"])
def test_made_up_links_are_dead(app: Flask, token: str) -> None:
    browser = factories.visitor(app)
    assert browser.client.get(f"/no-thanks/{token}").status_code == 404
    assert browser.client.get(f"/not-now/{token}").status_code == 404


def test_the_page_after_it_says_the_same_whoever_asks(app: Flask) -> None:
    browser = factories.visitor(app)
    assert browser.get("/no-thanks").text == factories.visitor(app).get("/no-thanks").text


@pytest.mark.parametrize("email", ["NOEL@example.org", " noel@EXAMPLE.org ", "noel@example.org"])
def test_an_erased_address_is_not_added_however_it_is_written(app: Flask, rita: int, desk: Browser, email: str) -> None:
    added(rita)
    erase_person(person_id(), actor_id=None, now=clock.now())
    end_reading()
    page = desk.get("/recruiting/prospects/new")
    answer = desk.submit(page, name="Noël Petit", email=email, source_note="A list", expect=422)
    assert "is not added again" in answer.text
    assert session().scalars(select(Prospect.person_id)).all() == []


def test_colleagues_neither_add_nor_see_themselves(app: Flask, rita: int, desk: Browser) -> None:
    with pytest.raises(ProspectRefused):
        add_prospect(replace(NOEL, email="rita@example.com"), scope=scope(rita), now=clock.now())
    end_reading()
    own = factories.public_id_of(rita)
    for path in (f"/recruiting/prospects/{own}", f"/recruiting/candidates/{own}/pages"):
        assert desk.client.get(path).status_code == 404


def test_hiring_managers_and_candidates_reach_none_of_it(app: Flask, rita: int) -> None:
    public_id = added(rita)
    hugo = factories.signed_in(app, factories.make_staff("Hugo Brandt", Role.HIRING_MANAGER))
    ada = factories.signed_in(app, factories.make_person("Ada Lind"))
    paths = ("", "/new", "/invite", f"/invite?p={public_id}", f"/{public_id}")
    for browser in (hugo, ada):
        for path in paths:
            answer = browser.client.get(f"/recruiting/prospects{path}")
            assert answer.status_code in {403, 404}
            assert "Petit" not in answer.text
