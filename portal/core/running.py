"""Who works with the data folder: web servers and workers share it, a restore wants it for itself.

A lock of the operating system, which goes with the process however it ends. Servers on other machines share it where
they share the folder.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from portal.core.errors import PortalError
from portal.core.settings import current_settings

_LOCK: Final = "running.lock"
#: Stands in the folder from the moment a restore changes something until all of it is done.
_UNFINISHED: Final = "restore-unfinished"
#: Locks of this process, kept open until it ends.
_held: list[int] = []


class InUse(PortalError):
    """Something else works with the data folder."""


class CutOff(PortalError):
    """A restore has begun and was not finished."""


def work_here() -> None:
    """Say that this process works with the data folder, until it ends. Raises InUse, CutOff."""
    lock = _open()
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise InUse("A backup is being restored here. Start again when that is done.") from None
    _held.append(lock)
    if (current_settings().data_dir / _UNFINISHED).exists():
        raise CutOff("A restore was cut off before it was done. Run it again: portal restore FILE --replace")


@contextmanager
def working_alone() -> Iterator[None]:
    """The data folder for this block alone. Raises InUse while a web server or a worker runs."""
    lock = _open()
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InUse("The site or a worker still runs. Stop both, then restore.") from None
        yield
    finally:
        os.close(lock)


def _open() -> int:
    folder = current_settings().data_dir
    folder.mkdir(parents=True, exist_ok=True)
    return os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def begin_restoring() -> None:
    """From now on nothing may start here until `end_restoring`."""
    _mark().touch(mode=0o600)
    sync(_mark().parent)


def end_restoring() -> None:
    """All of the restore is done."""
    _mark().unlink(missing_ok=True)
    sync(_mark().parent)


def _mark() -> Path:
    return current_settings().data_dir / _UNFINISHED


def sync(folder: Path) -> None:
    """Bring the names in a folder onto the disk."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
