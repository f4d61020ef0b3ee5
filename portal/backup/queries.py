"""What belongs to the site at one moment, and whether anybody else uses its database."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Connection, String, Table, Text, cast, func, inspect, select, type_coerce
from sqlalchemy.sql.elements import ColumnElement

from portal.backup.states import LEFT_OUT
from portal.core import migrations
from portal.core.db import Model, Word, db, end_reading
from portal.core.errors import PortalError
from portal.files.models import StoredFile
from portal.files.queries import folder
from portal.outbox.queries import own_waiting_count
from portal.people.models import Person

__all__ = ["others_at_the_database", "own_waiting_count"]

_OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
)
_AT_ONCE = 1_000


class OtherShape(PortalError):
    """The database does not have the shape that this version of the program knows."""


def tables() -> list[Table]:
    """Every table whose rows belong into a backup."""
    return [table for table in Model.metadata.sorted_tables if table.name not in LEFT_OUT]


def refuse_other_shape() -> None:
    """Raises OtherShape when the database is behind or ahead of this version of the program."""
    found = migrations.revision_of(db.engine)
    if found != migrations.head():
        stands = f"at {found}" if found else "empty"
        raise OtherShape(f"The database is {stands}, this version needs {migrations.head()}. Run: portal db upgrade")


@contextmanager
def snapshot() -> Iterator[Connection]:
    """A connection that sees the database as it is at the first look, whatever is written meanwhile.

    Nobody waits for it and it waits for nobody: SQLite keeps what is written in its log until we are done, PostgreSQL
    keeps old rows.
    """
    end_reading()
    options: dict[str, Any] = {}
    if db.engine.dialect.name == "postgresql":
        options["isolation_level"] = "REPEATABLE READ"
    with db.engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


def rows_of(connection: Connection, table: Table) -> Iterator[tuple[Any, ...]]:
    """The rows of a table by their key: where they lie in the database's files is nobody's business."""
    statement = select(*[_as_stored(column) for column in table.columns]).order_by(*table.primary_key.columns)
    for row in connection.execute(statement.execution_options(stream_results=True, yield_per=_AT_ONCE)):
        yield tuple(row)


def _as_stored(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """JSON as its text, so that its null and no value stay two things; a word as it stands."""
    if isinstance(column.type, JSON):
        return cast(column, Text)
    return type_coerce(column, String) if isinstance(column.type, Word) else column


def files_in(connection: Connection) -> Iterator[tuple[str, Path]]:
    """The names of the uploaded files, each with where it lies."""
    for name in connection.execute(select(StoredFile.public_id).order_by(StoredFile.public_id)).scalars():
        yield name, folder() / name


def has_people() -> bool:
    """Whether the database holds anybody."""
    with db.engine.connect() as connection:
        if not inspect(connection).has_table(Person.__tablename__):
            return False
        return bool(connection.scalar(select(func.count()).select_from(Person)))


def others_at_the_database() -> int:
    """How many connections to PostgreSQL are open besides ours, from whatever machine; 0 for SQLite."""
    if db.engine.dialect.name != "postgresql":
        return 0
    for engine in db.engines.values():
        engine.dispose()
    with db.engine.connect() as connection:
        return int(connection.exec_driver_sql(_OTHERS).scalar_one())
