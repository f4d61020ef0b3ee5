"""What a candidate reads of their applications: nothing internal is selected here."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, func, select

from portal.applications.models import Application, ApplicationEvent
from portal.applications.queries.shown import Owner, Shown, is_accepted, with_shown
from portal.applications.states import ApplicationStatus, EventKind
from portal.core.db import fetch
from portal.openings.models import Opening
from portal.outbox.models import Delivery
from portal.people.models import Address, Person, Staff


@dataclass(frozen=True)
class ApplicationCard:
    """One application in a list."""

    public_id: str
    opening_title: str
    status: ApplicationStatus
    kind: EventKind
    next_update_by: date | None
    applied_on: date | None
    owner_name: str


@dataclass(frozen=True)
class EventLine:
    """Something that happened, as the candidate reads it."""

    kind: EventKind
    status: ApplicationStatus
    next_update_by: date | None
    date_reason: str
    message: str
    actor_name: str | None
    created_at: datetime


@dataclass(frozen=True)
class ApplicationView:
    """One application, as its page needs it."""

    id: int
    public_id: str
    person_id: int
    opening_title: str
    status: ApplicationStatus
    kind: EventKind
    next_update_by: date | None
    applied_on: date | None
    owner_name: str
    owner_email: str
    owner_introduction: str
    events: list[EventLine] = field(default_factory=list)


@dataclass(frozen=True)
class LetterLine:
    """A message from a person, as the home of its reader announces it."""

    application_public_id: str
    opening_title: str
    author_name: str
    message: str
    created_at: datetime


_CARDS = with_shown(
    select(
        Application.public_id,
        Opening.title,
        Shown.status,
        Shown.kind,
        Shown.next_update_by,
        Application.applied_on,
        Owner.name,
    )
    .select_from(Application)
    .join(Opening, Opening.id == Application.opening_id)
    .join(Owner, Owner.id == Application.owner_id)
    .where(Application.person_id == bindparam("person_id"))
).order_by(Shown.next_update_by.is_(None), Shown.next_update_by, Application.applied_on.desc(), Application.id.desc())

_VIEW = with_shown(
    select(
        Application.id,
        Application.public_id,
        Application.person_id,
        Opening.title,
        Shown.status,
        Shown.kind,
        Shown.next_update_by,
        Application.applied_on,
        Owner.name,
        Address.email,
        Staff.introduction,
    )
    .select_from(Application)
    .join(Opening, Opening.id == Application.opening_id)
    .join(Owner, Owner.id == Application.owner_id)
    .join(Staff, Staff.person_id == Application.owner_id)
    .join(Address, (Address.person_id == Application.owner_id) & Address.is_primary)
    .where(Application.public_id == bindparam("public_id"))
)
_OWN_VIEW = _VIEW.where(Application.person_id == bindparam("person_id"))

_EVENTS = (
    select(
        ApplicationEvent.kind,
        ApplicationEvent.status,
        ApplicationEvent.next_update_by,
        ApplicationEvent.date_reason,
        ApplicationEvent.message,
        Person.name,
        ApplicationEvent.created_at,
    )
    .outerjoin(Delivery, Delivery.id == ApplicationEvent.delivery_id)
    .outerjoin(Person, Person.id == ApplicationEvent.actor_id)
    .where(ApplicationEvent.application_id == bindparam("application_id"))
    .where(is_accepted())
    .order_by(ApplicationEvent.id.desc())
)

_LETTERS = (
    select(
        Application.public_id,
        Opening.title,
        func.coalesce(Person.name, ""),
        ApplicationEvent.message,
        ApplicationEvent.created_at,
    )
    .select_from(Application)
    .join(Opening, Opening.id == Application.opening_id)
    .join(ApplicationEvent, ApplicationEvent.application_id == Application.id)
    .outerjoin(Delivery, Delivery.id == ApplicationEvent.delivery_id)
    .outerjoin(Person, Person.id == ApplicationEvent.actor_id)
    .where(Application.person_id == bindparam("person_id"))
    .where(ApplicationEvent.kind == EventKind.MESSAGE)
    .where(ApplicationEvent.created_at >= bindparam("since", type_=ApplicationEvent.created_at.type))
    .where(is_accepted())
    .order_by(ApplicationEvent.id.desc())
    .limit(bindparam("count"))
)


def letters_to(person_id: int, since: datetime, count: int) -> list[LetterLine]:
    """What people here wrote to this person since then, the newest first, at most `count`."""
    values = {"person_id": person_id, "since": since, "count": count}
    return [LetterLine(*row) for row in fetch(_LETTERS, values)]


def applications_of(person_id: int) -> list[ApplicationCard]:
    """The person's applications: open ones first, the nearest promise on top."""
    return [ApplicationCard(*row) for row in fetch(_CARDS, {"person_id": person_id})]


def find_application_of(person_id: int, public_id: str) -> ApplicationView | None:
    """The person's own application with this public id; nobody else's."""
    return _find(_OWN_VIEW, {"public_id": public_id, "person_id": person_id})


def find_followed(public_id: str) -> ApplicationView | None:
    """The application with this public id, for a browser that may follow it; the caller has checked that."""
    return _find(_VIEW, {"public_id": public_id})


def _find(statement: Any, values: dict[str, object]) -> ApplicationView | None:
    row = fetch(statement, values).one_or_none()
    if row is None:
        return None
    events = [EventLine(*event) for event in fetch(_EVENTS, {"application_id": row[0]})]
    return replace(ApplicationView(*row), events=events)
