"""Tables written anew, so that what was deleted from them stands nowhere in the database's files any more.

SQLite overwrites what is deleted (`secure_delete`), and yet leaves copies in its pages when it moves rows between them:
a table whose rows are all taken out and put back has none. Its log is emptied after that. PostgreSQL keeps what was
deleted until it vacuums, and its bytes until the place is used again: `VACUUM FULL` writes the table into a new file.
"""

import sqlite3
import time
from typing import Any, Final, cast

from sqlalchemy.exc import OperationalError

from portal.core.db import Model, db, end_reading, transaction
from portal.core.logs import log

#: Seconds between two tries to empty SQLite's log, and how often it is tried: whoever reads keeps it.
_BETWEEN_TRIES: Final = 0.02
_TRIES: Final = 100
#: How long PostgreSQL waits for whoever works with a table; nobody else gets at it meanwhile.
_PATIENCE: Final = "1s"


def write_anew(*models: type[Model]) -> bool:
    """Let nothing that was deleted from these small tables be read in the database's files; outside a transaction.

    False where somebody was in the way: to be tried again.
    """
    end_reading()
    names = [model.__tablename__ for model in models]
    is_done = _vacuum(names) if db.engines["write"].dialect.name == "postgresql" else _put_back(names)
    if not is_done:
        log.warning("tables not written anew", tables=names)
    return is_done


def _vacuum(names: list[str]) -> bool:
    with db.engines["write"].connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # Nobody else is given a connection that is less patient.
        connection.detach()
        connection.exec_driver_sql(f"SET lock_timeout = '{_PATIENCE}'")
        try:
            connection.exec_driver_sql(f"VACUUM (FULL) {', '.join(names)}")
        except OperationalError:
            return False
    return True


def _put_back(names: list[str]) -> bool:
    with transaction() as session:
        connection = session.connection()
        for name in names:
            rows: Any = connection.exec_driver_sql(f"SELECT * FROM {name}").all()  # noqa: S608 - names of our tables
            connection.exec_driver_sql(f"DELETE FROM {name}")  # noqa: S608
            if rows:
                places = ", ".join("?" * len(rows[0]))
                connection.exec_driver_sql(f"INSERT INTO {name} VALUES ({places})", [tuple(row) for row in rows])  # noqa: S608
    return empty_log()


def empty_log() -> bool:
    """Bring SQLite's log into its file, and cut it off: it holds what stood in a row before it was deleted.

    False where somebody was reading all the time: to be tried again. PostgreSQL does so by itself, and has True.
    """
    if db.engines["write"].dialect.name == "postgresql":
        return True
    end_reading()
    pooled = db.engines["write"].raw_connection()
    try:
        own = cast(sqlite3.Connection, pooled.dbapi_connection)
        for _ in range(_TRIES):
            is_busy, *_counts = own.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if not is_busy:
                return True
            time.sleep(_BETWEEN_TRIES)
        return False
    finally:
        pooled.close()
