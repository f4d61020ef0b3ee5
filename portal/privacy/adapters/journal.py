"""The journal of erasures: a file outside the database, so that a restored backup can be told who was erased since.

A line is one erasure: when, the public id of a row that is empty now, and keyed hashes of the addresses. Nothing in it
can be read as a person. It only grows; each line is on the disk before the erasure is committed.
"""

import fcntl
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from portal.core.settings import current_settings

JOURNAL_NAME: Final = "erasures.journal"
_OWNER_ONLY: Final = 0o600


@dataclass(frozen=True)
class Erased:
    """One erasure, as the journal keeps it."""

    at: datetime
    public_id: str
    address_hashes: tuple[str, ...]


def journal_path() -> Path:
    """Where our own journal lies; every web machine and the worker must see the same file."""
    return current_settings().data_dir / JOURNAL_NAME


def note_erased(entry: Erased) -> None:
    """Write one line and wait until it is on the disk. Raises OSError, and then nobody may be erased."""
    with _open() as descriptor:
        _append(descriptor, [entry])


def take_in(paths: Sequence[Path]) -> list[Erased]:
    """Add to our journal what others have and it lacks; all that it holds then, in its order."""
    with _open() as descriptor:
        known = read_journal(journal_path())
        here = set(known)
        missing = []
        for path in paths:
            for entry in read_journal(path):
                if entry not in here:
                    here.add(entry)
                    missing.append(entry)
        if missing:
            _append(descriptor, missing)
    return [*known, *missing]


def read_journal(path: Path) -> list[Erased]:
    """Every whole line of a journal; none where there is no file. A line that a crash cut short is left out."""
    if not path.is_file():
        return []
    found = (_read(line) for line in path.read_bytes().split(b"\n"))
    return [entry for entry in found if entry is not None]


def _read(line: bytes) -> Erased | None:
    try:
        said = json.loads(line)
        at = datetime.fromisoformat(said["at"])
        entry = Erased(at, str(said["person"]), tuple(str(one) for one in said["addresses"]))
    except (ValueError, KeyError, TypeError):
        return None
    return entry if at.tzinfo is not None else None


@contextmanager
def _open() -> Iterator[int]:
    """Our journal, to be written by nobody else meanwhile."""
    path = journal_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    is_new = not path.exists()
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, _OWNER_ONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if is_new:
            _sync_folder(path.parent)
        yield descriptor
    finally:
        os.close(descriptor)


def _append(descriptor: int, entries: Iterable[Erased]) -> None:
    lines = b"".join(_line(entry) for entry in entries)
    end = os.lseek(descriptor, 0, os.SEEK_END)
    if end and os.pread(descriptor, 1, end - 1) != b"\n":
        # A crash cut the last line short: what comes now is not to be lost with it.
        lines = b"\n" + lines
    while lines:
        lines = lines[os.write(descriptor, lines) :]
    os.fsync(descriptor)


def _line(entry: Erased) -> bytes:
    said = {"at": entry.at.isoformat(), "person": entry.public_id, "addresses": list(entry.address_hashes)}
    return json.dumps(said, separators=(",", ":")).encode() + b"\n"


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
