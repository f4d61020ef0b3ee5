"""The database: typed models, a session that only reads, and the one transaction that writes.

Queries use `session()`, actions `transaction()`. Outside a transaction the session is read-only in the database
itself (`PRAGMA query_only`, `default_transaction_read_only`), so a GET cannot write.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Any, Final, TypeVar, cast

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    Connection,
    DateTime,
    Dialect,
    Engine,
    Executable,
    MetaData,
    Result,
    String,
    TypeDecorator,
    bindparam,
    event,
    func,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Session

from portal.core.errors import PortalError
from portal.core.logs import log

E = TypeVar("E", bound=StrEnum)

_NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UTCDateTime(TypeDecorator[datetime]):
    """An instant: aware in Python, UTC in the database; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Word(TypeDecorator[E]):
    """One word of a StrEnum, stored as itself."""

    impl = String(40)
    cache_ok = True

    def __init__(self, words: type[E]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: E | str | None, dialect: Dialect) -> str | None:
        return None if value is None else str(self.words(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> E | None:
        return None if value is None else self.words(value)


class Model(DeclarativeBase):
    """The base of every table."""

    metadata = MetaData(naming_convention=_NAMING)
    type_annotation_map = {datetime: UTCDateTime()}


db = SQLAlchemy(metadata=Model.metadata)
_current: ContextVar[Session | None] = ContextVar("transaction", default=None)


#: 64 bits: two names that fall together only wait for each other.
_NAME_LOCK = select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("name"), 0)))


#: Seconds between two tries to become the one writer, and in all: on a busy machine each try takes longer.
_BETWEEN_TRIES: Final = 0.004
_TRIED_FOR: Final = 10.0
_BEGIN_WRITING: Final = "BEGIN IMMEDIATE"
#: The same for PostgreSQL; and seconds until a server that does not answer is given up.
_LOCKED_FOR: Final = "10s"
_CONNECT_WITHIN: Final = 5
#: Whoever has been the one writer for longer than this many seconds gives way for a moment in which others try again.
_LONG: Final = 0.02
_STEP_BACK: Final = 2.5 * _BETWEEN_TRIES


class RenderedTooLate(PortalError):
    """Something slow (a template, a password hash) was begun inside a write transaction."""


def in_transaction() -> bool:
    """Whether the caller stands inside `transaction()`."""
    return _current.get() is not None


def refuse_in_transaction(what: str) -> None:
    """Raise when `what` is begun while other writers wait for us."""
    if in_transaction():
        raise RenderedTooLate(f"{what} belongs before the transaction.")


def session() -> Session:
    """The transaction's session inside `transaction()`, else the read-only one."""
    return _current.get() or db.session()


def fetch(statement: Executable, values: dict[str, Any] | None = None) -> Result[*tuple[Any, ...]]:
    """The rows of a reading statement over columns, not entities.

    Outside a transaction they come straight from the connection: the ORM's part costs a page a tenth of its time.
    """
    if (own := _current.get()) is not None:
        own.flush()
        return own.connection().execute(statement, values)
    return db.session.connection().execute(statement, values)


@cache
def insert_into(model: type[Model], dialect: str) -> sqlite.Insert:
    """An INSERT that can say ON CONFLICT, in the words of the database called `dialect`; both say it alike."""
    made = postgresql.insert(model) if dialect == "postgresql" else sqlite.insert(model)
    return cast(sqlite.Insert, made)


@contextmanager
def transaction() -> Iterator[Session]:
    """Write: inner blocks join, the outermost commits, an error undoes all of it."""
    if (outer := _current.get()) is not None:
        yield outer
        return
    try:
        with Session(db.engines["write"], expire_on_commit=False) as own:
            token = _current.set(own)
            try:
                own.connection()
                begun = time.perf_counter()
                yield own
                own.commit()
            finally:
                _current.reset(token)
        _step_back(time.perf_counter() - begun)
    finally:
        # Ends the read snapshot, else the rest of this request would not see what was just written; and whoever found
        # here that something has changed, and looks again, would see it as it was before.
        _end_reading_with(db.session.rollback)


def _step_back(held: float) -> None:
    """Let those who wait for us have a turn, where there is one writer at a time and we were it for `held` seconds."""
    if held > _LONG and db.engines["write"].dialect.name == "sqlite":
        time.sleep(_STEP_BACK)


def one_at_a_time(name: str) -> None:
    """Let everybody else who gives this name wait until our transaction ends; joins the transaction.

    For what has no row yet that could be locked. SQLite has one writer at a time in any case.
    """
    with transaction() as session:
        connection = session.connection()
        if connection.dialect.name == "postgresql":
            connection.execute(_NAME_LOCK, {"name": name})


def end_reading() -> None:
    """Give the read connection back and forget its snapshot (between two jobs of the worker)."""
    _end_reading_with(db.session.remove)


def _end_reading_with(end: Callable[[], None]) -> None:
    """A server that has gone has nothing left to end; what was written before it went is written."""
    try:
        end()
    except OperationalError as error:
        log.warning("reading not ended", exc_info=error)
        db.session().invalidate()
        db.session.remove()


def engine_settings(url: str) -> dict[str, Any]:
    """Flask-SQLAlchemy's settings for the two engines on `url`."""
    # What people wrote would otherwise stand in the log of every error of the database.
    options: dict[str, Any] = {"hide_parameters": True}
    reading: dict[str, Any] = {}
    if not url.startswith("sqlite:"):
        options |= {"pool_pre_ping": True, "connect_args": {"connect_timeout": _CONNECT_WITHIN}}
        # A page ends what it has read by a rollback, and with each rollback psycopg forgets the statements that it has
        # prepared: PostgreSQL would plan every statement of every page anew, which takes longer than answering it.
        # Each by itself then; between two of them others' changes were to be seen before, too (READ COMMITTED).
        reading = {"isolation_level": "AUTOCOMMIT"}
    return {
        "SQLALCHEMY_DATABASE_URI": url,
        "SQLALCHEMY_BINDS": {"write": {"url": url, **options}},
        "SQLALCHEMY_ENGINE_OPTIONS": options | reading,
    }


def prepare_engines() -> None:
    """Set how both engines of the current app connect and begin; once per app, inside its context."""
    for engine, may_write in ((db.engine, False), (db.engines["write"], True)):
        if engine.dialect.name == "sqlite":
            _prepare_sqlite(engine, may_write)
            continue
        event.listen(engine, "connect", _wait_no_longer if may_write else _only_read)


def _wait_no_longer(connection: Any, _record: object) -> None:
    """Let a statement of PostgreSQL wait for a lock as long as one of SQLite: else whoever holds one stops the site."""
    connection.execute(f"SET lock_timeout = '{_LOCKED_FOR}'")
    connection.commit()


def _only_read(connection: Any, record: object) -> None:
    """Let nothing be written into PostgreSQL by this connection."""
    _wait_no_longer(connection, record)
    connection.execute("SET default_transaction_read_only = on")
    connection.commit()


_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=NORMAL",
    "busy_timeout=10000",
    "foreign_keys=ON",
    "temp_store=MEMORY",
    "cache_size=-65536",
    "mmap_size=268435456",
    "journal_size_limit=67108864",
    # What is deleted is overwritten with zeros, in the file and not only in its index.
    "secure_delete=ON",
)


def _lower(text: object) -> object:
    return text.lower() if isinstance(text, str) else text


def _begin_writing(connection: Connection) -> None:
    """Wait for our turn to write, and begin.

    SQLite's own waiting sleeps longer and longer, up to a tenth of a second: whoever writes again and again, as an
    update to many people does, then leaves nobody else a turn for seconds. `_step_back` is the other half.
    """
    own = cast(sqlite3.Connection, connection.connection.dbapi_connection)
    ends = time.perf_counter() + _TRIED_FOR
    while time.perf_counter() < ends:
        try:
            own.execute(_BEGIN_WRITING)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                break
            time.sleep(_BETWEEN_TRIES)
        else:
            return
    connection.exec_driver_sql(_BEGIN_WRITING)


def _prepare_sqlite(engine: Engine, may_write: bool) -> None:
    # Who writes waits by itself, in `_begin_writing`, and after that for nobody.
    pragmas = (*_PRAGMAS, "busy_timeout=1") if may_write else (*_PRAGMAS, "query_only=ON")

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: Any, record: object) -> None:
        connection.isolation_level = None
        # SQLite's own lower() knows ASCII only, and people search for Örjan.
        connection.create_function("lower", 1, _lower, deterministic=True)
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin_explicitly(connection: Any) -> None:
        if may_write:
            _begin_writing(connection)
        else:
            connection.exec_driver_sql("BEGIN")
