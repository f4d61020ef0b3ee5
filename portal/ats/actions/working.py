"""Checking and applying one import, in the worker or in a command."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

from portal.ats.actions.applying import writer_for
from portal.ats.actions.errors import ImportStopped, OwnerNeeded, TakenOver
from portal.ats.actions.passes import Progress, read_through, unheard
from portal.ats.actions.plan import Frame
from portal.ats.actions.sources import store_labels
from portal.ats.actions.steps import ImportKeeper, Work, begin, give_back, move, note, stop
from portal.ats.actions.survey import Survey, survey_table
from portal.ats.actions.tally import Tally
from portal.ats.adapters import Table, open_table
from portal.ats.queries import ImportRow, find_source, import_by_id, joins_of, label_maps
from portal.ats.rules import first_promise_dates, is_demographic
from portal.ats.states import ImportState
from portal.audit.actions import record
from portal.company.queries import calendar_from, company_zone
from portal.core.clock import day_of
from portal.core.errors import PortalError
from portal.core.i18n import gettext as _
from portal.core.pausing import ToldToLeave
from portal.files.queries import path_of
from portal.people.queries import active_recruiters

PROMISE_DAYS = 10


def work_on_import(import_id: int, now: datetime) -> None:
    """Check or apply an import that waits for it; what stops it is noted on its page.

    Safe to call at any time and twice: whatever is in somebody else's hand is left alone.
    """
    work = begin(import_id, now)
    if work is None:
        return
    try:
        carry_through(work, now, unheard)
    except TakenOver:
        return
    except ToldToLeave:
        give_back(work)
    except PortalError as problem:
        stop(work, problem, now)


def carry_through(work: Work, now: datetime, progress: Progress) -> None:
    """Do all that is left of `work`. Raises what stops it: PortalError of any kind."""
    row = import_by_id(work.import_id)
    with opened(row) as table:
        keeper = ImportKeeper(work)
        with keeper.chunk() as stored:
            note(stored, **what_it_is(table))
        frame = _frame_of(row, table, work, now)
        with keeper.chunk() as stored:
            stored.rows_total = frame.survey.row_count
            note(stored, **what_was_read(table, frame))
        read_through(table, frame, keeper, writer_for(row.public_id, now) if work.is_for_real else None, progress)
    _finish(row, work, keeper, now)


@contextmanager
def opened(row: ImportRow) -> Iterator[Table]:
    """The import's file. Raises ImportStopped when it was deleted, UnreadableFile."""
    path = _path_of(row)
    with open_table(path) as table:
        yield table


def _path_of(row: ImportRow) -> Path:
    path = path_of(row.file_id) if row.file_id is not None else None
    if path is None:
        raise ImportStopped(_("The file is gone: files are deleted after 30 days. Upload it again."))
    return path


def _frame_of(row: ImportRow, table: Table, work: Work, now: datetime) -> Frame:
    survey = survey_table(table, row.options["map"], *remembered(row.source, row.options["dates"]))
    days = [date.fromisoformat(day) for day in row.findings.get("days") or ()] if work.is_for_real else []
    joins = row.findings.get("joins") if work.is_for_real else None
    return frame_for(row.source, survey, row.options["owner"], now, tuple(days), joins)


def remembered(source: str, dates: str) -> tuple[dict[str, str], str, str]:
    """For `survey_table`: the columns remembered of a source, the order of dates said now, and the one said last."""
    known = find_source(source)
    return (known.columns, dates, known.date_order) if known is not None else ({}, dates, "")


def frame_for(
    source: str,
    survey: Survey,
    owner_id: int | None,
    now: datetime,
    days: tuple[date, ...] = (),
    joins: dict[str, int] | None = None,
) -> Frame:
    """What a pass needs to know; `days` are the promised ones of an import that was begun before.

    `joins` are the openings that its check found to be ours by their title: what was shown is what is done.

    Raises OwnerNeeded.
    """
    known = find_source(source)
    staff = frozenset(one.person_id for one in active_recruiters())
    if owner_id is not None and owner_id not in staff:
        raise OwnerNeeded(_("The owner is not an active recruiter any more. Choose another one."))
    today = day_of(now, company_zone())
    return Frame(
        source=source,
        survey=survey,
        labels=label_maps(known.id if known is not None else None),
        owner_id=owner_id,
        active_staff=staff,
        promise_days=days or tuple(first_promise_dates(today, PROMISE_DAYS, calendar_from(today))),
        today=today,
        has_told_them=bool(known is not None and known.told_of_endings),
        joins=joins_of(source, survey.openings) if joins is None else joins,
    )


def what_it_is(table: Table) -> dict[str, Any]:
    """What the file is and which columns it has."""
    return {
        "kind": table.kind.value,
        "dialect": table.dialect,
        "encoding": table.encoding,
        "headers": table.headers,
        "demographic": [header for header in table.headers if is_demographic(header)],
    }


def what_was_read(table: Table, frame: Frame) -> dict[str, Any]:
    """How the columns are read, for pages and for the command: headers only, no cell."""
    mapping = frame.survey.mapping
    return {
        **what_it_is(table),
        "fields": {field.value: mapping.header(field) for field in mapping.by_field},
        "ignored": list(mapping.ignored),
        "column_warnings": list(mapping.warnings),
        "days": [day.isoformat() for day in frame.promise_days],
        "joins": dict(frame.joins),
    }


def _finish(row: ImportRow, work: Work, keeper: ImportKeeper, now: datetime) -> None:
    with keeper.chunk() as stored:
        store_labels(row.source_id, keeper.tally)
        move(stored, ImportState.APPLIED if work.is_for_real else ImportState.CHECKED)
        note(stored, run=None)
        stored.finished_at = now
        if work.is_for_real:
            _record(row, keeper.tally, now)


def _record(row: ImportRow, tally: Tally, now: datetime) -> None:
    record(
        "ats.apply_import",
        f"import:{row.public_id}",
        actor_id=row.options.get("asked_by"),
        now=now,
        source=row.source,
        added=tally.added,
        changed=tally.changed,
        refused=tally.refused,
    )
