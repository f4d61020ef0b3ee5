"""Tasks come, go to a lead, and go with their cause; called by the jobs and actions of the features above."""

from datetime import date, datetime

from sqlalchemy import select

from portal.audit.actions import record
from portal.core.db import insert_into, transaction
from portal.core.identifiers import new_public_id
from portal.tasks.actions.moves import add_event, locked_task, move
from portal.tasks.models import Task
from portal.tasks.states import OPEN_STATES, TaskEventKind, TaskKind, TaskState

_TITLE_LENGTH = 200


def add_task(
    *,
    owner_id: int,
    kind: TaskKind,
    cause: str,
    about: str,
    due_on: date,
    dedupe_key: str,
    now: datetime,
    title: str = "",
    person_id: int | None = None,
) -> int:
    """Say that `owner_id`, who is on the staff, owes something by `due_on`; returns the task's id.

    `about` is the public id of what the kind's link leads to, `cause` what `cancel_tasks` takes, `title` what it is
    about in words and without a name, `person_id` the one whose name it says and with whose erasure it goes.
    `dedupe_key` says what the task is: adding the same again adds nothing. One that had finished itself opens again,
    as its reason is back; one that a person has finished stays finished. Joins the caller's transaction.
    """
    values = {
        "public_id": new_public_id(),
        "kind": kind,
        "state": TaskState.DUE,
        "owner_id": owner_id,
        "cause": cause,
        "about": about,
        "title": title[:_TITLE_LENGTH],
        "person_id": person_id,
        "due_on": due_on,
        "dedupe_key": dedupe_key,
        "created_at": now,
    }
    with transaction() as session:
        statement = (
            insert_into(Task, session.get_bind().dialect.name)
            .values(**values)
            .on_conflict_do_nothing(index_elements=["dedupe_key"])
        )
        task_id: int | None = session.scalar(statement.returning(Task.id))
        if task_id is not None:
            return task_id
        task = session.scalars(select(Task).where(Task.dedupe_key == dedupe_key).with_for_update()).one()
        if task.state is TaskState.DONE and task.closed_by_id is None:
            move(task, TaskState.DUE, now)
            task.due_on = due_on
            add_event(task, TaskEventKind.REOPENED, None, now)
        return task.id


def cancel_tasks(cause: str, now: datetime) -> int:
    """Let go of what `cause` has brought about, as it is no more; joins the transaction. Returns how many went."""
    with transaction() as session:
        found = session.scalars(
            select(Task)
            .where(Task.cause == cause)
            .where(Task.state.in_(OPEN_STATES))
            .order_by(Task.id)
            .with_for_update()
        ).all()
        for task in found:
            _cancel(task, now)
        return len(found)


def cancel_task(task_id: int, now: datetime) -> bool:
    """Let go of one task, as another stands for it; False when it was closed already."""
    with transaction():
        task = locked_task(task_id)
        if task is None or task.state not in OPEN_STATES:
            return False
        _cancel(task, now)
        return True


def _cancel(task: Task, now: datetime) -> None:
    move(task, TaskState.CANCELLED, now)
    add_event(task, TaskEventKind.CANCELLED, None, now)
    record("tasks.cancel_task", f"task:{task.public_id}", actor_id=None, now=now, person_id=task.person_id)


def escalate_task(task_id: int, lead_id: int, now: datetime) -> bool:
    """Let the lead look after a task too, which stays with who owes it; False when it is not due any more."""
    with transaction():
        task = locked_task(task_id)
        if task is None or task.state is not TaskState.DUE:
            return False
        move(task, TaskState.ESCALATED, now)
        task.escalated_to_id, task.told_at = lead_id, None
        add_event(task, TaskEventKind.ESCALATED, None, now, to_id=lead_id)
        record("tasks.escalate_task", f"task:{task.public_id}", actor_id=None, now=now, person_id=task.person_id)
        return True
