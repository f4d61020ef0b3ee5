"""Filling a database with what a backup holds, whichever of the two kinds either is."""

import json
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, Final

from sqlalchemy import JSON, Connection, Date, DateTime, LargeBinary, MetaData, Table, Time, insert, inspect

from portal.backup.adapters import Opened
from portal.backup.rules import ColumnKind, Damaged, reader_of
from portal.core import migrations
from portal.core.db import Model

_AT_ONCE: Final = 1_000
_VERSION: Final = "alembic_version"
_FOREIGN_KEYS: Final = (
    "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY 1, 2"
)
_NUMBERED: Final = (
    "SELECT quote_ident(table_name), quote_ident(column_name), "
    "pg_get_serial_sequence(quote_ident(table_name), column_name) FROM information_schema.columns "
    "WHERE table_schema = current_schema() "
    "AND pg_get_serial_sequence(quote_ident(table_name), column_name) IS NOT NULL"
)


def load(connection: Connection, opened: Opened) -> None:
    """Make the tables as they were at the backup, fill them, and bring them to today's shape; in one transaction.

    What stood in PostgreSQL is gone; of SQLite it has to be a new file. Raises Damaged.
    """
    manifest = opened.manifest
    if connection.dialect.name == "postgresql":
        _drop_all(connection, [*manifest.tables, *manifest.left_out])
    migrations.upgrade_on(connection, manifest.revision)
    found = MetaData()
    found.reflect(connection)
    if unknown := sorted(set(manifest.tables) - set(found.tables)):
        raise Damaged(f"The backup has tables that nobody knows, such as {unknown[0]}.")
    if connection.dialect.name == "postgresql":
        foreign_keys = _let_go_of_foreign_keys(connection)
        _fill_all(connection, found, opened)
        for table_name, key, definition in foreign_keys:
            connection.exec_driver_sql(f"ALTER TABLE {table_name} ADD CONSTRAINT {key} {definition}")
        _count_on(connection)
    else:
        _fill_all(connection, found, opened)
        if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").first():
            raise Damaged(f"A row of {broken[0]} names another that is not there.")
    migrations.upgrade_on(connection)


def _drop_all(connection: Connection, names: list[str]) -> None:
    """Ours only: somebody may keep tables of their own beside them."""
    there = set(inspect(connection).get_table_names())
    for name in sorted(there & {*Model.metadata.tables, *names, _VERSION}):
        connection.exec_driver_sql(f'DROP TABLE "{name}" CASCADE')


def _let_go_of_foreign_keys(connection: Connection) -> list[tuple[str, str, str]]:
    """They are made anew when all rows are there, and then looked at as a whole."""
    found = [(row[0], row[1], row[2]) for row in connection.exec_driver_sql(_FOREIGN_KEYS)]
    for table_name, key, _definition in found:
        connection.exec_driver_sql(f"ALTER TABLE {table_name} DROP CONSTRAINT {key}")
    return found


def _fill_all(connection: Connection, found: MetaData, opened: Opened) -> None:
    for table in found.tables.values():
        if table.name != _VERSION:
            # What the migrations themselves wrote.
            connection.execute(table.delete())
    for name, part in opened.manifest.tables.items():
        if _fill(connection, found.tables[name], part.columns, opened.lines(name)) != part.row_count:
            raise Damaged(f"The backup lacks rows of {name}.")


def _fill(connection: Connection, table: Table, columns: tuple[str, ...], lines: Iterator[bytes]) -> int:
    if unknown := sorted(set(columns) - set(table.columns.keys())):
        raise Damaged(f"The backup has a column that nobody knows: {unknown[0]} of {table.name}.")
    for column in table.columns:
        if isinstance(column.type, JSON):
            # Else no value would become the null of JSON.
            column.type = JSON(none_as_null=True)
    readers = [_reader(table, name, connection.dialect.name) for name in columns]
    statement, count = insert(table), 0
    while some := list(islice(lines, _AT_ONCE)):
        rows = [
            {name: read(value) for name, read, value in zip(columns, readers, json.loads(line), strict=True)}
            for line in some
        ]
        connection.execute(statement, rows)
        count += len(rows)
    return count


def _reader(table: Table, name: str, dialect: str) -> Callable[[Any], Any]:
    kind = table.columns[name].type
    if isinstance(kind, JSON):
        return _json
    if isinstance(kind, DateTime):
        return reader_of(ColumnKind.INSTANT if dialect == "postgresql" else ColumnKind.BARE_INSTANT)
    kinds = {Date: ColumnKind.DAY, Time: ColumnKind.TIME, LargeBinary: ColumnKind.BYTES}
    return reader_of(next((word for sort, word in kinds.items() if isinstance(kind, sort)), ColumnKind.PLAIN))


def _json(text: str | None) -> Any:
    if text is None:
        return None
    value = json.loads(text)
    return JSON.NULL if value is None else value


def _count_on(connection: Connection) -> None:
    """New rows get numbers above those that came."""
    for table_name, column, sequence in connection.exec_driver_sql(_NUMBERED).all():
        highest = f"SELECT max({column}) FROM {table_name}"  # noqa: S608 - names of our tables
        connection.exec_driver_sql(f"SELECT setval('{sequence}', coalesce(({highest}), 1), ({highest}) IS NOT NULL)")
