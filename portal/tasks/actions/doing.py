"""What people do with tasks: finish, reopen, hand over, note."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from portal.audit.actions import record
from portal.company.queries import company_zone, work_calendar
from portal.company.rules import WorkCalendar
from portal.core.clock import day_of
from portal.core.db import transaction
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.people.queries import StaffRow, find_staff
from portal.tasks.actions.moves import add_event, locked_task, move
from portal.tasks.models import Task, TaskEvent
from portal.tasks.queries import needing_a_word, still_untold
from portal.tasks.rules import TaskClosed, check_hand_over, check_note, check_said, check_told, due_after_hand_over
from portal.tasks.states import CLOSED_STATES, OPEN_STATES, TaskEventKind, TaskKind, TaskState

#: Far enough for the next working day after any row of holidays.
_AHEAD = timedelta(days=31)


def finish_task(task_id: int, *, actor_id: int | None, now: datetime) -> bool:
    """Say that a task is done; `actor_id` None: its reason has gone. False when it was closed already."""
    with transaction():
        task = locked_task(task_id)
        if task is None or task.state in CLOSED_STATES:
            return False
        move(task, TaskState.DONE, now, closed_by_id=actor_id)
        add_event(task, TaskEventKind.DONE if actor_id is not None else TaskEventKind.SETTLED, actor_id, now)
        _record("tasks.finish_task", task, actor_id, now)
        return True


def settle_tasks(cause: str, kind: TaskKind, now: datetime) -> None:
    """Finish what `cause` has brought about of this kind, as its reason has gone; joins the transaction."""
    with transaction() as session:
        owed = session.scalars(
            select(Task.id)
            .where(Task.cause == cause)
            .where(Task.kind == kind)
            .where(Task.state.in_(OPEN_STATES))
            .order_by(Task.id)
        ).all()
        for task_id in owed:
            finish_task(task_id, actor_id=None, now=now)


def tick_off(task_ids: Sequence[int], *, actor_id: int, now: datetime) -> int:
    """Let somebody say that these are done, all or none; returns how many were open.

    A letter that did not arrive is done by saying how its reader was told, not by ticking it off, and
    some others with a word. Raises StillUntold, NeedsAWord.
    """
    with transaction():
        check_told(len(still_untold(task_ids)))
        check_said(needing_a_word(task_ids))
        return sum(finish_task(task_id, actor_id=actor_id, now=now) for task_id in sorted(task_ids))


def reopen_task(task_id: int, *, actor_id: int, now: datetime) -> bool:
    """Undo that a task is done or cancelled; False when it is open already. Raises NotFound."""
    with transaction():
        task = locked_task(task_id)
        if task is None:
            raise NotFound
        if task.state in OPEN_STATES:
            return False
        move(task, TaskState.DUE, now)
        add_event(task, TaskEventKind.REOPENED, actor_id, now)
        _record("tasks.reopen_task", task, actor_id, now)
        return True


def hand_over_task(task_id: int, *, to_id: int, why: str, actor_id: int, now: datetime) -> None:
    """Give a task to a colleague with a word why; they have until the next working day if it is due already.

    Raises HandOverRefused, TaskClosed, NotFound.
    """
    with transaction():
        task = locked_task(task_id)
        if task is None:
            raise NotFound
        _hand_over(task, _prepare(to_id, why, actor_id, now), now)


def hand_over_tasks(task_ids: Sequence[int], *, to_id: int, why: str, actor_id: int | None, now: datetime) -> int:
    """As `hand_over_task` for several, all or none; those that are closed or theirs already are left out.

    Returns how many went over. Raises HandOverRefused.
    """
    with transaction() as session:
        over = _prepare(to_id, why, actor_id, now)
        found = session.scalars(
            select(Task)
            .where(Task.id.in_(task_ids))
            .where(Task.state.in_(OPEN_STATES))
            .where(Task.owner_id != to_id)
            .order_by(Task.id)
            .with_for_update()
        ).all()
        for task in found:
            _hand_over(task, over, now)
        return len(found)


@dataclass(frozen=True)
class _HandOver:
    """To whom, why, by whom (None: by itself); and what decides until when they have."""

    receiver: StaffRow | None
    why: str
    actor_id: int | None
    today: date
    calendar: WorkCalendar


def _prepare(to_id: int, why: str, actor_id: int | None, now: datetime) -> _HandOver:
    today = day_of(now, company_zone())
    receiver = find_staff(to_id)
    works_here = receiver is not None and receiver.is_here
    return _HandOver(receiver if works_here else None, why, actor_id, today, work_calendar(today, today + _AHEAD))


def _hand_over(task: Task, over: _HandOver, now: datetime) -> None:
    if task.state in CLOSED_STATES:
        raise TaskClosed(_("This was finished in the meantime, so there is nothing to hand over."))
    receiver = over.receiver
    words = check_hand_over(
        task.kind,
        over.why,
        to_role=receiver.role if receiver else None,
        is_owner=receiver is not None and receiver.person_id == task.owner_id,
    )
    if receiver is None:
        raise NotFound
    task.owner_id = receiver.person_id
    task.due_on = due_after_hand_over(task.kind, task.due_on, over.today, over.calendar)
    if task.state is TaskState.ESCALATED:
        move(task, TaskState.DUE, now)
    add_event(task, TaskEventKind.HANDED_OVER, over.actor_id, now, to_id=receiver.person_id, words=words)
    _record("tasks.hand_over_task", task, over.actor_id, now, to=receiver.public_id)


def keep_day(task_id: int, due_on: date) -> None:
    """Let a task be due on the day on which what it is about is owed."""
    with transaction():
        task = locked_task(task_id)
        if task is not None and task.state in OPEN_STATES:
            task.due_on = due_on


def note_on_task(task_id: int, *, words: str, actor_id: int, now: datetime) -> None:
    """Write something down that colleagues read beside the task; what they said last already is not said again.

    Raises EmptyNote, NotFound.
    """
    note = check_note(words)
    with transaction() as session:
        task = locked_task(task_id)
        if task is None:
            raise NotFound
        newest = select(TaskEvent).where(TaskEvent.task_id == task_id).order_by(TaskEvent.id.desc()).limit(1)
        last = session.scalar(newest)
        if last is not None and (last.kind, last.author_id, last.words) == (TaskEventKind.NOTED, actor_id, note):
            return
        add_event(task, TaskEventKind.NOTED, actor_id, now, words=note)
        _record("tasks.note_on_task", task, actor_id, now)


def _record(action: str, task: Task, actor_id: int | None, now: datetime, **details: str) -> None:
    record(action, f"task:{task.public_id}", actor_id=actor_id, now=now, person_id=task.person_id, **details)
