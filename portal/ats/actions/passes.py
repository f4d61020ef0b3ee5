"""One pass over a file, in chunks: the same for a dry run, for a check and for real."""

import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import astuple
from typing import Protocol

from sqlalchemy.exc import IntegrityError, OperationalError

from portal.ats.actions.holding import hold_people
from portal.ats.actions.plan import Frame, PlannedRow, Planner, ReadRow, fingerprint
from portal.ats.actions.tally import Issue, Tally
from portal.ats.adapters import Table
from portal.ats.rules import application_key, read_row
from portal.ats.states import ImportField, IssueLevel
from portal.core.errors import Busy
from portal.core.i18n import gettext as _
from portal.core.pausing import pause

CHUNK = 500
_TRIES = 3

#: Told after every chunk how many rows of how many are done.
Progress = Callable[[int, int], None]


class Keeper(Protocol):
    """Where a pass keeps what it found."""

    tally: Tally

    def chunk(self) -> AbstractContextManager[object]:
        """Around all that is read and written for one chunk."""

    def keep(self, issues: Sequence[Issue], tally: Tally) -> None:
        """Keep what a chunk brought; part of `chunk()`."""


def unheard(done: int, total: int) -> None:
    """A `Progress` for work that nobody watches: its rows are counted on the import's page."""


Writer = Callable[[Sequence[PlannedRow], Frame, Tally], None]


class TemporaryKeeper:
    """For a dry run: nothing reaches the database, the issues wait in a temporary file."""

    def __init__(self) -> None:
        self.tally = Tally()
        self._file = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 (closed with its last reader)

    def chunk(self) -> AbstractContextManager[object]:
        """Nothing to begin and nothing to end."""
        return nullcontext()

    def keep(self, issues: Sequence[Issue], tally: Tally) -> None:
        """Write the issues down."""
        for issue in issues:
            self._file.write(json.dumps(astuple(issue)) + "\n")

    def issues(self, level: IssueLevel) -> Iterator[Issue]:
        """All issues of one level, by row."""
        self._file.seek(0)
        for line in self._file:
            found, row, column, reason = json.loads(line)
            if found == level:
                yield Issue(level, row, column, reason)


def read_through(table: Table, frame: Frame, keeper: Keeper, write: Writer | None, progress: Progress) -> None:
    """Judge every row of `table` that `keeper` has not seen yet and, with `write`, apply it.

    A chunk is one transaction: after a crash the next run goes on behind the last one. Raises OwnerNeeded,
    UnreadableFile, Busy when others write the same rows again and again, ToldToLeave, and what `keeper` raises.
    """
    planner = Planner(frame, is_dry=write is None)
    for chunk in _chunks(table, frame, keeper.tally.rows_done):
        _take(chunk, frame, planner, keeper, write)
        progress(keeper.tally.rows_done, frame.survey.row_count)
        pause()


def _take(chunk: list[ReadRow], frame: Frame, planner: Planner, keeper: Keeper, write: Writer | None) -> None:
    address_column = frame.survey.mapping.header(ImportField.EMAIL)
    for number in range(1, _TRIES + 1):
        try:
            with keeper.chunk():
                if write is not None:
                    hold_people({row.read.application.email for row in chunk if row.read.application is not None})
                planned = planner.plan(chunk)
                if write is not None:
                    write(planned, frame, keeper.tally)
                tally = keeper.tally.copy()
                keeper.keep(tally.take(planned, address_column), tally)
        except (IntegrityError, OperationalError) as problem:
            # Another import brought the same people in between: look again.
            if number == _TRIES:
                raise Busy(
                    _("The database was busy with other imports. Start this one again in a minute.")
                ) from problem
        else:
            keeper.tally = tally
            return


def _chunks(table: Table, frame: Frame, skipped: int) -> Iterator[list[ReadRow]]:
    """The rows after the first `skipped` ones, 500 at a time; rows that disagree about one application stand apart."""
    chunk: list[ReadRow] = []
    first: dict[str, ReadRow] = {}
    for index, (number, cells) in enumerate(table.rows()):
        if index < skipped:
            continue
        row = _read(number, cells, frame)
        if len(chunk) == CHUNK or _disagree(first.get(row.key), row):
            yield chunk
            chunk, first = [], {}
        chunk.append(row)
        if row.key:
            first.setdefault(row.key, row)
    if chunk:
        yield chunk


def _disagree(first: ReadRow | None, row: ReadRow) -> bool:
    if first is None or row.is_superseded or first.read.application is None or row.read.application is None:
        return False
    return fingerprint(first.read.application) != fingerprint(row.read.application)


def _read(number: int, cells: list[str], frame: Frame) -> ReadRow:
    survey = frame.survey
    read = read_row(number, cells, survey.mapping, survey.dates, frame.today)
    key = application_key(frame.source, read.application) if read.application is not None else ""
    return ReadRow(read, key, survey.is_superseded(number, cells))
