"""The pipeline of an opening: who is where, what is done to many at once, and how it is taken back."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.applications.actions import take_back_letter, write_to_candidate
from portal.applications.jobs import go_on_with_changes
from portal.applications.models import Application, ApplicationEvent, ChangeItem, ChangeOfMany
from portal.applications.queries import StaffScope, find_application_of, find_for_staff
from portal.applications.rules import Proposal
from portal.applications.states import ApplicationStatus, EventKind
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.permissions import Role
from portal.openings.models import Opening
from portal.openings.rules import Stage
from portal.outbox.models import Delivery
from portal.tasks.states import TaskKind
from tests.conftest import START, Time, counted_statements
from tests.factories import (
    Made,
    add_event,
    make_application,
    make_opening,
    make_person,
    make_staff,
    make_task,
    make_version,
    public_id_of,
    settle_mail,
    signed_in,
)
from tests.pages import Browser, Page

pytestmark = pytest.mark.both_in_soak

TODAY, FRIDAY, MONDAY = date(2026, 3, 4), date(2026, 3, 6), date(2026, 3, 9)
STAGES = (
    Stage("Reading", "We read.", "Rita", "A week", "in_review"),
    Stage("Second reading", "Hugo reads.", "Hugo", "A week", "in_review"),
    Stage("Talk", "We talk.", "Hugo", "An hour", "interviewing"),
)


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def desk(app: Flask, rita: int) -> Browser:
    return signed_in(app, rita)


@pytest.fixture
def opening(app: Flask) -> int:
    opening_id = make_opening("Nurse")
    make_version(opening_id, "Nurse", stages=STAGES)
    return opening_id


def path(opening: int) -> str:
    return f"/recruiting/openings/{session().get_one(Opening, opening).public_id}/pipeline"


def group(opening: int, rita: int, size: int, **facts: object) -> list[Made]:
    return [
        make_application(opening, rita, name=f"Person {number:03}", **{"promised": FRIDAY, **facts})  # type: ignore[arg-type]
        for number in range(size)
    ]


def choose(desk: Browser, opening: int, made: list[Made], what: str) -> Page:
    chosen = "&".join(f"a={one.public_id}" for one in made)
    return desk.get(f"{path(opening)}/change?what={what}&{chosen}")


def stage_of(made: Made) -> str:
    end_reading()
    return session().get_one(Application, made.id).stage


def count(table: type) -> int:
    end_reading()
    return session().scalar(select(func.count()).select_from(table)) or 0


def status_for(made: Made) -> ApplicationStatus:
    end_reading()
    found = find_application_of(made.person_id, made.public_id)
    assert found is not None
    return found.status


def test_the_table_says_who_is_where_with_the_oldest_promise_on_top(desk: Browser, opening: int, rita: int) -> None:
    make_application(opening, rita, name="Later Person", promised=MONDAY, stage="Talk")
    late = make_application(opening, rita, name="Late Person", promised=TODAY - timedelta(days=2), stage="Reading")
    make_application(opening, rita, name="Ended Person", status=ApplicationStatus.NOT_SELECTED)
    make_application(make_opening("Baker"), rita, name="Other Person")
    make_task(rita, kind=TaskKind.QUESTION, person_id=late.person_id)
    page = desk.get(path(opening))
    assert page.heading == "Pipeline: Nurse"
    assert page.text.index("Late Person") < page.text.index("Later Person")
    assert "No word from us yet; imported" in page.text
    assert "Last word" not in page.text
    assert "2 days late" in page.text
    assert "Waits for an answer" in page.text
    assert "Ended Person" not in page.text
    assert "Other Person" not in page.text
    for words in ("All open 2", "Reading 1 1 due", "Second reading 0", "Talk 1", "Ended 1"):
        assert words in page.text
    talk = desk.get(next(link for link in page.links if link.endswith("stage=Talk")))
    assert "Later Person" in talk.text
    assert "Late Person" not in talk.text
    assert "Ended Person" in desk.get(f"{path(opening)}?ended=y").text
    asked = desk.get(f"{path(opening)}?asked=y&due=y")
    assert "Late Person" in asked.text
    assert "Later Person" not in asked.text
    assert "Nobody fits" in desk.get(f"{path(opening)}?marked=y").text


def test_a_move_that_reads_the_same_tells_nobody_and_leaves_no_trace(
    app: Flask, desk: Browser, opening: int, rita: int
) -> None:
    made = group(opening, rita, 2)
    own = signed_in(app, made[0].person_id)
    before = own.get(f"/me/applications/{made[0].public_id}").text
    page = choose(desk, opening, made, "move")
    preview = desk.submit(page, having="stage", button="preview", stage="Second reading")
    assert preview.text.count("Reads nothing new.") == 2
    assert "The promised day stays." in preview.text
    page = desk.submit(preview, having="stage", button="send")
    assert "Done" in page.text
    assert "They hear from us by" not in page.text
    assert [stage_of(one) for one in made] == ["Second reading"] * 2
    assert (count(Delivery), count(ApplicationEvent)) == (0, 2)
    assert own.get(f"/me/applications/{made[0].public_id}").text == before
    desk.submit(page, action="take-back")
    assert [stage_of(one) for one in made] == ["", ""]


def test_a_move_to_another_status_is_told_and_taken_back_without_a_trace(
    desk: Browser, opening: int, rita: int, time: Time
) -> None:
    made = group(opening, rita, 2)
    page = choose(desk, opening, made, "move")
    preview = desk.submit(page, having="stage", button="preview", stage="Talk")
    assert "What Person 000 will read" in preview.text
    assert "2 people get a mail." in preview.text
    page = desk.submit(preview, having="stage", button="send")
    assert [stage_of(one) for one in made] == ["Talk", "Talk"]
    assert status_for(made[0]) is ApplicationStatus.IN_REVIEW
    desk.submit(page, action="take-back")
    assert [stage_of(one) for one in made] == ["", ""]
    assert count(ApplicationEvent) == 2
    time.at = START + timedelta(hours=1)
    settle_mail()
    assert status_for(made[0]) is ApplicationStatus.IN_REVIEW


def test_taking_the_mail_back_on_the_own_page_of_one_puts_the_stage_back(
    desk: Browser, opening: int, rita: int
) -> None:
    made = group(opening, rita, 1)[0]
    page = choose(desk, opening, [made], "move")
    desk.submit(page, having="stage", button="send", stage="Talk")
    desk.submit(desk.get(f"/recruiting/applications/{made.public_id}"), action="take-back")
    assert stage_of(made) == ""


def write_as(made: Made, rita: int, status: ApplicationStatus) -> str:
    """A letter that moves the status by itself; the public id of its event."""
    scope = StaffScope(rita, Role.RECRUITER)
    view = find_for_staff(made.public_id, scope)
    assert view is not None
    word = Proposal(status, "A word.", FRIDAY, "")
    seen = view.newest_event_id
    write_to_candidate(made.public_id, scope=scope, proposal=word, seen_event_id=seen, now=clock.now())
    end_reading()
    after = find_for_staff(made.public_id, scope)
    assert after is not None
    return after.newest_event_id


@pytest.mark.parametrize(
    ("status", "stage"),
    [
        (ApplicationStatus.INTERVIEWING, "Talk"),
        (ApplicationStatus.IN_REVIEW, "Second reading"),
        (ApplicationStatus.DECISION_PENDING, ""),
    ],
)
def test_a_letter_that_moves_the_status_takes_the_stage_along_and_back(
    opening: int, rita: int, status: ApplicationStatus, stage: str
) -> None:
    (made,) = group(opening, rita, 1, stage="Second reading")
    letter = write_as(made, rita, status)
    assert stage_of(made) == stage
    take_back_letter(made.public_id, letter, scope=StaffScope(rita, Role.RECRUITER), now=clock.now())
    assert stage_of(made) == "Second reading"


def test_whoever_was_moved_on_since_stays_there_when_the_letter_is_taken_back(
    desk: Browser, opening: int, rita: int
) -> None:
    (made,) = group(opening, rita, 1, stage="Talk")
    letter = write_as(made, rita, ApplicationStatus.IN_REVIEW)
    assert stage_of(made) == "Reading"
    preview = desk.submit(
        choose(desk, opening, [made], "move"), having="stage", button="preview", stage="Second reading"
    )
    desk.submit(preview, having="stage", button="send")
    take_back_letter(made.public_id, letter, scope=StaffScope(rita, Role.RECRUITER), now=clock.now())
    assert stage_of(made) == "Second reading"


def test_who_is_in_no_stage_stays_in_none(opening: int, rita: int) -> None:
    (made,) = group(opening, rita, 1, source_stage="Panel 2B")
    write_as(made, rita, ApplicationStatus.INTERVIEWING)
    assert stage_of(made) == ""


def test_moving_back_while_the_word_waits_sends_nothing_at_all(desk: Browser, opening: int, rita: int) -> None:
    made = group(opening, rita, 1, stage="Reading")[0]
    desk.submit(choose(desk, opening, [made], "move"), having="stage", button="send", stage="Talk")
    desk.submit(choose(desk, opening, [made], "move"), having="stage", button="send", stage="Second reading")
    assert stage_of(made) == "Second reading"
    assert count(ApplicationEvent) == 1


def test_each_reads_a_letter_with_their_own_name_and_who_has_none_is_left_out(
    desk: Browser, opening: int, rita: int
) -> None:
    made = group(opening, rita, 2)
    nameless = make_application(opening, rita, person_id=make_person("", "x@example.org"), promised=FRIDAY)
    page = choose(desk, opening, [*made, nameless], "write")
    words = "Dear {name}, we read yours on Thursday."
    preview = desk.submit(page, having="message", button="preview", message=words)
    for name in ("Person 000", "Person 001"):
        assert f"Dear {name}, we read yours on Thursday." in preview.text
    assert "The letter names them, and we do not know their name. x@example.org" in preview.text
    page = desk.submit(preview, having="message", button="send")
    letters = session().scalars(
        select(ApplicationEvent.message).where(ApplicationEvent.kind == EventKind.MESSAGE).order_by(ApplicationEvent.id)
    )
    assert list(letters) == [f"Dear Person 00{number}, we read yours on Thursday." for number in range(2)]


def test_a_later_day_needs_its_reason_and_what_was_typed_stays(desk: Browser, opening: int, rita: int) -> None:
    made = group(opening, rita, 2)
    page = choose(desk, opening, made, "delay")
    page = desk.submit(page, having="date_reason", button="send", next_update_by="2026-03-10", expect=422)
    assert "Please say why the next date is later; they will read it." in page.text
    assert page.form(having="date_reason").values["next_update_by"] == "2026-03-10"
    assert count(Delivery) == 0
    desk.submit(page, having="date_reason", button="send", date_reason="Hugo is away.")
    settle_mail()
    end_reading()
    for one in made:
        found = find_application_of(one.person_id, one.public_id)
        assert found is not None
        assert found.next_update_by == date(2026, 3, 10)


def test_who_was_changed_meanwhile_is_left_out_and_named(desk: Browser, opening: int, rita: int) -> None:
    first, second = group(opening, rita, 2)
    page = choose(desk, opening, [first, second], "move")
    add_event(first.id, message="I was quicker.", actor_id=rita, promised=FRIDAY)
    page = desk.submit(page, having="stage", button="send", stage="Talk")
    assert "1 was left out. A colleague has just written to them." in page.text
    assert (stage_of(first), stage_of(second)) == ("", "Talk")


def test_whoever_changes_one_that_was_changed_meanwhile_is_told_and_keeps_the_form(
    desk: Browser, opening: int, rita: int
) -> None:
    made = group(opening, rita, 1)[0]
    page = choose(desk, opening, [made], "move")
    add_event(made.id, message="I was quicker.", actor_id=rita, promised=FRIDAY)
    page = desk.submit(page, having="stage", button="send", stage="Talk", expect=409)
    assert "A colleague has just written to them." in page.text
    assert page.form(having="stage").values["stage"] == "Talk"
    desk.submit(page, having="stage", button="send")
    assert stage_of(made) == "Talk"


def test_more_than_fifty_are_told_by_the_worker_each_once(desk: Browser, opening: int, rita: int) -> None:
    group(opening, rita, 52)
    page = desk.get(f"{path(opening)}/change?what=move&all=y")
    assert "52 people are chosen." in page.text
    page = desk.submit(page, having="stage", button="send", stage="Talk")
    assert "50 of 52" in page.text
    assert "The rest goes on by itself." in page.text
    for _again in range(2):
        go_on_with_changes(clock.now())
    end_reading()
    told = session().scalars(select(ApplicationEvent.application_id).where(ApplicationEvent.kind == EventKind.MOVED))
    assert len(set(told)) == count(Delivery) == 52
    page = desk.get(page.path)
    desk.submit(page, action="take-back")
    assert count(ApplicationEvent) == 52


def test_a_worker_that_was_stopped_between_the_mail_and_its_note_tells_nobody_twice(
    desk: Browser, opening: int, rita: int
) -> None:
    made = group(opening, rita, 51)
    page = desk.get(f"{path(opening)}/change?what=move&all=y")
    desk.submit(page, having="stage", button="send", stage="Talk")
    last = made[50]
    end_reading()
    view = find_for_staff(last.public_id, StaffScope(rita, Role.RECRUITER))
    assert view is not None
    with transaction() as own:
        change = own.scalars(select(ChangeOfMany)).one()
        assert change.actor_id == rita
    told = add_event(
        last.id, EventKind.MOVED, status=ApplicationStatus.INTERVIEWING, promised=FRIDAY, actor_id=rita, message=""
    )
    with transaction() as own:
        item = own.scalars(select(ChangeItem).where(ChangeItem.application_id == last.id)).one()
        item.event_id = own.scalars(select(ApplicationEvent.id).where(ApplicationEvent.public_id == told)).one()
    go_on_with_changes(clock.now())
    assert stage_of(last) == "Talk"
    assert count(Delivery) == 50


def test_an_application_changes_hands_with_what_is_owed_about_it(
    app: Flask, desk: Browser, opening: int, rita: int
) -> None:
    otto = make_staff("Otto Berg")
    made = group(opening, rita, 2)
    make_task(rita, about=made[0].public_id, person_id=made[0].person_id)
    chosen = "&".join(f"a={one.public_id}" for one in made)
    page = desk.get(f"{path(opening)}/owner?{chosen}")
    page = desk.submit(page, having="owner", action="owner?" + chosen, owner=public_id_of(otto))
    assert "2 applications changed hands." in page.text
    assert count(Delivery) == 0
    read = signed_in(app, made[0].person_id).get(f"/me/applications/{made[0].public_id}")
    assert "Otto Berg" in read.text
    tasks = signed_in(app, otto).get("/recruiting/tasks").text
    assert "Our letter to Person 000 did not arrive" in tasks
    assert "Applications are yours now: Nurse" in tasks


def test_hiring_managers_read_their_own_pipeline_and_change_nothing(
    app: Flask, desk: Browser, opening: int, rita: int
) -> None:
    hugo = make_staff("Hugo Meier", Role.HIRING_MANAGER)
    own = make_opening("Baker", manager_id=hugo)
    made = make_application(own, rita, name="Own Person")
    manager = signed_in(app, hugo)
    page = manager.get(path(own))
    assert "Own Person" in page.text
    assert all(form.action.split("/")[-1] != "x" and "a" not in form.names for form in page.forms)
    manager.get(path(opening), expect=404)
    manager.get(f"{path(own)}/change?what=move&a={made.public_id}", expect=404)
    manager.get(f"{path(own)}/owner?a={made.public_id}", expect=404)
    other = signed_in(app, make_staff("Otto Berg"))
    page = choose(desk, opening, group(opening, rita, 1), "move")
    page = desk.submit(page, having="stage", button="send", stage="Reading")
    other.get(page.path, expect=404)


def test_who_has_an_ending_on_its_way_is_left_out(desk: Browser, opening: int, rita: int) -> None:
    made = group(opening, rita, 1)[0]
    scope = StaffScope(rita, Role.RECRUITER)
    view = find_for_staff(made.public_id, scope)
    assert view is not None
    letter = Proposal(ApplicationStatus.DECISION_PENDING, "A word.", FRIDAY, "")
    write_to_candidate(
        made.public_id, scope=scope, proposal=letter, seen_event_id=view.newest_event_id, now=clock.now()
    )
    page = desk.submit(choose(desk, opening, [made], "move"), having="stage", button="send", stage="Talk", expect=422)
    assert "A letter is on its way to them. Person 000" in page.text


def test_four_hundred_cost_no_more_statements_than_four(desk: Browser, opening: int, rita: int) -> None:
    group(opening, rita, 4)
    desk.get(path(opening))
    with counted_statements() as few:
        desk.get(path(opening))
    group(opening, rita, 60)
    with counted_statements() as many:
        page = desk.get(path(opening))
    assert "64 applications, page 1 of 2" in page.text
    # One of them finds what the asker did to many and may still take back.
    assert len(many) == len(few) <= 9


def test_a_heap_of_the_home_is_written_to_from_where_it_stands(desk: Browser, opening: int, rita: int) -> None:
    group(opening, rita, 3, promised=TODAY)
    group(opening, rita, 1, promised=FRIDAY)
    page = desk.get("/recruiting")
    page = desk.get(next(link for link in page.links if "/pipeline/change?what=write" in link))
    assert "3 people are chosen." in page.text
    page = desk.submit(
        page, having="message", button="preview", message="Hello {name}.", when="3", date_reason="Hugo is away."
    )
    assert "Hello Person 002." in page.text


def test_who_ends_one_is_led_to_their_ending_and_several_to_the_page_for_many(
    desk: Browser, opening: int, rita: int
) -> None:
    made = group(opening, rita, 2)
    assert choose(desk, opening, made[:1], "end").path.endswith(f"{made[0].public_id}/end")
    page = choose(desk, opening, made, "end")
    assert "/finish?" in page.path
    assert page.heading == "End 2 applications"


def test_nobody_chosen_is_said_plainly(desk: Browser, opening: int, rita: int) -> None:
    assert "Nobody is chosen" in desk.get(f"{path(opening)}/change?what=write").text
    assert "Nobody is chosen" in desk.get(f"{path(opening)}/owner").text
