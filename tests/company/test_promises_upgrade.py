"""Whoever had applied before versions of the promises were kept has what was promised on the day of the upgrade."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, create_engine, inspect, make_url, select, text
from sqlalchemy.pool import NullPool

from portal.company.models import ServicePromise
from portal.company.rules.service import content_of
from portal.company.states import DEFAULTS, Setting
from portal.core import migrations

_PACE = '{"received": 2, "in_review": 5, "interviewing": 3, "decision_pending": 3, "offer_made": 3}'
_SETTING = f"INSERT INTO company_setting (name, value, changed_at) VALUES ('pace', '{_PACE}', '2026-03-04 08:00:00')"


@contextmanager
def empty(kind: str, folder: Path, postgresql_url: Callable[[], str]) -> Iterator[Engine]:
    """A database of its own with nothing in it, which asks for no rows that others lead to."""
    if kind == "sqlite":
        engine = create_engine(f"sqlite:///{folder / 'old.sqlite3'}")
        yield engine
        engine.dispose()
        return
    url = make_url(postgresql_url()).set(drivername="postgresql+psycopg")
    server = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with server.connect() as connection:
        connection.exec_driver_sql("DROP DATABASE IF EXISTS promises_upgrade")
        connection.exec_driver_sql("CREATE DATABASE promises_upgrade")
    options = {"options": "-c session_replication_role=replica"}
    engine = create_engine(url.set(database="promises_upgrade"), poolclass=NullPool, connect_args=options)
    yield engine
    with server.connect() as connection:
        connection.exec_driver_sql("DROP DATABASE promises_upgrade")


def put_application(connection: Connection) -> None:
    """An application as it stood then; only what must be there."""
    columns = [one for one in inspect(connection).get_columns("application") if not one["nullable"]]
    values = {one["name"]: _value_for(str(one["type"])) for one in columns}
    connection.execute(text(f"INSERT INTO application ({', '.join(values)}) VALUES ({', '.join(values.values())})"))


def _value_for(kind: str) -> str:
    if kind.startswith(("DATE", "TIMESTAMP")):
        return "'2026-03-04 08:00:00'"
    return {"BOOLEAN": "false", "JSON": "'[]'"}.get(kind, "'1'")


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_they_keep_what_the_settings_said_on_that_day(
    kind: str, tmp_path: Path, postgresql_url: Callable[[], str]
) -> None:
    with empty(kind, tmp_path, postgresql_url) as engine:
        migrations.upgrade(engine, "0039")
        with engine.begin() as connection:
            connection.execute(text(_SETTING))
            put_application(connection)
        for _time in range(2):
            migrations.upgrade(engine, "0040")
            with engine.begin() as connection:
                assert connection.execute(text("SELECT service_promise FROM application")).scalar_one() == 1
                found = connection.execute(select(ServicePromise.number, ServicePromise.content)).one()
                pace = {**DEFAULTS[Setting.PACE], "received": 2}
                assert tuple(found) == (1, content_of(DEFAULTS | {Setting.PACE: pace}))
            migrations.downgrade(engine, "0039")


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_where_nobody_had_applied_there_is_no_version(
    kind: str, tmp_path: Path, postgresql_url: Callable[[], str]
) -> None:
    with empty(kind, tmp_path, postgresql_url) as engine:
        migrations.upgrade(engine, "0040")
        with engine.begin() as connection:
            assert connection.execute(select(ServicePromise.number)).all() == []
