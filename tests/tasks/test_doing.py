"""Adding, finishing, reopening, handing over, cancelling: each once, by whom, and written down."""

import threading
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.audit.models import AuditRecord
from portal.core import clock
from portal.core.db import db, end_reading, session, transaction
from portal.core.permissions import Role
from portal.people.actions import change_staff
from portal.tasks.actions import (
    add_task,
    cancel_tasks,
    escalate_task,
    finish_task,
    hand_over_task,
    hand_over_tasks,
    reopen_task,
    tick_off,
)
from portal.tasks.models import Task, TaskEvent
from portal.tasks.rules import HandOverRefused, TaskClosed
from portal.tasks.states import TaskEventKind, TaskKind, TaskState
from tests.conftest import Time
from tests.factories import make_staff, make_task

TODAY = date(2026, 3, 4)


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander")


def task(task_id: int) -> Task:
    end_reading()
    return session().get_one(Task, task_id)


def events(task_id: int) -> list[tuple[TaskEventKind, str]]:
    end_reading()
    rows = session().execute(
        select(TaskEvent.kind, TaskEvent.words).where(TaskEvent.task_id == task_id).order_by(TaskEvent.id)
    )
    return [(row.kind, row.words) for row in rows]


def add(owner_id: int, due: date = TODAY) -> int:
    return add_task(
        owner_id=owner_id,
        kind=TaskKind.DEAD_LETTER,
        cause="delivery:abc",
        about="abc",
        due_on=due,
        dedupe_key="delivery:abc",
        now=clock.now(),
    )


def test_the_same_task_is_added_once(rita: int) -> None:
    assert add(rita) == add(rita)
    assert session().scalar(select(func.count(Task.id))) == 1


def test_eight_who_add_the_same_at_once_add_it_once(app: Flask, rita: int) -> None:
    found: list[int] = []

    def run() -> None:
        with app.app_context():
            found.append(add(rita))
            db.session.remove()

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


def test_what_finished_itself_comes_back_with_its_reason(rita: int) -> None:
    one = add(rita)
    assert finish_task(one, actor_id=None, now=clock.now())
    assert task(one).closed_by_id is None
    assert add(rita, TODAY + timedelta(days=7)) == one
    assert (task(one).state, task(one).due_on) == (TaskState.DUE, date(2026, 3, 11))
    assert events(one) == [(TaskEventKind.SETTLED, ""), (TaskEventKind.REOPENED, "")]


def test_what_a_person_finished_stays_finished(rita: int) -> None:
    one = add(rita)
    finish_task(one, actor_id=rita, now=clock.now())
    assert add(rita) == one
    assert task(one).state is TaskState.DONE


def test_a_task_is_finished_once(rita: int) -> None:
    one = make_task(rita)
    assert finish_task(one, actor_id=rita, now=clock.now())
    assert not finish_task(one, actor_id=rita, now=clock.now())
    assert task(one).closed_by_id == rita
    assert [kind for kind, _words in events(one)] == [TaskEventKind.DONE]


def test_what_was_finished_can_be_taken_back(rita: int) -> None:
    one = make_task(rita)
    finish_task(one, actor_id=rita, now=clock.now())
    assert reopen_task(one, actor_id=rita, now=clock.now())
    assert not reopen_task(one, actor_id=rita, now=clock.now())
    assert (task(one).state, task(one).closed_at, task(one).closed_by_id) == (TaskState.DUE, None, None)


def test_several_are_finished_in_one_step(rita: int) -> None:
    ids = [make_task(rita) for _ in range(3)]
    finish_task(ids[0], actor_id=rita, now=clock.now())
    assert tick_off(ids, actor_id=rita, now=clock.now()) == 2


def test_a_colleague_gets_a_task_with_a_word_and_a_day(rita: int) -> None:
    omar = make_staff("Omar Haddad")
    one = make_task(rita, due=TODAY - timedelta(days=1))
    hand_over_task(one, to_id=omar, why=" You know her. ", actor_id=rita, now=clock.now())
    assert (task(one).owner_id, task(one).due_on) == (omar, date(2026, 3, 5))
    assert events(one) == [(TaskEventKind.HANDED_OVER, "You know her.")]


def test_handing_over_ends_an_escalation(rita: int) -> None:
    omar, lena = make_staff("Omar Haddad"), make_staff("Lena Lead")
    one = make_task(rita, due=TODAY - timedelta(days=5))
    escalate_task(one, lena, clock.now())
    assert not escalate_task(one, lena, clock.now())
    hand_over_task(one, to_id=omar, why="Rita is ill", actor_id=lena, now=clock.now())
    assert (task(one).state, task(one).escalated_to_id) == (TaskState.DUE, None)


def test_a_task_is_not_handed_to_who_left_or_cannot_open_it(rita: int) -> None:
    gone, hugo = make_staff("Gone"), make_staff("Hugo Meier", Role.HIRING_MANAGER)
    with transaction():
        change_staff(gone, role=Role.RECRUITER, lead_id=None, is_active=False)
    one = make_task(rita)
    for to_id in (gone, hugo, rita, 4711):
        with pytest.raises(HandOverRefused):
            hand_over_task(one, to_id=to_id, why="Please", actor_id=rita, now=clock.now())
    assert task(one).owner_id == rita


def test_what_is_finished_is_not_handed_over(rita: int) -> None:
    omar, one = make_staff("Omar Haddad"), make_task(rita)
    finish_task(one, actor_id=rita, now=clock.now())
    with pytest.raises(TaskClosed):
        hand_over_task(one, to_id=omar, why="Please", actor_id=rita, now=clock.now())


def test_several_go_over_all_or_none(rita: int) -> None:
    omar = make_staff("Omar Haddad")
    ids = [make_task(rita), make_task(omar), make_task(rita)]
    assert hand_over_tasks(ids, to_id=omar, why="Away", actor_id=rita, now=clock.now()) == 2
    mixed = [make_task(rita), make_task(rita, TaskKind.DEAD_INVITATION)]
    with pytest.raises(HandOverRefused):
        hand_over_tasks(mixed, to_id=omar, why="Away", actor_id=rita, now=clock.now())
    assert {task(one).owner_id for one in mixed} == {rita}


def test_what_it_was_about_is_no_more(rita: int, time: Time) -> None:
    ids = [make_task(rita, cause="import:abc") for _ in range(2)]
    other = make_task(rita, cause="import:xyz")
    assert cancel_tasks("import:abc", clock.now()) == 2
    assert cancel_tasks("import:abc", clock.now()) == 0
    assert {task(one).state for one in ids} == {TaskState.CANCELLED}
    assert task(other).state is TaskState.DUE


def test_every_change_by_a_person_is_in_the_audit_log(rita: int) -> None:
    omar, one = make_staff("Omar Haddad"), make_task(rita)
    finish_task(one, actor_id=rita, now=clock.now())
    reopen_task(one, actor_id=rita, now=clock.now())
    hand_over_task(one, to_id=omar, why="Because of Ada", actor_id=rita, now=clock.now())
    end_reading()
    found = session().scalars(
        select(AuditRecord).where(AuditRecord.action.startswith("tasks.")).order_by(AuditRecord.id)
    )
    rows = list(found)
    assert [row.action for row in rows] == ["tasks.finish_task", "tasks.reopen_task", "tasks.hand_over_task"]
    assert {row.actor_id for row in rows} == {rita}
    assert "Ada" not in str([row.details for row in rows])
