"""Notes of the panel: one's own first, then those of the others, and never the candidate's to read."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core.db import end_reading, session, transaction
from portal.core.permissions import Role
from portal.interviews.models import Interview, PanelNote
from portal.privacy.queries import held_about
from tests.conftest import START
from tests.factories import Made, make_application, make_opening, make_staff, signed_in
from tests.interviews.rows import make_interview
from tests.pages import Browser, Page

pytestmark = pytest.mark.both_in_soak


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander")


@pytest.fixture
def hugo(app: Flask) -> int:
    return make_staff("Hugo Berg", Role.HIRING_MANAGER)


@pytest.fixture
def lena(app: Flask) -> int:
    return make_staff("Lena Walczak", Role.HIRING_MANAGER)


@pytest.fixture
def ada(rita: int, hugo: int) -> Made:
    return make_application(make_opening(recruiter_id=rita, manager_id=hugo), rita, name="Ada Lind")


@pytest.fixture
def interview(ada: Made, rita: int, hugo: int, lena: int) -> str:
    panel = [(hugo, None), (lena, None)]
    public_id = make_interview(
        ada.id, rita, starts_at=START + timedelta(hours=1), panel=panel, criteria="SQL\nPatience"
    )
    return f"/recruiting/interviews/{public_id}"


def write(browser: Browser, interview: str, **words: str) -> Page:
    return browser.submit(browser.get(interview), action="/notes", **words)


def kept() -> list[tuple[str, str]]:
    end_reading()
    return [(one.criterion, one.words) for one in session().scalars(select(PanelNote).order_by(PanelNote.id))]


def test_notes_stand_against_each_criterion_and_on_the_whole(app: Flask, hugo: int, interview: str) -> None:
    page = write(signed_in(app, hugo), interview, note_1="Wrote a join by heart", whole="Asks before acting")
    assert "Your notes are saved, for colleagues only." in page.text
    assert sorted(kept()) == [("", "Asks before acting"), ("SQL", "Wrote a join by heart")]
    assert page.form(having="note_1").values["note_1"] == "Wrote a join by heart"


def test_notes_can_be_changed_and_taken_away(app: Flask, hugo: int, interview: str) -> None:
    browser = signed_in(app, hugo)
    write(browser, interview, note_1="First", note_2="Second")
    write(browser, interview, note_1="Better", note_2="")
    assert kept() == [("SQL", "Better")]


def test_who_took_part_reads_the_others_after_writing_their_own(
    app: Flask, hugo: int, lena: int, interview: str
) -> None:
    write(signed_in(app, hugo), interview, note_1="Very strong")
    her = signed_in(app, lena)
    before = her.get(interview).text
    assert "Very strong" not in before
    assert "1 colleague has noted something. You read it once you have saved your own notes." in before
    assert "Very strong" in write(her, interview, note_2="Waited for my question").text


def test_who_looks_after_the_application_reads_them_all(
    app: Flask, rita: int, hugo: int, lena: int, interview: str
) -> None:
    write(signed_in(app, hugo), interview, note_1="Very strong")
    text = signed_in(app, rita).get(interview).text
    assert "Very strong" in text
    assert "What colleagues noted" in text


def test_a_note_that_is_too_long_stays_in_its_field_with_what_is_wrong(app: Flask, hugo: int, interview: str) -> None:
    browser = signed_in(app, hugo)
    page = browser.submit(browser.get(interview), action="/notes", note_1="x" * 5001, note_2="Kept", expect=422)
    assert "Please keep this under 5,000 characters." in page.text or "under 5000 characters" in page.text
    assert page.form(having="note_1").values["note_2"] == "Kept"
    assert kept() == []


def test_a_criterion_that_nobody_asks_for_any_more_keeps_its_note(
    app: Flask, hugo: int, interview: str, rita: int
) -> None:
    browser = signed_in(app, hugo)
    write(browser, interview, note_1="Wrote a join by heart")
    with transaction() as own:
        own.scalars(select(Interview)).one().criteria = "Patience"
    form = browser.get(interview).form(having="whole")
    assert [form.values["note_1"], form.values["note_2"]] == ["", "Wrote a join by heart"]


def test_no_candidate_reads_a_note(app: Flask, hugo: int, ada: Made, interview: str) -> None:
    write(signed_in(app, hugo), interview, note_1="A secret of the panel")
    browser = signed_in(app, ada.person_id)
    for path in ("/me/", f"/me/applications/{ada.public_id}", "/me/data"):
        assert "A secret of the panel" not in browser.client.get(path, follow_redirects=True).get_data(as_text=True)
    assert "A secret of the panel" not in str(held_about(ada.person_id))
