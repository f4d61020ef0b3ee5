"""What the staff reads of applications: lists, what is due, and one application whole."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Date, Integer, bindparam, func, or_, select, union
from sqlalchemy.orm import aliased

from portal.applications.models import Application, ApplicationEvent
from portal.applications.queries.shown import (
    SHOWN_OF_EVENT,
    Newest,
    NewestDelivery,
    Owner,
    Shown,
    is_in_scope,
    with_newest,
    with_shown,
)
from portal.applications.states import ENDINGS, ApplicationStatus, EventKind
from portal.core.db import session
from portal.core.permissions import Role
from portal.openings.models import Opening
from portal.outbox.models import Delivery
from portal.outbox.queries import is_dead
from portal.outbox.states import DeliveryState
from portal.people.models import Address, Person

_ON_ITS_WAY = (DeliveryState.QUEUED, DeliveryState.LEASED)


@dataclass(frozen=True)
class StaffScope:
    """Who asks; hiring managers see applications of their own openings only."""

    person_id: int
    role: Role


@dataclass(frozen=True)
class StaffFilter:
    """What a list of applications is narrowed to; empty means all."""

    q: str = ""
    opening: str = ""
    status: str = ""
    owner: str = ""
    is_due_only: bool = False
    is_open_only: bool = False


@dataclass(frozen=True)
class StaffLine:
    """One application in a list of the staff's."""

    public_id: str
    person_name: str
    email: str
    opening_public_id: str
    opening_title: str
    owner_id: int
    owner_name: str
    #: What the candidate sees.
    status: ApplicationStatus
    kind: EventKind
    next_update_by: date | None
    change_reported_at: datetime | None
    is_held: bool
    #: How the message of the newest event stands; None when there is none.
    delivery_state: DeliveryState | None


@dataclass(frozen=True)
class StaffEvent:
    """Something that happened, with how its message stands."""

    public_id: str
    kind: EventKind
    status: ApplicationStatus
    next_update_by: date | None
    date_reason: str
    message: str
    internal_reason: str
    actor_name: str | None
    created_at: datetime
    delivery_state: DeliveryState | None
    delivery_error: str | None


@dataclass(frozen=True)
class StaffView:
    """One application, whole."""

    id: int
    public_id: str
    person_id: int
    person_public_id: str
    person_name: str
    email: str
    opening_title: str
    owner_id: int
    owner_name: str
    source: str
    external_key: str
    source_stage: str
    source_status: str
    source_reason: str
    channel: str
    imported_tags: list[str]
    applied_on: date | None
    last_activity_on: date | None
    change_reported_at: datetime | None
    is_held: bool
    import_ref: str
    status: ApplicationStatus
    kind: EventKind
    next_update_by: date | None
    newest_event_id: str
    events: list[StaffEvent] = field(default_factory=list)


def _with_people(statement: Any) -> Any:
    return (
        statement.select_from(Application)
        .join(Opening, Opening.id == Application.opening_id)
        .join(Person, Person.id == Application.person_id)
        .join(Owner, Owner.id == Application.owner_id)
        .outerjoin(Address, (Address.person_id == Application.person_id) & Address.is_primary)
    )


def _joined(statement: Any) -> Any:
    return with_newest(with_shown(_with_people(statement)))


def _walked(statement: Any) -> Any:
    """As `_joined`, so that the database walks the promised days in order and stops when the page is full."""
    shown = (Shown.application_id == Application.id) & (Shown.id == SHOWN_OF_EVENT)
    return with_newest(_with_people(statement).join(Shown, shown))


_COLUMNS: tuple[Any, ...] = (
    Application.public_id,
    Person.name,
    func.coalesce(Address.email, ""),
    Opening.public_id,
    Opening.title,
    Application.owner_id,
    Owner.name,
    Shown.status,
    Shown.kind,
    Shown.next_update_by,
    Application.change_reported_at,
    Application.is_held,
    NewestDelivery.state,
)
_LINES = _joined(select(*_COLUMNS))
_LISTED = _walked(select(*_COLUMNS)).order_by(Shown.next_update_by.asc().nulls_last(), Shown.application_id)
_COUNT = _joined(select(func.count()))
_COUNT_ALL = select(func.count()).select_from(Application).join(Opening, Opening.id == Application.opening_id)
_OLDEST_PROMISE = (Shown.next_update_by.is_(None), Shown.next_update_by, Application.id)
#: As above, and of one day those that are alike together.
_DUE_ORDER = (*_OLDEST_PROMISE[:2], Opening.title, Opening.id, Shown.status, Application.id)

_VIEW = _joined(
    select(
        Application.id,
        Application.public_id,
        Application.person_id,
        Person.public_id,
        Person.name,
        func.coalesce(Address.email, ""),
        Opening.title,
        Application.owner_id,
        Owner.name,
        Application.source,
        Application.external_key,
        Application.source_stage,
        Application.source_status,
        Application.source_reason,
        Application.channel,
        Application.imported_tags,
        Application.applied_on,
        Application.last_activity_on,
        Application.change_reported_at,
        Application.is_held,
        Application.import_ref,
        Shown.status,
        Shown.kind,
        Shown.next_update_by,
        Newest.public_id,
    )
)
_EVENTS = (
    select(
        ApplicationEvent.public_id,
        ApplicationEvent.kind,
        ApplicationEvent.status,
        ApplicationEvent.next_update_by,
        ApplicationEvent.date_reason,
        ApplicationEvent.message,
        ApplicationEvent.internal_reason,
        Person.name,
        ApplicationEvent.created_at,
        Delivery.state,
        Delivery.last_error,
    )
    .outerjoin(Delivery, Delivery.id == ApplicationEvent.delivery_id)
    .outerjoin(Person, Person.id == ApplicationEvent.actor_id)
    .order_by(ApplicationEvent.id.desc())
)


def list_applications(
    wanted: StaffFilter, scope: StaffScope, today: date, first: int, count: int
) -> tuple[list[StaffLine], int]:
    """`count` applications from number `first`, the oldest promise on top, and how many there are in all."""
    counted = _COUNT_ALL if wanted == StaffFilter(opening=wanted.opening) else _COUNT
    total = session().scalar(_narrowed(counted, wanted, scope, today)) or 0
    statement = _narrowed(_LISTED, wanted, scope, today).offset(first).limit(count)
    return [StaffLine(*row) for row in session().execute(statement)], total


def due_for(scope: StaffScope, today: date, owner_id: int | None, first: int, count: int) -> list[StaffLine]:
    """What is due today, the oldest promise that a candidate has seen on top; of one owner, or of all.

    Of one day, those of the same opening and status stand together, in the order of `due_heaps`.
    """
    values = {**_due_values(scope, today, owner_id), "first": first, "count": count}
    return [StaffLine(*row) for row in session().execute(_due_lines(scope.role, owner_id is not None), values)]


@dataclass(frozen=True)
class DueHeap:
    """Applications that are due alike, the same opening, status and promised day; and why some of them are."""

    opening_public_id: str
    opening_title: str
    status: ApplicationStatus
    next_update_by: date | None
    count: int
    changed_count: int
    undelivered_count: int


def due_heaps(scope: StaffScope, today: date, owner_id: int | None) -> list[DueHeap]:
    """How many are due of each opening, status and promised day; together they are all that is due."""
    values = _due_values(scope, today, owner_id)
    return [DueHeap(*row) for row in session().execute(_heaps(scope.role, owner_id is not None), values)]


def _due_values(scope: StaffScope, today: date, owner_id: int | None) -> dict[str, object]:
    return {"asker_id": scope.person_id, "today": today, "owner_id": owner_id}


@cache
def _due_lines(role: Role, is_of_one_owner: bool) -> Any:
    """Built once: building it costs as much as running it."""
    page = (bindparam("first", type_=Integer), bindparam("count", type_=Integer))
    return _due(_LINES, role, is_of_one_owner).order_by(*_DUE_ORDER).offset(page[0]).limit(page[1])


@cache
def _heaps(role: Role, is_of_one_owner: bool) -> Any:
    alike = (Opening.public_id, Opening.title, Shown.status, Shown.next_update_by)
    counts = (
        func.count(),
        func.count().filter(Application.change_reported_at.is_not(None)),
        func.count().filter(NewestDelivery.state == DeliveryState.DEAD),
    )
    told = select(*alike, *counts).select_from(Application).join(Opening, Opening.id == Application.opening_id)
    due = _due(with_newest(with_shown(told)), role, is_of_one_owner)
    return due.group_by(Opening.id, *alike).order_by(*_DUE_ORDER[:-1])


@dataclass(frozen=True)
class Choice:
    """A value and its label, for a filter."""

    value: str
    label: str


def openings_for_filter(scope: StaffScope) -> list[Choice]:
    """The openings whose applications the asker may see, by title."""
    statement = select(Opening.public_id, Opening.title).order_by(Opening.title, Opening.id)
    if scope.role is Role.HIRING_MANAGER:
        statement = statement.where(Opening.hiring_manager_id == scope.person_id)
    return [Choice(*row) for row in session().execute(statement)]


def find_for_staff(public_id: str, scope: StaffScope) -> StaffView | None:
    """The application with this public id, if the asker may see it."""
    statement = _VIEW.where(Application.public_id == public_id).where(is_in_scope(scope.person_id, scope.role))
    row = session().execute(statement).one_or_none()
    if row is None:
        return None
    events = session().execute(_EVENTS.where(ApplicationEvent.application_id == row[0]))
    return replace(StaffView(*row), events=[StaffEvent(*event) for event in events])


def applications_of_person(person_id: int, scope: StaffScope) -> list[StaffLine]:
    """All applications of one person that the asker may see."""
    statement = _LINES.where(Application.person_id == person_id).where(is_in_scope(scope.person_id, scope.role))
    return [StaffLine(*row) for row in session().execute(statement.order_by(*_OLDEST_PROMISE))]


def _due(statement: Any, role: Role, is_of_one_owner: bool) -> Any:
    """What needs a word by `:today`, for `:asker_id`, of `:owner_id` or of all."""
    today = bindparam("today", type_=Date)
    promised = select(ApplicationEvent.application_id).where(ApplicationEvent.next_update_by <= today)
    if is_of_one_owner:
        own = aliased(Application)
        promised = promised.join(own, own.id == ApplicationEvent.application_id).where(
            own.owner_id == bindparam("owner_id", type_=Integer)
        )
    may_be = union(
        promised,
        select(Application.id).where(Application.change_reported_at.is_not(None)),
        select(ApplicationEvent.application_id)
        .join(Delivery, Delivery.id == ApplicationEvent.delivery_id)
        .where(is_dead()),
    )
    due = (
        statement.where(Application.id.in_(may_be))
        .where(is_in_scope(bindparam("asker_id", type_=Integer), role))
        .where(_needs_a_word(today))
    )
    return due.where(Application.owner_id == bindparam("owner_id", type_=Integer)) if is_of_one_owner else due


def _needs_a_word(today: date | BindParameter[date]) -> Any:
    """Due, and no message of ours is on its way to them."""
    is_answered = (Newest.id != Shown.id) & NewestDelivery.state.in_(_ON_ITS_WAY)
    is_owed = or_(
        Shown.next_update_by <= today,
        Application.change_reported_at.is_not(None),
        NewestDelivery.state == DeliveryState.DEAD,
    )
    return is_owed & ~func.coalesce(is_answered, False)


def _narrowed(statement: Any, wanted: StaffFilter, scope: StaffScope, today: date) -> Any:
    statement = statement.where(is_in_scope(scope.person_id, scope.role))
    if wanted.q:
        statement = statement.where(_matches(wanted.q))
    if wanted.opening:
        statement = statement.where(Opening.public_id == wanted.opening)
    if wanted.status:
        statement = statement.where(Shown.status == wanted.status)
    if wanted.owner:
        statement = statement.where(Owner.public_id == wanted.owner)
    if wanted.is_due_only:
        statement = statement.where(_needs_a_word(today))
    if wanted.is_open_only:
        statement = statement.where(Shown.status.not_in(ENDINGS))
    return statement


def _matches(text: str) -> Any:
    """The name or the address contains `text`; wildcards in it are plain letters."""
    return or_(
        func.lower(Person.name).contains(text.lower(), autoescape=True),
        Address.email.contains(text.lower(), autoescape=True),
    )
