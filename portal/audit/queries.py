"""Reading the audit log: newest first, along an index for each way to narrow it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, column, func, or_, select, table

from portal.audit.models import AuditRecord
from portal.audit.rules import possible_subjects
from portal.core.db import fetch, session

# People lie above the audit log, which is written from everywhere; their names are read by table.
_person = table("person", column("id"), column("name"), column("public_id"))
_actor = _person.alias("actor")
_subject = _person.alias("subject_person")
_address = table("address", column("person_id"), column("email"))
_staff = table("staff", column("person_id"))

#: Records beyond these are reached by narrowing the search, not by turning pages.
MOST_LISTED = 10_000
#: A part of a name that fits more people than these is too short.
MOST_PEOPLE = 20


@dataclass(frozen=True)
class AuditLine:
    """One thing that somebody did; `actor_name` None: the system did it by itself."""

    occurred_at: datetime
    action: str
    subject: str
    details: dict[str, Any]
    actor_name: str | None
    person_name: str | None
    person_public_id: str | None


@dataclass(frozen=True)
class AuditSearch:
    """Which records are wanted; what is left out narrows nothing.

    `actor_id` is ignored where `is_by_system`; `people` are the ids that `about` may mean, see `people_called`.
    """

    actor_id: int | None = None
    is_by_system: bool = False
    action: str = ""
    about: str = ""
    people: tuple[int, ...] = ()
    since: datetime | None = None
    before: datetime | None = None


def audit_page(search: AuditSearch, offset: int, limit: int) -> list[AuditLine]:
    """Records newest first."""
    statement = (
        select(
            AuditRecord.occurred_at,
            AuditRecord.action,
            AuditRecord.subject,
            AuditRecord.details,
            _actor.c.name,
            _subject.c.name,
            _subject.c.public_id,
        )
        .outerjoin(_actor, _actor.c.id == AuditRecord.actor_id)
        .outerjoin(_subject, _subject.c.id == AuditRecord.person_id)
        .order_by(AuditRecord.occurred_at.desc(), AuditRecord.id.desc())
        .offset(offset)
        .limit(limit)
    )
    return [AuditLine(*row) for row in fetch(_narrowed(statement, search))]


def audit_count(search: AuditSearch) -> int:
    """How many records `audit_page` has in all; counting stops after `MOST_LISTED`."""
    some = _narrowed(select(AuditRecord.id), search).limit(MOST_LISTED + 1).subquery()
    return session().scalar(select(func.count()).select_from(some)) or 0


def known_actions() -> list[str]:
    """Every action that was ever recorded, by jumping from one to the next along the index."""
    step = select(func.min(AuditRecord.action).label("action")).cte("known", recursive=True)
    following = select(func.min(AuditRecord.action)).where(AuditRecord.action > step.c.action).scalar_subquery()
    known = step.union_all(select(following).where(step.c.action.is_not(None)))
    return list(session().scalars(select(known.c.action).where(known.c.action.is_not(None)).order_by(known.c.action)))


@dataclass(frozen=True)
class Actor:
    """A member of staff, present or former, who may have done something."""

    person_id: int
    public_id: str
    name: str


def staff_actors() -> list[Actor]:
    """Everybody who is or was on the staff, by name."""
    rows = fetch(
        select(_person.c.id, _person.c.public_id, _person.c.name)
        .join(_staff, _staff.c.person_id == _person.c.id)
        .order_by(_person.c.name, _person.c.id)
    )
    return [Actor(*row) for row in rows]


def people_called(text: str) -> list[int]:
    """The ids of whom `text` may mean: part of a name or of an address; at most one more than `MOST_PEOPLE`."""
    by_address = select(_address.c.person_id).where(_address.c.email.contains(text.lower(), autoescape=True))
    found = fetch(
        select(_person.c.id)
        .where(or_(func.lower(_person.c.name).contains(text.lower(), autoescape=True), _person.c.id.in_(by_address)))
        .order_by(_person.c.id.desc())
        .limit(MOST_PEOPLE + 1)
    )
    return list(found.scalars())


def _narrowed(statement: Select[Any], search: AuditSearch) -> Select[Any]:
    if search.is_by_system:
        statement = statement.where(AuditRecord.actor_id.is_(None))
    elif search.actor_id is not None:
        statement = statement.where(AuditRecord.actor_id == search.actor_id)
    if search.action:
        statement = statement.where(AuditRecord.action == search.action)
    if search.about:
        statement = statement.where(_is_about(search))
    if search.since is not None:
        statement = statement.where(AuditRecord.occurred_at >= search.since)
    if search.before is not None:
        statement = statement.where(AuditRecord.occurred_at < search.before)
    return statement


def _is_about(search: AuditSearch) -> ColumnElement[bool]:
    subjects = possible_subjects(search.about)
    if len(search.people) == 1 and not subjects:
        return AuditRecord.person_id == search.people[0]
    return or_(AuditRecord.person_id.in_(search.people), AuditRecord.subject.in_(subjects))
