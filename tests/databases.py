"""Databases of a test's own, beside the one that the suite empties."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, create_engine, make_url
from sqlalchemy.pool import NullPool

_NAME = "one_of_its_own"


@contextmanager
def empty_database(
    kind: str, folder: Path, postgresql_url: Callable[[], str], *, options: str = ""
) -> Iterator[Engine]:
    """A database with nothing in it, not even tables; `options` are what PostgreSQL is told at each connection."""
    if kind == "sqlite":
        engine = create_engine(f"sqlite:///{folder / 'old.sqlite3'}")
        yield engine
        engine.dispose()
        return
    url = make_url(postgresql_url()).set(drivername="postgresql+psycopg")
    name = f"{url.database}_{_NAME}"
    server = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with server.connect() as connection:
        connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}"')
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    yield create_engine(url.set(database=name), poolclass=NullPool, connect_args={"options": options})
    with server.connect() as connection:
        connection.exec_driver_sql(f'DROP DATABASE "{name}"')
