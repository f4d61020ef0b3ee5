"""Asking and answering, as the tests of conversations do it."""

from datetime import date

from sqlalchemy import select

from portal.applications.queries import StaffScope
from portal.conversations.actions import ask, send_reply
from portal.conversations.queries import Thread, find_thread
from portal.conversations.rules import Reply
from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.permissions import Role
from portal.tasks.models import Task
from portal.tasks.states import OPEN_STATES, TaskKind
from tests.factories import public_id_of


def scope(person_id: int, role: Role = Role.RECRUITER) -> StaffScope:
    return StaffScope(person_id, role)


def ask_us(person_id: int, text: str = "Is there a lift?", application: str = "", key: str = "") -> None:
    ask(person_id, text=text, application=application, form_key=key, now=clock.now())


def thread_of(person_id: int, staff_id: int, role: Role = Role.RECRUITER) -> Thread:
    end_reading()
    found = find_thread(public_id_of(person_id), scope(staff_id, role))
    assert found is not None
    return found


def answer(
    person_id: int,
    staff_id: int,
    text: str = "Yes, there is.",
    application: str = "",
    *,
    day: date | None = None,
    reason: str = "",
    seen: str | None = None,
    key: str = "",
    is_hurried: bool = False,
) -> None:
    newest = thread_of(person_id, staff_id).newest_id
    send_reply(
        public_id_of(person_id),
        scope=scope(staff_id),
        reply=Reply(text, application, day, reason),
        seen_id=newest if seen is None else seen,
        form_key=key,
        is_hurried=is_hurried,
        now=clock.now(),
    )


def open_tasks(kind: TaskKind = TaskKind.QUESTION) -> list[Task]:
    end_reading()
    found = select(Task).where(Task.kind == kind).where(Task.state.in_(OPEN_STATES)).order_by(Task.id)
    return list(session().scalars(found))
