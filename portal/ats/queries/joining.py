"""Reading what comes along when an opening from an import goes into one of ours, and what went."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, literal, select
from sqlalchemy.orm import aliased

from portal.applications.models import Application, ApplicationEvent
from portal.applications.states import OPEN_STATUSES
from portal.ats.models import Import, Source
from portal.ats.states import ImportState
from portal.audit.models import AuditRecord
from portal.core.db import fetch, session
from portal.openings.models import Opening
from portal.openings.queries.known import is_joined
from portal.people.models import Person

#: What stands in the audit log of a joined opening, and of each application that went with it.
JOINED: Final = "ats.join_openings"
WENT_ALONG: Final = "ats.join_application"
#: People with two applications that are named; the rest is counted.
NAMED: Final = 10


@dataclass(frozen=True)
class InBoth:
    """Somebody who has an application in either opening."""

    name: str
    public_id_there: str
    public_id_here: str


@dataclass(frozen=True)
class ComesAlong:
    """What goes into our opening with another one."""

    total: int
    open_count: int
    both_count: int
    #: The first of them, by name.
    both: list[InBoth]


@dataclass(frozen=True)
class Join:
    """That an opening from an import went into one of ours."""

    #: The opening that it went into.
    opening_id: int
    public_id: str
    title: str
    joined_at: datetime
    by_name: str | None
    count: int


@dataclass(frozen=True)
class JoinedOne:
    """An opening from an import that is part of ours."""

    public_id: str
    title: str
    source: str


_status = (
    select(ApplicationEvent.status)
    .where(ApplicationEvent.application_id == Application.id)
    .order_by(ApplicationEvent.id.desc())
    .limit(1)
    .correlate(Application)
    .scalar_subquery()
)
_There = aliased(Application, name="there")


def comes_along(from_id: int, to_id: int) -> ComesAlong:
    """How many applications go into the opening `to_id`, and who has one in it already."""
    by_status = fetch(
        select(_status, func.count()).where(Application.opening_id == from_id).group_by(_status).order_by(_status)
    ).all()
    both = (
        select(Person.name, _There.public_id, Application.public_id)
        .select_from(Application)
        .join(_There, (_There.person_id == Application.person_id) & (_There.opening_id == from_id))
        .join(Person, Person.id == Application.person_id)
        .where(Application.opening_id == to_id)
    )
    people = (
        select(func.count(Application.person_id.distinct()))
        .join(_There, (_There.person_id == Application.person_id) & (_There.opening_id == from_id))
        .where(Application.opening_id == to_id)
    )
    return ComesAlong(
        total=sum(count for _one, count in by_status),
        open_count=sum(count for status, count in by_status if status in OPEN_STATUSES),
        both_count=session().scalar(people) or 0,
        both=[InBoth(*row) for row in fetch(both.order_by(Person.name, _There.id, Application.id).limit(NAMED))],
    )


def join_of(public_id: str) -> Join | None:
    """Where the opening went that was joined with another one, as the audit log says it; the last time counts."""
    row = fetch(
        select(
            Opening.id,
            Opening.public_id,
            Opening.title,
            AuditRecord.occurred_at,
            Person.name,
            AuditRecord.details["applications"].as_integer(),
        )
        .select_from(AuditRecord)
        .join(Opening, Opening.public_id == AuditRecord.details["to"].as_string())
        .outerjoin(Person, Person.id == AuditRecord.actor_id)
        .where(AuditRecord.subject == f"opening:{public_id}")
        .where(AuditRecord.action == JOINED)
        .order_by(AuditRecord.id.desc())
        .limit(1)
    ).one_or_none()
    return Join(*row) if row else None


def went_along(public_id: str, joined_at: datetime) -> list[str]:
    """Public ids of the applications that went with the opening `public_id` when it was joined at `joined_at`."""
    subjects = session().scalars(
        select(AuditRecord.subject)
        .where(AuditRecord.action == WENT_ALONG)
        .where(AuditRecord.occurred_at == joined_at)
        .where(AuditRecord.details["before"].as_string() == public_id)
        .order_by(AuditRecord.id)
    )
    return [subject.removeprefix("application:") for subject in subjects]


def joined_with(public_id: str) -> list[JoinedOne]:
    """The openings from imports that are part of the opening `public_id` now, by title."""
    newest = (
        select(func.max(AuditRecord.id).label("id"))
        .where(AuditRecord.action == JOINED)
        .group_by(AuditRecord.subject)
        .subquery()
    )
    rows = fetch(
        select(Opening.public_id, Opening.title, Opening.source)
        .select_from(AuditRecord)
        .join(newest, newest.c.id == AuditRecord.id)
        .join(Opening, AuditRecord.subject == literal("opening:") + Opening.public_id)
        .where(AuditRecord.details["to"].as_string() == public_id)
        .where(is_joined())
        .order_by(Opening.title, Opening.id)
    )
    return [JoinedOne(*row) for row in rows]


def is_importing(source: str) -> bool:
    """Whether a file from this system is being imported right now."""
    statement = (
        select(Import.id)
        .join(Source, Source.id == Import.source_id)
        .where(Source.name == source)
        .where(Import.state == ImportState.APPLYING)
        .limit(1)
    )
    return session().scalar(statement) is not None
