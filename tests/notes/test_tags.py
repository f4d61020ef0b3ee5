"""Tags: found while typing, one whatever their case; renamed, merged and deleted for all; many tagged at once."""

import threading
from collections.abc import Callable, Sequence

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from portal.applications.queries import StaffScope
from portal.audit.models import AuditRecord
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.permissions import Role
from portal.notes import actions
from portal.notes.models import PersonTag
from portal.notes.queries import tags_of
from portal.notes.rules import TAGS_AT_MOST, NoteRefused, TagGone, TagTaken, only_tag, tag_key
from portal.openings.models import Opening
from portal.privacy.actions import erase_person
from tests.conftest import counted_statements
from tests.factories import (
    Made,
    make_application,
    make_opening,
    make_person,
    make_staff,
    public_id_of,
    signed_in,
)
from tests.pages import Browser, Page

pytestmark = pytest.mark.both_in_soak


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def desk(app: Flask, rita: int) -> Browser:
    return signed_in(app, rita)


def tag(rita: int, person_id: int, *names: str) -> None:
    end_reading()
    seen = tags_of(person_id)
    scope = StaffScope(rita, Role.RECRUITER)
    actions.change_tags(public_id_of(person_id), scope=scope, names=[*seen, *names], seen=seen, now=clock.now())
    end_reading()


def people(rita: int, *tags: Sequence[str]) -> list[int]:
    """A person for each list of tags."""
    made = [make_person(f"Person {number}") for number in range(len(tags))]
    for person_id, names in zip(made, tags, strict=True):
        tag(rita, person_id, *names)
    return made


def all_tags() -> list[list[str]]:
    """The tags of everybody who has one, in order of the people."""
    end_reading()
    found: dict[int, list[str]] = {}
    for person_id, name in session().execute(
        select(PersonTag.person_id, PersonTag.name).order_by(PersonTag.person_id, PersonTag.key)
    ):
        found.setdefault(person_id, []).append(name)
    return list(found.values())


def records(action: str) -> list[dict[str, object]]:
    end_reading()
    return list(session().scalars(select(AuditRecord.details).where(AuditRecord.action == action)))


def test_all_tags_stand_on_one_page_with_how_many_have_each(desk: Browser, rita: int) -> None:
    assert "No tags yet" in desk.get("/recruiting/tags").text
    people(rita, ["Backend", "Warsaw"], ["backend"])
    page = desk.get("/recruiting/tags")
    assert "Backend 2" in page.text
    assert "Warsaw 1" in page.text
    assert "2 tags" in page.text
    found = desk.get("/recruiting/tags?q=war")
    assert "Warsaw" in found.text
    assert "Backend" not in found.text
    assert "No such tag" in desk.get("/recruiting/tags?q=%25").text
    shown = desk.get("/recruiting/tags/one?tag=backend")
    assert shown.heading == "Backend"
    assert "2 people have it." in shown.text
    assert "Person 0" in shown.text


def test_a_tag_is_renamed_for_everybody_at_once(desk: Browser, rita: int) -> None:
    people(rita, ["Back end"], ["back END", "Warsaw"])
    page = desk.submit(desk.get("/recruiting/tags/rename?tag=back end"), name=" Backend ")
    assert "Renamed for 2 people." in page.text
    assert all_tags() == [["Backend"], ["Backend", "Warsaw"]]
    assert records("notes.rename_tag") == [{"count": 2}]


def test_only_its_writing_is_changed_too(desk: Browser, rita: int) -> None:
    people(rita, ["backend"])
    desk.submit(desk.get("/recruiting/tags/rename?tag=backend"), name="BackEnd")
    assert all_tags() == [["BackEnd"]]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (" ", "Please write what the tag shall be called."),
        ("one, two", "Please write one tag, without a comma."),
        ("x" * 61, "Please keep this under 60 characters."),
    ],
)
@pytest.mark.only("sqlite", reason="the database has no part in it")
def test_a_name_that_cannot_be_is_refused_beside_the_field(desk: Browser, rita: int, typed: str, said: str) -> None:
    people(rita, ["backend"])
    page = desk.submit(desk.get("/recruiting/tags/rename?tag=backend"), name=typed, expect=422)
    assert said in page.text
    assert page.form(having="name").values["name"] == typed
    assert all_tags() == [["backend"]]


def test_a_name_that_another_tag_has_leads_to_merging_them_with_a_preview(desk: Browser, rita: int) -> None:
    people(rita, ["Back end"], ["Back end", "Backend"], ["Backend"])
    page = desk.submit(desk.get("/recruiting/tags/rename?tag=back end"), name="backend")
    assert page.heading == "Merge Back end into Backend"
    assert "There is a tag “backend” already." in page.text
    assert "Afterwards 3 people have “Backend”, and “Back end” is gone." in page.text
    done = desk.submit(page, action="merge?tag=back+end&into=backend")
    assert "2 people have “Backend” now." in done.text
    assert all_tags() == [["Backend"], ["Backend"], ["Backend"]]
    assert records("notes.merge_tags") == [{"count": 2}]


def test_which_tag_it_goes_into_is_chosen_from_a_list(desk: Browser, rita: int) -> None:
    people(rita, ["Back end"], ["Backend"], ["Warsaw"])
    form = desk.get("/recruiting/tags/merge?tag=back end")
    preview = desk.submit(form, into="backend")
    assert preview.heading == "Merge Back end into Backend"
    assert all_tags() == [["Back end"], ["Backend"], ["Warsaw"]]


def test_a_tag_is_deleted_after_a_question(desk: Browser, rita: int) -> None:
    people(rita, ["Backend", "Warsaw"], ["Backend"])
    page = desk.get("/recruiting/tags/delete?tag=backend")
    assert "2 people have it, and lose it." in page.text
    assert "Deleted; 2 people had it." in desk.submit(page, action="delete?tag=backend").text
    assert all_tags() == [["Warsaw"]]
    assert records("notes.delete_tag") == [{"count": 2}]


@pytest.mark.parametrize("page", ["one", "rename", "merge", "delete"])
def test_a_tag_that_is_gone_leads_back_to_all_tags(desk: Browser, page: str) -> None:
    found = desk.get(f"/recruiting/tags/{page}?tag=nowhere")
    assert found.heading == "Tags"
    assert "Nobody has this tag any more" in found.text


def test_of_two_who_rename_one_tag_at_once_one_is_told_that_it_is_gone(app: Flask, rita: int) -> None:
    people(rita, ["Backend"], ["Backend"])
    outcomes = at_once(app, [lambda: rename("backend", "Rust", rita), lambda: rename("backend", "Go", rita)])
    assert sorted(outcomes) == ["done", "gone"]
    assert all_tags() in ([["Rust"], ["Rust"]], [["Go"], ["Go"]])


def test_of_two_who_give_two_tags_one_name_at_once_one_is_told_that_it_is_taken(app: Flask, rita: int) -> None:
    people(rita, ["Back end", "Backend"])
    outcomes = at_once(app, [lambda: rename("back end", "Server", rita), lambda: rename("backend", "server", rita)])
    assert sorted(outcomes) == ["done", "taken"]
    assert len(all_tags()[0]) == 2


def test_who_is_tagged_while_the_tag_is_renamed_has_one_tag_of_the_two(app: Flask, rita: int) -> None:
    first, second = people(rita, ["Backend"], [])
    scope = StaffScope(rita, Role.RECRUITER)

    def tag_second() -> str:
        who = public_id_of(second)
        actions.change_tags(who, scope=scope, names=["backend"], seen=[], now=clock.now())
        return "tagged"

    outcomes = at_once(app, [tag_second, lambda: rename("backend", "Server", rita)])
    assert sorted(outcomes) == ["done", "tagged"]
    end_reading()
    assert tags_of(first) == ["Server"]
    assert tags_of(second) in (["backend"], ["Server"])


def rename(key: str, name: str, actor_id: int) -> str:
    try:
        actions.rename_tag(key, name, actor_id=actor_id, now=clock.now())
    except TagGone:
        return "gone"
    except TagTaken:
        return "taken"
    return "done"


def at_once(app: Flask, calls: Sequence[Callable[[], str]]) -> list[str]:
    """What came of each when all were begun together."""
    end_reading()
    start, outcomes = threading.Barrier(len(calls)), list[str]()

    def run(call: Callable[[], str]) -> None:
        with app.app_context():
            start.wait()
            try:
                outcomes.append(call())
            finally:
                end_reading()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_without_a_script_the_tags_in_use_can_be_ticked(desk: Browser, rita: int) -> None:
    people(rita, ["Backend", "Warsaw"])
    ada = make_person("Ada Lind")
    tag(rita, ada, "warsaw")
    page = desk.get(f"/recruiting/candidates/{public_id_of(ada)}/tags")
    assert "Tags in use, to add by a tick" in page.text
    desk.submit(page, having="tags", more=["Backend"])
    end_reading()
    assert tags_of(ada) == ["Backend", "Warsaw"]


def path(opening: int) -> str:
    return f"/recruiting/openings/{session().get_one(Opening, opening).public_id}/pipeline"


def group(opening: int, rita: int, size: int) -> list[Made]:
    with transaction():
        return [make_application(opening, rita, name=f"Person {number:03}") for number in range(size)]


def choose(desk: Browser, opening: int, made: list[Made], more: str = "") -> Page:
    chosen = "&".join(f"a={one.public_id}" for one in made)
    return desk.get(f"{path(opening)}/tags?{chosen}{more}")


def test_those_chosen_in_a_pipeline_get_tags_and_lose_tags_in_one_go(desk: Browser, rita: int) -> None:
    opening = make_opening("Nurse")
    made = group(opening, rita, 3)
    for one in made:
        tag(rita, one.person_id, "Night")
    tag(rita, made[0].person_id, "Ward")
    form = choose(desk, opening, made[:2], "&q=person")
    assert form.heading == "Tags of 2 people"
    assert "Night (2)" in form.text
    page = desk.submit(form, tags="WARD, first aid", gone=["night"])
    assert page.path == f"{path(opening)}?q=person"
    assert "2 people got it." in page.text
    assert "It was removed from 2 people." in page.text
    assert all_tags() == [["first aid", "Ward"], ["first aid", "Ward"], ["Night"]]
    assert records("notes.tag_many") == [{"added": 2, "removed": 2}]


def test_what_changes_nothing_says_so_and_nothing_at_all_is_refused(desk: Browser, rita: int) -> None:
    opening = make_opening("Nurse")
    made = group(opening, rita, 2)
    refused = desk.submit(choose(desk, opening, made), tags=" ", expect=422)
    assert "Please write a tag to add, or tick one to remove." in refused.text
    assert "2 people got it." in desk.submit(refused, tags="Ward").text
    assert "Nothing changed" in desk.submit(choose(desk, opening, made), tags="ward").text


def test_who_has_as_many_tags_as_there_may_be_gets_none(desk: Browser, rita: int) -> None:
    opening = make_opening("Nurse")
    made = group(opening, rita, 2)
    tag(rita, made[0].person_id, *(f"Tag {number}" for number in range(TAGS_AT_MOST)))
    page = desk.submit(choose(desk, opening, made), tags="Ward")
    assert "1 person got it." in page.text
    assert "1 person has as many tags as there may be, and got none." in page.text


def test_those_of_another_opening_are_passed_over(desk: Browser, rita: int) -> None:
    opening = make_opening("Nurse")
    made, other = group(opening, rita, 1), group(make_opening("Baker"), rita, 1)
    form = choose(desk, opening, made + other)
    assert form.heading == "Tags of 1 person"
    form.form(having="tags").values["seen"] = f"{made[0].public_id} {other[0].public_id}"
    desk.submit(form, tags="Ward")
    assert [row.person_id for row in session().scalars(select(PersonTag))] == [made[0].person_id]


def test_four_hundred_at_once_cost_as_many_statements_as_ten(desk: Browser, rita: int) -> None:
    opening = make_opening("Nurse")
    group(opening, rita, 400)
    few = choose(desk, opening, [], "all=y&q=person+00")
    with counted_statements() as some:
        desk.submit(few, tags="Ward", follow=False, expect=303)
    form = choose(desk, opening, [], "all=y")
    with counted_statements() as many:
        desk.submit(form, tags="Night", follow=False, expect=303)
    assert len(many) <= len(some)
    assert len(all_tags()) == 400


def test_who_works_here_does_not_read_their_own_tags(app: Flask, rita: int) -> None:
    omar = make_staff("Omar Haddad")
    tag(rita, omar, "Talks a lot")
    tag(rita, make_person(), "Kind")
    own = signed_in(app, omar)
    page = own.get("/recruiting/tags")
    assert "Kind" in page.text
    assert "Talks a lot" not in page.text
    assert own.get("/recruiting/tags/one?tag=talks a lot").heading == "Tags"
    assert "Talks a lot" not in own.get("/recruiting/tags/merge?tag=kind").text


@pytest.mark.only("sqlite", reason="the database has no part in it")
def test_a_hiring_manager_sees_no_list_of_tags(app: Flask, rita: int) -> None:
    hugo = make_staff("Hugo Berg", Role.HIRING_MANAGER)
    opening = make_opening("Nurse", manager_id=hugo)
    made = group(opening, rita, 1)
    own = signed_in(app, hugo)
    own.get("/recruiting/tags", expect=404)
    own.get("/recruiting/tags/one?tag=kind", expect=404)
    own.get(f"{path(opening)}/tags?a={made[0].public_id}", expect=404)


def test_no_record_says_which_tag_it_was_and_none_is_left_of_an_erased_person(desk: Browser, rita: int) -> None:
    (ada,) = people(rita, ["Zanzibarka"])
    desk.submit(desk.get("/recruiting/tags/rename?tag=zanzibarka"), name="Zanzibarka 2")
    erase_person(ada, actor_id=rita, now=clock.now())
    end_reading()
    assert all_tags() == []
    assert "anzibarka" not in str(session().execute(select(AuditRecord.subject, AuditRecord.details)).all())


@given(st.text(max_size=80))
def test_white_space_around_and_within_a_tag_makes_no_other_tag(name: str) -> None:
    try:
        key, shown = only_tag(name)
    except NoteRefused:
        return
    assert only_tag(shown) == (key, shown)
    assert only_tag(f"  {name}\n") == (key, shown)
    assert tag_key(shown) == key


@given(st.text("aBcÄö ", min_size=1, max_size=40).filter(str.strip))
def test_letter_case_makes_no_other_tag(name: str) -> None:
    assert tag_key(name.upper()) == tag_key(name.lower()) == tag_key(name)
