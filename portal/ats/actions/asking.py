"""What a recruiter asks for on the pages of imports; the worker does it."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from portal.applications.actions import release_import as release_applications
from portal.applications.states import ApplicationStatus
from portal.ats.actions.errors import ColumnsNeeded, OwnerNeeded
from portal.ats.actions.sources import find_or_add_source, name_source, remember_columns, store_meanings, store_openings
from portal.ats.actions.steps import WrongMoment, forget_results, lock_import, move, note
from portal.ats.adapters import open_table
from portal.ats.models import Import, Source
from portal.ats.rules import InvalidMapping, map_columns
from portal.ats.states import DateOrder, ImportState
from portal.audit.actions import record
from portal.core.db import transaction
from portal.core.i18n import gettext as _
from portal.core.identifiers import new_public_id
from portal.core.leases import wake_job
from portal.files.actions import store_file
from portal.people.queries import active_recruiters

JOB = "ats/run_imports"
#: Days after which an uploaded file is deleted.
FILE_DAYS = 30
#: Bytes of a file.
MAX_FILE = 60 * 1024 * 1024
_ASKABLE = {ImportState.CHECKED, ImportState.FAILED}


def create_import(
    path: Path,
    file_name: str,
    *,
    source: str,
    owner_id: int,
    told: bool | None,
    created_by_id: int,
    now: datetime,
) -> str:
    """Keep an uploaded file and let the worker check it; returns the import's public id.

    Raises SourceNeeded, OwnerNeeded, UnreadableFile, FileTooLarge.
    """
    if owner_id not in {one.person_id for one in active_recruiters()}:
        raise OwnerNeeded(_("Choose an active recruiter as owner."))
    with open_table(path) as table:
        name = name_source(source, table.headers)
        headers = table.headers
    file_id = keep_file(path, file_name, created_by_id, now)
    with transaction():
        row = add_import(file_id, file_name, name, make_options(owner_id), told, created_by_id, now)
        note(row, headers=headers)
        wake_job(JOB, now)
        return row.public_id


def make_options(
    owner_id: int | None, columns: Mapping[str, str] | None = None, dates: str = "", on_error: str = "skip"
) -> dict[str, Any]:
    """The options of one import as they are stored."""
    return {"owner": owner_id, "map": dict(columns or {}), "dates": dates, "on_error": on_error}


def keep_file(path: Path, file_name: str, owner_id: int, now: datetime) -> int:
    """Copy the file to where the worker finds it; before the transaction, because it may be large.

    Raises FileTooLarge.
    """
    with path.open("rb") as stream:
        kept = store_file(stream, file_name, owner_id=owner_id, keep_days=FILE_DAYS, limit=MAX_FILE, now=now)
    return kept.id


def keep_for_now(path: Path, file_name: str, *, owner_id: int, now: datetime) -> str:
    """Keep a file for a day, while something has to be said before it can be imported; returns its public id."""
    with path.open("rb") as stream:
        kept = store_file(stream, file_name, owner_id=owner_id, keep_days=1, limit=MAX_FILE, now=now)
    return kept.public_id


def add_import(
    file_id: int,
    file_name: str,
    source: str,
    options: dict[str, Any],
    told: bool | None,
    created_by_id: int,
    now: datetime,
) -> Import:
    """Add the import's row; part of the caller's transaction."""
    with transaction() as session:
        system = find_or_add_source(source, now)
        if told is not None:
            system.told_of_endings = told
        row = Import(
            public_id=new_public_id(),
            source_id=system.id,
            file_id=file_id,
            file_name=file_name[:255],
            state=ImportState.UPLOADED,
            options=options,
            findings={},
            rows_total=0,
            rows_done=0,
            added=0,
            changed=0,
            same=0,
            refused=0,
            problem="",
            created_by_id=created_by_id,
            created_at=now,
        )
        session.add(row)
        session.flush()
        record("ats.create_import", f"import:{row.public_id}", actor_id=created_by_id, now=now, source=source)
        return row


def ask_to_apply(import_id: int, *, actor_id: int, now: datetime) -> None:
    """Let the worker import what was checked; asking twice is asking once. Raises WrongMoment."""
    with transaction() as session:
        row = lock_import(session, import_id)
        if row.state in {ImportState.APPLYING, ImportState.APPLIED}:
            return
        is_next_try = row.state is ImportState.FAILED
        if row.state not in _ASKABLE or (is_next_try and not row.findings.get("was_for_real")):
            raise WrongMoment(_("Somebody else has changed this import meanwhile. Look at where it stands now."))
        if not is_next_try:
            forget_results(session, row)
            note(row, days=[])
        _ask(row, ImportState.APPLYING, actor_id, now)


def ask_to_check(import_id: int, *, actor_id: int, now: datetime) -> None:
    """Let the worker look at the file again. Raises WrongMoment."""
    with transaction() as session:
        row = lock_import(session, import_id)
        if row.state is ImportState.UPLOADED:
            return
        forget_results(session, row)
        if row.state is ImportState.CHECKING:
            # Without its mark the check that runs now stops at its next chunk and the next one begins.
            wake_job(JOB, now)
        else:
            _ask(row, ImportState.CHECKING, actor_id, now)


def _ask(row: Import, state: ImportState, actor_id: int, now: datetime) -> None:
    move(row, state)
    row.options = {**row.options, "asked_by": actor_id}
    row.problem = ""
    row.finished_at = None
    note(row, run=None, needs="")
    record(f"ats.ask_for_{state}", f"import:{row.public_id}", actor_id=actor_id, now=now)
    wake_job(JOB, now)


def choose_dates(import_id: int, order: DateOrder, *, actor_id: int, now: datetime) -> None:
    """Say whether the day or the month comes first, for this file and for the next ones of its source."""
    with transaction() as session:
        row = lock_import(session, import_id)
        row.options = {**row.options, "dates": order.value}
        session.get_one(Source, row.source_id, with_for_update=True).date_order = order.value
        ask_to_check(import_id, actor_id=actor_id, now=now)


def choose_owner(import_id: int, owner_id: int, *, actor_id: int, now: datetime) -> None:
    """Say who looks after applications whose opening has no recruiter. Raises OwnerNeeded."""
    if owner_id not in {one.person_id for one in active_recruiters()}:
        raise OwnerNeeded(_("Choose an active recruiter as owner."))
    with transaction() as session:
        row = lock_import(session, import_id)
        row.options = {**row.options, "owner": owner_id}
        if row.findings.get("was_for_real"):
            ask_to_apply(import_id, actor_id=actor_id, now=now)
        else:
            ask_to_check(import_id, actor_id=actor_id, now=now)


def map_columns_by_hand(import_id: int, columns: Mapping[str, str], *, actor_id: int, now: datetime) -> None:
    """Say which header holds which field (or "ignore"), for this file and the next ones of its source.

    Headers that are not named are read as before. Raises ColumnsNeeded when the mapping cannot be.
    """
    with transaction() as session:
        row = lock_import(session, import_id)
        headers = row.findings.get("headers") or []
        try:
            mapping = map_columns(headers, columns, {})
        except InvalidMapping as problem:
            raise ColumnsNeeded(problem.message) from problem
        if mapping.missing:
            raise ColumnsNeeded(_("Choose the column of the address and the column of the opening."))
        remember_columns(row.source_id or 0, columns)
        ask_to_check(import_id, actor_id=actor_id, now=now)


def map_labels(
    import_id: int, meanings: Mapping[int, ApplicationStatus | None], *, actor_id: int, now: datetime
) -> int:
    """Say what the stages and end reasons of the import's source mean; returns how many meanings changed.

    The worker then restates the applications of that source to which nobody has written, and checks anew what
    waits to be imported.
    """
    with transaction() as session:
        row = lock_import(session, import_id)
        changed = store_meanings(row.source_id or 0, meanings)
        if not changed:
            return 0
        note(row, restate=True)
        if row.state is ImportState.CHECKED:
            ask_to_check(import_id, actor_id=actor_id, now=now)
        record("ats.map_labels", f"import:{row.public_id}", actor_id=actor_id, now=now, labels=changed)
        wake_job(JOB, now)
        return changed


def choose_openings(import_id: int, chosen: Mapping[str, int | None], *, actor_id: int, now: datetime) -> None:
    """Say which openings of the file are others here: `opening_key` to that opening, None for one of its own.

    It is kept for the next files of the source; the file is checked anew. Raises WrongMoment where it was imported.
    """
    with transaction() as session:
        row = lock_import(session, import_id)
        if row.state is not ImportState.CHECKED:
            raise WrongMoment(_("Somebody else has changed this import meanwhile. Look at where it stands now."))
        if not store_openings(row.source_id or 0, chosen):
            return
        record("ats.map_openings", f"import:{row.public_id}", actor_id=actor_id, now=now, openings=len(chosen))
        ask_to_check(import_id, actor_id=actor_id, now=now)


def discard_import(import_id: int, *, actor_id: int, now: datetime) -> None:
    """Put an import that was not applied aside for good. Raises WrongMoment."""
    with transaction() as session:
        row = lock_import(session, import_id)
        if row.findings.get("was_for_real"):
            raise WrongMoment(_("A part of this file is imported already."))
        move(row, ImportState.DISCARDED)
        forget_results(session, row)
        record("ats.discard_import", f"import:{row.public_id}", actor_id=actor_id, now=now)


def release_import(import_id: int, *, actor_id: int, now: datetime) -> None:
    """Let automatic notes go to the people this import added, from now on; releasing twice is releasing once."""
    with transaction() as session:
        row = lock_import(session, import_id)
        if row.released_at is not None:
            return
        if row.state is not ImportState.APPLIED:
            raise WrongMoment(_("Only an import that is complete can be released."))
        row.released_at = now
        release_applications(row.public_id, actor_id=actor_id, now=now)
        record("ats.release_import", f"import:{row.public_id}", actor_id=actor_id, now=now)
