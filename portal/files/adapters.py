"""Files on disk: written whole or not at all, under names of our own."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from portal.core.errors import PortalError
from portal.core.i18n import gettext as _
from portal.files.queries import folder

_PIECE = 1024 * 1024
#: The end of the name of a file that is still being written.
_UNFINISHED = ".part"


class FileTooLarge(PortalError):
    """More bytes came than are allowed; nothing was kept."""


@dataclass(frozen=True)
class Written:
    """A file on disk: its size in bytes and the SHA-256 of its content."""

    path: Path
    size: int
    sha256: str


def write_file(stream: BinaryIO, name: str, limit: int) -> Written:
    """Copy `stream` into the folder as `name` (one of ours), at most `limit` bytes.

    The file has its name only once it is complete and on the disk. Raises FileTooLarge, OSError.
    """
    folder().mkdir(parents=True, exist_ok=True)
    path, growing = folder() / name, folder() / f"{name}{_UNFINISHED}"
    try:
        with growing.open("xb") as target:
            size, sha256 = _copy(stream, target, limit)
            target.flush()
            os.fsync(target.fileno())
        growing.rename(path)
    finally:
        growing.unlink(missing_ok=True)
    return Written(path, size, sha256)


def _copy(stream: BinaryIO, target: BinaryIO, limit: int) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    while piece := stream.read(_PIECE):
        size += len(piece)
        if size > limit:
            most = max(1, limit // (1024 * 1024))
            raise FileTooLarge(_("This file is too large: at most %(count)s MB can be sent.", count=most))
        digest.update(piece)
        target.write(piece)
    return size, digest.hexdigest()


def remove_file(name: str) -> None:
    """Delete a file of ours; it may be gone already."""
    (folder() / name).unlink(missing_ok=True)


def old_names(before: datetime) -> Iterator[str]:
    """The names in the folder that nobody has written to since `before`."""
    if not folder().is_dir():
        return
    for entry in folder().iterdir():
        if entry.is_file() and datetime.fromtimestamp(entry.stat().st_mtime, UTC) < before:
            yield entry.name
