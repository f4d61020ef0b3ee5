"""Tasks as the staff reads them: on their home, in lists, and one whole."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, ColumnElement, Integer, and_, bindparam, case, func, or_, select, true
from sqlalchemy.orm import aliased

from portal.core.db import UTCDateTime, fetch, session
from portal.people.models import Address, Person, Staff
from portal.tasks.models import Task, TaskEvent
from portal.tasks.queries.jobs import begun, is_about_another, is_begun, is_no_secret
from portal.tasks.states import CLOSED_STATES, OPEN_STATES, TaskEventKind, TaskKind, TaskState

#: Up to so many of a kind stand on the home by themselves; more are one line.
ALIKE_SHOWN = 3

Owner = aliased(Person, name="task_owner")
Closer = aliased(Person, name="task_closer")
Author = aliased(Person, name="task_author")
Receiver = aliased(Person, name="task_receiver")
_ADDRESS = (
    select(Address.email)
    .where(Address.person_id == Person.id)
    .where(Address.is_primary)
    .correlate(Person)
    .scalar_subquery()
)
_NAME = case((Person.name != "", Person.name), else_=func.coalesce(_ADDRESS, ""))

#: What every list shows of a task.
_COLUMNS = (
    Task.id,
    Task.public_id,
    Task.kind,
    Task.state,
    Task.about,
    Task.title,
    _NAME,
    Task.due_on,
    Task.owner_id,
    Owner.name,
    Task.closed_at,
)
_LINE = (*_COLUMNS, Closer.name)


class Whose(StrEnum):
    """Whose tasks a list shows."""

    MINE = "mine"
    TEAM = "team"


@dataclass(frozen=True)
class TaskScope:
    """Who asks: admins see all tasks, the others their own, those of who reports to them and of whom they stand in for.

    `stands_in_for`: ids of colleagues who are away.
    """

    person_id: int
    is_admin: bool
    stands_in_for: tuple[int, ...] = ()


@dataclass(frozen=True)
class TaskFilter:
    """What a list of tasks is narrowed to."""

    whose: Whose = Whose.MINE
    is_open: bool = True
    kind: TaskKind | None = None


class HomeTask(NamedTuple):
    """A task on somebody's home: due, or finished by them today; `alike_count` of its kind are."""

    id: int
    public_id: str
    kind: TaskKind
    state: TaskState
    about: str
    title: str
    #: The name of whom it is about, or their address; empty when it is about nobody.
    name: str
    due_on: date
    owner_id: int
    owner_name: str
    closed_at: datetime | None
    alike_count: int


@dataclass(frozen=True)
class TaskLine:
    """A task in a list."""

    id: int
    public_id: str
    kind: TaskKind
    state: TaskState
    about: str
    title: str
    name: str
    due_on: date
    owner_id: int
    owner_name: str
    closed_at: datetime | None
    closed_by: str | None


@dataclass(frozen=True)
class TaskEventLine:
    """Something that happened to a task."""

    kind: TaskEventKind
    author_name: str | None
    to_name: str | None
    words: str
    created_at: datetime


@dataclass(frozen=True)
class TaskView:
    """One task, whole; what happened to it newest first."""

    line: TaskLine
    owner_public_id: str
    created_at: datetime
    events: list[TaskEventLine] = field(default_factory=list)


def _is_open() -> ColumnElement[bool]:
    """Written as constants, else the partial index is not used."""
    return Task.state.in_(bindparam("open_states", list(OPEN_STATES), expanding=True, literal_execute=True))


def _is_visible(whose: Whose, is_admin: bool) -> ColumnElement[bool]:
    """For `:me` and `:mine` (themselves and those they stand in for); nothing about their own application here."""
    me = bindparam("me", type_=Integer)
    return and_(_is_theirs(whose, is_admin, me), is_about_another(me), is_no_secret(me))


def _is_theirs(whose: Whose, is_admin: bool, me: BindParameter[int]) -> ColumnElement[bool]:
    if whose is Whose.TEAM and is_admin:
        return true()
    own = or_(Task.owner_id.in_(bindparam("mine", expanding=True, type_=Integer)), Task.escalated_to_id == me)
    reports = select(Staff.person_id).where(Staff.lead_id == me)
    return or_(own, Task.owner_id.in_(reports)) if whose is Whose.TEAM else own


def _asks(scope: TaskScope) -> dict[str, Any]:
    return {"me": scope.person_id, "mine": [scope.person_id, *scope.stands_in_for]}


def tasks_on_home(scope: TaskScope, whose: Whose, today: date, since: datetime) -> list[HomeTask]:
    """What has begun by `today`, the oldest first, and what the asker has finished `since`, the last first.

    Of each kind that is due at most `ALIKE_SHOWN` come, with how many they are.
    """
    values = {**_asks(scope), **begun(today), "since": since}
    return [HomeTask._make(row) for row in fetch(_home(whose, scope.is_admin), values)]


@cache
def _home(whose: Whose, is_admin: bool) -> Any:
    """Built once: building it costs as much as running it."""
    is_due = and_(_is_open(), is_begun(), _is_visible(whose, is_admin))
    is_done = and_(
        Task.closed_by_id == bindparam("me", type_=Integer),
        Task.closed_at >= bindparam("since", type_=UTCDateTime()),
        Task.state == TaskState.DONE,
    )
    alike: dict[str, Any] = {"partition_by": (Task.closed_at.is_(None), Task.kind)}
    order = (Task.closed_at.desc(), Task.due_on, Task.id)
    ranked = (
        select(
            Task.id,
            func.row_number().over(**alike, order_by=order).label("place"),
            func.count().over(**alike).label("alike_count"),
        )
        .where(or_(is_due, is_done))
        .subquery()
    )
    return (
        select(*_COLUMNS, ranked.c.alike_count)
        .join(ranked, ranked.c.id == Task.id)
        .join(Owner, Owner.id == Task.owner_id)
        .outerjoin(Person, Person.id == Task.person_id)
        .where(ranked.c.place <= ALIKE_SHOWN)
        .order_by(*order)
    )


def _joined(statement: Any) -> Any:
    return (
        statement.select_from(Task)
        .join(Owner, Owner.id == Task.owner_id)
        .outerjoin(Person, Person.id == Task.person_id)
        .outerjoin(Closer, Closer.id == Task.closed_by_id)
    )


def list_tasks(wanted: TaskFilter, scope: TaskScope, first: int, count: int) -> tuple[list[TaskLine], int]:
    """`count` tasks from number `first`, and how many there are: open ones oldest first, closed ones newest first."""
    order = (Task.due_on, Task.id) if wanted.is_open else (Task.closed_at.desc(), Task.id.desc())
    statement = _narrowed(_joined(select(*_LINE)), wanted, scope).order_by(*order).offset(first).limit(count)
    counted = _narrowed(select(func.count()).select_from(Task), wanted, scope)
    total = session().scalar(counted, _asks(scope)) or 0
    return [TaskLine(*row) for row in fetch(statement, _asks(scope))], total


def tasks_named(public_ids: Sequence[str], scope: TaskScope) -> list[TaskLine]:
    """The tasks with these public ids that the asker may see, the oldest first."""
    statement = (
        _joined(select(*_LINE))
        .where(Task.public_id.in_(public_ids))
        .where(_is_visible(Whose.TEAM, scope.is_admin))
        .order_by(Task.due_on, Task.id)
    )
    return [TaskLine(*row) for row in fetch(statement, _asks(scope))] if public_ids else []


def _narrowed(statement: Any, wanted: TaskFilter, scope: TaskScope) -> Any:
    statement = statement.where(_is_visible(wanted.whose, scope.is_admin))
    statement = statement.where(_is_open() if wanted.is_open else Task.state.in_(CLOSED_STATES))
    return statement.where(Task.kind == wanted.kind) if wanted.kind is not None else statement


_EVENTS = (
    select(TaskEvent.kind, Author.name, Receiver.name, TaskEvent.words, TaskEvent.created_at)
    .outerjoin(Author, Author.id == TaskEvent.author_id)
    .outerjoin(Receiver, Receiver.id == TaskEvent.to_id)
    .where(TaskEvent.task_id == bindparam("task_id"))
    .order_by(TaskEvent.id.desc())
)


def find_task(public_id: str, scope: TaskScope) -> TaskView | None:
    """The task with this public id, if the asker may see it."""
    statement = (
        _joined(select(*_LINE, Owner.public_id, Task.created_at))
        .where(Task.public_id == public_id)
        .where(_is_visible(Whose.TEAM, scope.is_admin))
    )
    row = fetch(statement, _asks(scope)).one_or_none()
    if row is None:
        return None
    line = TaskLine(*row[:-2])
    events = [TaskEventLine(*event) for event in fetch(_EVENTS, {"task_id": line.id})]
    return TaskView(line, row[-2], row[-1], events)


def leads_somebody(person_id: int) -> bool:
    """Whether anybody at work reports to this person."""
    found = select(Staff.person_id).where(Staff.lead_id == person_id).where(Staff.is_active).limit(1)
    return session().scalar(found) is not None
