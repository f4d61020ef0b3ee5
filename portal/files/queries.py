"""Where stored files lie, and how large they are."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select

from portal.core.db import fetch, session
from portal.core.settings import current_settings
from portal.files.models import StoredFile


@dataclass(frozen=True)
class FileName:
    """A stored file and its name on disk."""

    id: int
    public_id: str


def folder() -> Path:
    """Where all stored files lie; every web machine and the worker see the same folder."""
    return current_settings().data_dir / "files"


def path_of(file_id: int) -> Path | None:
    """Where a stored file lies; None when there is no such file, or no longer."""
    public_id = session().scalar(select(StoredFile.public_id).where(StoredFile.id == file_id))
    path = folder() / public_id if public_id is not None else None
    return path if path is not None and path.is_file() else None


def size_of(file_id: int) -> int:
    """The size of a stored file in bytes, as it was uploaded; 0 when there is no such file."""
    return session().scalar(select(StoredFile.size).where(StoredFile.id == file_id)) or 0


def files_due(day: date) -> list[FileName]:
    """The files that are to be deleted on `day` or were before."""
    rows = fetch(select(StoredFile.id, StoredFile.public_id).where(StoredFile.delete_on <= day).order_by(StoredFile.id))
    return [FileName(*row) for row in rows]


def files_of(owner_id: int) -> list[FileName]:
    """The files that a person uploaded."""
    rows = fetch(
        select(StoredFile.id, StoredFile.public_id).where(StoredFile.owner_id == owner_id).order_by(StoredFile.id)
    )
    return [FileName(*row) for row in rows]


def known_names(names: list[str]) -> set[str]:
    """Which of `names` in the folder belong to a file that we know."""
    return set(session().scalars(select(StoredFile.public_id).where(StoredFile.public_id.in_(names))))
