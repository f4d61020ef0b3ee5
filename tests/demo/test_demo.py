"""The demo as somebody meets it in the first minute: nothing in it is there without its cause."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import exists, func, select

from portal.applications.models import Application, ApplicationEvent, EndingRound
from portal.applications.states import EventKind
from portal.ats.models import Import
from portal.ats.states import ImportState
from portal.company.queries import introduction, team, work_calendar
from portal.core import clock
from portal.core.clock import day_of
from portal.core.db import end_reading, session
from portal.core.errors import PortalError
from portal.demo.actions import ACCOUNTS, load_demo
from portal.files.models import StoredFile
from portal.openings.models import Opening
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.people.models import Person, Staff
from portal.people.queries import all_staff, away_on, profile_at
from portal.tasks.models import Task
from portal.tasks.states import TaskKind, TaskState
from tests.conftest import Time
from tests.factories import ZONE, signed_in
from tests.pages import Browser

pytestmark = pytest.mark.only("sqlite")  # it is told through the actions that are tested on both

OPEN = (DeliveryState.QUEUED, DeliveryState.LEASED)
#: Wednesday 4 March 2026 is the day on which tests begin.
HOME = "/recruiting/"


def kinds(state: TaskState) -> list[TaskKind]:
    return sorted(session().scalars(select(Task.kind).where(Task.state == state)))


def browser_of(app: Flask, email: str) -> Browser:
    staff = {row.email: row.person_id for row in all_staff()}
    return signed_in(app, staff[email])


def test_the_story_on_an_ordinary_day(demo: Flask) -> None:
    # Rita knows at once what is owed, and for whom she stands in.
    rita = browser_of(demo, "rita@demo.example").get(HOME).text
    assert "You stand in for Omar Haddad" in rita
    for words in ("did not arrive", "waits to be released", "meet-up have no meaning yet", "You did today"):
        assert words in rita
    assert "Kindred" in browser_of(demo, "hugo@demo.example").get(HOME).text
    assert "we have not kept our promise" in browser_of(demo, "admin@demo.example").get(HOME).text
    # Every task has its cause: letters came back, a colleague left, Ada and Mira ask, a pool, two imports.
    end_reading()
    done = [TaskKind.DEAD_LETTER, *[TaskKind.FEEDBACK_TO_APPROVE] * 2, TaskKind.HANDED_OVER, TaskKind.MISSED_PROMISE]
    assert kinds(TaskState.DONE) == [*done, *[TaskKind.QUESTION] * 2, *[TaskKind.WHO_MAY_FIT] * 7]
    # The others are reminders of promises that come up.
    assert [kind for kind in kinds(TaskState.DUE) if kind is not TaskKind.UPDATE_DUE] == [
        *[TaskKind.DEAD_LETTER] * 3,
        TaskKind.ESCALATED,
        *[TaskKind.FEEDBACK_DUE] * 4,
        TaskKind.FEEDBACK_TO_APPROVE,
        TaskKind.IMPORT_TO_RELEASE,
        TaskKind.INTERVIEW_WISH,
        TaskKind.LABELS_TO_MAP,
        TaskKind.LABELS_TO_MAP,
        TaskKind.LOW_SCORE,
        TaskKind.OFFER_DEADLINE,
        TaskKind.OFFER_WAITS,
        TaskKind.POOL_REVIEW,
        TaskKind.QUESTION,
        TaskKind.QUESTION,
        *[TaskKind.STAY_IN_TOUCH] * 6,
    ]
    states = list(session().scalars(select(Delivery.state)))
    # Letters of Rita's, an invitation, and an update that came back.
    assert states.count(DeliveryState.DEAD) == 4 + 1 + 1
    # What waits to go can be taken back: an ending that Rita has just written, and four of one text.
    waiting = select(Delivery.kind).where(Delivery.state.in_(OPEN))
    assert list(session().scalars(waiting)) == ["applications/ending"] * 5
    colleagues = exists().where(Staff.person_id == Person.id)
    assert session().scalar(select(func.count()).select_from(Person).where(~colleagues)) == 120
    # The company and its people say who they are.
    today = day_of(clock.now(), ZONE)
    assert introduction()
    assert team()
    assert not work_calendar(today, today + timedelta(days=300)).is_working_day(today.replace(month=11, day=11))
    profile = profile_at("rita@demo.example")
    assert profile is not None
    assert profile.say_name
    assert profile.picture_id
    assert len(away_on(today)) == 1
    with pytest.raises(PortalError, match="empty database"):
        load_demo(clock.now())


def test_what_is_done_with_many_at_once_can_be_looked_at(demo: Flask) -> None:
    rita = browser_of(demo, "rita@demo.example")
    # Letters that came back, with one step for all of them.
    lost = select(Task.public_id).where(Task.kind == TaskKind.DEAD_LETTER).where(Task.state == TaskState.DUE)
    chosen = session().scalars(lost.order_by(Task.id)).all()
    end_reading()
    page = rita.submit(rita.get("/recruiting/tasks?kind=dead_letter"), having="task", button="tell_here", task=chosen)
    assert page.heading == "Their page tells them"
    assert len(page.form(having="letter").values["letter"]) == 3
    # One text for several, which can be taken back.
    written = session().scalars(select(EndingRound)).one()
    opening = session().get_one(Opening, written.opening_id)
    end_reading()
    page = rita.get(f"/recruiting/openings/{opening.public_id}/finish/rounds/{written.public_id}")
    assert "4 letters were written and go out by themselves." in page.text
    # The earlier system has told two of their ending, and has moved others: their pages follow in a day.
    assert session().scalar(select(func.count()).where(Application.source_tells_from.is_not(None))) == 2
    assert session().scalar(select(func.count()).where(Application.source_moves_from.is_not(None))) == 3
    # The page of somebody about whom nobody wrote says so for the second time, and nobody was asked yet.
    notes = (
        select(ApplicationEvent.application_id)
        .where(ApplicationEvent.kind.in_((EventKind.HOLDING_NOTE, EventKind.ESCALATED)))
        .group_by(ApplicationEvent.application_id)
        .having(func.count() == 2)
        .having(func.max(ApplicationEvent.kind) == EventKind.HOLDING_NOTE)
    )
    assert len(session().scalars(notes).all()) == 1
    # Two openings of a file that waits may be two of ours; one has the same title.
    files = session().scalars(select(Import.public_id).where(Import.state == ImportState.CHECKED)).all()
    end_reading()
    assert (
        "Office Manager (Lisbon)" in browser_of(demo, "omar@demo.example").get(f"/recruiting/imports/{files[0]}").text
    )


def test_each_account_has_something_to_look_at(demo: Flask) -> None:
    ada = candidate(demo, "Ada Nwosu")
    page = ada.get("/me/applications").text
    assert "Begun and not sent" in page
    assert "Integration Engineer" in page
    assert "Leading a small team" in ada.get("/me/preferences").text
    # He was told "not yet", when he hears again, and is asked once more what he looks for.
    silas = candidate(demo, "Silas Berg")
    page = silas.get(f"/me/applications/{application_of('Silas Berg')}").text
    assert "For you this is a “not yet”" in page
    assert "I would like to write to you around Monday 30 March 2026" in page
    assert "Open to it" in silas.get("/me/").text
    nora = candidate(demo, "Nora Lindgren")
    assert "No applications yet" in nora.get("/me/applications").text
    # Whoever has joined is not told on the front page how to join.
    assert "Leave your name and address" not in nora.get("/").text
    # What was sent here comes back as it was sent.
    mira, path = candidate(demo, "Mira Castellanos"), f"/me/applications/{application_of('Mira Castellanos')}"
    assert "I read about the Tuesdays twice" in mira.get(path).text
    assert "Mira Castellanos, CV.pdf" in mira.get(f"{path}/received").text
    # Colleagues find the same people with what they know of them.
    rita = browser_of(demo, "rita@demo.example")
    card = rita.get(f"/recruiting/candidates/{find('Silas Berg').public_id}").text
    for words in ("Silver medal", "One of the last two", "Ask first", "Took it well"):
        assert words in card
    card = rita.get(f"/recruiting/candidates/{find('Ada Nwosu').public_id}").text
    for words in ("Booking systems", "A written offer from a logistics company", "Software that somebody needs"):
        assert words in card
    files = session().scalars(select(StoredFile).where(StoredFile.name.like("%.pdf"))).all()
    assert [one.name for one in files] == ["Mira Castellanos, CV.pdf", "pawlak-cv.pdf"]


def find(name: str) -> Person:
    return session().scalars(select(Person).where(Person.name == name)).one()


def application_of(name: str) -> str:
    return session().scalars(select(Application.public_id).where(Application.person_id == find(name).id)).one()


def candidate(app: Flask, name: str) -> Browser:
    return signed_in(app, find(name).id)


#: A Sunday, Christmas, New Year, the day after Easter Monday, the night when clocks change.
@pytest.mark.soak
@pytest.mark.parametrize("days", [4, 296, 303, 34, 25])
@pytest.mark.parametrize("hours", [0, 15, 22])
def test_it_can_be_told_on_any_day_at_any_hour(app: Flask, time: Time, days: int, hours: int) -> None:
    time.pass_by(days=days, hours=hours)
    load_demo(clock.now())
    end_reading()
    addresses = {row.email for row in all_staff()}
    assert {email for email, _shown in ACCOUNTS if email in addresses} < addresses
    assert session().scalar(select(Person.id).where(Person.name == "Ada Nwosu")) is not None
    assert TaskKind.DEAD_LETTER in kinds(TaskState.DUE)
