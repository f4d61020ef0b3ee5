"""Somebody who tries to read or change what colleagues noted: candidates, hiring managers, and whom it is about."""

from datetime import date
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.permissions import Role
from portal.notes.actions import change_tags, delete_tag, merge_tags, note_on_application, note_on_person
from portal.notes.models import Note
from portal.notes.queries import tags_of
from portal.notes.rules import TagGone
from tests.conversations.talking import scope
from tests.factories import (
    Made,
    make_application,
    make_opening,
    make_person,
    make_staff,
    public_id_of,
    signed_in,
)
from tests.pages import Browser

SECRET, TAG = "Not one for heights", "afraid"


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander")


def csrf(browser: Browser) -> str:
    return str(browser.get("/join").form(having="csrf_token").values["csrf_token"])


def noted(rita: int, person_id: int, manager_id: int | None = None) -> Made:
    """An application with a note about it, of a person with a note about them and a tag."""
    opening_id = make_opening("Crane Driver", recruiter_id=rita, manager_id=manager_id)
    applied = make_application(opening_id, rita, person_id=person_id, promised=date(2026, 3, 6))
    person = public_id_of(person_id)
    note_on_application(applied.public_id, scope=scope(rita), text=f"{SECRET} (work)", form_key="a", now=clock.now())
    note_on_person(person, scope=scope(rita), text=f"{SECRET} (person)", form_key="b", now=clock.now())
    change_tags(person, scope=scope(rita), names=[TAG], seen=[], now=clock.now())
    end_reading()
    return applied


def test_a_colleague_reads_no_note_or_tag_about_themselves(app: Flask, rita: int) -> None:
    olga = make_staff("Olga Orr")
    applied = noted(rita, olga)
    desk, person = signed_in(app, olga), public_id_of(olga)
    paths = (
        f"/recruiting/candidates/{person}",
        f"/recruiting/candidates/{person}/notes",
        f"/recruiting/candidates/{person}/tags",
        f"/recruiting/applications/{applied.public_id}/read",
        f"/recruiting/applications/{applied.public_id}/notes",
        "/recruiting/search?q=heights",
    )
    found = [path for path in paths if f"{SECRET} (" in (text := desk.client.get(path).text) or f">{TAG}" in text]
    assert found == []


def test_a_candidate_finds_nothing_that_was_noted(app: Flask, rita: int) -> None:
    ada = make_person("Ada Lind")
    applied = noted(rita, ada)
    browser = signed_in(app, ada)
    for path in ("/me/", "/me/privacy", f"/me/applications/{applied.public_id}", "/me/conversation", "/me/preferences"):
        body = browser.get(path).body
        assert SECRET not in body, path
        assert f">{TAG}" not in body, path
    note = session().scalars(select(Note.public_id)).first()
    for path in (
        f"applications/{applied.public_id}/notes",
        f"notes/{note}",
        "tags/suggestions?q=a",
        "search?q=heights",
    ):
        assert browser.client.get(f"/recruiting/{path}").status_code == 404, path


def test_a_hiring_manager_reads_notes_on_their_openings_only_and_changes_none_of_others(app: Flask, rita: int) -> None:
    hugo, hida = (make_staff(name, Role.HIRING_MANAGER) for name in ("Hugo Berg", "Hida Holm"))
    applied = noted(rita, make_person("Ada Lind"), hugo)
    own, other = signed_in(app, hugo), signed_in(app, hida)
    read = f"/recruiting/applications/{applied.public_id}/read"
    assert f"{SECRET} (work)" in own.get(read).text
    assert f"{SECRET} (person)" not in own.get("/recruiting/search?q=heights").text
    assert SECRET not in other.get("/recruiting/search?q=heights").text
    assert other.client.get(read).status_code == 404
    for note in session().scalars(select(Note.public_id)).all():
        for desk in (own, other):
            sent = {"csrf_token": csrf(desk), "body": "Gone."}
            assert desk.client.post(f"/recruiting/notes/{note}", data=sent).status_code == 404
            assert desk.client.post(f"/recruiting/notes/{note}/remove", data=sent).status_code == 404
    assert own.client.get("/recruiting/tags/suggestions?q=a").status_code == 404
    assert "Ada Lind" not in own.get(f"/recruiting/search?q={TAG}").text
    end_reading()
    assert {one.partition(" (")[0] for one in session().scalars(select(Note.body))} == {SECRET}


def test_signs_that_searches_know_are_plain_letters_in_a_search_over_notes(app: Flask, rita: int) -> None:
    noted(rita, make_person("Ada Lind"))
    desk = signed_in(app, rita)
    for sign in ("%", "_", "' OR 1=1 --", "\\", "/"):
        page = desk.get(f"/recruiting/search?q={quote(sign)}")
        assert SECRET not in page.text, sign
        assert "Ada Lind" not in page.text, sign


def test_ten_thousand_tags_are_refused_and_the_words_kept(app: Flask, rita: int) -> None:
    ada = make_person("Ada Lind")
    make_application(make_opening("Cook", recruiter_id=rita), rita, person_id=ada)
    desk, path = signed_in(app, rita), f"/recruiting/candidates/{public_id_of(ada)}/tags"
    many = ",".join(f"tag {number}" for number in range(10_000))
    page = desk.submit(desk.get(path), tags=many, expect=422)
    assert "30 tags" in page.text


def test_no_answer_about_tags_says_which_of_them_one_has_oneself(app: Flask, rita: int) -> None:
    olga = make_staff("Olga Orr")
    change_tags(public_id_of(olga), scope=scope(rita), names=[TAG], seen=[], now=clock.now())
    other = make_person("Bo Berg")
    change_tags(public_id_of(other), scope=scope(olga), names=["calm"], seen=[], now=clock.now())
    end_reading()
    desk = signed_in(app, olga)
    assert desk.client.get(f"/recruiting/tags/suggestions?q={TAG[:3]}").get_json() == []
    # As if nobody had a tag called so.
    page = desk.submit(desk.get("/recruiting/tags/rename?tag=calm"), name=TAG)
    assert "Renamed for 1 person." in page.text
    with pytest.raises(TagGone):
        merge_tags("nothing", TAG, actor_id=olga, now=clock.now())
    end_reading()
    assert tags_of(other) == [TAG]
    assert tags_of(olga) == [TAG]


def test_a_tag_that_only_one_has_oneself_is_not_deleted_by_oneself(app: Flask, rita: int) -> None:
    olga = make_staff("Olga Orr")
    change_tags(public_id_of(olga), scope=scope(rita), names=[TAG], seen=[], now=clock.now())
    end_reading()
    with pytest.raises(TagGone):
        delete_tag(TAG, actor_id=olga, now=clock.now())
    end_reading()
    assert tags_of(olga) == [TAG]
