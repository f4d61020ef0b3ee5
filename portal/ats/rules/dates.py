"""Dates as exports write them, and whether a file's numeric dates begin with the day or the month."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Final

from portal.ats.states import DateOrder
from portal.core.errors import PortalError
from portal.core.i18n import gettext as _


class UnreadableDate(PortalError):
    """A cell that is not empty and cannot be read as a date."""


_MAX_CELL: Final = 100
#: Applications were not sent before, and nobody plans that far: other years are mistakes.
_YEARS: Final = range(1970, 2101)
#: Two digits of a year from here on mean the twentieth century.
_PIVOT: Final = 70

#: January to December in English, German, French, Spanish, Portuguese, Italian, Dutch and Polish, accents folded.
_MONTHS: Final = (
    "january jan januar janner januari janvier janv enero ene janeiro gennaio gen stycznia styczen sty",
    "february feb februar februari fevrier fevr fev febrero fevereiro febbraio lutego luty lut",
    "march mar marz maerz mrz mars marzo marco maart mrt marca marzec",
    "april apr avril avr abril abr aprile kwietnia kwiecien kwi",
    "may mai mayo maio maggio mag mei maja maj",
    "june jun juni juin junio junho giugno giu czerwca czerwiec cze",
    "july jul juli juillet juil julio julho luglio lug lipca lipiec lip",
    "august aug aout agosto ago augustus sierpnia sierpien sie",
    "september sep sept septembre septiembre setembro settembre set wrzesnia wrzesien wrz",
    "october oct oktober okt octobre octubre outubro out ottobre ott pazdziernika pazdziernik paz",
    "november nov novembre noviembre novembro listopada listopad lis",
    "december dec dezember dez decembre diciembre dic dezembro dicembre grudnia grudzien gru",
)
_MONTH_OF: Final = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split()}

#: What may follow the date: a time of day and, after it, a zone or the like.
_TIME: Final = r"(?:(?:T|,?\s+)(?:(?:at|um|à|-)\s+)?\d{1,2}[:.h]\d{2}[\w\s:.,+()/-]{0,60}|\s*Z)?"
_WEEKDAY: Final = r"(?:[^\W\d_]{2,12}[.,]{0,2}\s+)?"
_ISO: Final = re.compile(rf"(\d{{4}})([-/.])(\d{{1,2}})\2(\d{{1,2}}){_TIME}", re.IGNORECASE)
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T\d{4,6}Z?)?", re.IGNORECASE)
_NUMERIC: Final = re.compile(
    rf"{_WEEKDAY}(\d{{1,2}})\s?([-/.])\s?(\d{{1,2}})\s?\2\s?(\d{{4}}|\d{{2}}){_TIME}", re.IGNORECASE
)
_MONTH: Final = r"([^\W\d_]{3,12})\.?"
_YEAR: Final = r"['’]?(\d{4}|\d{2})"
_DAY: Final = r"(\d{1,2})(?:st|nd|rd|th|er|\.|º|°)?"
#: 14 March 2026, 14-Mar-26, 14. März 2026, 14 de marzo de 2026
_DAY_FIRST: Final = re.compile(
    rf"{_WEEKDAY}{_DAY}[\s-]*(?:of\s|de\s)?{_MONTH}[\s,-]*(?:de[l]?\s)?{_YEAR}{_TIME}", re.IGNORECASE
)
#: Mar 14, 2026
_MONTH_FIRST: Final = re.compile(rf"{_WEEKDAY}{_MONTH}[\s-]*{_DAY}(?:[\s-]+|,\s*){_YEAR}{_TIME}", re.IGNORECASE)
#: 2026-Mar-14
_YEAR_FIRST: Final = re.compile(rf"(\d{{4}})[\s-]*{_MONTH}[\s-]*(\d{{1,2}}){_TIME}", re.IGNORECASE)


@dataclass
class DateEvidence:
    """What the date cells of a file say about their order; fed one cell after the other."""

    day_first: int = 0
    month_first: int = 0
    undecided: int = 0
    #: How many of the undecided have dots.
    dotted: int = 0
    #: The first cell that reads differently either way, for the question to the person who imports.
    example: str = ""

    def add(self, cell: str) -> None:
        """Count what `cell` proves; empty, ISO, named and unreadable dates prove nothing."""
        found = _NUMERIC.fullmatch(_plain(cell))
        if not found:
            return
        first, second = int(found[1]), int(found[3])
        if first == second or not (1 <= first <= 31 and 1 <= second <= 31) or min(first, second) > 12:
            return
        if first > 12:
            self.day_first += 1
        elif second > 12:
            self.month_first += 1
        else:
            self.undecided += 1
            self.dotted += found[2] == "."
            self.example = self.example or _shown(cell)

    def conclude(self) -> DateOrder:
        """The order of the whole file.

        One cell with a number above 12 decides for all; where such cells contradict one another, the larger number of
        them does, and the others will be refused; where they balance, nothing is known.
        """
        if self.day_first > self.month_first:
            return DateOrder.DMY
        if self.month_first > self.day_first:
            return DateOrder.MDY
        return DateOrder.AMBIGUOUS if self.undecided or self.day_first else DateOrder.NONE_NEEDED

    def usual(self) -> DateOrder:
        """What is usual where nothing proves the order and nobody said it: with dots the day comes first.

        Only if every date that fits both ways has dots, and no dates of the file contradict one another.
        """
        if self.day_first == self.month_first == 0 and self.dotted == self.undecided > 0:
            return DateOrder.DMY
        return DateOrder.AMBIGUOUS


def read_date(cell: str, order: DateOrder) -> date:
    """The day that a cell names, in its own text: a time of day and a zone after it are passed over.

    `order` is for numeric dates; without a known one, those that read differently either way are refused. A year of
    two digits lies between 1970 and 2069. Raises `UnreadableDate`.
    """
    text = _plain(cell)
    if found := _ISO.fullmatch(text):
        return _day(cell, int(found[1]), int(found[3]), int(found[4]))
    if found := _COMPACT.fullmatch(text):
        return _day(cell, int(found[1]), int(found[2]), int(found[3]))
    if found := _NUMERIC.fullmatch(text):
        return _numeric(cell, int(found[1]), int(found[3]), _year(found[4]), order)
    return _named(cell, text)


def _numeric(cell: str, first: int, second: int, year: int, order: DateOrder) -> date:
    if order is DateOrder.DMY:
        hint = "" if second <= 12 else _("The file's other dates begin with the day.")
        return _day(cell, year, second, first, hint)
    if order is DateOrder.MDY:
        hint = "" if first <= 12 else _("The file's other dates begin with the month.")
        return _day(cell, year, first, second, hint)
    if first <= 12 and second <= 12 and first != second:
        raise _unreadable(cell, _("Say whether the day or the month comes first."))
    return _day(cell, year, second, first) if first > 12 else _day(cell, year, first, second)


def _named(cell: str, text: str) -> date:
    if found := _DAY_FIRST.fullmatch(text):
        return _day(cell, _year(found[3]), _month(cell, found[2]), int(found[1]))
    if found := _MONTH_FIRST.fullmatch(text):
        return _day(cell, _year(found[3]), _month(cell, found[1]), int(found[2]))
    if found := _YEAR_FIRST.fullmatch(text):
        return _day(cell, int(found[1]), _month(cell, found[2]), int(found[3]))
    raise _unreadable(cell)


def _month(cell: str, name: str) -> int:
    folded = unicodedata.normalize("NFKD", name.casefold())
    number = _MONTH_OF.get("".join(ch for ch in folded if not unicodedata.combining(ch)))
    if number is None:
        raise _unreadable(cell)
    return number


def _year(digits: str) -> int:
    year = int(digits)
    if len(digits) == 2:
        return year + (1900 if year >= _PIVOT else 2000)
    return year


def _day(cell: str, year: int, month: int, day: int, hint: str = "") -> date:
    if year not in _YEARS:
        raise _unreadable(cell)
    try:
        return date(year, month, day)
    except ValueError as problem:
        raise _unreadable(cell, hint) from problem


def _plain(cell: str) -> str:
    """`cell` on one line; empty when it is too long for a date."""
    text = unicodedata.normalize("NFKC", cell[: _MAX_CELL + 1])
    return " ".join(text.split()) if len(text) <= _MAX_CELL else ""


def _unreadable(cell: str, hint: str = "") -> UnreadableDate:
    sentence = _('"%(text)s" cannot be read as a date.', text=_shown(cell))
    return UnreadableDate(f"{sentence} {hint}" if hint else sentence)


def _shown(cell: str) -> str:
    line = "".join(ch if ch.isprintable() else " " for ch in cell[:80]).strip()
    return line if len(cell) <= 80 else line + "…"
