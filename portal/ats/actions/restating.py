"""Letting applications read what their labels mean now, where nobody has written yet."""

from collections.abc import Iterator
from datetime import date, datetime

from portal.applications.actions import Restatement, restate_imported
from portal.applications.states import ENDINGS
from portal.ats.actions.steps import lock_import, note
from portal.ats.actions.working import PROMISE_DAYS
from portal.ats.queries import LabelMaps, Untold, find_source, import_by_id, label_maps, untold_applications
from portal.ats.rules import candidate_status, first_promise_dates, promise_for, read_status_word
from portal.company.queries import calendar_from, company_zone
from portal.core.clock import day_of
from portal.core.db import transaction

_CHUNK = 500


def restate_source(import_id: int, now: datetime) -> int:
    """Restate every application of the import's source that nobody has written to; returns how many did, or will.

    Safe to run twice. Who is open again is promised a word within the next ten working days, in turn; who was
    promised a date keeps it.
    """
    row = import_by_id(import_id)
    source = find_source(row.source)
    has_told_them = bool(source is not None and source.told_of_endings)
    meaning = _Meaning(label_maps(row.source_id), "status" in (row.findings.get("fields") or {}), _days(now))
    changed = 0
    for chunk in _chunks(row.source):
        with transaction():
            restated = [one for told in chunk if (one := meaning.restatement(told))]
            changed += restate_imported(restated, now, has_told_them=has_told_them)
    with transaction() as session:
        note(lock_import(session, import_id), restate=False)
    return changed


def _days(now: datetime) -> list[date]:
    today = day_of(now, company_zone())
    return first_promise_dates(today, PROMISE_DAYS, calendar_from(today))


class _Meaning:
    """What applications read now; counts the new dates it gives out."""

    def __init__(self, labels: LabelMaps, has_status_column: bool, days: list[date]) -> None:
        self._labels = labels
        self._has_status_column = has_status_column
        self._days = days
        self._given = 0

    def restatement(self, told: Untold) -> Restatement | None:
        """What `told` is to read, or None where it reads so already."""
        status = candidate_status(
            told.stage,
            read_status_word(told.status_as_written),
            told.reason,
            self._labels.stages,
            self._labels.reasons,
            self._has_status_column,
        ).status
        if status == told.status and not told.is_said_otherwise:
            return None
        return Restatement(told.application_id, status, None if status in ENDINGS else self._date(told))

    def _date(self, told: Untold) -> date:
        if told.next_update_by is not None:
            return told.next_update_by
        self._given += 1
        return promise_for(self._given - 1, self._days)


def _chunks(source: str) -> Iterator[list[Untold]]:
    after = 0
    while chunk := untold_applications(source, after, _CHUNK):
        yield chunk
        after = chunk[-1].application_id
