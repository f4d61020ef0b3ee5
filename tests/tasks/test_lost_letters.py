"""A letter that did not arrive is done by saying how its reader was told, never by ticking it off."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from portal.applications.jobs import look_for_lost_letters
from portal.applications.models import ApplicationEvent
from portal.applications.queries import find_application_of
from portal.applications.states import AUTOMATIC, ApplicationStatus, Channel, EventKind
from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.permissions import Role
from portal.outbox.states import DeliveryState
from portal.tasks.actions import tick_off
from portal.tasks.models import Task
from portal.tasks.queries import AUTOMATIC_EVENTS
from portal.tasks.rules import StillUntold
from portal.tasks.states import TaskKind, TaskState
from tests.conftest import Time
from tests.factories import (
    Made,
    add_event,
    make_application,
    make_opening,
    make_staff,
    make_task,
    settle_mail,
    signed_in,
)
from tests.pages import Browser, Page

pytestmark = pytest.mark.both_in_soak
LETTERS = "/recruiting/tasks?kind=dead_letter"
REFUSED = "nobody has said yet how"


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander")


@pytest.fixture
def desk(app: Flask, rita: int) -> Browser:
    return signed_in(app, rita)


@pytest.fixture
def lost(desk: Browser, rita: int) -> list[Made]:
    """Three people whose letters did not arrive, each with a task."""
    opening = make_opening("Data Analyst")
    people = [make_application(opening, rita, name=name) for name in ("Ada Lind", "Ben Ode", "Cy Park")]
    for one in people:
        lose_a_letter(desk, one)
    look_for_lost_letters(clock.now())
    return people


def lose_a_letter(desk: Browser, to: Made) -> None:
    page = desk.get(f"/recruiting/applications/{to.public_id}")
    desk.submit(page, button="send", message="You are close.", when="5", date_reason="We need more time.")
    settle_mail(DeliveryState.DEAD, "550 no such user")


def tasks() -> list[Task]:
    end_reading()
    return list(session().scalars(select(Task).order_by(Task.id)))


def states() -> list[TaskState]:
    return [task.state for task in tasks()]


def say_how(desk: Browser, page: Page, name: str) -> Page:
    """The page behind the first button "Say how they were told" of a list; the name is on it."""
    link = next(link for link in page.links if "/told?back=" in link)
    found = desk.get(link)
    assert name in found.heading
    return found


def test_one_is_not_ticked_off_and_its_page_is_shown_instead(desk: Browser, lost: list[Made]) -> None:
    page = desk.get("/recruiting/?whose=mine")
    told = desk.submit(page, action=f"/{tasks()[0].public_id}/done")
    assert REFUSED in told.text
    assert told.heading == "How was Ada Lind told?"
    assert states() == [TaskState.DUE] * 3
    desk.submit(told, having="how", how="here")
    assert states() == [TaskState.DONE, TaskState.DUE, TaskState.DUE]


def test_the_page_of_the_task_offers_no_tick(desk: Browser, lost: list[Made]) -> None:
    page = desk.get(f"/recruiting/tasks/{tasks()[0].public_id}")
    assert "It is done" not in page.text
    assert "Say how they were told" in page.text


def test_many_are_not_ticked_off_and_the_others_stay_too(desk: Browser, rita: int, lost: list[Made]) -> None:
    make_task(rita, TaskKind.IMPORT_TO_RELEASE, title="people.csv")
    ids = [task.public_id for task in tasks()[1:]]
    page = desk.submit(desk.get("/recruiting/tasks"), having="task", button="done", task=ids, expect=422)
    assert "2 letters did not arrive, and nobody has said yet how their readers were told." in page.text
    assert page.form(having="task").values["task"] == ids
    assert states() == [TaskState.DUE] * 4


def test_a_list_of_nothing_but_lost_letters_offers_no_tick(desk: Browser, lost: list[Made]) -> None:
    assert "They are done" not in desk.get(LETTERS).text


def test_each_is_said_from_the_list_which_comes_back_with_the_next(desk: Browser, lost: list[Made]) -> None:
    page = desk.get(LETTERS)
    for name in ("Ada Lind", "Ben Ode", "Cy Park"):
        page = desk.submit(say_how(desk, page, name), having="how", how="telephone", happened_on="2026-03-04")
        assert f"What it said stands on the page of {name} from now on." in page.text
    assert "No task fits" in page.text
    assert states() == [TaskState.DONE] * 3


def test_their_pages_tell_many_at_once_after_a_look_at_who_they_are(desk: Browser, lost: list[Made]) -> None:
    ids = [task.public_id for task in tasks()]
    page = desk.submit(desk.get(LETTERS), having="task", button="tell_here", task=ids)
    assert page.heading == "Their page tells them"
    for name in ("Ada Lind", "Ben Ode", "Cy Park"):
        assert name in page.text
    chosen = page.form(having="letter").values["letter"]
    after = desk.submit(page, having="letter", letter=chosen[:2])
    assert "The pages of 2 people tell them now." in after.text
    assert "Cy Park" in after.text
    assert states() == [TaskState.DONE, TaskState.DONE, TaskState.DUE]
    view = find_application_of(lost[0].person_id, lost[0].public_id)
    assert view is not None
    assert (view.events[0].kind, view.events[0].message) == (EventKind.TOLD_HERE, "You are close.")


def test_nobody_chosen_changes_nothing(desk: Browser, lost: list[Made]) -> None:
    page = desk.submit(desk.get(LETTERS), having="task", button="tell_here", task=[tasks()[0].public_id])
    assert "Please choose at least one person." in desk.submit(page, having="letter", letter=[], expect=422).text
    assert states() == [TaskState.DUE] * 3


def test_whose_letter_names_a_day_that_has_passed_is_asked_about_singly(
    app: Flask, desk: Browser, rita: int, lost: list[Made], time: Time
) -> None:
    time.pass_by(days=14)
    desk = signed_in(app, rita)
    ids = [task.public_id for task in tasks()]
    page = desk.submit(desk.get(LETTERS), having="task", button="tell_here", task=ids)
    assert "Each of these needs a new date" in page.text
    assert "Let their pages tell them" not in page.text
    page = desk.submit(say_how(desk, page, "Ada Lind"), having="how", how="here", when="3")
    assert page.heading == "Their page tells them"
    assert "Each of these needs a new date" in page.text


def test_told_meanwhile_is_said_and_told_once(desk: Browser, lost: list[Made]) -> None:
    page = desk.submit(desk.get(LETTERS), having="task", button="tell_here", task=[task.public_id for task in tasks()])
    desk.submit(say_how(desk, desk.get(LETTERS), "Ada Lind"), having="how", how="here")
    after = desk.submit(page, having="letter")
    assert "The pages of 2 people tell them now." in after.text
    assert "Something has happened since with the others." in after.text
    told = select(ApplicationEvent.id).where(ApplicationEvent.kind == EventKind.TOLD_HERE)
    assert len(session().scalars(told).all()) == 3
    assert "Nobody is left to tell here" in desk.get(page.path).text


def test_an_automatic_note_since_does_not_tell_them_what_the_letter_said(
    desk: Browser, rita: int, lost: list[Made]
) -> None:
    ada = lost[0]
    add_event(ada.id, EventKind.HOLDING_NOTE, status=ApplicationStatus.IN_REVIEW, promised=date(2026, 3, 13))
    with pytest.raises(StillUntold):
        tick_off([tasks()[0].id], actor_id=rita, now=clock.now())
    assert "Our last letter did not arrive" in desk.get(f"/recruiting/applications/{ada.public_id}").text
    say_how(desk, desk.get(LETTERS), "Ada Lind")


def test_what_a_person_wrote_since_may_be_ticked_off(desk: Browser, rita: int, lost: list[Made]) -> None:
    called = {"channel": Channel.TELEPHONE, "happened_on": date(2026, 3, 4), "promised": date(2026, 3, 13)}
    add_event(lost[0].id, EventKind.CALL, status=ApplicationStatus.IN_REVIEW, actor_id=rita, **called)
    assert tick_off([tasks()[0].id], actor_id=rita, now=clock.now()) == 1


def test_a_task_that_was_opened_again_after_they_were_told_may_be_ticked_off(desk: Browser, lost: list[Made]) -> None:
    desk.submit(say_how(desk, desk.get(LETTERS), "Ada Lind"), having="how", how="here")
    page = desk.submit(desk.get(f"/recruiting/tasks/{tasks()[0].public_id}"), action="/reopen")
    assert "Open the application" in page.text
    desk.submit(page, action="/done")
    assert states()[0] is TaskState.DONE


def test_a_way_back_never_leads_elsewhere(desk: Browser, lost: list[Made]) -> None:
    page = desk.get(f"/recruiting/applications/{lost[0].public_id}/told?back=https://evil.example/")
    assert "evil" not in page.path
    assert "evil" not in "".join(page.links)


@pytest.mark.only("sqlite")  # who may do what does not depend on the database
def test_who_may_not_write_lets_no_page_tell(app: Flask, lost: list[Made]) -> None:
    hugo = signed_in(app, make_staff("Hugo Meier", Role.HIRING_MANAGER))
    hugo.get(f"/recruiting/applications/told-here?application={lost[0].public_id}", expect=404)
    hugo.get(f"/recruiting/applications/{lost[0].public_id}/told", expect=404)


@pytest.mark.only("sqlite")  # two lists of words
def test_what_counts_as_automatic_is_said_alike_in_both_places() -> None:
    assert set(AUTOMATIC_EVENTS) == {str(kind) for kind in AUTOMATIC}
