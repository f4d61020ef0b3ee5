"""What an admin changes on the settings page."""

import pytest
from flask import Flask
from sqlalchemy import select

from portal.audit.models import AuditRecord
from portal.company import queries
from portal.company.states import DEFAULTS
from portal.core.db import end_reading, session
from portal.core.permissions import Role
from tests.accounts.visitors import ADMIN, RITA, hire, sign_in
from tests.pages import Browser

PATH = "/recruiting/admin/settings"


@pytest.fixture
def admin(app: Flask) -> Browser:
    return signed_in(app, ADMIN, Role.ADMIN)


def signed_in(app: Flask, email: str, role: Role) -> Browser:
    hire(email, role)
    browser = Browser(app)
    sign_in(browser, email)
    return browser


def test_what_is_saved_is_what_people_see(admin: Browser) -> None:
    page = admin.get(PATH)
    areas = page.form(having="areas").values["areas"]
    page = admin.submit(
        page,
        areas=areas.replace("Data\n", "") + "\nRobots",
        accent="plum",
        introduction="We answer everybody.",
        contact_name="Ines",
        contact_email="privacy@kindred.example",
    )
    assert "Saved." in page.text
    end_reading()
    keys = [area.key for area in queries.areas()]
    assert "data" not in keys
    assert keys[-1] == "robots"
    assert keys[0] == "engineering"
    assert queries.introduction() == "We answer everybody."
    assert "We answer everybody." in Browser(admin.app).get("/").text
    assert queries.privacy_contact() == queries.PrivacyContact("Ines", "privacy@kindred.example")
    assert 'data-accent="plum"' in Browser(admin.app).get("/privacy").body
    assert "privacy@kindred.example" in Browser(admin.app).get("/privacy").text


def test_a_change_is_noted_without_what_was_written(admin: Browser) -> None:
    admin.submit(admin.get(PATH), introduction="A secret sentence", accent="rose")
    end_reading()
    record = session().scalars(select(AuditRecord).where(AuditRecord.action == "company.change_settings")).one()
    assert record.details == {"names": "accent, introduction"}


def test_saving_without_a_change_notes_nothing(admin: Browser) -> None:
    assert "Nothing was changed." in admin.submit(admin.get(PATH), having="accent").text
    end_reading()
    assert not session().scalars(select(AuditRecord).where(AuditRecord.action == "company.change_settings")).all()


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("areas", " ", "Please keep at least one area"),
        ("contact_email", "privacy at kindred", "not an e-mail address"),
        ("accent", "pink", "Not a valid choice"),
        ("introduction", "x" * 301, "under 300"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(admin: Browser, name: str, value: str, words: str) -> None:
    page = admin.post(PATH, {**admin.get(PATH).form(having=name).values, name: value}, expect=422)
    assert words in page.text
    end_reading()
    assert queries.company_settings() == DEFAULTS


def test_the_second_of_two_admins_is_shown_both_and_loses_nothing(app: Flask, admin: Browser) -> None:
    other = signed_in(app, RITA, Role.ADMIN)
    mine, theirs = admin.get(PATH), other.get(PATH)
    other.submit(theirs, accent="clay")
    page = admin.submit(mine, accent="violet", introduction="Mine", expect=409)
    assert "Somebody else saved these settings" in page.text
    assert "Saved now: Clay" in page.text
    assert "You entered: Violet" in page.text
    assert page.form(having="introduction").values["introduction"] == "Mine"
    end_reading()
    assert queries.accent() == "clay"
    assert "Saved." in admin.submit(page, having="introduction").text
    end_reading()
    assert queries.accent() == "violet"


def test_only_admins_come_here(app: Flask) -> None:
    signed_in(app, RITA, Role.RECRUITER).get(PATH, expect=404)
