"""Reading what is known already of the rows of a file, and what an import has promised."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select

from portal.applications.models import Application, ApplicationEvent
from portal.applications.states import ApplicationStatus, EventKind
from portal.ats.rules import SourceFacts
from portal.core.db import fetch
from portal.people.models import Address, Person


@dataclass(frozen=True)
class KnownPerson:
    """A person whose address stands in the file. What claimed people say of themselves is never overwritten."""

    person_id: int
    name: str
    phone: str
    is_claimed: bool
    #: Their newest application: the one whose row may correct name and telephone.
    newest_application_id: int | None


@dataclass(frozen=True)
class KnownApplication:
    """An application that an earlier import (or an earlier row) brought."""

    application_id: int
    public_id: str
    person: KnownPerson
    opening_id: int
    facts: SourceFacts
    #: The newest status here, whether or not its mail has gone out yet.
    status: ApplicationStatus


@dataclass(frozen=True)
class Untold:
    """An application of which the candidate knows only what an import said."""

    application_id: int
    stage: str
    status_as_written: str
    reason: str
    status: ApplicationStatus
    next_update_by: date | None
    #: Whether a later import, or what a label means since, said something else that the candidate does not read yet.
    is_said_otherwise: bool


_newest_status = (
    select(ApplicationEvent.status)
    .where(ApplicationEvent.application_id == Application.id)
    .order_by(ApplicationEvent.id.desc())
    .limit(1)
    .correlate(Application)
    .scalar_subquery()
)
_any_event = ApplicationEvent.__table__.alias("any_event")
_newest_event_id = (
    select(func.max(_any_event.c.id))
    .where(_any_event.c.application_id == Application.id)
    .correlate(Application)
    .scalar_subquery()
)
_other = Application.__table__.alias("other")
_newest_application = (
    select(func.max(_other.c.id)).where(_other.c.person_id == Person.id).correlate(Person).scalar_subquery()
)


def known_applications(source: str, keys: Collection[str]) -> dict[str, KnownApplication]:
    """Which applications of a source are here already, by `application_key`."""
    rows = fetch(
        select(
            Application.external_key,
            Application.id,
            Application.public_id,
            Person.id,
            Person.name,
            Person.phone,
            Person.claimed_at,
            _newest_application,
            Application.opening_id,
            Application.source_stage,
            Application.source_status,
            Application.source_reason,
            Application.applied_on,
            Application.last_activity_on,
            Application.channel,
            Application.imported_tags,
            _newest_status,
        )
        .join(Person, Person.id == Application.person_id)
        .where(Application.source == source)
        .where(Application.external_key.in_(keys))
        .order_by(Application.id)
    )
    return {row[0]: _known_application(row) for row in rows}


def _known_application(row: Any) -> KnownApplication:
    return KnownApplication(
        application_id=row[1],
        public_id=row[2],
        person=KnownPerson(row[3], row[4], row[5], row[6] is not None, row[7]),
        opening_id=row[8],
        facts=SourceFacts(row[9], row[10], row[11], row[12], row[13], row[14], tuple(row[15])),
        status=row[16],
    )


def known_people(emails: Collection[str]) -> dict[str, KnownPerson]:
    """Who is here already, by (normalised) address."""
    rows = fetch(
        select(Address.email, Person.id, Person.name, Person.phone, Person.claimed_at, _newest_application)
        .join(Person, Person.id == Address.person_id)
        .where(Address.email.in_(emails))
        .order_by(Address.id)
    )
    return {row[0]: KnownPerson(row[1], row[2], row[3], row[4] is not None, row[5]) for row in rows}


def untold_applications(source: str, after: int, limit: int) -> list[Untold]:
    """The next applications of a source, by id behind `after`, that nobody has written to."""
    is_newest = ApplicationEvent.id == _newest_event_id
    rows = fetch(
        select(
            Application.id,
            Application.source_stage,
            Application.source_status,
            Application.source_reason,
            ApplicationEvent.status,
            ApplicationEvent.next_update_by,
            or_(Application.source_moves_to.is_not(None), Application.source_ending.is_not(None)),
        )
        .join(ApplicationEvent, (ApplicationEvent.application_id == Application.id) & is_newest)
        .where(Application.source == source)
        .where(Application.id > after)
        .where(ApplicationEvent.kind.in_((EventKind.IMPORTED, EventKind.ENDED_BEFORE_US)))
        .order_by(Application.id)
        .limit(limit)
    )
    return [Untold(*row) for row in rows]


def promises_of(import_ref: str) -> list[tuple[date, int]]:
    """By which day how many of the applications that an import added are promised a word now."""
    is_newest = ApplicationEvent.id == _newest_event_id
    rows = fetch(
        select(ApplicationEvent.next_update_by, func.count())
        .join(Application, (ApplicationEvent.application_id == Application.id) & is_newest)
        .where(Application.import_ref == import_ref)
        .where(ApplicationEvent.next_update_by.is_not(None))
        .group_by(ApplicationEvent.next_update_by)
        .order_by(ApplicationEvent.next_update_by)
    )
    return [(day, count) for day, count in rows if day is not None]
