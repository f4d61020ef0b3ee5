"""Another site, on an empty database and in a data folder of its own, with the same keys."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import create_engine, make_url, select

from portal.app import create_app
from portal.backup.states import LEFT_OUT
from portal.core.db import Model, db
from portal.core.settings import current_settings, install_settings
from tests.pages import OwnContextClient

#: Tables in which a restore itself leaves a trace.
TOLD = frozenset({"company_setting", "audit_record"})


@contextmanager
def another_site(database: str, folder: Path, postgresql_url: Callable[[], str]) -> Iterator[Flask]:
    """The other site, inside its application context; nothing of it stays."""
    before = current_settings()
    url = f"sqlite:///{folder / 'elsewhere.sqlite3'}"
    if database == "postgresql":
        url = _empty_database(postgresql_url()).replace("postgresql://", "postgresql+psycopg://", 1)
    made = create_app(
        replace(before, data_dir=folder / "elsewhere", database_url=url),
        {"TESTING": True, "PROPAGATE_EXCEPTIONS": True},
    )
    made.test_client_class = OwnContextClient
    try:
        with made.app_context():
            yield made
            db.session.remove()
            for engine in db.engines.values():
                engine.dispose()
    finally:
        install_settings(before)


def _empty_database(url: str) -> str:
    own = make_url(url.replace("postgresql+psycopg://", "postgresql://"))
    name = f"{own.database}_elsewhere"
    server = create_engine(own.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    server.dispose()
    return own.set(database=name).render_as_string(hide_password=False)


def rows_here() -> dict[str, list[Any]]:
    """Every row of every table that belongs into a backup, in an order of their own."""
    with db.engine.connect() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in Model.metadata.sorted_tables
            if table.name not in LEFT_OUT
        }
