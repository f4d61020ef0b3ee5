"""Languages, dates and numbers for whoever reads: pages, rules and mails alike.

One context variable says who is reading (locale and time zone); `gettext` and the formats follow it. It needs no
request, so a mail is written in its reader's language by the same functions as a page.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache, cached_property, lru_cache
from gettext import NullTranslations
from typing import cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, dates, negotiate_locale, numbers
from babel.support import LazyProxy, Translations
from markupsafe import Markup

from portal.core.paths import TRANSLATIONS

#: Languages with a complete catalogue; English is the source.
LOCALES = ("en",)
#: Letters of scripts that run from right to left.
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
#: A list says the same few days on every line: so many are kept in words.
_DAYS_KEPT = 2048


@dataclass(frozen=True)
class Reader:
    """Whose eyes a text is for."""

    locale: str
    zone: str

    @cached_property
    def writes_as_english(self) -> bool:
        """Whether numbers are written for them as in English; asked hundreds of times for one page."""
        return babel_locale(self.locale).language == "en"


_reader: ContextVar[Reader | None] = ContextVar("reader", default=None)
_DEFAULT = Reader("en", "UTC")
_extra_catalogues: dict[str, NullTranslations] = {}


def reader() -> Reader:
    """Who reads what is being made now."""
    return _reader.get() or _DEFAULT


@contextmanager
def reading_as(locale: str, zone: str) -> Iterator[None]:
    """Make texts inside the block for a reader of `locale` in the IANA `zone`."""
    token = _reader.set(Reader(locale, zone))
    try:
        yield
    finally:
        _reader.reset(token)


def set_reader(locale: str, zone: str) -> None:
    """As `reading_as`, until the next call: for a request, which has its own context."""
    _reader.set(Reader(locale, zone))


def best_locale(wanted: list[str]) -> str:
    """The language we have that fits best, in order of wish (`de-AT` is served by `de`)."""
    return negotiate_locale(wanted, list(LOCALES), sep="-") or LOCALES[0]


def is_zone(name: str) -> bool:
    """Whether `name` is an IANA time zone."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def add_catalogue(locale: str, catalogue: NullTranslations) -> None:
    """Serve `locale` from `catalogue` (the tests' pseudo-locale)."""
    _extra_catalogues[locale] = catalogue


@cache
def _shipped_catalogue(locale: str) -> NullTranslations:
    return Translations.load(TRANSLATIONS, [locale])


def _catalogue() -> NullTranslations:
    locale = reader().locale
    return _extra_catalogues.get(locale) or _shipped_catalogue(locale)


def gettext(message: str, **values: object) -> str:
    """`message` in the reader's language, with `%(name)s` filled in."""
    text = _catalogue().gettext(message)
    return text % isolated(values) if values else text


def ngettext(singular: str, plural: str, count: int, **values: object) -> str:
    """The form that fits `count`; `%(count)s` is written in the reader's way."""
    text = _catalogue().ngettext(singular, plural, count)
    return text % {"count": format_number(count), **isolated(values)}


def isolated(values: dict[str, object]) -> dict[str, object]:
    """`values` for a sentence, those in a script from right to left each kept to itself: what stands around a name
    stays where it was written, in plain text too."""
    return {key: _alone(value) for key, value in values.items()}


def _alone(value: object) -> object:
    if not isinstance(value, str) or value.isascii() or not _RIGHT_TO_LEFT.search(value):
        return value
    alone = f"\u2068{value}\u2069"
    return Markup(alone) if isinstance(value, Markup) else alone  # noqa: S704 - it was safe before


def template_gettext(message: str) -> str:
    """For Jinja's newstyle extension, which fills in the values itself."""
    return _catalogue().gettext(message)


def template_ngettext(singular: str, plural: str, count: int) -> str:
    """For Jinja's newstyle extension."""
    return _catalogue().ngettext(singular, plural, count)


def lazy_gettext(message: str, **values: object) -> str:
    """A text that is translated when it is shown; for module level (it behaves as a string)."""
    return cast(str, LazyProxy(gettext, message, enable_cache=False, **values))


def babel_locale(tag: str = "") -> Locale:
    """The reader's locale, or that of `tag`; a made-up one formats as English."""
    return _parsed(_formats_as(tag or reader().locale))


def _formats_as(tag: str) -> str:
    return tag if tag not in _extra_catalogues else "en"


@cache
def _parsed(tag: str) -> Locale:
    return Locale.parse(tag, sep="-")


def language_name(tag: str) -> str:
    """The language of `tag` as the reader calls it, as it would begin a line."""
    name = babel_locale(tag).get_display_name(babel_locale()) or tag
    return name[:1].upper() + name[1:]


def local(instant: datetime) -> datetime:
    """`instant` on the reader's clock."""
    return instant.astimezone(ZoneInfo(reader().zone))


def format_day(value: date | datetime) -> str:
    """The day with its weekday: Tuesday 3 March 2026."""
    if isinstance(value, datetime):
        value = local(value).date()
    return _full_day(value, _formats_as(reader().locale))


def format_moment(value: datetime) -> str:
    """Day and time on the reader's clock, in 24 hours: Tuesday 3 March 2026, 14:00."""
    here = local(value)
    return f"{_full_day(here.date(), _formats_as(reader().locale))}, {here.hour:02}:{here.minute:02}"


def format_short_day(value: date | datetime) -> str:
    """For dense tables: Tue 3 Mar 2026."""
    if isinstance(value, datetime):
        value = local(value).date()
    return _short_day(value, _formats_as(reader().locale))


@lru_cache(_DAYS_KEPT)
def _full_day(day: date, tag: str) -> str:
    locale = _parsed(tag)
    if locale.language == "en":
        return f"{day:%A} {day.day} {day:%B %Y}"
    return dates.format_date(day, "full", locale=locale)


@lru_cache(_DAYS_KEPT)
def _short_day(day: date, tag: str) -> str:
    locale = _parsed(tag)
    if locale.language == "en":
        return f"{day:%a} {day.day} {day:%b %Y}"
    return dates.format_date(day, "EEE d MMM y", locale=locale)


def format_month(day: date) -> str:
    """The month of a day: March 2026."""
    return _month(day.replace(day=1), _formats_as(reader().locale), "yMMMM")


def format_short_month(day: date) -> str:
    """For axes of charts: Mar."""
    return _month(day.replace(day=1), _formats_as(reader().locale), "MMM")


@lru_cache(_DAYS_KEPT)
def _month(first_day: date, tag: str, skeleton: str) -> str:
    return dates.format_skeleton(skeleton, first_day, locale=_parsed(tag))


def format_number(value: int | float) -> str:
    """A number with the reader's separators."""
    if isinstance(value, int) and reader().writes_as_english:
        return f"{value:,}"
    return numbers.format_decimal(value, locale=babel_locale())


def format_signed(value: int) -> str:
    """A whole number with its sign; nought has none."""
    if reader().writes_as_english:
        return f"{value:+,}" if value else "0"
    return numbers.format_decimal(value, format="+#,##0;-#,##0" if value else "0", locale=babel_locale())


def format_one_place(value: float) -> str:
    """A number with one place behind the point."""
    if reader().writes_as_english:
        return f"{Decimal(repr(value)):,.1f}"
    return numbers.format_decimal(value, format="#,##0.0", locale=babel_locale())


def format_percent(share: float) -> str:
    """A share in whole per cent."""
    if reader().writes_as_english:
        return f"{Decimal(repr(share)) * 100:,.0f}%"
    return numbers.format_percent(share, format="#,##0%", locale=babel_locale())


def join_words(words: list[str]) -> str:
    """`a, b and c` as the reader's language writes it."""
    if len(words) < 2:
        return "".join(words)
    # One alone is kept to itself by the sentence.
    first = words[0] if len(words) == 2 else ", ".join(str(_alone(word)) for word in words[:-1])
    return gettext("%(first)s and %(last)s", first=first, last=words[-1])
