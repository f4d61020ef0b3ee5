"""What people had said before they could say more is still there after an upgrade, and after going back."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from portal.core import migrations
from tests.databases import empty_database

_PERSON = (
    "INSERT INTO person (id, public_id, name, locale, timezone, created_at) "
    "VALUES (1, 'ada', 'Ada Lind', 'en', 'UTC', '2026-03-04 08:00:00')"
)
_OLD = (
    "INSERT INTO preferences (person_id, career_stage, career_stage_on, work_modes, changed_at) "
    "VALUES (1, 'open_to_it', '2026-03-04', '[\"remote\"]', '2026-03-04 08:00:00')"
)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_what_was_said_before_stays_both_ways(kind: str, tmp_path: Path, postgresql_url: Callable[[], str]) -> None:
    with empty_database(kind, tmp_path, postgresql_url) as engine:
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
