"""Putting a backup in the place of what is there, when nothing runs."""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import create_engine
from sqlalchemy.exc import DatabaseError, SQLAlchemyError

from portal.backup.actions.loading import load
from portal.backup.adapters import Opened, put_in_place, reading, refuse_open_database
from portal.backup.queries import has_people, others_at_the_database, own_waiting_count
from portal.backup.rules import Damaged, Manifest, NotForHere, key_print
from portal.company.actions import note_erased_again, note_restore
from portal.core import migrations
from portal.core.db import db, end_reading
from portal.core.errors import PortalError
from portal.core.running import InUse, begin_restoring, end_restoring, working_alone
from portal.core.settings import current_settings
from portal.files.queries import folder
from portal.privacy.actions import erase_again, refuse_again

#: Beginning of the name of the folder in which all is prepared.
_ROOM: Final = "restore-"


class NotEmpty(PortalError):
    """The database holds people, and nobody said that they may be replaced."""


class NotRestored(PortalError):
    """It could not be done; what stood here before still does."""


@dataclass(frozen=True)
class Restored:
    """What was restored."""

    manifest: Manifest
    #: People of the backup who had been erased since, or before, and were erased again.
    erased_count: int
    #: People who had said no to some mail since the backup, and whose no holds again.
    refused_count: int
    #: Whether SECRET_KEY is another one than at the backup: links in mails and second factors do not work any more.
    is_other_secret: bool


def restore(source: Path, *, journals: Sequence[Path], may_replace: bool, now: datetime) -> Restored:
    """Put what `source` holds in the place of what is here, and erase again whoever was erased since.

    `journals`: further journals besides that of the data folder and that of the backup. Nothing is changed before the
    whole file was looked at. Raises Damaged, NotForHere, InUse, NotEmpty, NotRestored.
    """
    settings = current_settings()
    with reading(source, settings.privacy_key) as opened, working_alone():
        manifest = opened.manifest
        if not migrations.is_known(manifest.revision):
            raise NotForHere(
                f"This backup is of a newer version of Rapport: its database stands at {manifest.revision}, "
                f"this version knows up to {migrations.head()}."
            )
        _refuse_what_is_used(may_replace)
        with _waiting_room() as room:
            _put_in_place(opened, room)
            erased_count, refused_count = _tell_what_is_known(opened, room, journals, now)
        end_restoring()
    is_other_secret = manifest.secret_key != key_print(settings.secret_key, "secret")
    return Restored(manifest, erased_count, refused_count, is_other_secret)


def _refuse_what_is_used(may_replace: bool) -> None:
    end_reading()
    if others := others_at_the_database():
        raise InUse(f"Others still use the database ({others} open). Stop every server and worker, then restore.")
    for engine in db.engines.values():
        engine.dispose()
    if _is_sqlite():
        refuse_open_database(_path())
    if not may_replace and _holds_people():
        raise NotEmpty("There are people in this database. To throw it away for the backup, add: --replace")


def _holds_people() -> bool:
    """A database that cannot be read may hold anybody."""
    try:
        return has_people()
    except DatabaseError:
        return True
    finally:
        for engine in db.engines.values():
            engine.dispose()


def _is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


def _path() -> Path:
    """SQLite's file."""
    return Path(db.engines["write"].url.database or "")


@contextmanager
def _waiting_room() -> Iterator[Path]:
    """A folder on the disk of the data folder, gone afterwards; what a restore left that was killed goes as well."""
    data_dir = current_settings().data_dir
    for left in data_dir.glob(f"{_ROOM}*"):
        if left.is_dir():
            shutil.rmtree(left)
    with tempfile.TemporaryDirectory(prefix=_ROOM, dir=data_dir) as name:
        yield Path(name)


def _put_in_place(opened: Opened, room: Path) -> None:
    """Files and rows, prepared beside what is there, then exchanged; before that an error changes nothing."""
    try:
        opened.unpack_files(room / "files")
        if _is_sqlite():
            _exchange_sqlite(opened, room)
        else:
            with db.engines["write"].begin() as connection:
                load(connection, opened)
                begin_restoring()
                _exchange_files(room)
    except (OSError, SQLAlchemyError, ValueError) as error:
        said = str(getattr(error, "orig", None) or error).strip().splitlines() or [type(error).__name__]
        raise NotRestored(f"The backup could not be restored: {said[0]}") from error


def _exchange_sqlite(opened: Opened, room: Path) -> None:
    path, new = _path(), room / "portal.sqlite3"
    new.touch(mode=0o600)
    engine = create_engine(f"sqlite:///{new}")
    try:
        with engine.begin() as connection:
            # Faster, and a crash leaves what is there as it is.
            connection.exec_driver_sql("PRAGMA synchronous = OFF")
            load(connection, opened)
        with engine.connect() as connection:
            if connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() != "ok":
                raise Damaged("SQLite finds fault with the database it made of the backup.")
            connection.exec_driver_sql("PRAGMA journal_mode = WAL")
    finally:
        engine.dispose()
    begin_restoring()
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.parent.stat().st_dev != room.stat().st_dev:
        beside = path.with_name(path.name + ".restored")
        shutil.move(new, beside)
        new = beside
    _exchange_files(room)
    put_in_place(new, path)


def _exchange_files(room: Path) -> None:
    if folder().exists():
        folder().rename(room / "files-before")
    (room / "files").rename(folder())


def _tell_what_is_known(opened: Opened, room: Path, journals: Sequence[Path], now: datetime) -> tuple[int, int]:
    """Erase again, let every no hold, and let mail wait for an admin; how many were erased, and said no."""
    kept = room / "erasures"
    known = [kept] if opened.unpack_journal(kept) else []
    # First, so that whoever opens the site after a crash here finds the mail waiting.
    note_restore(opened.manifest.made_at, own_waiting_count(), now=now)
    # Before anybody is erased: what outlives an erasure says what they had refused.
    refused_count = refuse_again([*known, *journals], now)
    erased_count = erase_again([*known, *journals], now)
    note_erased_again(erased_count)
    end_reading()
    return erased_count, refused_count
