"""How late something is."""

from datetime import date

import pytest

from portal.desk.rules import days_late

TODAY = date(2026, 3, 4)


@pytest.mark.parametrize(
    ("promised", "days"),
    [(date(2026, 3, 2), 2), (TODAY, 0), (date(2026, 3, 5), 0), (None, 0), (date(2026, 2, 27), 5)],
)
def test_days_count_from_the_promised_day(promised: date | None, days: int) -> None:
    assert days_late(promised, TODAY) == days
