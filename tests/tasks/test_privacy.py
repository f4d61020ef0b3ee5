"""What happens to tasks when people are shown what is held, erased, merged, or leave."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.permissions import Role
from portal.people.actions import change_staff
from portal.privacy.actions import erase_person, hand_over, merge_people
from portal.privacy.queries import held_about
from portal.tasks.actions import choose_morning_mail, escalate_task, finish_task, note_on_task
from portal.tasks.models import MorningMail, Task, TaskEvent
from portal.tasks.states import TaskKind, TaskState
from tests.factories import make_person, make_staff, make_task

TODAY = date(2026, 3, 4)


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander")


def rows_of(person_id: int, title: str) -> list[tuple[str, str]]:
    end_reading()
    return next(section.rows for section in held_about(person_id) if section.title == title)


def test_a_candidate_reads_that_something_about_them_was_to_be_done(rita: int) -> None:
    ada = make_person()
    one = make_task(rita, TaskKind.QUESTION, person_id=ada)
    make_task(rita, TaskKind.DEAD_LETTER, person_id=ada)
    note_on_task(one, words="She sounded cross.", actor_id=rita, now=clock.now())
    waiting = rows_of(ada, "What we had to do about you")
    assert waiting == [("Wednesday 4 March 2026", "Questions that wait for an answer")]
    finish_task(one, actor_id=rita, now=clock.now())
    assert rows_of(ada, "What we had to do about you") == waiting


def test_a_colleague_reads_what_they_wrote_and_chose(rita: int) -> None:
    one = make_task(rita)
    note_on_task(one, words="I wait for her call.", actor_id=rita, now=clock.now())
    choose_morning_mail(rita, False, clock.now())
    rows = rows_of(rita, "Tasks you work on")
    assert ("Mail in the morning", "no") in rows
    assert ("Wednesday 4 March 2026", "I wait for her call.") in rows


def test_with_the_person_the_tasks_about_them_and_their_notes_go(rita: int) -> None:
    ada, bo = make_person(), make_person("Bo Ek")
    note_on_task(make_task(rita, person_id=ada), words="Ada moved.", actor_id=rita, now=clock.now())
    kept = make_task(rita, person_id=bo)
    erase_person(ada, rita, clock.now())
    end_reading()
    assert session().scalars(select(Task.id)).all() == [kept]
    assert session().scalar(select(func.count(TaskEvent.id))) == 0


def test_a_task_is_about_who_two_records_have_become(rita: int) -> None:
    ada, gone = make_person(), make_person("A. Lind")
    one = make_task(rita, person_id=gone)
    merge_people(ada, gone, rita, clock.now())
    end_reading()
    assert session().get_one(Task, one).person_id == ada


def test_who_leaves_hands_over_what_they_owe_and_what_came_up_to_them(rita: int) -> None:
    omar, lena = make_staff("Omar Haddad"), make_staff("Lena Lead")
    with transaction():
        change_staff(rita, role=Role.RECRUITER, lead_id=lena, is_active=True)
    own, up = make_task(lena), make_task(rita, due=TODAY - timedelta(days=5))
    escalate_task(up, lena, clock.now())
    choose_morning_mail(lena, False, clock.now())
    hand_over(lena, omar, omar, clock.now())
    end_reading()
    assert session().get_one(Task, own).owner_id == omar
    assert session().get_one(Task, up).escalated_to_id == omar
    assert session().scalar(select(func.count(MorningMail.staff_id))) == 0


def test_a_lead_who_receives_the_task_itself_is_not_their_own_lead(rita: int) -> None:
    lena = make_staff("Lena Lead")
    up = make_task(rita, due=TODAY - timedelta(days=5))
    escalate_task(up, lena, clock.now())
    hand_over(rita, lena, lena, clock.now())
    end_reading()
    task = session().get_one(Task, up)
    assert (task.owner_id, task.state, task.escalated_to_id) == (lena, TaskState.DUE, None)
