"""What the staff's home and the cards of people show: what is due, what waits elsewhere, who somebody is."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import aliased

from portal.applications.models import Application
from portal.applications.queries import DueHeap, StaffLine, StaffScope, due_for, due_heaps
from portal.applications.states import ApplicationStatus
from portal.ats.models import Import, LabelMapping, Source
from portal.ats.states import ImportState
from portal.community.models import Membership
from portal.core.db import session
from portal.desk.rules import HEAP_SIZE, WhyDue, days_late, why_due
from portal.outbox.states import DeliveryState
from portal.people.models import Address, Person, Staff


@dataclass(frozen=True)
class DueRow:
    """One application that somebody has to write about today."""

    public_id: str
    person_name: str
    opening_title: str
    owner_name: str
    status: ApplicationStatus
    promised: date | None
    days_late: int
    why: WhyDue


@dataclass(frozen=True)
class DueBlock:
    """A part of the list: one heap of applications that are due alike, or single ones (`heap` is None)."""

    heap: DueHeap | None
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


@dataclass(frozen=True)
class DueCounts:
    """How many wait for a word; of them, how many late, changed by an import, or with a letter that did not arrive."""

    total: int
    late: int
    changed: int
    undelivered: int


@dataclass(frozen=True)
class DueList:
    """One page of what is due, and how much is due in all."""

    counts: DueCounts
    blocks: list[DueBlock]


def what_is_due(scope: StaffScope, today: date, owner_id: int | None, first: int, count: int) -> DueList:
    """`count` due applications from number `first`, the oldest promise on top, those that are alike together.

    A heap says how many it has in all; its rows are those on this page.
    """
    lines = due_for(scope, today, owner_id, first, count + 1)
    is_all = not first and len(lines) <= count
    heaps = _heaps_of(lines) if is_all else due_heaps(scope, today, owner_id)
    by_key = {_key(heap): heap for heap in heaps}
    blocks: list[DueBlock] = []
    for key, alike in groupby(lines[:count], _key):
        rows = [_row(line, today) for line in alike]
        heap = by_key.get(key)
        if heap is not None and heap.count >= HEAP_SIZE:
            blocks.append(DueBlock(heap, rows[0].days_late, rows))
        elif blocks and blocks[-1].heap is None:
            blocks[-1].rows.extend(rows)
        else:
            blocks.append(DueBlock(None, 0, rows))
    return DueList(_counts(heaps, today), blocks)


def _heaps_of(lines: list[StaffLine]) -> list[DueHeap]:
    """What `due_heaps` says, without asking again: all that is due is here."""
    heaps = []
    for _same, group in groupby(lines, _key):
        alike = list(group)
        line = alike[0]
        heaps.append(
            DueHeap(
                line.opening_public_id,
                line.opening_title,
                line.status,
                line.next_update_by,
                count=len(alike),
                changed_count=sum(one.change_reported_at is not None for one in alike),
                undelivered_count=sum(one.delivery_state is DeliveryState.DEAD for one in alike),
            )
        )
    return heaps


def _counts(heaps: list[DueHeap], today: date) -> DueCounts:
    return DueCounts(
        total=sum(heap.count for heap in heaps),
        late=sum(heap.count for heap in heaps if days_late(heap.next_update_by, today)),
        changed=sum(heap.changed_count for heap in heaps),
        undelivered=sum(heap.undelivered_count for heap in heaps),
    )


def _key(one: StaffLine | DueHeap) -> tuple[date | None, str, ApplicationStatus]:
    return one.next_update_by, one.opening_public_id, one.status


def _row(line: StaffLine, today: date) -> DueRow:
    return DueRow(
        public_id=line.public_id,
        person_name=line.person_name or line.email,
        opening_title=line.opening_title,
        owner_name=line.owner_name,
        status=line.status,
        promised=line.next_update_by,
        days_late=days_late(line.next_update_by, today),
        why=why_due(line.change_reported_at is not None, line.delivery_state is DeliveryState.DEAD),
    )


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


def held_imports() -> list[HeldImport]:
    """Imports that wait to be released, oldest first."""
    return [HeldImport(*row) for row in session().execute(_HELD)]


def unmapped_labels() -> list[UnmappedLabels]:
    """Sources with stages or end reasons that nobody has mapped yet, each with its newest import."""
    return [UnmappedLabels(*row) for row in session().execute(_UNMAPPED)]


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
    return [CandidateLine(*row) for row in session().execute(statement.offset(first).limit(count))], total


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
    row = session().execute(_CARD, {"public_id": public_id}).one_or_none()
    return CandidateCard(*row) if row else None
