"""Whoever had applied before versions of the promises were kept has what was promised on the day of the upgrade."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, inspect, select, text

from portal.company.models import ServicePromise
from portal.company.rules.service import content_of
from portal.company.states import DEFAULTS, Setting
from portal.core import migrations
from tests.databases import empty_database

_PACE = '{"received": 2, "in_review": 5, "interviewing": 3, "decision_pending": 3, "offer_made": 3}'
_SETTING = f"INSERT INTO company_setting (name, value, changed_at) VALUES ('pace', '{_PACE}', '2026-03-04 08:00:00')"
#: An application is put in without the rows that it leads to.
_NO_ROWS_THAT_OTHERS_LEAD_TO = "-c session_replication_role=replica"


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
    with empty_database(kind, tmp_path, postgresql_url, options=_NO_ROWS_THAT_OTHERS_LEAD_TO) as engine:
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
    with empty_database(kind, tmp_path, postgresql_url, options=_NO_ROWS_THAT_OTHERS_LEAD_TO) as engine:
        migrations.upgrade(engine, "0040")
        with engine.begin() as connection:
            assert connection.execute(select(ServicePromise.number)).all() == []
