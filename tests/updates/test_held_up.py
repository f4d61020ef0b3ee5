"""An update that could not go out at its time is owed by whoever wrote it, until it goes."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.permissions import Role
from portal.tasks.models import Task
from portal.tasks.states import TaskKind, TaskState
from portal.updates.actions import agree_to_story, name_member, schedule_update, take_story_back
from portal.updates.jobs import publish_due
from portal.updates.queries import draft_for_staff, find_for_staff
from portal.updates.states import UpdateKind, UpdateState
from tests.conftest import START, Time
from tests.factories import make_staff, signed_in
from tests.openings.early import make_member
from tests.updates.posting import content, draft, publish, write

pytestmark = pytest.mark.both_in_soak
EVENT = {"kind": UpdateKind.EVENT, "event_on": date(2026, 3, 6), "event_where": "18:00, online"}


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander")


def schedule(public_id: str, actor_id: int, after: timedelta) -> None:
    view = find_for_staff(public_id)
    assert view is not None
    revision = draft_for_staff(view).revision
    at = clock.now() + after
    schedule_update(view.id, publish_at=at, zone="Europe/Warsaw", revision=revision, actor_id=actor_id, now=clock.now())
    end_reading()


def held_up(public_id: str, author_id: int, time: Time) -> None:
    """The worker is away when its time comes, and back only after its event."""
    schedule(public_id, author_id, timedelta(days=1))
    time.at = START + timedelta(days=6)
    publish_due(clock.now())
    end_reading()


def owed() -> list[tuple[int, TaskState, str]]:
    end_reading()
    found = select(Task.owner_id, Task.state, Task.title).where(Task.kind == TaskKind.UPDATE_HELD_UP).order_by(Task.id)
    return [(owner_id, state, title) for owner_id, state, title in session().execute(found)]


def test_its_author_owes_it_and_finds_it_on_today(app: Flask, rita: int, time: Time) -> None:
    public_id = draft(content("Open house", **EVENT), rita)
    held_up(public_id, rita, time)
    assert owed() == [(rita, TaskState.DUE, "Open house")]
    desk = signed_in(app, rita)
    home = desk.get("/recruiting/")
    assert "This update did not go out at its time: Open house" in home.text
    page = desk.get(f"/recruiting/updates/{public_id}")
    assert "It did not go out at its time" in page.text
    assert "A day of the event that has not passed" in page.text


def test_it_is_asked_once_however_often_the_worker_looks(rita: int, time: Time) -> None:
    held_up(draft(content("Open house", **EVENT), rita), rita, time)
    publish_due(clock.now())
    assert len(owed()) == 1


def test_publishing_it_after_all_settles_it(rita: int, time: Time) -> None:
    public_id = draft(content("Open house", **EVENT), rita)
    held_up(public_id, rita, time)
    later = content("Open house", **{**EVENT, "event_on": date(2026, 4, 3)})
    write(public_id, rita, later)
    publish(public_id, rita)
    assert [state for _owner, state, _title in owed()] == [TaskState.DONE]


def test_a_new_time_settles_it_and_a_second_failure_is_owed_anew(rita: int, time: Time) -> None:
    public_id = draft(content("Open house", **EVENT), rita)
    held_up(public_id, rita, time)
    write(public_id, rita, content("Open house", **{**EVENT, "event_on": date(2026, 3, 12)}))
    schedule(public_id, rita, timedelta(days=1))
    assert [state for _owner, state, _title in owed()] == [TaskState.DONE]
    time.at = clock.now() + timedelta(days=6)
    publish_due(clock.now())
    assert [state for _owner, state, _title in owed()] == [TaskState.DONE, TaskState.DUE]


def test_what_nobody_wrote_any_more_is_an_admin_s(app: Flask, time: Time) -> None:
    admin, manager = make_staff("Ines Admin", Role.ADMIN), make_staff("Hugo Manager", Role.HIRING_MANAGER)
    held_up(draft(content("Open house", **EVENT), manager), manager, time)
    assert [owner for owner, _state, _title in owed()] == [admin]


def test_a_yes_that_is_taken_back_while_it_waits_is_said_and_names_nobody(rita: int) -> None:
    ada = make_member("Ada Lind")
    words = content("How Ada came here", kind=UpdateKind.MEMBER_STORY)
    public_id = draft(words, rita)
    view = find_for_staff(public_id)
    assert view is not None
    name_member(view.id, ada, actor_id=rita, now=clock.now())
    agree_to_story(view.id, ada, digest=words.words_digest, now=clock.now())
    end_reading()
    schedule(public_id, rita, timedelta(days=5))
    take_story_back(view.id, ada, clock.now())
    end_reading()
    found = find_for_staff(public_id)
    assert found is not None
    assert (found.state, found.held_up) == (UpdateState.DRAFT, "consent")
    assert owed() == [(rita, TaskState.DUE, "")]
