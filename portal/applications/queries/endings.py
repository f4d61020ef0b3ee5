"""Who was close to getting the job, which letters said "not yet", and with whom nobody stays in touch any more."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, String, bindparam, column, exists, func, or_, select, table
from sqlalchemy.orm import aliased

from portal.applications.models import Application, ApplicationEvent, Mark
from portal.applications.queries.shown import Shown, is_accepted, with_shown
from portal.applications.queries.staying import said_yes_later
from portal.applications.rules.endings import STAY_DAYS, days_to_stay
from portal.applications.states import ApplicationStatus, EventKind, MarkKind, StayEnd
from portal.company.queries import company_zone, work_calendar
from portal.contact.models import ConsentEvent
from portal.contact.states import ConsentAction, Purpose
from portal.core.clock import day_of
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
    told_on: date


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


def _ways(since: Any) -> dict[StayEnd, ColumnElement[bool]]:
    """Of an application with what is shown: what can have ended the days to stay in touch since then."""
    of_them = _Other.person_id == Application.person_id
    later = (_OtherEvent.application_id == _Other.id) & (_OtherEvent.created_at >= since)
    ways = {
        StayEnd.WROTE: exists()
        .where(_message.c.person_id == Application.person_id)
        .where(_message.c.author_id.is_(None))
        .where(_message.c.created_at >= since),
        StayEnd.APPLIED: exists().where(of_them).where(_Other.id != Application.id).where(_Other.created_at >= since),
        StayEnd.MOVED_ON: exists()
        .where(of_them)
        .where(later)
        .where(_OtherEvent.status.in_((ApplicationStatus.HIRED, ApplicationStatus.WITHDRAWN))),
        StayEnd.NO_CHECK_INS: exists()
        .where(ConsentEvent.person_id == Application.person_id)
        .where(ConsentEvent.purpose == Purpose.CHECK_INS)
        .where(ConsentEvent.action == ConsentAction.WITHDRAWN)
        .where(ConsentEvent.occurred_at >= since)
        .where(~said_yes_later()),
    }
    marked = exists().where(Mark.application_id == Application.id).where(*_stands()).correlate(Application)
    found: dict[StayEnd, ColumnElement[bool]] = {why: way.correlate(Application, Task) for why, way in ways.items()}
    return found | {StayEnd.FOR_US: or_(Shown.status != ApplicationStatus.NOT_SELECTED, ~marked)}


_SINCE = bindparam("since", type_=UTCDateTime())
_WHY_OVER = with_shown(
    select(*(way.label(str(why)) for why, way in _ways(_SINCE).items())).select_from(Application)
).where(Application.id == bindparam("application_id"))
_STAYS_OVER = (
    with_shown(
        select(Task.cause, Application.id, Application.person_id, func.max(Task.created_at), func.max(Task.dedupe_key))
        .select_from(Task)
        .join(Application, Application.public_id == Task.about)
    )
    .where(Task.kind == TaskKind.STAY_IN_TOUCH)
    .where(Task.state.in_(OPEN_STATES))
    .where(or_(*_ways(Task.created_at).values()))
    .group_by(Task.cause, Application.id, Application.person_id)
    .order_by(Task.cause)
)


@dataclass(frozen=True)
class StayOver:
    """Open tasks to stay in touch that nobody need do any more, and the letter that had named their days."""

    cause: str
    application_id: int
    person_id: int
    since: datetime
    event_public_id: str


def why_stay_over(application_id: int, since: datetime, today: date) -> StayEnd | None:
    """Why nobody need stay in touch, by what happened since then; None when somebody does."""
    values = {"application_id": application_id, "since": since, "today": today}
    row = fetch(_WHY_OVER, values).one_or_none()
    if row is None:
        return StayEnd.FOR_US
    return next((why for why, is_so in zip(_ways(_SINCE), row, strict=True) if is_so), None)


def stays_over(today: date) -> list[StayOver]:
    """The tasks to stay in touch that nobody need do any more, by application."""
    return [
        StayOver(cause, application_id, person_id, since, event_of(key))
        for cause, application_id, person_id, since, key in fetch(_STAYS_OVER, {"today": today})
    ]


def event_of(dedupe_key: str) -> str:
    """The public id of the letter that a task to stay in touch comes from."""
    return dedupe_key.split(":")[1].partition(".")[0]


@dataclass(frozen=True)
class StayInTouch:
    """The days on which somebody hears from us who was told “not yet”; none left: since when and why."""

    days: list[date]
    dropped_on: date | None
    why: StayEnd | None


_STAY_DAYS_LEFT = (
    select(Task.due_on)
    .where(Task.about == bindparam("public_id", type_=String()))
    .where(Task.kind == TaskKind.STAY_IN_TOUCH)
    .where(Task.state.in_(OPEN_STATES))
    .order_by(Task.due_on, Task.id)
)
_STAY_OF = (
    select(Task.id, Task.due_on, ApplicationEvent.stay_dropped_at, ApplicationEvent.stay_dropped_why)
    .select_from(Application)
    .outerjoin(
        Task,
        (Task.about == Application.public_id) & (Task.kind == TaskKind.STAY_IN_TOUCH) & Task.state.in_(OPEN_STATES),
    )
    .outerjoin(
        ApplicationEvent,
        (ApplicationEvent.application_id == Application.id) & ApplicationEvent.stay_dropped_at.is_not(None),
    )
    .where(Application.public_id == bindparam("public_id", type_=String()))
    .order_by(ApplicationEvent.id.desc(), Task.due_on, Task.id)
)

_DROPPED_BY_ANSWER = (
    select(Application.public_id, Opening.title, ApplicationEvent.stay_dropped_at)
    .join(Application, Application.id == ApplicationEvent.application_id)
    .join(Opening, Opening.id == Application.opening_id)
    .where(Application.person_id == bindparam("person_id"))
    .where(ApplicationEvent.stay_dropped_why == StayEnd.WROTE)
    .order_by(ApplicationEvent.id.desc())
)


@dataclass(frozen=True)
class DroppedStay:
    """An application whose days to stay in touch fell away because its candidate wrote."""

    public_id: str
    opening_title: str
    dropped_at: datetime


def dropped_by_answer(person_id: int) -> list[DroppedStay]:
    """The applications of a person whose days to stay in touch fell away with an answer, and were not set again."""
    return [DroppedStay(*row) for row in fetch(_DROPPED_BY_ANSWER, {"person_id": person_id})]


_STANDING = (
    select(Task.dedupe_key)
    .join(Application, Application.public_id == Task.about)
    .where(Application.id == bindparam("application_id"))
    .where(Task.kind == TaskKind.STAY_IN_TOUCH)
    .where(Task.state.in_(OPEN_STATES))
    .limit(1)
)
_NOT_WRITTEN = (
    select(ApplicationEvent.public_id)
    .join(Delivery, Delivery.id == ApplicationEvent.delivery_id)
    .where(ApplicationEvent.application_id == bindparam("application_id"))
    .where(ApplicationEvent.stay_open_since.is_not(None))
    .where(or_(is_accepted(), _TOLD_AT.is_not(None)))
)


@dataclass(frozen=True)
class Owed:
    """An application whose days to stay in touch fell away, as far as they can be set again."""

    event_public_id: str
    public_id: str
    person_id: int
    owner_id: int
    opening_title: str
    why: StayEnd


_DROPPED = (
    select(
        ApplicationEvent.public_id,
        Application.public_id,
        Application.person_id,
        Application.owner_id,
        Opening.title,
        ApplicationEvent.stay_dropped_why,
    )
    .join(Application, Application.id == ApplicationEvent.application_id)
    .join(Opening, Opening.id == Application.opening_id)
    .where(Application.public_id == bindparam("public_id", type_=String()))
    .where(ApplicationEvent.stay_dropped_at.is_not(None))
    .order_by(ApplicationEvent.id.desc())
    .limit(1)
)


def standing_stay(application_id: int) -> str | None:
    """The public id of the letter whose days to stay in touch stand; None when none do."""
    values = {"application_id": application_id}
    key: str | None = fetch(_STANDING, values).scalar()
    if key is not None:
        return event_of(key)
    event_id: str | None = fetch(_NOT_WRITTEN, values).scalar()
    return event_id


def find_dropped(public_id: str) -> Owed | None:
    """The days of an application that fell away; None when there are none, or some stand."""
    row = fetch(_DROPPED, {"public_id": public_id}).one_or_none()
    return Owed(*row) if row and not fetch(_STAY_DAYS_LEFT, {"public_id": public_id}).first() else None


def stay_of(public_id: str) -> StayInTouch | None:
    """The days to stay in touch about an application, or when and why they fell away; None when there were none."""
    rows = fetch(_STAY_OF, {"public_id": public_id}).all()
    days = {row.id: row.due_on for row in rows if row.id is not None}
    if days:
        return StayInTouch(list(days.values()), None, None)
    dropped = next((row for row in rows if row.stay_dropped_at is not None), None)
    if dropped is None:
        return None
    return StayInTouch([], day_of(dropped.stay_dropped_at, company_zone()), dropped.stay_dropped_why)


_STAY = (
    select(Task.id, Task.due_on, Task.dedupe_key, Task.created_at)
    .where(Task.about == bindparam("public_id", type_=String()))
    .where(Task.kind == TaskKind.STAY_IN_TOUCH)
    .where(Task.state.in_(OPEN_STATES))
    .order_by(Task.due_on, Task.id)
    .limit(1)
)
_STAY_TOLD = (
    select(func.coalesce(Delivery.sent_at, ApplicationEvent.created_at, type_=UTCDateTime()))
    .select_from(ApplicationEvent)
    .outerjoin(Delivery, Delivery.id == ApplicationEvent.delivery_id)
    .where(ApplicationEvent.public_id == bindparam("event_id", type_=String()))
)
#: Far enough for the next working day after any row of holidays.
_AROUND: Final = timedelta(days=31)


def next_stay(public_id: str) -> Stay | None:
    """The first open task to stay in touch about an application."""
    row = fetch(_STAY, {"public_id": public_id}).one_or_none()
    if row is None:
        return None
    task_id, due_on, key, created_at = row
    told_at = fetch(_STAY_TOLD, {"event_id": event_of(key)}).scalar() or created_at
    return Stay(task_id, due_on, int(key.rsplit(":", 1)[1]), day_of(told_at, company_zone()))


def stay_days(told_on: date) -> tuple[date, ...]:
    """The days on which somebody hears again who is told “not yet” on `told_on`: in the letter as in the tasks."""
    return days_to_stay(told_on, work_calendar(told_on, told_on + timedelta(days=STAY_DAYS[-1]) + _AROUND))
