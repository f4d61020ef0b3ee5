"""What the staff's home and the cards of people show: what is due, what waits elsewhere, who somebody is."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import aliased

from portal.applications.models import Application
from portal.applications.queries import DueCounts, DueLine, StaffScope, due_for
from portal.ats.models import Import, LabelMapping, Source
from portal.ats.states import ImportState
from portal.community.models import Membership
from portal.core.db import fetch, session
from portal.desk.rules import days_late, name_alike
from portal.outbox.queries import DeadLetter, dead_letters, has_dead_letters
from portal.people.models import Address, Person, Staff


class DueRow(NamedTuple):
    """A line of what is due, with the people in it as they are named there."""

    names: str
    line: DueLine


@dataclass(frozen=True)
class DueDay:
    """What was promised for one day (None: nothing was promised), and by how many calendar days it is late."""

    promised: date | None
    days_late: int
    rows: list[DueRow]


@dataclass(frozen=True)
class HeldImport:
    """An import whose people get nothing automatic until a recruiter releases it."""

    public_id: str
    file_name: str
    source: str
    added: int
    finished_at: datetime | None


@dataclass(frozen=True)
class UnmappedLabels:
    """Stages or end reasons of a source that nobody has mapped: candidates read "In review"."""

    source: str
    import_public_id: str
    count: int


def what_is_due(
    scope: StaffScope, today: date, owner_id: int | None, first: int, count: int
) -> tuple[list[DueDay], DueCounts]:
    """`count` lines of what is due from number `first`, the oldest promise on top; and how much is due in all."""
    lines, counts = due_for(scope, today, owner_id, first, count)
    days = groupby(lines, lambda line: line.next_update_by)
    return [_due_day(promised, list(on_it), today) for promised, on_it in days], counts


def _due_day(promised: date | None, lines: list[DueLine], today: date) -> DueDay:
    rows = [DueRow(name_alike(line.first_name, line.last_name, line.alike_count), line) for line in lines]
    return DueDay(promised, days_late(promised, today), rows)


_HELD = (
    select(Import.public_id, Import.file_name, Source.name, Import.added, Import.finished_at)
    .join(Source, Source.id == Import.source_id)
    .where(Import.state == ImportState.APPLIED)
    .where(Import.released_at.is_(None))
    .where(Import.added > 0)
    .order_by(Import.id)
)
_NEWEST_IMPORT = (
    select(func.max(Import.id))
    .where(Import.source_id == Source.id)
    .where(Import.state != ImportState.DISCARDED)
    .correlate(Source)
    .scalar_subquery()
)
_UNMAPPED = (
    select(Source.name, Import.public_id, func.count(LabelMapping.id))
    .join(LabelMapping, LabelMapping.source_id == Source.id)
    .join(Import, Import.id == _NEWEST_IMPORT)
    .where(LabelMapping.status.is_(None))
    .group_by(Source.id, Source.name, Import.public_id)
    .order_by(Source.name)
)


#: Letters about applications stand among what is due.
_ELSEWHERE = "application:"
_IS_WAITING = select(
    _HELD.order_by(None).exists(), _UNMAPPED.order_by(None).exists(), has_dead_letters(but_for=_ELSEWHERE)
)


@dataclass(frozen=True)
class Waiting:
    """What else waits for somebody: imports to release, words to map, mail that did not arrive."""

    held: list[HeldImport]
    unmapped: list[UnmappedLabels]
    letters: list[DeadLetter]


def what_else_waits(*, imports: bool, letters: bool) -> Waiting:
    """What waits besides applications, oldest first; on most days nothing, which one question finds out."""
    has_held, has_unmapped, has_letters = fetch(_IS_WAITING).one()
    return Waiting(
        held=[HeldImport(*row) for row in fetch(_HELD)] if imports and has_held else [],
        unmapped=[UnmappedLabels(*row) for row in fetch(_UNMAPPED)] if imports and has_unmapped else [],
        letters=dead_letters(but_for=_ELSEWHERE) if letters and has_letters else [],
    )


@dataclass(frozen=True)
class CandidateLine:
    """A person in the list of candidates."""

    public_id: str
    name: str
    email: str
    claimed_at: datetime | None
    member_since: datetime | None
    application_count: int
    created_at: datetime


@dataclass(frozen=True)
class CandidateCard:
    """Who somebody is, at the head of their card."""

    person_id: int
    public_id: str
    name: str
    phone: str
    locale: str
    timezone: str
    created_at: datetime


AnyAddress = aliased(Address)
_is_member = and_(Membership.person_id == Person.id, Membership.left_at.is_(None))
_has_applied = exists().where(Application.person_id == Person.id)
_APPLICATION_COUNT = (
    select(func.count(Application.id)).where(Application.person_id == Person.id).correlate(Person).scalar_subquery()
)
_PEOPLE = select(
    Person.public_id,
    Person.name,
    Address.email,
    Person.claimed_at,
    Membership.joined_at,
    _APPLICATION_COUNT,
    Person.created_at,
)
_CARD = (
    select(
        Person.id,
        Person.public_id,
        Person.name,
        Person.phone,
        Person.locale,
        Person.timezone,
        Person.created_at,
    )
    .where(Person.public_id == bindparam("public_id"))
    .where(exists().where(Address.person_id == Person.id))
)


def candidates(search: str, first: int, count: int) -> tuple[list[CandidateLine], int]:
    """`count` people from number `first`, the latest we met on top, and how many there are in all.

    Everybody we know but colleagues who neither applied nor joined; `search` is a part of a name or an address.
    """
    total = session().scalar(_searched(select(func.count()), search)) or 0
    statement = _searched(_PEOPLE, search).order_by(Person.created_at.desc(), Person.id.desc())
    return [CandidateLine(*row) for row in fetch(statement.offset(first).limit(count))], total


def _searched(statement: Any, search: str) -> Any:
    joined = (
        statement.select_from(Person)
        .join(Address, and_(Address.person_id == Person.id, Address.is_primary))
        .outerjoin(Membership, _is_member)
        .where(_is_candidate())
    )
    if not search:
        return joined
    has_address = exists().where(
        AnyAddress.person_id == Person.id, AnyAddress.email.contains(search.lower(), autoescape=True)
    )
    return joined.where(or_(func.lower(Person.name).contains(search.lower(), autoescape=True), has_address))


def _is_candidate() -> ColumnElement[bool]:
    return or_(~exists().where(Staff.person_id == Person.id), _has_applied, Membership.person_id.is_not(None))


def find_candidate(public_id: str) -> CandidateCard | None:
    """The card of the person with this public id; None for somebody we do not know, or no longer."""
    row = fetch(_CARD, {"public_id": public_id}).one_or_none()
    return CandidateCard(*row) if row else None
