"""Reading imports, what they found, and what the labels of their sources mean."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from portal.applications.states import ApplicationStatus
from portal.ats.models import Import, ImportIssue, LabelMapping, Source
from portal.ats.states import ImportState, IssueLevel, LabelKind
from portal.core.db import fetch, session
from portal.core.errors import NotFound
from portal.files.models import StoredFile
from portal.files.queries import path_of
from portal.people.models import Person

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


@dataclass(frozen=True)
class KeptFile:
    """A file that waits for something else to be said."""

    name: str
    path: Path


def find_kept_file(public_id: str, owner_id: int) -> KeptFile | None:
    """The file of this public id, if this person sent it and it is still there."""
    row = fetch(
        select(StoredFile.id, StoredFile.name)
        .where(StoredFile.public_id == public_id)
        .where(StoredFile.owner_id == owner_id)
    ).one_or_none()
    path = path_of(row[0]) if row is not None else None
    return KeptFile(row[1], path) if row is not None and path is not None else None


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
