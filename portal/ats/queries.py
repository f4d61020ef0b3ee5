"""Reading imports, what they found, and what is known already of the rows of a file."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from portal.applications.models import Application, ApplicationEvent
from portal.applications.states import ApplicationStatus, EventKind
from portal.ats.models import Import, ImportIssue, LabelMapping, Source
from portal.ats.rules import SourceFacts
from portal.ats.states import ImportState, IssueLevel, LabelKind
from portal.core.db import fetch, session
from portal.core.errors import NotFound
from portal.openings.models import Opening
from portal.people.models import Address, Person

_BATCH = 500
#: States in which the worker has something to do.
UNFINISHED = (ImportState.UPLOADED, ImportState.CHECKING, ImportState.APPLYING)


@dataclass(frozen=True)
class ImportRow:
    """One import, as pages show it. `findings` is written by `ats.actions`."""

    id: int
    public_id: str
    file_name: str
    file_id: int | None
    state: ImportState
    source: str
    source_id: int
    told_of_endings: bool | None
    options: dict[str, Any]
    findings: dict[str, Any]
    rows_total: int
    rows_done: int
    added: int
    changed: int
    same: int
    refused: int
    problem: str
    created_by: str
    created_at: datetime
    finished_at: datetime | None
    released_at: datetime | None


@dataclass(frozen=True)
class IssueRow:
    """What was found in one row of the file."""

    row: int
    column: str
    reason: str


@dataclass(frozen=True)
class LabelRow:
    """A stage or end reason of a source, and what candidates read for it (None: nobody has said)."""

    id: int
    kind: LabelKind
    key: str
    label: str
    status: ApplicationStatus | None


@dataclass(frozen=True)
class LabelMaps:
    """What a source's labels mean, by `normalise_label`; only those that somebody mapped."""

    stages: dict[str, ApplicationStatus]
    reasons: dict[str, ApplicationStatus]


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
    opening_key: str
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


_IMPORTS = (
    select(
        Import.id,
        Import.public_id,
        Import.file_name,
        Import.file_id,
        Import.state,
        Source.name,
        Source.id,
        Source.told_of_endings,
        Import.options,
        Import.findings,
        Import.rows_total,
        Import.rows_done,
        Import.added,
        Import.changed,
        Import.same,
        Import.refused,
        Import.problem,
        Person.name,
        Import.created_at,
        Import.finished_at,
        Import.released_at,
    )
    .join(Source, Source.id == Import.source_id)
    .join(Person, Person.id == Import.created_by_id)
    .order_by(Import.id.desc())
)


def imports_on_page(number: int, size: int) -> tuple[list[ImportRow], int]:
    """One page of all imports but the discarded ones, newest first, and how many there are."""
    is_shown = Import.state != ImportState.DISCARDED
    rows = fetch(_IMPORTS.where(is_shown).offset((number - 1) * size).limit(size))
    total = session().scalar(select(func.count()).select_from(Import).where(is_shown)) or 0
    return [ImportRow(*row) for row in rows], total


def find_import(public_id: str) -> ImportRow:
    """The import with this public id. Raises NotFound, also for a discarded one."""
    row = (
        session()
        .execute(_IMPORTS.where(Import.public_id == public_id).where(Import.state != ImportState.DISCARDED))
        .one_or_none()
    )
    if row is None:
        raise NotFound
    return ImportRow(*row)


def import_by_id(import_id: int) -> ImportRow:
    """The import with this id; it must exist."""
    return ImportRow(*fetch(_IMPORTS.where(Import.id == import_id)).one())


def unfinished_imports() -> list[int]:
    """Ids of imports that wait for the worker, are in somebody's hand or were left in the middle, oldest first."""
    return list(session().scalars(select(Import.id).where(Import.state.in_(UNFINISHED)).order_by(Import.id)))


def imports_to_restate() -> list[int]:
    """Ids of imports whose source's labels were mapped anew, oldest first."""
    is_marked = Import.findings["restate"].as_boolean()
    return list(session().scalars(select(Import.id).where(is_marked).order_by(Import.id)))


def issue_counts(import_id: int) -> dict[IssueLevel, int]:
    """How many issues of each level an import has; levels without one are left out."""
    rows = fetch(
        select(ImportIssue.level, func.count())
        .where(ImportIssue.import_id == import_id)
        .group_by(ImportIssue.level)
        .order_by(ImportIssue.level)
    )
    return {level: count for level, count in rows}


def issues_on_page(import_id: int, level: IssueLevel, number: int, size: int) -> list[IssueRow]:
    """One page of the issues of one level, by row."""
    rows = fetch(
        select(ImportIssue.row, ImportIssue.column, ImportIssue.reason)
        .where(ImportIssue.import_id == import_id)
        .where(ImportIssue.level == level)
        .order_by(ImportIssue.row, ImportIssue.id)
        .offset((number - 1) * size)
        .limit(size)
    )
    return [IssueRow(*row) for row in rows]


def all_issues(import_id: int, level: IssueLevel) -> Iterator[IssueRow]:
    """All issues of one level, by row, read in batches."""
    after = (0, 0)
    while True:
        rows = fetch(
            select(ImportIssue.row, ImportIssue.column, ImportIssue.reason, ImportIssue.id)
            .where(ImportIssue.import_id == import_id, ImportIssue.level == level)
            .where((ImportIssue.row > after[0]) | ((ImportIssue.row == after[0]) & (ImportIssue.id > after[1])))
            .order_by(ImportIssue.row, ImportIssue.id)
            .limit(_BATCH)
        )
        batch = list(rows)
        for row in batch:
            yield IssueRow(*row[:3])
        if len(batch) < _BATCH:
            return
        after = (batch[-1][0], batch[-1][3])


def source_names() -> list[str]:
    """The systems that applications came from so far, by name."""
    return list(session().scalars(select(Source.name).order_by(Source.name)))


def find_source(name: str) -> Source | None:
    """The source of this (normalised) name."""
    return session().scalar(select(Source).where(Source.name == name))


def labels_of(source_id: int) -> list[LabelRow]:
    """Every stage and end reason that a source has used, stages first, by name."""
    rows = fetch(
        select(LabelMapping.id, LabelMapping.kind, LabelMapping.label_key, LabelMapping.label, LabelMapping.status)
        .where(LabelMapping.source_id == source_id)
        .order_by(LabelMapping.kind.desc(), LabelMapping.label_key)
    )
    return [LabelRow(*row) for row in rows]


def label_maps(source_id: int | None) -> LabelMaps:
    """What the labels of a source mean; nothing for a source that is not known yet."""
    maps = LabelMaps({}, {})
    for row in labels_of(source_id) if source_id is not None else []:
        if row.status is not None:
            (maps.stages if row.kind is LabelKind.STAGE else maps.reasons)[row.key] = row.status
    return maps


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
            Opening.external_key,
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
        .join(Opening, Opening.id == Application.opening_id)
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
        opening_key=row[8],
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
    """The next applications of a source, by id behind `after`, that nobody has written to.

    Where a later import reported a change, it stands as due with its owner instead.
    """
    is_newest = ApplicationEvent.id == _newest_event_id
    rows = fetch(
        select(
            Application.id,
            Application.source_stage,
            Application.source_status,
            Application.source_reason,
            ApplicationEvent.status,
            ApplicationEvent.next_update_by,
        )
        .join(ApplicationEvent, (ApplicationEvent.application_id == Application.id) & is_newest)
        .where(Application.source == source)
        .where(Application.id > after)
        .where(Application.change_reported_at.is_(None))
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
