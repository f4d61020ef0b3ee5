"""A copy of all that we hold: asked for by who it is about, made by the worker, fetched for a day by them alone."""

import io
import json
import shutil
import zipfile
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.applications.queries import StaffScope
from portal.audit.models import AuditRecord
from portal.core import clock
from portal.core.db import session
from portal.core.permissions import Role
from portal.keeping.actions import begin_copy
from portal.keeping.queries import copies_folder, newest_copy
from portal.keeping.states import CopyState
from portal.notes.actions import note_on_person
from portal.privacy.actions import erase_person
from portal.privacy.adapters import CopyFile
from portal.privacy.jobs import make_copies, sweep
from portal.privacy.queries import held_about
from tests import factories
from tests.accounts import visitors
from tests.accounts.visitors import ADA, PASSWORD
from tests.conftest import Time
from tests.pages import Browser
from tests.privacy.erasing import send_mail

COPY = "/me/privacy/copy"


@pytest.fixture
def ada(app: Flask) -> int:
    """Ada, who applied here with a CV, and about whom a colleague noted something."""
    shutil.rmtree(copies_folder(), ignore_errors=True)
    person_id = visitors.join()
    made = factories.make_application(factories.make_opening("Baker"), factories.make_staff(), person_id=person_id)
    factories.make_submission(made.public_id, person_id)
    return person_id


@pytest.fixture
def hers(app: Flask, ada: int) -> Browser:
    return factories.signed_in(app, ada)


def ask(hers: Browser) -> None:
    hers.submit(hers.get(COPY), action=COPY)
    make_copies(clock.now())


def fetched(hers: Browser, **typed: str) -> zipfile.ZipFile:
    page = hers.get(COPY)
    form = next(form for form in page.forms if form.action.startswith(f"{COPY}/"))
    answer = hers.client.post(form.action, data={**form.values, **typed})
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "no-store"
    return zipfile.ZipFile(io.BytesIO(answer.data))


def data_in(archive: zipfile.ZipFile) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(archive.read("data.json"))
    return read


def test_it_holds_all_that_the_page_shows_and_the_files(ada: int, hers: Browser) -> None:
    ask(hers)
    archive = fetched(hers)
    data, page = data_in(archive), archive.read("index.html").decode()
    shown = [section.title for section in held_about(ada)]
    assert [part["title"] for part in data["parts"]][: len(shown) - 2] == shown[: len(shown) - 2]
    for title in shown:
        assert title in page
    parts = {part["part"]: part for part in data["parts"]}
    assert parts["people"]["data"]["addresses"][0]["address"] == ADA
    assert parts["applications"]["data"]["opening"] == "Baker"
    devices = [part["data"]["devices"] for part in data["parts"] if "devices" in part["data"]]
    assert [sorted(one) for one in devices[0]] == [["device", "last_here_at", "signed_in_at", "signed_out_at"]]
    (file,) = data["files"]
    assert file["name"] == "cv.pdf"
    assert archive.read(file["path"]) == b"%PDF-1.4 a life"
    assert "http" not in page.replace("http-equiv", "")


def test_notes_of_colleagues_are_named_and_not_told(ada: int, hers: Browser) -> None:
    rita = factories.make_staff("Rita Two")
    words = "Rather shy, I thought."
    scope = StaffScope(rita, Role.RECRUITER)
    note_on_person(factories.public_id_of(ada), scope=scope, text=words, form_key="once", now=clock.now())
    ask(hers)
    archive = fetched(hers)
    told = archive.read("index.html").decode() + archive.read("data.json").decode()
    assert "Rather shy" not in told
    assert "Working notes of colleagues" in told


def test_the_mail_says_when_and_where_and_nothing_of_the_copy(ada: int, hers: Browser) -> None:
    ask(hers)
    assert ("privacy/copy_ready", ADA) in send_mail()
    text = visitors.last_letter().text
    assert "http://localhost/me/privacy/copy" in text
    assert "Thursday 5 March 2026, 09:00" in text
    assert "Baker" not in text


def test_after_a_day_it_is_gone_from_the_disk_too(ada: int, hers: Browser, time: Time) -> None:
    ask(hers)
    assert len(list(copies_folder().iterdir())) == 1
    path = next(copies_folder().iterdir())
    assert path.stat().st_mode & 0o077 == 0
    time.pass_by(hours=24)
    page = hers.get(COPY)
    assert "is deleted" in page.text
    sweep(clock.now())
    assert list(copies_folder().iterdir()) == []
    assert newest_copy(ada).state is CopyState.EXPIRED  # type: ignore[union-attr]


def test_who_has_been_signed_in_for_a_while_shows_that_it_is_them(ada: int, hers: Browser, time: Time) -> None:
    ask(hers)
    time.pass_by(hours=1)
    page = hers.get(COPY)
    form = next(form for form in page.forms if form.action.startswith(f"{COPY}/"))
    assert "present" in form.names
    wrong = hers.client.post(form.action, data={**form.values, "present": "not my password"})
    assert wrong.status_code == 422
    assert not wrong.data.startswith(b"PK")
    assert fetched(hers, present=PASSWORD).namelist()[0] == "index.html"


def test_without_a_password_a_mail_is_what_shows_it(app: Flask, time: Time) -> None:
    bo = visitors.join("bo@demo.example", "Bo Ek", password="")
    hers = factories.signed_in(app, bo)
    ask(hers)
    time.pass_by(hours=1)
    page = hers.get(COPY)
    assert "First, show us that it is you" in page.text
    copy = newest_copy(bo)
    assert copy is not None
    token = page.form(having="csrf_token").values["csrf_token"]
    answer = hers.client.post(f"{COPY}/{copy.public_id}", data={"csrf_token": token})
    assert answer.status_code == 422


def test_nobody_else_gets_it(app: Flask, ada: int, hers: Browser) -> None:
    ask(hers)
    copy = newest_copy(ada)
    assert copy is not None
    for stranger in (visitors.join("bo@demo.example", "Bo Ek"), visitors.hire("alma@demo.example")):
        other = factories.signed_in(app, stranger)
        token = other.get(COPY).form(action=COPY).values["csrf_token"]
        assert other.client.post(f"{COPY}/{copy.public_id}", data={"csrf_token": token}).status_code == 404


def test_asking_twice_makes_one(ada: int, hers: Browser) -> None:
    page = hers.get(COPY)
    for _time in range(2):
        hers.client.post(COPY, data=page.form(action=COPY).values)
    make_copies(clock.now())
    assert len(list(copies_folder().glob("*.zip"))) == 1


def test_one_that_breaks_three_times_is_given_up_and_can_be_asked_for_again(
    ada: int, hers: Browser, time: Time
) -> None:
    hers.submit(hers.get(COPY), action=COPY)
    for _try in range(3):
        assert begin_copy(clock.now()) is not None
        assert begin_copy(clock.now()) is None, "somebody makes it"
        time.pass_by(minutes=15)
    assert begin_copy(clock.now()) is None
    hers = factories.signed_in(hers.client.application, ada)
    assert "That did not work" in hers.get(COPY).text
    ask(hers)
    assert fetched(hers)


def test_who_is_erased_leaves_no_copy_behind(ada: int, hers: Browser) -> None:
    ask(hers)
    erase_person(ada, None, clock.now())
    assert list(copies_folder().iterdir()) == []


def test_it_is_recorded_that_it_was_asked_for_and_fetched(ada: int, hers: Browser) -> None:
    ask(hers)
    fetched(hers)
    done = session().scalars(
        select(AuditRecord.action).where(AuditRecord.person_id == ada).where(AuditRecord.action.like("privacy.%"))
    )
    assert sorted(done) == ["privacy.ask_for_copy", "privacy.fetch_copy"]


def test_a_name_of_a_file_leads_nowhere(ada: int, hers: Browser) -> None:
    names = ["../../etc/passwd", "a/b\\c.pdf", "\u202ecv.pdf", "..", "x" * 300]
    for number, name in enumerate(names):
        inside = CopyFile(copies_folder(), name, number).name_inside
        assert inside.startswith(f"files/{number:03}-")
        assert ".." not in inside.split("/")
        assert inside.count("/") == 1
