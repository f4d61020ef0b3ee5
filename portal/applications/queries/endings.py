"""Who was close to getting the job, which letters said "not yet", and with whom nobody stays in touch any more."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, String, bindparam, column, exists, func, or_, select, table
from sqlalchemy.orm import aliased

from portal.applications.models import Application, ApplicationEvent, Mark
from portal.applications.queries.shown import Shown, is_accepted, with_shown
from portal.applications.states import ApplicationStatus, EventKind, MarkKind
from portal.contact.models import ConsentEvent
from portal.contact.states import ConsentAction, Purpose
from portal.core.db import UTCDateTime, fetch
from portal.openings.models import Opening
from portal.outbox.models import Delivery
from portal.people.models import Person
from portal.tasks.models import Task
from portal.tasks.states import OPEN_STATES, TaskKind

# Conversations lie above applications; that somebody wrote to us is read by table.
_message = table("conversation_message", column("person_id"), column("author_id"), column("created_at", UTCDateTime()))


@dataclass(frozen=True)
class MarkLine:
    """A near-fit or silver medal that stands."""

    kind: MarkKind
    reason: str
    expires_on: date
    set_by: str
    set_at: datetime


@dataclass(frozen=True)
class PersonMark:
    """The same on the card of a person, with the application it is about."""

    application_public_id: str
    opening_title: str
    kind: MarkKind
    reason: str
    expires_on: date


@dataclass(frozen=True)
class NotYet:
    """A letter that said "not yet" and was accepted: the tasks to stay in touch are to be written."""

    event_public_id: str
    application_id: int
    public_id: str
    person_id: int
    owner_id: int
    opening_title: str
    told_at: datetime


@dataclass(frozen=True)
class Stay:
    """The task to stay in touch that comes first, and when they were told that they would hear."""

    task_id: int
    due_on: date
    days: int
    told_on: datetime


def _stands() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Mark.removed_at.is_(None), Mark.expires_on > bindparam("today", type_=Mark.expires_on.type)


_MARKS = (
    select(Mark.kind, Mark.reason, Mark.expires_on, Person.name, Mark.set_at)
    .join(Person, Person.id == Mark.set_by_id)
    .where(Mark.application_id == bindparam("application_id"))
    .where(*_stands())
    .order_by(Mark.id)
)
_MARKS_OF_PERSON = (
    select(Application.public_id, Opening.title, Mark.kind, Mark.reason, Mark.expires_on)
    .join(Application, Application.id == Mark.application_id)
    .join(Opening, Opening.id == Application.opening_id)
    .where(Application.person_id == bindparam("person_id"))
    .where(*_stands())
    .order_by(Mark.set_at.desc(), Mark.id.desc())
)


def marks_on(application_id: int, today: date) -> list[MarkLine]:
    """The marks of an application that stand, in the order in which they were set."""
    return [MarkLine(*row) for row in fetch(_MARKS, {"application_id": application_id, "today": today})]


def is_marked(application_id: int, today: date) -> bool:
    """Whether a near-fit or silver medal stands."""
    return bool(marks_on(application_id, today))


def marks_of_person(person_id: int, today: date) -> list[PersonMark]:
    """The marks of all applications of a person that stand, the newest first; only for colleagues who see everybody."""
    return [PersonMark(*row) for row in fetch(_MARKS_OF_PERSON, {"person_id": person_id, "today": today})]


_Told = aliased(ApplicationEvent, name="told")
_TOLD_AT = (
    select(func.min(_Told.created_at))
    .where(_Told.application_id == ApplicationEvent.application_id)
    .where(_Told.id > ApplicationEvent.id)
    .where(_Told.kind == EventKind.TOLD_HERE)
    .correlate(ApplicationEvent)
    .scalar_subquery()
)
_NOT_YETS = (
    select(ApplicationEvent.id)
    .join(Delivery, Delivery.id == ApplicationEvent.delivery_id)
    .where(ApplicationEvent.stay_open_since.is_not(None))
    .where(or_(is_accepted(), _TOLD_AT.is_not(None)))
    .order_by(ApplicationEvent.id)
)
_NOT_YET = (
    select(
        ApplicationEvent.public_id,
        Application.id,
        Application.public_id,
        Application.person_id,
        Application.owner_id,
        Opening.title,
        func.coalesce(Delivery.sent_at, _TOLD_AT, type_=UTCDateTime()),
    )
    .join(Application, Application.id == ApplicationEvent.application_id)
    .join(Opening, Opening.id == Application.opening_id)
    .join(Delivery, Delivery.id == ApplicationEvent.delivery_id)
    .where(ApplicationEvent.id == bindparam("event_id"))
    .where(ApplicationEvent.stay_open_since.is_not(None))
    .where(or_(is_accepted(), _TOLD_AT.is_not(None)))
)


def not_yets() -> list[int]:
    """Ids of events whose letter said "not yet", was accepted or told another way, and brought no tasks so far."""
    return list(fetch(_NOT_YETS).scalars())


def find_not_yet(event_id: int) -> NotYet | None:
    """One of them; None when its tasks were written meanwhile."""
    row = fetch(_NOT_YET, {"event_id": event_id}).one_or_none()
    return NotYet(*row) if row else None


_Other = aliased(Application, name="other")
_OtherEvent = aliased(ApplicationEvent, name="other_event")


def _has_moved_on(since: Any) -> ColumnElement[bool]:
    """Of an application: since then they wrote, applied again, were hired, withdrew, or want no check-ins."""
    of_them = _Other.person_id == Application.person_id
    later = (_OtherEvent.application_id == _Other.id) & (_OtherEvent.created_at >= since)
    ways = (
        exists()
        .where(_message.c.person_id == Application.person_id)
        .where(_message.c.author_id.is_(None))
        .where(_message.c.created_at >= since),
        exists().where(of_them).where(_Other.id != Application.id).where(_Other.created_at >= since),
        exists()
        .where(of_them)
        .where(later)
        .where(_OtherEvent.status.in_((ApplicationStatus.HIRED, ApplicationStatus.WITHDRAWN))),
        exists()
        .where(ConsentEvent.person_id == Application.person_id)
        .where(ConsentEvent.purpose == Purpose.CHECK_INS)
        .where(ConsentEvent.action == ConsentAction.WITHDRAWN)
        .where(ConsentEvent.occurred_at >= since),
    )
    return or_(*(way.correlate(Application, Task) for way in ways))


def _is_over(since: Any) -> ColumnElement[bool]:
    """Of an application with what is shown: nobody stays in touch about it any more."""
    marked = exists().where(Mark.application_id == Application.id).where(*_stands()).correlate(Application)
    return or_(Shown.status != ApplicationStatus.NOT_SELECTED, ~marked, _has_moved_on(since))


_SINCE = bindparam("since", type_=UTCDateTime())
_OVER = with_shown(select(Application.id).select_from(Application)).where(
    Application.id == bindparam("application_id"), _is_over(_SINCE)
)
_STAYS_OVER = (
    with_shown(select(Task.cause).select_from(Task).join(Application, Application.public_id == Task.about))
    .where(Task.kind == TaskKind.STAY_IN_TOUCH)
    .where(Task.state.in_(OPEN_STATES))
    .where(_is_over(Task.created_at))
    .distinct()
    .order_by(Task.cause)
)


def is_stay_over(application_id: int, since: datetime, today: date) -> bool:
    """Whether nobody need stay in touch, by what happened since then."""
    values = {"application_id": application_id, "since": since, "today": today}
    return fetch(_OVER, values).first() is not None


def stays_over(today: date) -> list[str]:
    """Causes of tasks to stay in touch that nobody need do any more."""
    return list(fetch(_STAYS_OVER, {"today": today}).scalars())


_STAY = (
    select(Task.id, Task.due_on, Task.dedupe_key, Task.created_at)
    .where(Task.about == bindparam("public_id", type_=String()))
    .where(Task.kind == TaskKind.STAY_IN_TOUCH)
    .where(Task.state.in_(OPEN_STATES))
    .order_by(Task.due_on, Task.id)
    .limit(1)
)


def next_stay(public_id: str) -> Stay | None:
    """The first open task to stay in touch about an application."""
    row = fetch(_STAY, {"public_id": public_id}).one_or_none()
    return Stay(row[0], row[1], int(row[2].rsplit(":", 1)[1]), row[3]) if row else None
