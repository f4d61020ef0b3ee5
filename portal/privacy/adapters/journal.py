"""The journal of erasures: a file outside the database, so that a restored backup can be told who was erased since.

Such a line is one erasure: when, the public ids of the rows that are empty now, and keyed hashes of the addresses.
Nothing in it can be read as a person. It is on the disk before the erasure is committed. Refusals of mail stand
beside them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from portal.core.journal import JOURNAL_NAME, Line, journal_path, lines_in, note_line, take_in_lines

__all__ = ["JOURNAL_NAME", "Erased", "journal_path", "note_erased", "read_journal", "take_in"]


@dataclass(frozen=True)
class Erased:
    """One erasure, as the journal keeps it."""

    at: datetime
    public_id: str
    address_hashes: tuple[str, ...]
    #: Public ids of records that had become part of this one: an older backup has them apart.
    joined: tuple[str, ...] = ()


def note_erased(entry: Erased) -> None:
    """Write one line and wait until it is on the disk. Raises OSError, and then nobody may be erased."""
    note_line(
        {
            "at": entry.at.isoformat(),
            "person": entry.public_id,
            "addresses": list(entry.address_hashes),
            "joined": list(entry.joined),
        }
    )


def take_in(paths: Sequence[Path]) -> list[Erased]:
    """Add to our journal what others have and it lacks; all erasures that it holds then, in its order."""
    return _erasures(take_in_lines(paths))


def read_journal(path: Path) -> list[Erased]:
    """Every erasure in a journal; none where there is no file."""
    return _erasures(lines_in(path))


def _erasures(lines: Iterable[Line]) -> list[Erased]:
    found = (_read(line) for line in lines)
    return [entry for entry in found if entry is not None]


def _read(line: Line) -> Erased | None:
    try:
        # Every other kind of line says what it is about; an erasure is about everything.
        if "about" in line:
            return None
        at = datetime.fromisoformat(line["at"])
        addresses, joined = (tuple(str(one) for one in line[part]) for part in ("addresses", "joined"))
        entry = Erased(at, str(line["person"]), addresses, joined)
    except (ValueError, KeyError, TypeError):
        return None
    return entry if at.tzinfo is not None else None
