"""The one way in which a task goes from state to state."""

from datetime import datetime

from portal.core.db import transaction
from portal.tasks.models import Task, TaskEvent
from portal.tasks.rules import check_move
from portal.tasks.states import CLOSED_STATES, TaskEventKind, TaskState


def locked_task(task_id: int) -> Task | None:
    """The task, kept from others until the caller's transaction ends; None when it has gone with its person."""
    with transaction() as session:
        return session.get(Task, task_id, with_for_update=True)


def move(task: Task, after: TaskState, now: datetime, closed_by_id: int | None = None) -> None:
    """Set the state and what goes with it; joins the transaction. Raises IllegalMove."""
    check_move(task.state, after)
    task.state = after
    is_closed = after in CLOSED_STATES
    task.closed_at = now if is_closed else None
    task.closed_by_id = closed_by_id if is_closed else None
    if after is TaskState.DUE:
        task.escalated_to_id = task.told_at = None


def add_event(
    task: Task, kind: TaskEventKind, author_id: int | None, now: datetime, *, to_id: int | None = None, words: str = ""
) -> None:
    """Note what happened to a task; joins the transaction."""
    with transaction() as session:
        session.add(
            TaskEvent(task_id=task.id, kind=kind, author_id=author_id, to_id=to_id, words=words, created_at=now)
        )
