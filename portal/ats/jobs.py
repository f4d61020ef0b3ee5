"""What the worker does for imports, and what somebody still has to do about them."""

from datetime import datetime

from portal.ats.actions import restate_source, summarise, work_on_import
from portal.ats.queries import (
    OwedImport,
    imports_to_release,
    imports_to_restate,
    imports_with_new_labels,
    imports_with_task,
    label_maps,
    unfinished_imports,
)
from portal.company.queries import company_zone
from portal.core.clock import day_of
from portal.core.db import end_reading
from portal.core.pausing import pause
from portal.core.permissions import Role
from portal.people.queries import active_staff
from portal.tasks.actions import add_task, finish_task
from portal.tasks.queries import due_from
from portal.tasks.rules import can_do
from portal.tasks.states import TaskKind


def run_imports(now: datetime) -> None:
    """Check or apply every import that waits for it, and go on with those that broke off; then restate."""
    for import_id in unfinished_imports():
        end_reading()
        work_on_import(import_id, now)
    for import_id in imports_to_restate():
        end_reading()
        restate_source(import_id, now)


def look_for_work_left(now: datetime) -> None:
    """Whoever imported owes the meaning of words without one, and a look at who is held, until both are done."""
    for row in imports_with_new_labels():
        if _has_words_left(row):
            _owe(TaskKind.LABELS_TO_MAP, row, row.source, now)
    for row in imports_to_release():
        _owe(TaskKind.IMPORT_TO_RELEASE, row, row.file_name, now)
    for task_id, row in imports_with_task(TaskKind.LABELS_TO_MAP):
        if not _has_words_left(row):
            _settle(task_id, now)
    for task_id, row in imports_with_task(TaskKind.IMPORT_TO_RELEASE):
        if not row.is_held:
            _settle(task_id, now)


def _has_words_left(row: OwedImport) -> bool:
    return bool(summarise(row.findings, label_maps(row.source_id)).unmapped)


def _owe(kind: TaskKind, row: OwedImport, title: str, now: datetime) -> None:
    owner_id = _owner_of(kind, row)
    if owner_id is None:
        return
    today = day_of(now, company_zone())
    due_on = due_from(kind, today)
    end_reading()
    add_task(
        owner_id=owner_id,
        kind=kind,
        cause=row.cause,
        about=row.public_id,
        due_on=due_on,
        dedupe_key=row.key(kind),
        title=title,
        now=now,
    )
    pause()


def _owner_of(kind: TaskKind, row: OwedImport) -> int | None:
    """Who asked for it on a page, while they may do this; else an admin who is here; None where there is none."""
    staff = active_staff()
    asked_by = None if row.options.get("by_command") else row.options.get("asked_by")
    for one in staff:
        if one.person_id == asked_by and can_do(kind, one.role):
            return one.person_id
    return min((one.person_id for one in staff if one.role is Role.ADMIN), default=None)


def _settle(task_id: int, now: datetime) -> None:
    end_reading()
    finish_task(task_id, actor_id=None, now=now)
    pause()
