"""Keeping uploaded files, and deleting them on their day."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

from sqlalchemy import delete

from portal.company.queries import company_zone
from portal.core.db import transaction
from portal.core.identifiers import new_public_id
from portal.files.adapters import FileTooLarge, old_names, remove_file, write_file
from portal.files.models import StoredFile
from portal.files.queries import FileName, files_due, known_names

__all__ = ["FileTooLarge", "StoredFileRow", "delete_due_files", "delete_files", "store_file"]

_NAME_LENGTH = 255
#: A file without a row is one whose transaction was undone; none takes this long.
_ORPHAN_AGE = timedelta(days=1)


@dataclass(frozen=True)
class StoredFileRow:
    """A file that was just stored."""

    id: int
    public_id: str
    path: Path


def store_file(
    stream: BinaryIO, name: str, *, owner_id: int | None, keep_days: int, limit: int, now: datetime
) -> StoredFileRow:
    """Keep what `stream` holds, at most `limit` bytes, until `keep_days` days from today in the company's zone.

    `name` is shown to people and never used as a path; `owner_id` is None while we do not know whose it is. The row is
    written when the file is complete; an error on the way leaves neither. Joins the caller's transaction, but copying
    takes time: begin it outside where you can. Raises FileTooLarge.
    """
    public_id = new_public_id()
    written = write_file(stream, public_id, limit)
    today = now.astimezone(ZoneInfo(company_zone())).date()
    with transaction() as session:
        row = StoredFile(
            public_id=public_id,
            name=Path(name.replace("\\", "/")).name[:_NAME_LENGTH],
            size=written.size,
            sha256=written.sha256,
            owner_id=owner_id,
            created_at=now,
            delete_on=today + timedelta(days=keep_days),
        )
        session.add(row)
        session.flush()
        return StoredFileRow(row.id, public_id, written.path)


def delete_due_files(now: datetime) -> int:
    """Delete every file whose day has come, and what a broken upload left behind; says how many rows went."""
    today = now.astimezone(ZoneInfo(company_zone())).date()
    due = files_due(today)
    delete_files(due)
    _sweep(now - _ORPHAN_AGE)
    return len(due)


def delete_files(files: list[FileName]) -> None:
    """Delete files and their rows; the file goes first, so that no file is left that nobody knows."""
    for file in files:
        remove_file(file.public_id)
    with transaction() as session:
        session.execute(delete(StoredFile).where(StoredFile.id.in_([file.id for file in files])))


def _sweep(before: datetime) -> None:
    names = list(old_names(before))
    for name in set(names) - known_names(names):
        remove_file(name)
