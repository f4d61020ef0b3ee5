"""Writing everything that belongs to the site into one file, while it runs."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Table

from portal.backup.adapters import Cabinet, note_made, pieces_of, writing
from portal.backup.queries import files_in, refuse_other_shape, rows_of, snapshot, tables
from portal.backup.rules import Manifest, TablePart, key_print, manifest_as_text, row_as_line
from portal.backup.states import FILES, FORMAT, JOURNAL, LEFT_OUT, MANIFEST, TABLES
from portal.core import migrations
from portal.core.settings import current_settings
from portal.privacy.adapters import journal_path


def back_up(target: Path, now: datetime) -> Manifest:
    """Write a backup as of this moment to a new file that only its owner reads.

    Raises OtherShape, NotWritten; then nothing of it is left.
    """
    refuse_other_shape()
    settings = current_settings()
    with writing(target, settings.privacy_key) as cabinet, snapshot() as connection:
        parts = {table.name: _put_rows(cabinet, connection, table) for table in tables()}
        files, missing_count = _put_files(cabinet, connection)
        manifest = Manifest(
            format=FORMAT,
            revision=migrations.head(),
            database=connection.dialect.name,
            made_at=now,
            privacy_key=key_print(settings.privacy_key, "privacy"),
            secret_key=key_print(settings.secret_key, "secret"),
            tables=parts,
            files=files,
            missing_count=missing_count,
            # Last: whoever was erased since the first look stands in it.
            journal=_put_journal(cabinet),
            left_out=tuple(sorted(LEFT_OUT)),
        )
        cabinet.put(MANIFEST, [manifest_as_text(manifest).encode()])
    note_made(now)
    return manifest


def _put_rows(cabinet: Cabinet, connection: Connection, table: Table) -> TablePart:
    count = 0

    def lines() -> Iterator[bytes]:
        nonlocal count
        for row in rows_of(connection, table):
            count += 1
            yield row_as_line(row)

    sha256 = cabinet.put(f"{TABLES}{table.name}", lines())
    return TablePart(tuple(column.name for column in table.columns), count, sha256)


def _put_files(cabinet: Cabinet, connection: Connection) -> tuple[dict[str, str], int]:
    """The uploaded files, and how many are gone: deleted since the first look, or lost before."""
    found, missing_count = {}, 0
    for name, path in files_in(connection):
        try:
            pieces = pieces_of(path)
            first = next(pieces, b"")
        except FileNotFoundError:
            missing_count += 1
            continue
        found[name] = cabinet.put(f"{FILES}{name}", _again(first, pieces))
    return found, missing_count


def _again(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _put_journal(cabinet: Cabinet) -> str | None:
    path = journal_path()
    if not path.is_file():
        return None
    content = path.read_bytes()
    cabinet.put(JOURNAL, [content])
    return hashlib.sha256(content).hexdigest()
