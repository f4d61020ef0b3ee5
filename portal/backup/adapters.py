"""The file itself: a zip under a seal, written whole or not at all, and read only when it is whole."""

import hashlib
import hmac
import os
import sqlite3
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Final
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from portal.backup.rules import Damaged, Manifest, manifest_in, refuse_other_key
from portal.backup.states import FILES, JOURNAL, MANIFEST, TABLES
from portal.core.errors import PortalError
from portal.core.logs import log
from portal.core.running import InUse, sync
from portal.core.settings import current_settings

_PIECE: Final = 1024 * 1024
_MADE: Final = "backup.made"
#: The last bytes of the file: an HMAC of all before them, as the comment of the zip.
_SEAL: Final = 64
#: How much of what somebody else may have written is unpacked before it is refused.
_UNKNOWN_MANIFEST: Final = 4 * 1024 * 1024
_BROKEN: Final = (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, KeyError, ValueError)


def note_made(now: datetime) -> None:
    """Remember beside the database that a backup was made; a folder that takes nothing spoils no backup."""
    try:
        _made_path().write_text(now.isoformat())
    except OSError as error:
        log.warning("backup_not_noted", why=type(error).__name__)


def last_made() -> datetime | None:
    """When the newest backup was made from this data folder; None when none was, or nobody knows."""
    try:
        made = datetime.fromisoformat(_made_path().read_text().strip())
    except (OSError, ValueError):
        return None
    return made if made.tzinfo is not None else None


def _made_path() -> Path:
    return current_settings().data_dir / _MADE


class NotWritten(PortalError):
    """The backup could not be written; nothing of it is left."""


class Cabinet:
    """A backup that is being written."""

    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive

    def put(self, name: str, pieces: Iterable[bytes]) -> str:
        """Write a part; the SHA-256 of it."""
        digest = hashlib.sha256()
        with self._archive.open(name, "w", force_zip64=True) as part:
            for piece in pieces:
                digest.update(piece)
                part.write(piece)
        return digest.hexdigest()


@contextmanager
def writing(target: Path, key: str) -> Iterator[Cabinet]:
    """A new backup, which has its name once it is whole and on the disk. Raises NotWritten.

    What stands there under this name already is not touched: it may be the last good one.
    """
    if target.exists():
        raise NotWritten(f"{target.name} is there already and was left as it is. Choose another name.")
    growing: Path | None = None
    try:
        number, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part")
        growing = Path(name)
        with os.fdopen(number, "w+b") as file:
            with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=6) as archive:
                archive.comment = b"0" * _SEAL
                yield Cabinet(archive)
            _seal(file, key)
            os.fsync(file.fileno())
        os.link(growing, target)
        sync(target.parent)
    except OSError as error:
        raise NotWritten(f"The backup could not be written, and nothing of it is left: {error.strerror}.") from error
    finally:
        if growing is not None:
            growing.unlink(missing_ok=True)


def _seal(file: IO[bytes], key: str) -> None:
    file.flush()
    seal = _seal_of(file, file.seek(0, os.SEEK_END) - _SEAL, key)
    file.seek(-_SEAL, os.SEEK_END)
    file.write(seal)
    file.flush()


def _seal_of(file: IO[bytes], length: int, key: str) -> bytes:
    digest = hmac.new(key.encode(), b"backup:seal:", "sha256")
    file.seek(0)
    while length > 0:
        piece = file.read(min(_PIECE, length))
        if not piece:
            break
        digest.update(piece)
        length -= len(piece)
    return digest.hexdigest().encode()


class Opened:
    """A backup that was found whole."""

    def __init__(self, archive: ZipFile, manifest: Manifest) -> None:
        self._archive = archive
        self.manifest = manifest

    def lines(self, table: str) -> Iterator[bytes]:
        """The rows of a table."""
        with self._archive.open(f"{TABLES}{table}") as part:
            yield from part

    def unpack_files(self, target: Path) -> None:
        """Write the uploaded files into a new folder."""
        target.mkdir(mode=0o700)
        for name in self.manifest.files:
            self._unpack(f"{FILES}{name}", target / name)
        sync(target)

    def unpack_journal(self, target: Path) -> bool:
        """Write the journal of erasures to a file; False when there is none."""
        if self.manifest.journal is None:
            return False
        self._unpack(JOURNAL, target)
        return True

    def _unpack(self, part: str, target: Path) -> None:
        with self._archive.open(part) as source, target.open("xb") as written:
            while piece := source.read(_PIECE):
                written.write(piece)
            written.flush()
            os.fsync(written.fileno())


@contextmanager
def reading(source: Path, key: str) -> Iterator[Opened]:
    """A backup, every byte of which was looked at. Raises Damaged, NotForHere."""
    with source.open("rb") as file:
        is_sealed = _is_sealed(file, key)
        try:
            archive = ZipFile(file)
            manifest = manifest_in(_manifest_of(archive, is_trusted=is_sealed))
        except _BROKEN as error:
            raise Damaged(f"{source.name} is no backup, or it was cut off or damaged. Nothing was changed.") from error
        # Asked before the seal is: under another key no seal fits, and nobody would know why.
        refuse_other_key(manifest, key)
        if not is_sealed or not _is_whole(archive, manifest):
            raise Damaged(f"{source.name} was damaged or changed since it was made. Nothing was changed here.")
        yield Opened(archive, manifest)


def _is_sealed(file: IO[bytes], key: str) -> bool:
    """Whether the last bytes are our seal of all before them: somebody with our key wrote it, and it is whole."""
    length = max(file.seek(0, os.SEEK_END) - _SEAL, 0)
    seal = _seal_of(file, length, key)
    file.seek(length)
    return hmac.compare_digest(seal, file.read())


def _manifest_of(archive: ZipFile, *, is_trusted: bool) -> bytes:
    """What the backup says of itself; of a stranger's file no more than fits a small part of the memory."""
    with archive.open(MANIFEST) as part:
        said = part.read() if is_trusted else part.read(_UNKNOWN_MANIFEST + 1)
    if not is_trusted and len(said) > _UNKNOWN_MANIFEST:
        raise Damaged("This is no backup of ours. Nothing was changed.")
    return said


def _is_whole(archive: ZipFile, manifest: Manifest) -> bool:
    """Whether every part that the manifest names is as it was written."""
    wanted = {f"{TABLES}{name}": part.sha256 for name, part in manifest.tables.items()}
    wanted |= {f"{FILES}{name}": sha256 for name, sha256 in manifest.files.items()}
    if manifest.journal is not None:
        wanted[JOURNAL] = manifest.journal
    try:
        return all(_sha256_of(archive, name) == sha256 for name, sha256 in wanted.items())
    except _BROKEN:
        return False


def _sha256_of(archive: ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    with archive.open(name) as part:
        while piece := part.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()


def pieces_of(path: Path) -> Iterator[bytes]:
    """What a file holds, piece by piece."""
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def refuse_open_database(path: Path) -> None:
    """Bring SQLite's log into its file; raises InUse while any other process has it open.

    A file that is no database any more cannot be in use, and may be replaced.
    """
    if not path.exists():
        return
    connection = sqlite3.connect(path, timeout=1, isolation_level=None)
    try:
        # In WAL mode whoever has the file open holds a shared lock on it, which this does not go together with.
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("ROLLBACK")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            raise InUse("Something still uses the database. Stop it, then restore.") from None
    except sqlite3.DatabaseError:
        return
    finally:
        connection.close()


def put_in_place(new: Path, path: Path) -> None:
    """Let a database of SQLite take the place of another, of which nothing is left."""
    for end in ("-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)
    with new.open("rb") as file:
        os.fsync(file.fileno())
    new.replace(path)
    sync(path.parent)
