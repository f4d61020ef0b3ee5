"""What the jobs look for: who is too late, which lead was not told yet, who wants a mail in the morning."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Date, bindparam, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from portal.company.queries import work_calendar
from portal.core.db import fetch, session
from portal.core.permissions import Role
from portal.people.models import Person, Staff
from portal.tasks.models import MorningMail, Task, TaskEvent
from portal.tasks.rules import COMES_BEFORE, OwedTask, begun_until
from portal.tasks.states import DONE_WITH_A_WORD, OPEN_STATES, PRIVATE, TaskEventKind, TaskKind, TaskState

#: Far enough for working days around any row of holidays.
_AROUND: Final = timedelta(days=60)


@dataclass(frozen=True)
class LateCandidate:
    """A task that has begun, and who owes it."""

    task_id: int
    kind: TaskKind
    due_on: date
    owner_id: int
    lead_id: int | None
    #: When somebody received it from a colleague last.
    received_at: datetime | None


@dataclass(frozen=True)
class Escalated:
    """A task that a lead was not told of yet; `owner_name`: with whom it is late."""

    task_id: int
    public_id: str
    kind: TaskKind
    due_on: date
    owner_name: str

    @property
    def owed(self) -> OwedTask:
        """The task as a mail counts it."""
        return OwedTask(self.public_id, self.kind, self.due_on)


@dataclass(frozen=True)
class MorningReader:
    """A member of staff who may get a mail in the morning."""

    person_id: int
    locale: str
    timezone: str
    role: Role
    looked_on: date | None


def is_begun() -> ColumnElement[bool]:
    """Of a task: it is due by `:today`; one that comes before its day, by `:until` (see `rules.begun_until`)."""
    until, today = bindparam("until", type_=Date), bindparam("today", type_=Date)
    return (Task.due_on <= until) & or_(Task.due_on <= today, Task.kind.in_(COMES_BEFORE))


def begun(today: date) -> dict[str, date]:
    """What `is_begun` asks for."""
    return {"today": today, "until": begun_until(today, work_calendar(today - _AROUND, today + _AROUND))}


_PAST_DUE = (
    select(
        Task.id,
        Task.kind,
        Task.due_on,
        Task.owner_id,
        Staff.lead_id,
        select(func.max(TaskEvent.created_at))
        .where(TaskEvent.task_id == Task.id)
        .where(TaskEvent.kind == TaskEventKind.HANDED_OVER)
        .correlate(Task)
        .scalar_subquery(),
    )
    .join(Staff, Staff.person_id == Task.owner_id)
    .where(Task.state == TaskState.DUE)
    .where(is_begun())
    .where(Task.kind.not_in(PRIVATE))
    .order_by(Task.due_on, Task.id)
)
#: What comes to a lead or an admin as their own task, because somebody was not told as promised.
_COMES_TO_LEADS = (TaskKind.MISSED_PROMISE, TaskKind.ESCALATED, TaskKind.ESCALATED_TOO_LONG)
#: About somebody as a colleague, or about their account.
_ABOUT_STAFF = (TaskKind.DEAD_ACCOUNT_LETTER, TaskKind.DEAD_INVITATION, TaskKind.HANDED_OVER)
_is_urgent = (Task.state == TaskState.ESCALATED) | ((Task.state == TaskState.DUE) & Task.kind.in_(_COMES_TO_LEADS))
_is_untold = _is_urgent & Task.told_at.is_(None)
_lead_id = func.coalesce(Task.escalated_to_id, Task.owner_id)
_UNTOLD_LEADS = select(_lead_id).where(_is_untold).distinct().order_by(_lead_id)
_UNTOLD = (
    select(Task.id, Task.public_id, Task.kind, Task.due_on, Person.name)
    .join(Person, Person.id == Task.owner_id)
    .where(_is_untold)
    .where(_lead_id == bindparam("lead_id"))
    .order_by(Task.due_on, Task.id)
)
_READERS = (
    select(Staff.person_id, Person.locale, Person.timezone, Staff.role, MorningMail.looked_on)
    .join(Person, Person.id == Staff.person_id)
    .outerjoin(MorningMail, MorningMail.staff_id == Staff.person_id)
    .where(Staff.is_active)
    .where(Staff.invited_at.is_(None))
    .where(Person.claimed_at.is_not(None))
    .where(MorningMail.is_wanted.is_not(False))
    .order_by(Staff.person_id)
)


def is_about_another(asker_id: int | ColumnElement[int] | InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Of a task: it is not about the asker's own application or conversation, which colleagues see to."""
    return or_(Task.person_id.is_(None), Task.person_id != asker_id, Task.kind.in_(_ABOUT_STAFF))


def is_no_secret(asker_id: int | ColumnElement[int]) -> ColumnElement[bool]:
    """Of a task: it is none that only its owner sees, or the asker is its owner."""
    return or_(Task.kind.not_in(PRIVATE), Task.owner_id == asker_id)


def needing_a_word(task_ids: Sequence[int]) -> int:
    """How many of these are open and done only by saying in a word what came of it."""
    statement = select(func.count()).select_from(Task).where(Task.id.in_(task_ids))
    statement = statement.where(Task.state.in_(OPEN_STATES)).where(Task.kind.in_(DONE_WITH_A_WORD))
    return session().scalar(statement) or 0 if task_ids else 0


def has_task(dedupe_key: ColumnElement[str]) -> ColumnElement[bool]:
    """For the queries of the features above: there is such a task. One that finished itself does not count, as its
    reason is back; one that somebody finished does.
    """
    has_finished_itself = (Task.state == TaskState.DONE) & Task.closed_by_id.is_(None)
    return exists().where(Task.dedupe_key == dedupe_key).where(~has_finished_itself)


def begun_tasks(today: date) -> list[LateCandidate]:
    """Tasks that have begun and that no lead looks after yet."""
    return [LateCandidate(*row) for row in fetch(_PAST_DUE, begun(today))]


def leads_to_tell() -> list[int]:
    """Leads who look after something they were not told of."""
    return [row[0] for row in fetch(_UNTOLD_LEADS)]


def escalated_to(lead_id: int) -> list[Escalated]:
    """What this lead was not told of, the oldest first."""
    return [Escalated(*row) for row in fetch(_UNTOLD, {"lead_id": lead_id})]


def morning_readers() -> list[MorningReader]:
    """Colleagues who work here, have come at least once, and did not switch the mail of the morning off."""
    return [MorningReader(*row) for row in fetch(_READERS)]


def wants_morning_mail(staff_id: int) -> bool:
    """Whether somebody gets a mail in the morning; so it is until they say otherwise."""
    return session().scalar(select(MorningMail.is_wanted).where(MorningMail.staff_id == staff_id)) is not False


def owed_by(owner_ids: list[int], lead_id: int, today: date) -> list[OwedTask]:
    """What these colleagues owe by `today`, or what was escalated to `lead_id`, the oldest first."""
    rows = fetch(
        select(Task.public_id, Task.kind, Task.due_on)
        .where(Task.state.in_(OPEN_STATES))
        .where(is_begun())
        .where(Task.owner_id.in_(owner_ids) | (Task.escalated_to_id == lead_id))
        .where(is_about_another(lead_id))
        .where(is_no_secret(lead_id))
        .order_by(Task.due_on, Task.id),
        begun(today),
    )
    return [OwedTask(*row) for row in rows]
