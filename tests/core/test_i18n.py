"""Dates and texts follow whoever reads."""

from datetime import UTC, date, datetime

from portal.core import i18n


def test_a_day_has_its_weekday() -> None:
    with i18n.reading_as("en", "Europe/Warsaw"):
        assert i18n.format_day(date(2026, 3, 3)) == "Tuesday 3 March 2026"


def test_a_moment_stands_on_the_readers_clock() -> None:
    late = datetime(2026, 3, 3, 23, 30, tzinfo=UTC)
    with i18n.reading_as("en", "Europe/Warsaw"):
        assert i18n.format_moment(late) == "Wednesday 4 March 2026, 00:30"
    with i18n.reading_as("en", "America/New_York"):
        assert i18n.format_moment(late) == "Tuesday 3 March 2026, 18:30"


def test_a_language_we_do_not_have_is_served_in_english() -> None:
    assert i18n.best_locale(["tlh", "de-AT"]) == "en"


def test_zones_are_recognised() -> None:
    assert i18n.is_zone("Asia/Kolkata")
    assert not i18n.is_zone("../etc/passwd")
