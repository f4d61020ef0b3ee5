"""What is due: who is owed a word today, and which of them are alike."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    Integer,
    String,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    type_coerce,
    union,
)
from sqlalchemy.orm import aliased

from portal.applications.models import Application, ApplicationEvent
from portal.applications.queries.shown import (
    Later,
    LaterDelivery,
    Owner,
    Shown,
    StaffScope,
    as_constant,
    is_in_scope,
    is_on_its_way,
    with_later,
    with_shown,
)
from portal.applications.states import ApplicationStatus, EventKind
from portal.core.db import fetch
from portal.core.permissions import Role
from portal.openings.models import Opening
from portal.outbox.states import DeliveryState
from portal.people.models import Address, Person
from portal.tasks.models import Task
from portal.tasks.states import OPEN_STATES, TaskKind

_ESCALATED = as_constant(EventKind.ESCALATED)
_ADDRESS = (
    select(Address.email)
    .where(Address.person_id == Person.id)
    .where(Address.is_primary)
    .correlate(Person)
    .scalar_subquery()
)


class DueLine(NamedTuple):
    """Applications that are due alike: the same opening, status and promised day; often a single one.

    Of what is escalated, the day is the one on which nobody wrote.
    """

    #: Of the application, if it is a single one; else of one of them.
    public_id: str
    #: The first and the last of their names; the address of somebody without one.
    first_name: str
    last_name: str
    #: Who looks after them, when that is one person; empty when they are several, or only those of one were asked for.
    owner_name: str
    opening_public_id: str
    opening_title: str
    #: What the candidate sees.
    status: ApplicationStatus
    next_update_by: date | None
    #: How many they are; of them, how many an import has changed, and how many letters did not arrive.
    alike_count: int
    changed_count: int
    undelivered_count: int
    #: And how many were told that we have not kept our promise.
    escalated_count: int


@dataclass(frozen=True)
class DueCounts:
    """How many wait for a word; of them, how many late, changed by an import, or with a letter that did not arrive."""

    total: int = 0
    late: int = 0
    changed: int = 0
    undelivered: int = 0
    #: On how many lines they stand.
    lines: int = 0


def due_for(
    scope: StaffScope, today: date, owner_id: int | None, first: int, count: int
) -> tuple[list[DueLine], DueCounts]:
    """`count` lines from number `first` of what is due today, the oldest promise that a candidate has seen on top.

    Of one day, the line with the most people comes first.
    Of one owner, or of everybody. Whoever is meant by a task about a lost letter that is due, and that stands on the
    same page, is left to it. The counts are of all that is due; beyond the end there are no lines, and the counts are
    not known.
    """
    values = {"asker_id": scope.person_id, "today": today, "owner_id": owner_id, "first": first, "count": count}
    rows = fetch(_due_lines(scope.role, owner_id is not None), values).all()
    counts = DueCounts(*rows[0][-5:]) if rows else DueCounts()
    return [DueLine._make(row[:-5]) for row in rows], counts


@cache
def _due_lines(role: Role, is_of_one_owner: bool) -> Any:
    """Built once: building it costs as much as running it."""
    today = bindparam("today", type_=Date)
    name = name_or_address()
    owner = case((func.min(Owner.id) == func.max(Owner.id), func.min(Owner.name)), else_="")
    many = func.count()
    changed = func.count(Application.change_reported_at)
    undelivered = func.count().filter(_is_lost())
    day = due_day()
    lines = select(
        func.min(Application.public_id),
        func.min(name),
        func.max(name),
        literal("") if is_of_one_owner else owner,
        Opening.public_id,
        Opening.title,
        Shown.status,
        day,
        many,
        changed,
        undelivered,
        func.count().filter(_is_escalated()),
        func.sum(many).over(),
        func.sum(case((day < today, many), else_=0)).over(),
        func.sum(changed).over(),
        func.sum(undelivered).over(),
        func.count().over(),
    )
    lines = (
        lines.select_from(Application)
        .join(Opening, Opening.id == Application.opening_id)
        .join(Person, Person.id == Application.person_id)
    )
    if not is_of_one_owner:
        lines = lines.join(Owner, Owner.id == Application.owner_id)
    due = _due(with_later(with_shown(lines)), role, is_of_one_owner)
    return (
        due.group_by(Opening.id, Shown.status, day)
        .order_by(day.is_(None), day, many.desc(), Opening.title, Opening.id, Shown.status)
        .offset(bindparam("first", type_=Integer))
        .limit(bindparam("count", type_=Integer))
    )


def _due(statement: Any, role: Role, is_of_one_owner: bool) -> Any:
    """What needs a word by `:today`, for `:asker_id`, of `:owner_id` or of all."""
    today = bindparam("today", type_=Date)
    owner_id = bindparam("owner_id", type_=Integer) if is_of_one_owner else None
    due = (
        statement.where(Application.id.in_(may_be_due(today, owner_id)))
        .where(is_in_scope(bindparam("asker_id", type_=Integer), role))
        .where(needs_a_word(today))
        .where(Application.public_id.not_in(_with_task(role, owner_id)))
    )
    return due.where(Application.owner_id == owner_id) if is_of_one_owner else due


def _is_lost() -> ColumnElement[bool]:
    """The newest letter did not arrive, and nobody has said that they dealt with it."""
    dealt_with = (
        exists()
        .where(Task.dedupe_key == literal("delivery:") + LaterDelivery.key)
        .where(Task.closed_by_id.is_not(None))
        .correlate(LaterDelivery)
    )
    return (LaterDelivery.state == DeliveryState.DEAD) & ~dealt_with


def _with_task(role: Role, owner_id: BindParameter[int] | None) -> Any:
    """Public ids of applications with a lost letter that the tasks on the same page tell of already."""
    told = (
        select(Task.about)
        .where(type_coerce(Task.state, String).in_([as_constant(state) for state in OPEN_STATES]))
        .where(Task.kind == TaskKind.DEAD_LETTER)
        .where(Task.due_on <= bindparam("today", type_=Date))
    )
    if owner_id is not None:
        return told.where(Task.owner_id == owner_id)
    return told if role is Role.ADMIN else told.where(Task.owner_id == bindparam("asker_id", type_=Integer))


def name_or_address() -> ColumnElement[str]:
    """What a joined person is called; the address is looked up only of somebody without a name."""
    return case((Person.name != "", Person.name), else_=func.coalesce(_ADDRESS, ""))


def promised_from(
    after: BindParameter[date] | None, until: date | BindParameter[date], owner_id: BindParameter[int] | None = None
) -> Any:
    """Ids of applications with an event that promised word after the one day and by the other: found by index alone.

    Whoever looks among these few does not read the rows of all that somebody looks after.
    """
    promised = select(ApplicationEvent.application_id).where(ApplicationEvent.next_update_by <= until)
    if after is not None:
        promised = promised.where(ApplicationEvent.next_update_by > after)
    if owner_id is None:
        return promised
    own = aliased(Application)
    return promised.join(own, own.id == ApplicationEvent.application_id).where(own.owner_id == owner_id)


def may_be_due(today: date | BindParameter[date], owner_id: BindParameter[int] | None = None) -> Any:
    """The few among which what is due is looked for: found by index, not one of them is missed."""
    return union(
        promised_from(None, today, owner_id),
        select(Application.id).where(Application.change_reported_at.is_not(None)),
        select(ApplicationEvent.application_id).where(ApplicationEvent.kind == _ESCALATED),
    )


def needs_a_word(today: date | BindParameter[date]) -> Any:
    """Due, and no message of ours is on its way to them.

    A letter that did not arrive is a task by itself, and moves no promise. Whom the system they applied in has told
    how it ended needs none: their page says so within a day.
    """
    is_answered = is_on_its_way(LaterDelivery.state) & (Later.kind != _ESCALATED)
    is_promised = (due_day() <= today) & Application.source_tells_from.is_(None)
    is_owed = or_(is_promised, Application.change_reported_at.is_not(None))
    return is_owed & ~func.coalesce(is_answered, False)


def due_day() -> ColumnElement[date | None]:
    """The promised day that the candidate has seen; of what is escalated, at once, the one on which nobody wrote."""
    on_its_way = case((Later.kind == _ESCALATED, Later.missed_on), else_=Shown.next_update_by)
    return case((Shown.kind == _ESCALATED, Shown.missed_on), else_=on_its_way)


def _is_escalated() -> ColumnElement[bool]:
    return (Shown.kind == _ESCALATED) | func.coalesce(Later.kind == _ESCALATED, False)
