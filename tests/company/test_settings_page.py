"""What an admin changes on the settings pages."""

import io
import struct
import zlib
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.audit.models import AuditRecord
from portal.company import queries
from portal.company.states import DEFAULTS, Setting
from portal.core.db import end_reading, session
from portal.core.permissions import Role
from tests.accounts.visitors import ADMIN, RITA, hire, sign_in
from tests.pages import Browser, Page

pytestmark = pytest.mark.both_in_soak
PATH = "/recruiting/admin/settings"
COMPANY, AREAS, DAYS, MAIL, PACE, PRIVACY, LOGO = (
    f"{PATH}/{name}" for name in ("company", "areas", "days", "mail", "pace", "privacy", "logo")
)


@pytest.fixture
def admin(app: Flask) -> Browser:
    return signed_in(app, ADMIN, Role.ADMIN)


def signed_in(app: Flask, email: str, role: Role) -> Browser:
    hire(email, role)
    browser = Browser(app)
    sign_in(browser, email)
    return browser


def front(admin: Browser) -> Page:
    return Browser(admin.app).get("/")


def test_what_a_company_says_of_itself_is_what_people_see(admin: Browser) -> None:
    page = admin.submit(
        admin.get(COMPANY),
        name="Lumen & Daughters",
        introduction="We answer everybody.",
        team="Small teams.\nShort meetings.",
        accent="plum",
    )
    assert "Saved." in page.text
    shown = front(admin)
    assert "We answer everybody." in shown.text
    assert "Small teams. Short meetings." in shown.text
    assert shown.title.endswith("Lumen & Daughters")
    assert 'data-accent="plum"' in shown.body
    assert "Lumen & Daughters · Plum · No logo" in admin.get(PATH).text


def test_an_empty_name_is_the_one_that_the_site_was_set_up_with(admin: Browser) -> None:
    admin.submit(admin.get(COMPANY), name="Lumen")
    assert front(admin).title.endswith("Lumen")
    admin.submit(admin.get(COMPANY), name="")
    assert front(admin).title.endswith("Kindred")


def test_a_colour_of_their_own_is_on_every_page_and_its_contrast_is_said(admin: Browser) -> None:
    page = admin.submit(admin.get(COMPANY), accent="own", colour="FFD400")
    assert "#ffd400" in page.text
    assert "On light pages" in page.text
    shown = front(admin)
    address = next(link for link in stylesheets(shown) if "look.css" in link)
    assert "data-accent" not in shown.body
    answer = Browser(admin.app).client.get(address)
    assert answer.mimetype == "text/css"
    assert "light-dark(" in answer.text
    assert "immutable" in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers


def stylesheets(page: Page) -> list[str]:
    assert page.tree is not None
    links = page.tree.iter("{http://www.w3.org/1999/xhtml}link")
    return [link.get("href", "") for link in links if link.get("rel") == "stylesheet"]


@pytest.mark.parametrize("colour", ["", "red", "%7D%20body", "12345"])
def test_a_stylesheet_is_made_of_a_colour_only(app: Flask, colour: str) -> None:
    assert Browser(app).get(f"/look.css?v=1&colour={colour}", expect=404).status == 404


def png(width: int = 60, height: int = 30) -> bytes:
    def part(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    rows = zlib.compress(b"".join(b"\0" + bytes(width * 3) for _row in range(height)))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", rows) + part(b"IEND", b"")


def upload(admin: Browser, content: bytes, name: str = "logo.png", expect: int = 200) -> Page:
    form = admin.get(LOGO).form(having="picture")
    return admin.post(LOGO, {**form.values, "picture": (io.BytesIO(content), name)}, expect=expect)


def logo_address(page: Page) -> str:
    assert page.tree is not None
    return next(
        (e.get("src", "") for e in page.tree.iter("{http://www.w3.org/1999/xhtml}img") if e.get("alt") == ""), ""
    )


def test_a_logo_stands_at_the_head_of_every_page_until_it_is_removed(admin: Browser) -> None:
    page = upload(admin, png())
    assert "Saved." in page.text
    address = logo_address(front(admin))
    answer = Browser(admin.app).client.get(address)
    assert (answer.data[8:12], answer.mimetype) == (b"WEBP", "image/webp")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    upload(admin, png(30, 30))
    assert logo_address(front(admin)) != address
    assert Browser(admin.app).client.get(address).status_code == 404
    page = admin.submit(admin.get(LOGO), action="/remove")
    assert "The logo is gone." in page.text
    assert logo_address(front(admin)) == ""


def test_a_file_that_is_no_picture_is_refused_whatever_it_is_called(admin: Browser) -> None:
    page = upload(admin, b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", expect=422)
    assert "Please choose a picture in PNG, JPEG or WebP." in page.text
    assert logo_address(front(admin)) == ""


def test_areas_are_offered_as_they_were_typed(admin: Browser) -> None:
    page = admin.get(AREAS)
    areas = page.form(having="areas").values["areas"]
    assert "Saved." in admin.submit(page, areas=areas.replace("Data\n", "") + "\nRobots").text
    end_reading()
    keys = [area.key for area in queries.areas()]
    assert "data" not in keys
    assert (keys[0], keys[-1]) == ("engineering", "robots")


def test_holidays_are_listed_for_the_coming_year(admin: Browser) -> None:
    page = admin.submit(admin.get(DAYS), country="DE", own_days="12-24 Christmas Eve")
    assert "Saved." in page.text
    assert "Friday 3 April 2026 Good Friday" in page.text
    assert "Thursday 24 December 2026 Christmas Eve, your own" in page.text
    page = admin.submit(page, region="BY")
    assert "Wednesday 6 January 2027 Epiphany" in page.text
    assert "Germany, Bayern" in admin.get(PATH).text


def test_a_region_of_another_country_does_not_outlive_it(admin: Browser) -> None:
    admin.submit(admin.submit(admin.get(DAYS), country="DE"), region="BY")
    admin.submit(admin.get(DAYS), country="PL")
    end_reading()
    assert queries.setting(Setting.HOLIDAYS) == {"country": "PL", "region": ""}


def test_hours_budget_and_pace_are_kept(admin: Browser) -> None:
    admin.submit(admin.get(MAIL), quiet_start="20:00", quiet_end="07:30", community_per_month="1", undo_minutes="0")
    admin.submit(admin.get(PACE), in_review="8")
    end_reading()
    assert queries.quiet_hours().start.hour == 20
    assert queries.contact_budget().community_per_month == 1
    assert queries.undo_minutes() == 0
    assert queries.pace()["in_review"] == 8
    assert "Quiet: 20:00 to 07:30 · At most 1 message a month" in admin.get(PATH).text


def test_the_companys_own_notice_takes_the_place_of_ours_and_whom_to_ask_stays(admin: Browser) -> None:
    admin.submit(
        admin.get(PRIVACY),
        contact_name="Ines",
        contact_email="privacy@kindred.example",
        privacy_notice="# What we keep\n- your <b>name</b>\n- your address",
    )
    assert queries.privacy_contact() == queries.PrivacyContact("Ines", "privacy@kindred.example")
    page = Browser(admin.app).get("/privacy")
    assert "What we keep your <b>name</b> your address" in page.text
    assert "We do not ask for your age" not in page.text
    assert "privacy@kindred.example" in page.text
    admin.submit(admin.get(PRIVACY), privacy_notice="")
    assert "We do not ask for your age" in Browser(admin.app).get("/privacy").text


def test_an_imprint_is_linked_from_every_page_once_there_is_one(admin: Browser) -> None:
    Browser(admin.app).get("/imprint", expect=404)
    assert "/imprint" not in front(admin).links
    admin.submit(admin.get(PRIVACY), imprint="# Kindred Ltd\nMain Street 1")
    assert "/imprint" in front(admin).links
    assert "Kindred Ltd Main Street 1" in Browser(admin.app).get("/imprint").text


def test_a_change_is_noted_without_what_was_written(admin: Browser) -> None:
    admin.submit(admin.get(COMPANY), introduction="A secret sentence", accent="rose")
    end_reading()
    record = session().scalars(select(AuditRecord).where(AuditRecord.action == "company.change_settings")).one()
    assert set(record.details["names"].split(", ")) == {"accent", "introduction"}


@pytest.mark.parametrize("path", [COMPANY, AREAS, MAIL, PACE, PRIVACY])
def test_saving_without_a_change_notes_nothing(admin: Browser, path: str) -> None:
    assert "Nothing was changed." in admin.submit(admin.get(path), having="version").text
    end_reading()
    assert not session().scalars(select(AuditRecord).where(AuditRecord.action == "company.change_settings")).all()


@pytest.mark.parametrize(
    ("path", "values", "words"),
    [
        (AREAS, {"areas": " "}, "Please keep at least one area"),
        (PRIVACY, {"contact_email": "privacy at kindred"}, "not an e-mail address"),
        (PRIVACY, {"community_months": "0"}, "a whole number from 1 to 120"),
        (COMPANY, {"accent": "pink"}, "Not a valid choice"),
        (COMPANY, {"accent": "own", "colour": ""}, "Write your colour here"),
        (COMPANY, {"accent": "own", "colour": "sunny"}, "Write the colour like #0b5fff"),
        (COMPANY, {"introduction": "x" * 301}, "under 300"),
        (DAYS, {"country": "XX"}, "Not a valid choice"),
        (DAYS, {"week": []}, "Please keep at least one day"),
        (DAYS, {"own_days": "Christmas"}, "does not begin with a day"),
        (DAYS, {"office_end": "08:00"}, "The end comes after the beginning"),
        (DAYS, {"office_end": "soon"}, "Not a valid time"),
        (MAIL, {"community_per_month": "many"}, "a whole number from 0 to 31"),
        (PACE, {"received": ""}, "a whole number from 1 to 60"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    admin: Browser, path: str, values: dict[str, Any], words: str
) -> None:
    page = admin.post(path, {**admin.get(path).form(having="version").values, **values}, expect=422)
    assert words in page.text
    end_reading()
    assert queries.company_settings() == DEFAULTS


def test_the_second_of_two_admins_is_shown_both_and_loses_nothing(app: Flask, admin: Browser) -> None:
    other = signed_in(app, RITA, Role.ADMIN)
    mine, theirs = admin.get(COMPANY), other.get(COMPANY)
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


def test_two_admins_on_two_pages_are_not_in_each_others_way(app: Flask, admin: Browser) -> None:
    other = signed_in(app, RITA, Role.ADMIN)
    mine = admin.get(COMPANY)
    other.submit(other.get(PACE), received="9")
    assert "Saved." in admin.submit(mine, accent="violet").text


@pytest.mark.parametrize("path", [COMPANY, AREAS, DAYS, MAIL, PACE, PRIVACY])
def test_whoever_is_late_reads_in_words_what_was_saved_meanwhile(app: Flask, admin: Browser, path: str) -> None:
    other = signed_in(app, RITA, Role.ADMIN)
    changes: dict[str, dict[str, Any]] = {
        COMPANY: {"name": "Lumen", "team": "Small teams", "accent": "own", "colour": "#0b5fff"},
        AREAS: {"areas": "Robots"},
        DAYS: {"country": "PL", "own_days": "12-24 Eve", "week": ["0", "2"], "office_start": "08:00"},
        MAIL: {"quiet_start": "20:00", "community_per_month": "1", "undo_minutes": "5"},
        PACE: {"received": "9"},
        PRIVACY: {"contact_name": "Ines", "community_months": "12", "imprint": "Kindred Ltd"},
    }
    mine, theirs = admin.get(path), other.get(path)
    other.post(path, {**theirs.form(having="version").values, **changes[path]})
    page = admin.submit(mine, having="version", expect=409)
    assert "Saved now:" in page.text


def test_only_admins_come_here(app: Flask) -> None:
    rita = signed_in(app, RITA, Role.RECRUITER)
    for path in (PATH, COMPANY, LOGO, DAYS):
        rita.get(path, expect=404)
