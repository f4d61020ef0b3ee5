"""Imports that somebody still has to do something about: which of them lack a task, and which have one."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, exists, func, literal, select
from sqlalchemy.orm import aliased

from portal.applications.models import Application
from portal.ats.models import Import, LabelMapping, Source
from portal.ats.states import ImportState
from portal.core.db import fetch
from portal.tasks.models import Task
from portal.tasks.queries import has_task
from portal.tasks.states import OPEN_STATES, TaskKind

_CAUSE = "import:"
Newer = aliased(Import, name="newer_import")
Asked = aliased(Import, name="asked_import")


@dataclass(frozen=True)
class OwedImport:
    """An import that was applied, as far as a task about it needs it."""

    public_id: str
    file_name: str
    source: str
    source_id: int
    options: dict[str, Any]
    findings: dict[str, Any]
    #: Whether people of it still get nothing automatic.
    is_held: bool

    @property
    def cause(self) -> str:
        """What `tasks.actions.cancel_tasks` takes."""
        return f"{_CAUSE}{self.public_id}"

    def key(self, kind: TaskKind) -> str:
        """What keeps the task of a kind about this import single."""
        return f"{kind}:{self.public_id}"


def is_held() -> ColumnElement[bool]:
    """For `Import`: it is applied and not released, and holds somebody."""
    holds = exists().where(Application.import_ref == Import.public_id).where(Application.is_held)
    return (Import.state == ImportState.APPLIED) & Import.released_at.is_(None) & holds


def _is_newest() -> ColumnElement[bool]:
    """The last one of its source that was applied: its page of labels shows those of all before."""
    newer = exists().where(Newer.source_id == Import.source_id).where(Newer.id > Import.id)
    return ~newer.where(Newer.state == ImportState.APPLIED)


def _is_asked_of_source() -> ColumnElement[bool]:
    """Somebody has been asked already, when an earlier import came from the same source."""
    return (
        exists()
        .where(Asked.source_id == Import.source_id)
        .where(Task.cause == literal(_CAUSE) + Asked.public_id)
        .where(Task.kind == TaskKind.LABELS_TO_MAP)
        .where(Task.state.in_(OPEN_STATES))
    )


_has_unmapped = exists().where(LabelMapping.source_id == Import.source_id).where(LabelMapping.status.is_(None))
_OWED = (
    select(
        Import.public_id,
        Import.file_name,
        Source.name,
        Source.id,
        Import.options,
        Import.findings,
        func.coalesce(is_held(), False),
    )
    .join(Source, Source.id == Import.source_id)
    .where(Import.state == ImportState.APPLIED)
    .order_by(Import.id)
)
_WITHOUT_TASK = {
    kind: _OWED.where(~has_task(literal(f"{kind}:") + Import.public_id))
    for kind in (TaskKind.LABELS_TO_MAP, TaskKind.IMPORT_TO_RELEASE)
}


def imports_with_new_labels() -> list[OwedImport]:
    """The last import of each source with labels that nobody has mapped, if nobody was asked to; oldest first.

    Whether these labels matter in this very import is for the caller to see.
    """
    asked = _WITHOUT_TASK[TaskKind.LABELS_TO_MAP].where(_has_unmapped).where(_is_newest())
    return [OwedImport(*row) for row in fetch(asked.where(~_is_asked_of_source()))]


def imports_to_release() -> list[OwedImport]:
    """Imports that hold somebody and of which nobody has the task to release them, oldest first."""
    return [OwedImport(*row) for row in fetch(_WITHOUT_TASK[TaskKind.IMPORT_TO_RELEASE].where(is_held()))]


def imports_with_task(kind: TaskKind) -> list[tuple[int, OwedImport]]:
    """Each open task of a kind about an import, by its id, with that import."""
    found = (
        _OWED.add_columns(Task.id)
        .join(Task, Task.cause == literal(_CAUSE) + Import.public_id)
        .where(Task.kind == kind)
        .where(Task.state.in_(OPEN_STATES))
    )
    return [(row[-1], OwedImport(*row[:-1])) for row in fetch(found)]
