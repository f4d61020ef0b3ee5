"""One note on many: written in one go from the pipeline, read by colleagues only, taken back in one go."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.applications.models import ApplicationEvent
from portal.audit.models import AuditRecord
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.permissions import Role
from portal.notes.models import Note, NoteRound
from portal.notes.privacy import retention
from portal.notes.rules import TAKE_BACK_HOURS
from portal.openings.models import Opening
from portal.privacy.actions import erase_person
from tests.conftest import Time, counted_statements
from tests.factories import Made, make_application, make_opening, make_staff, signed_in
from tests.pages import Browser, Page

SECRET = "Asks for a ladder"


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def hugo(app: Flask) -> int:
    return make_staff("Hugo Berg", Role.HIRING_MANAGER, email="hugo@example.org")


@pytest.fixture
def desk(app: Flask, rita: int) -> Browser:
    return signed_in(app, rita)


@pytest.fixture
def opening(hugo: int) -> int:
    return make_opening("Nurse", manager_id=hugo)


def path(opening: int) -> str:
    return f"/recruiting/openings/{session().get_one(Opening, opening).public_id}/pipeline"


def group(opening: int, rita: int, size: int) -> list[Made]:
    with transaction():
        return [make_application(opening, rita, name=f"Person {number:03}") for number in range(size)]


def choose(desk: Browser, opening: int, made: list[Made], more: str = "") -> Page:
    chosen = "&".join(f"a={one.public_id}" for one in made)
    return desk.get(f"{path(opening)}/note?{chosen}{more}")


def noted() -> list[tuple[int | None, str]]:
    end_reading()
    return [
        (about, body) for about, body in session().execute(select(Note.application_id, Note.body).order_by(Note.id))
    ]


def round_of(page: Page) -> str:
    """Where the page leads to see the note or take it back."""
    return next(link for link in page.links if "/notes/rounds/" in link)


def test_the_button_of_the_pipeline_leads_there_with_those_who_are_chosen(
    desk: Browser, opening: int, rita: int
) -> None:
    made = group(opening, rita, 3)
    page = desk.get(path(opening))
    assert ("what", "note", "Note") in page.form(having="a").buttons
    assert f'formaction="{path(opening)}/note"' in page.body
    form = choose(desk, opening, made[:2])
    assert form.heading == "Note on 2 people"
    assert "Person 000" in form.text
    assert "Person 002" not in form.text


def test_it_stands_with_each_of_them_and_the_pipeline_comes_back_as_it_was(
    desk: Browser, opening: int, rita: int
) -> None:
    made = group(opening, rita, 3)
    page = desk.submit(choose(desk, opening, made[:2], "&q=person"), body=SECRET)
    assert page.path == f"{path(opening)}?q=person"
    assert "Noted on 2 applications, for colleagues only." in page.text
    assert noted() == [(made[0].id, SECRET), (made[1].id, SECRET)]
    for one, is_noted in zip(made, (True, True, False), strict=True):
        assert (SECRET in desk.get(f"/recruiting/applications/{one.public_id}/read").text) is is_noted
    recorded = session().scalars(select(AuditRecord.details).where(AuditRecord.action == "notes.note_on_many")).all()
    assert recorded == [{"count": 2}]


def test_no_candidate_reads_it(app: Flask, desk: Browser, opening: int, rita: int) -> None:
    made = group(opening, rita, 1)
    desk.submit(choose(desk, opening, made), body=SECRET)
    own = signed_in(app, made[0].person_id)
    for page in ("/me/", f"/me/applications/{made[0].public_id}", "/me/privacy"):
        assert SECRET not in own.get(page).text


def test_all_that_the_filters_find_are_meant_and_nobody_who_came_later(desk: Browser, opening: int, rita: int) -> None:
    made = group(opening, rita, 3)
    make_application(opening, rita, name="Zoe Alm")
    form = desk.get(f"{path(opening)}/note?all=y&q=person+00")
    assert form.heading == "Note on 3 people"
    make_application(opening, rita, name="Person 009")
    desk.submit(form, body=SECRET)
    assert [about for about, _body in noted()] == [one.id for one in made]


def test_whoever_no_filter_finds_any_more_is_noted_on_all_the_same(desk: Browser, opening: int, rita: int) -> None:
    make_application(opening, rita, name="Ada Lind", promised=date(2026, 3, 4))
    form = desk.get(f"{path(opening)}/note?all=y&due=y&promised=2026-03-04")
    with transaction() as own:
        for event in own.scalars(select(ApplicationEvent)):
            event.next_update_by = date(2026, 4, 1)
    assert "Noted on 1 application" in desk.submit(form, body=SECRET).text


def test_those_of_another_opening_are_passed_over(desk: Browser, opening: int, rita: int) -> None:
    made, other = group(opening, rita, 1), group(make_opening("Baker"), rita, 1)
    form = choose(desk, opening, made + other)
    assert form.heading == "Note on 1 person"
    form.form(having="body").values["seen"] = f"{made[0].public_id} {other[0].public_id}"
    desk.submit(form, body=SECRET)
    assert [about for about, _body in noted()] == [made[0].id]


def test_nobody_chosen_says_what_to_do(desk: Browser, opening: int, rita: int) -> None:
    assert "Choose one or more people in the pipeline first." in choose(desk, opening, []).text


def test_an_empty_note_is_refused_and_those_who_were_chosen_stay(desk: Browser, opening: int, rita: int) -> None:
    form = choose(desk, opening, group(opening, rita, 2))
    again = desk.submit(form, body=" ", expect=422)
    assert "Please write what you want to note." in again.text
    assert "Noted on 2 applications" in desk.submit(again, body=SECRET).text


def test_sending_it_twice_notes_it_once(desk: Browser, opening: int, rita: int) -> None:
    form = choose(desk, opening, group(opening, rita, 2))
    desk.submit(form, body=SECRET)
    assert "Noted on 2 applications" in desk.submit(form, body=SECRET).text
    assert len(noted()) == 2


def test_it_is_taken_back_from_all_of_them(desk: Browser, opening: int, rita: int) -> None:
    made = group(opening, rita, 2)
    back = round_of(desk.submit(choose(desk, opening, made, "&q=person"), body=SECRET))
    page = desk.get(back)
    assert page.heading == "Your note on 2 people"
    done = desk.submit(page, action="/take-back?q=person")
    assert done.path == f"{path(opening)}?q=person"
    assert "The note was taken back from 2 applications." in done.text
    assert noted() == []
    assert "Nothing is left of it" in desk.get(back).text
    assert "There was nothing left to take back." in desk.submit(page, action="/take-back?q=person").text


def test_where_its_words_were_changed_since_it_stays(desk: Browser, opening: int, rita: int) -> None:
    made = group(opening, rita, 2)
    back = round_of(desk.submit(choose(desk, opening, made), body=SECRET))
    note_id = session().scalars(select(Note.public_id).order_by(Note.id)).first()
    desk.submit(desk.get(f"/recruiting/notes/{note_id}"), body="Has a ladder")
    done = desk.submit(desk.get(back), action="/take-back")
    assert "The note was taken back from 1 application." in done.text
    assert "1 note stays, because you changed its words since." in done.text
    assert noted() == [(made[0].id, "Has a ladder")]


def test_after_a_day_it_goes_one_by_one_only(app: Flask, desk: Browser, opening: int, rita: int, time: Time) -> None:
    page = desk.get(round_of(desk.submit(choose(desk, opening, group(opening, rita, 2)), body=SECRET)))
    time.pass_by(hours=TAKE_BACK_HOURS)
    late = signed_in(app, rita)
    assert not any(form.action.endswith("/take-back") for form in late.get(page.path).forms)
    token = late.get(path(opening)).forms[0].values["csrf_token"]
    refused = late.post(f"{page.path}/take-back", {"csrf_token": token})
    assert "Please remove it one by one." in refused.text
    assert len(noted()) == 2


def test_a_colleague_neither_sees_nor_takes_back_what_another_noted(
    app: Flask, desk: Browser, opening: int, rita: int
) -> None:
    back = round_of(desk.submit(choose(desk, opening, group(opening, rita, 1)), body=SECRET))
    colleague = signed_in(app, make_staff("Omar Haddad", email="omar@example.org"))
    colleague.get(back, expect=404)
    token = colleague.get(path(opening)).forms[0].values["csrf_token"]
    colleague.post(f"{back}/take-back", {"csrf_token": token}, expect=404)
    assert len(noted()) == 1


def test_a_hiring_manager_notes_on_their_own_opening_and_on_no_other(
    app: Flask, opening: int, rita: int, hugo: int
) -> None:
    own = signed_in(app, hugo)
    made, other = group(opening, rita, 1), make_opening("Baker")
    group(other, rita, 1)
    page = own.submit(choose(own, opening, made), body=SECRET)
    assert "Noted on 1 application, for colleagues only." in page.text
    own.get(f"{path(other)}/note?all=y", expect=404)


def test_the_list_of_notes_leads_back_to_all_of_them(app: Flask, desk: Browser, opening: int, rita: int) -> None:
    made = group(opening, rita, 2)
    desk.submit(choose(desk, opening, made), body=SECRET)
    where = f"/recruiting/applications/{made[0].public_id}/read"
    assert "You noted this on several at once" in desk.get(where).text
    colleague = signed_in(app, make_staff("Omar Haddad", email="omar@example.org"))
    assert "You noted this on several at once" not in colleague.get(where).text


def test_four_hundred_at_once_cost_as_many_statements_as_two(desk: Browser, opening: int, rita: int) -> None:
    group(opening, rita, 400)
    few = desk.get(f"{path(opening)}/note?all=y&q=person+00")
    with counted_statements() as some:
        desk.submit(few, body=SECRET, follow=False, expect=303)
    form = desk.get(f"{path(opening)}/note?all=y")
    assert form.heading == "Note on 400 people"
    with counted_statements() as many:
        desk.submit(form, body=SECRET, follow=False, expect=303)
    assert len(many) <= len(some) + 1
    assert len(noted()) == 410


def test_erasing_one_of_them_leaves_the_others_and_erasing_all_leaves_nothing(
    desk: Browser, opening: int, rita: int
) -> None:
    made = group(opening, rita, 2)
    desk.submit(choose(desk, opening, made), body=SECRET)
    end_reading()
    erase_person(made[0].person_id, actor_id=rita, now=clock.now())
    assert [about for about, _body in noted()] == [made[1].id]
    erase_person(made[1].person_id, actor_id=rita, now=clock.now())
    end_reading()
    assert session().scalar(select(func.count(NoteRound.id))) == 0


def test_after_a_month_nobody_knows_who_was_noted_on_together(
    desk: Browser, opening: int, rita: int, time: Time
) -> None:
    desk.submit(choose(desk, opening, group(opening, rita, 2)), body=SECRET)
    time.pass_by(days=31)
    end_reading()
    retention(clock.now())
    end_reading()
    assert session().scalar(select(func.count(NoteRound.id))) == 0
    assert len(noted()) == 2
