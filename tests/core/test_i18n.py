"""Dates and texts follow whoever reads."""

from datetime import UTC, date, datetime

from babel.numbers import format_decimal, format_percent
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

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


@given(st.floats(0, 10_000), st.integers(-10_000, 10_000))
def test_numbers_are_written_as_english_writes_them(number: float, whole: int) -> None:
    with i18n.reading_as("en", "UTC"):
        assert i18n.format_percent(number) == format_percent(number, format="#,##0%", locale="en")
        assert i18n.format_one_place(number) == format_decimal(number, format="#,##0.0", locale="en")
        assert i18n.format_signed(whole) == format_decimal(whole, format="+#,##0;-#,##0" if whole else "0", locale="en")


def test_other_languages_write_numbers_and_months_their_own_way() -> None:
    with i18n.reading_as("de", "UTC"):
        assert i18n.format_percent(0.125) == "12%"
        assert i18n.format_one_place(1234.56) == "1.234,6"
        assert i18n.format_signed(-1200) == "-1.200"
        assert i18n.format_signed(7) == "+7"
        assert i18n.format_month(date(2026, 3, 31)) == "März 2026"


def test_a_name_from_right_to_left_keeps_to_itself_in_a_sentence() -> None:
    assert i18n.gettext("%(name)s (%(title)s)", name="דן", title="Dev") == "\u2068דן\u2069 (Dev)"
    assert i18n.gettext("%(name)s wrote", name="Zoë") == "Zoë wrote"
    assert i18n.join_words(["דן", "Ada"]).endswith("\u2068דן\u2069 and Ada")
    assert i18n.gettext("%(name)s wrote", name=Markup("<b>דן</b>")) == Markup("\u2068<b>דן</b>\u2069 wrote")
