"""What people had said before they could say more is still there after an upgrade, and after going back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.pool import NullPool

from portal.core import migrations

_PERSON = (
    "INSERT INTO person (id, public_id, name, locale, timezone, created_at) "
    "VALUES (1, 'ada', 'Ada Lind', 'en', 'UTC', '2026-03-04 08:00:00')"
)
_OLD = (
    "INSERT INTO preferences (person_id, career_stage, career_stage_on, work_modes, changed_at) "
    "VALUES (1, 'open_to_it', '2026-03-04', '[\"remote\"]', '2026-03-04 08:00:00')"
)


@contextmanager
def empty(kind: str, folder: Path, postgresql_url: Callable[[], str]) -> Iterator[Engine]:
    """A database of its own with nothing in it."""
    if kind == "sqlite":
        engine = create_engine(f"sqlite:///{folder / 'old.sqlite3'}")
        yield engine
        engine.dispose()
        return
    url = make_url(postgresql_url()).set(drivername="postgresql+psycopg")
    server = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with server.connect() as connection:
        connection.exec_driver_sql("DROP DATABASE IF EXISTS profile_migration")
        connection.exec_driver_sql("CREATE DATABASE profile_migration")
    engine = create_engine(url.set(database="profile_migration"), poolclass=NullPool)
    yield engine
    with server.connect() as connection:
        connection.exec_driver_sql("DROP DATABASE profile_migration")


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_what_was_said_before_stays_both_ways(kind: str, tmp_path: Path, postgresql_url: Callable[[], str]) -> None:
    with empty(kind, tmp_path, postgresql_url) as engine:
        migrations.upgrade(engine, "0015")
        with engine.begin() as connection:
            connection.execute(text(_PERSON))
            connection.execute(text(_OLD))
        for _time in range(2):
            migrations.upgrade(engine, "0016")
            with engine.begin() as connection:
                row = connection.execute(text("SELECT career_stage, worries, pay_currency FROM preferences")).one()
                assert tuple(row) == ("open_to_it", "", "")
                connection.execute(text("UPDATE preferences SET worries = 'The way.', birth_day = 4, birth_month = 3"))
            with pytest.raises(IntegrityError), engine.begin() as connection:
                connection.execute(text("UPDATE preferences SET pay_amount = 60000"))
            migrations.downgrade(engine, "0015")
            with engine.begin() as connection:
                assert connection.execute(text("SELECT career_stage FROM preferences")).scalar_one() == "open_to_it"
