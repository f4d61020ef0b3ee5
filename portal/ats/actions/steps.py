"""Where an import stands: beginning, going on, ending; one worker at a time, by a mark on its row."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from portal.ats.actions.errors import ImportStopped, TakenOver
from portal.ats.actions.tally import Issue, Tally, read_tally
from portal.ats.models import Import, ImportIssue
from portal.ats.states import IMPORT_MOVES, ImportState
from portal.core import clock
from portal.core.db import transaction
from portal.core.errors import PortalError
from portal.core.i18n import gettext as _
from portal.core.identifiers import new_public_id

#: Without a sign of life for so long, whoever worked on an import is taken for dead.
STALE = timedelta(minutes=10)
#: How often the same work is begun again after a crash.
_MAX_ATTEMPTS = 3
_COUNTS = ("added", "changed", "same", "refused")


class WrongMoment(PortalError):
    """The import does not stand where this could be done to it."""


@dataclass(frozen=True)
class Work:
    """One import in hand: `run` proves to every later step that it still is."""

    import_id: int
    run: str
    is_for_real: bool


def lock_import(session: Session, import_id: int) -> Import:
    """The import, locked for the rest of the transaction."""
    return session.get_one(Import, import_id, with_for_update=True)


def move(row: Import, to: ImportState) -> None:
    """Let the import stand at `to`. Raises WrongMoment."""
    if to not in IMPORT_MOVES[row.state]:
        raise WrongMoment(_("Somebody else has changed this import meanwhile. Look at where it stands now."))
    row.state = to


def note(row: Import, **findings: Any) -> None:
    """Put `findings` beside what is noted already (JSON columns do not notice a change inside)."""
    row.findings = {**row.findings, **findings}


def forget_results(session: Session, row: Import) -> None:
    """Begin counting anew."""
    session.execute(delete(ImportIssue).where(ImportIssue.import_id == row.id))
    note(row, tally={}, run=None, needs="")
    _copy_counts(row, Tally())
    row.problem = ""
    row.finished_at = None


def begin(import_id: int, now: datetime) -> Work | None:
    """Take an import that waits, or whose worker died, in hand; None when somebody else has it or nothing is to do.

    A check begins again from the first row, an import goes on behind the last chunk it wrote.
    """
    with transaction() as session:
        row = lock_import(session, import_id)
        if row.state is ImportState.UPLOADED:
            move(row, ImportState.CHECKING)
        if row.state not in {ImportState.CHECKING, ImportState.APPLYING}:
            return None
        before = row.findings.get("run") or {}
        if before and datetime.fromisoformat(before["beat"]) > now - STALE:
            return None
        attempt = int(before.get("attempt", 0)) + 1
        if attempt > _MAX_ATTEMPTS:
            _stop(row, ImportStopped(_("This import broke off several times. Please tell who runs this site.")), now)
            return None
        is_for_real = row.state is ImportState.APPLYING
        if not is_for_real:
            forget_results(session, row)
        run = new_public_id()
        note(row, run={"id": run, "beat": now.isoformat(), "attempt": attempt})
        return Work(import_id, run, is_for_real)


def give_back(work: Work) -> None:
    """Let another worker go on at once: this one has been told to leave."""
    with transaction() as session:
        row = lock_import(session, work.import_id)
        if _is_in_hand(row, work):
            note(row, run={})


class ImportKeeper:
    """Keeps with the import what each chunk of a pass found, in the chunk's own transaction."""

    def __init__(self, work: Work) -> None:
        self._work = work
        with self.chunk() as row:
            self.tally = read_tally(row.findings.get("tally") or {})

    @contextmanager
    def chunk(self) -> Iterator[Import]:
        """A transaction on the import. Raises TakenOver when it is not in our hand any more."""
        with transaction() as session:
            row = lock_import(session, self._work.import_id)
            if not _is_in_hand(row, self._work):
                raise TakenOver(_("Somebody else works on this import now."))
            yield row

    def keep(self, issues: Sequence[Issue], tally: Tally) -> None:
        """Write issues, counts and a sign of life; part of `chunk()`."""
        with transaction() as session:
            if issues:
                rows = [{"import_id": self._work.import_id, **asdict(issue)} for issue in issues]
                session.execute(insert(ImportIssue), rows)
            row = session.get_one(Import, self._work.import_id)
            # A pass may take minutes: its sign of life is the present instant, not that of its beginning.
            run = {"id": self._work.run, "beat": clock.now().isoformat(), "attempt": 0}
            note(row, tally=tally.as_json(), run=run)
            _copy_counts(row, tally)


def _copy_counts(row: Import, tally: Tally) -> None:
    for name in _COUNTS:
        setattr(row, name, getattr(tally, name))
    row.rows_done = tally.rows_done


def stop(work: Work, problem: PortalError, now: datetime) -> None:
    """Note why it does not go on, for the person who imports; nothing when it is not in our hand any more."""
    with transaction() as session:
        row = lock_import(session, work.import_id)
        if _is_in_hand(row, work):
            _stop(row, problem, now)


def _stop(row: Import, problem: PortalError, now: datetime) -> None:
    was_for_real = row.state is ImportState.APPLYING
    move(row, ImportState.FAILED)
    row.problem = problem.message[:500]
    row.finished_at = now
    needs = problem.needs if isinstance(problem, ImportStopped) else ""
    note(row, run=None, needs=needs, example=getattr(problem, "example", ""), was_for_real=was_for_real)


def _is_in_hand(row: Import, work: Work) -> bool:
    return (row.findings.get("run") or {}).get("id") == work.run
