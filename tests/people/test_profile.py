"""What candidates read of a colleague: changed by themselves and by admins, shown where they see who to ask."""

from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select

from portal.audit.models import AuditRecord
from portal.core.db import end_reading, session
from portal.core.permissions import Role
from portal.people.actions import take_off_staff
from portal.people.models import StaffPicture
from portal.people.queries import active_recruiters, find_picture, profile_of
from portal.people.rules import sort_key
from tests.factories import make_application, make_opening, make_staff, public_id_of, signed_in, visitor
from tests.pages import Browser, Page
from tests.people.test_pictures import JPEG, PNG, SECRET, drawing, exif, saved

pytestmark = pytest.mark.both_in_soak
OWN = "/recruiting/profile"


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander")


def send_picture(browser: Browser, data: bytes, *, path: str = OWN, expect: int = 200, **words: str) -> Page:
    """Choose a picture and save."""
    form = browser.get(path).form(having="talks")
    sent = {**form.values, **words, "picture": (BytesIO(data), "me.jpg")}
    return browser.post(path, sent, expect=expect)


def picture_on(page: Page) -> str:
    """The address of the picture that a page shows, if any."""
    assert page.tree is not None
    found = [e.get("src", "") for e in page.tree.iter() if (e.get("src") or "").startswith("/pictures/")]
    return found[0] if found else ""


def test_words_are_saved_and_read_by_the_candidate(app: Flask, rita: int) -> None:
    browser = signed_in(app, rita)
    words = {
        "introduction": "  Recruiter,\t engineering ",
        "say_name": "REE-tah ZAN-der",
        "school": "University of Leeds",
        "talks": "Hiring without silence https://example.org/talk\n\n  What candidates remember",
    }
    page = browser.submit(browser.get(OWN), **words)
    assert "Saved" in page.text
    made = make_application(make_opening(), rita)
    text = signed_in(app, made.person_id).get(f"/me/applications/{made.public_id}")
    for seen in ("REE-tah ZAN-der", "Recruiter, engineering", "University of Leeds", "What candidates remember"):
        assert seen in text.text
    assert "https://example.org/talk" in text.links
    profile = profile_of(rita)
    assert profile is not None
    assert profile.talks.splitlines()[1] == "What candidates remember"


def test_candidate_of_somebody_without_a_profile_reads_name_and_address(app: Flask, rita: int) -> None:
    made = make_application(make_opening(), rita)
    page = signed_in(app, made.person_id).get(f"/me/applications/{made.public_id}")
    assert "Rita Sander" in page.text
    assert "More about" not in page.text
    assert picture_on(page) == ""


def test_too_long_words_are_told_and_kept(app: Flask, rita: int) -> None:
    browser = signed_in(app, rita)
    page = browser.submit(browser.get(OWN), introduction="x" * 201, school="Leeds", expect=422)
    assert "under 200 characters" in page.text
    assert page.form(having="school").values["school"] == "Leeds"


def test_picture_is_shown_to_whoever_reads_who_to_ask_and_to_nobody_for_anything_else(app: Flask, rita: int) -> None:
    browser = signed_in(app, rita)
    src = picture_on(send_picture(browser, saved(drawing(), "JPEG", exif=exif(6))))
    answer = visitor(app).client.get(src)
    assert answer.status_code == 200
    assert SECRET not in answer.data
    assert answer.mimetype == "image/webp"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    made = make_application(make_opening(), rita)
    assert picture_on(signed_in(app, made.person_id).get(f"/me/applications/{made.public_id}")) == src
    visitor(app).get("/pictures/unknown-one", expect=404)


def test_another_picture_replaces_the_former_under_another_address(app: Flask, rita: int) -> None:
    browser = signed_in(app, rita)
    first, second = picture_on(send_picture(browser, JPEG)), picture_on(send_picture(browser, PNG))
    assert first != second
    assert browser.client.get(first).status_code == 404
    assert browser.client.get(second).mimetype == "image/webp"
    assert len(session().scalars(select(StaffPicture.public_id)).all()) == 1


def test_picture_can_be_removed(app: Flask, rita: int) -> None:
    browser = signed_in(app, rita)
    send_picture(browser, JPEG)
    page = browser.submit(browser.get(OWN), action="/remove")
    assert picture_on(page) == ""


def test_saving_without_a_new_picture_keeps_the_one_there(app: Flask, rita: int) -> None:
    browser = signed_in(app, rita)
    src = picture_on(send_picture(browser, JPEG))
    form = browser.get(OWN).form(having="talks")
    page = browser.post(OWN, {**form.values, "school": "Leeds", "picture": (BytesIO(b""), "")})
    assert picture_on(page) == src


def test_what_is_no_picture_is_told_beside_the_field_and_the_words_are_kept(app: Flask, rita: int) -> None:
    browser = signed_in(app, rita)
    page = send_picture(browser, b"<svg onload='alert(1)'/>", school="Leeds", expect=422)
    assert "PNG, JPEG or WebP" in page.text
    assert page.form(having="school").values["school"] == "Leeds"
    page = send_picture(browser, PNG + bytes(1024 * 1024), expect=422)
    assert "at most 1 MB" in page.text
    assert picture_on(page) == ""


def test_admin_changes_the_profile_of_a_colleague_and_it_is_recorded(app: Flask, rita: int) -> None:
    vera = make_staff("Vera Admin", Role.ADMIN)
    admin = signed_in(app, vera)
    path = f"/recruiting/admin/staff/{public_id_of(rita)}/profile"
    page = send_picture(admin, JPEG, path=path, school="Leeds")
    assert picture_on(page)
    assert page.heading == "Profile of Rita Sander"
    assert picture_on(admin.get("/recruiting/admin/staff"))
    rows = session().scalars(select(AuditRecord).where(AuditRecord.actor_id == vera)).all()
    assert {"people.change_words", "people.set_picture"} <= {row.action for row in rows}
    assert "Leeds" not in str([row.details for row in rows])
    admin.submit(admin.get(path), action="/remove")
    assert picture_on(admin.get(path)) == ""


def test_nobody_but_admins_changes_a_colleague(app: Flask, rita: int) -> None:
    other = signed_in(app, make_staff("Omar Haddad"))
    path = f"/recruiting/admin/staff/{public_id_of(rita)}"
    token = other.get(OWN).form(having="talks").values["csrf_token"]
    for page in ("profile", "away"):
        other.get(f"{path}/{page}", expect=404)
        other.post(f"{path}/{page}", {"csrf_token": token, "school": "Nowhere"}, expect=404)
    other.post(f"{path}/picture/remove", {"csrf_token": token}, expect=404)


def test_picture_of_who_left_is_gone(app: Flask, rita: int) -> None:
    src = picture_on(send_picture(signed_in(app, rita), JPEG))
    take_off_staff(rita)
    end_reading()
    assert find_picture(src.rsplit("/", 1)[1]) is None
    assert session().get(StaffPicture, rita) is None


@pytest.mark.only("sqlite")  # sorted in our own code
def test_names_stand_where_a_reader_looks_for_them(app: Flask) -> None:
    for name in ("Zoë", "Émile", "eva", "Łukasz", "Mia", "Örjan", "Oskar", "ada", "Lena"):
        make_staff(name)
    assert [row.name for row in active_recruiters()] == [
        "ada", "Émile", "eva", "Lena", "Łukasz", "Mia", "Örjan", "Oskar", "Zoë",
    ]  # fmt: skip


@pytest.mark.parametrize(("name", "key"), [("Łukasz", "lukasz"), ("Ærø", "aero"), ("STRASSE", "strasse"), ("ß", "ss")])
def test_sort_key(name: str, key: str) -> None:
    assert sort_key(name) == key


def test_profile_is_in_what_we_hold_about_them(app: Flask, rita: int) -> None:
    browser = signed_in(app, rita)
    send_picture(browser, JPEG, school="University of Leeds", say_name="REE-tah")
    text = browser.get("/me/privacy").text
    for held in ("University of Leeds", "REE-tah", "Your picture"):
        assert held in text
