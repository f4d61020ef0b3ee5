"""Why something is due, and how late it is."""

from datetime import date

import pytest

from portal.desk.rules import WhyDue, days_late, why_due

TODAY = date(2026, 3, 4)


@pytest.mark.parametrize(
    ("has_change", "is_undelivered", "why"),
    [
        (False, False, WhyDue.PROMISED),
        (True, False, WhyDue.CHANGED),
        (False, True, WhyDue.UNDELIVERED),
        (True, True, WhyDue.UNDELIVERED),
    ],
)
def test_the_reason_that_matters_most_is_named(has_change: bool, is_undelivered: bool, why: WhyDue) -> None:
    assert why_due(has_change, is_undelivered) is why


@pytest.mark.parametrize(
    ("promised", "days"),
    [(date(2026, 3, 2), 2), (TODAY, 0), (date(2026, 3, 5), 0), (None, 0), (date(2026, 2, 27), 5)],
)
def test_days_count_from_the_promised_day(promised: date | None, days: int) -> None:
    assert days_late(promised, TODAY) == days
