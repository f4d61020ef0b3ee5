"""A file beside the database that only grows, so that a restored backup can be told what was said after it was made.

Each line is JSON and names nobody. Features say what their lines mean; whoever meets a line of another kind leaves it.
"""

import fcntl
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from portal.core.settings import current_settings

JOURNAL_NAME: Final = "erasures.journal"
_OWNER_ONLY: Final = 0o600

Line = Mapping[str, Any]


def journal_path() -> Path:
    """Where our own journal lies; every web machine and the worker must see the same file."""
    return current_settings().data_dir / JOURNAL_NAME


def note_line(line: Line) -> None:
    """Write one line and wait until it is on the disk. Raises OSError."""
    with _open() as descriptor:
        _append(descriptor, [_as_bytes(line)])


def take_in_lines(paths: Sequence[Path]) -> list[Line]:
    """Add to our journal what others have and it lacks; all that it holds then, in its order."""
    with _open() as descriptor:
        known = lines_in(journal_path())
        here = {_as_bytes(line) for line in known}
        missing: dict[bytes, Line] = {}
        for path in paths:
            for line in lines_in(path):
                if (written := _as_bytes(line)) not in here:
                    missing.setdefault(written, line)
        if missing:
            _append(descriptor, missing)
    return [*known, *missing.values()]


def lines_in(path: Path) -> list[Line]:
    """Every whole line of a journal; none where there is no file. A line that a crash cut short is left out."""
    if not path.is_file():
        return []
    found = (_read(line) for line in path.read_bytes().split(b"\n"))
    return [line for line in found if line is not None]


def _read(line: bytes) -> Line | None:
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def _as_bytes(line: Line) -> bytes:
    return json.dumps(line, separators=(",", ":")).encode() + b"\n"


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


def _append(descriptor: int, written: Iterable[bytes]) -> None:
    lines = b"".join(written)
    end = os.lseek(descriptor, 0, os.SEEK_END)
    if end and os.pread(descriptor, 1, end - 1) != b"\n":
        # A crash cut the last line short: what comes now is not to be lost with it.
        lines = b"\n" + lines
    while lines:
        lines = lines[os.write(descriptor, lines) :]
    os.fsync(descriptor)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
