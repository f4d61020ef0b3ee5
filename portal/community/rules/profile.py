"""What somebody says about themselves beyond lists: what it is made of, and how it is read from what was typed."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlsplit

from portal.community.states import Industry, Notice, PayPeriod, Seniority, WhenFree
from portal.core.errors import PortalError
from portal.core.i18n import gettext as _
from portal.core.i18n import ngettext

WORDS_LENGTH: Final = 1500
MAX_LINKS: Final = 8
LINK_LENGTH: Final = 300
#: The currencies that are offered, by ISO 4217.
CURRENCIES: Final = (
    *("EUR", "GBP", "USD", "CHF", "PLN", "CZK", "HUF", "RON", "BGN", "SEK", "NOK", "DKK", "ISK", "UAH", "TRY", "RSD"),
    *("CAD", "AUD", "NZD", "SGD", "HKD", "JPY", "KRW", "INR", "AED", "ILS", "ZAR", "KES", "NGN", "BRL", "MXN", "ARS"),
)
_MOST_PAY: Final = 999_999_999
_AMOUNT: Final = re.compile(r"\d+|\d{1,3}(?P<gap>[., '’\u00a0\u202f])\d{3}(?:(?P=gap)\d{3})*")
#: A host and perhaps a path, as people write an address they read out.
_BARE: Final = re.compile(r"[\w-]+(\.[\w-]+)*\.[^\W\d]{2,}(/\S*)?")
_LONGEST_MONTHS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True)
class Availability:
    """From when somebody could begin; the day and the notice only with what they belong to."""

    when: WhenFree
    from_on: date | None = None
    notice: Notice | None = None


@dataclass(frozen=True)
class PayWish:
    """What somebody expects to earn, before tax, in whole units of a currency."""

    amount: int
    #: One of CURRENCIES.
    currency: str
    period: PayPeriod


@dataclass(frozen=True)
class Birthday:
    """The day on which somebody wants a note; the year is never asked."""

    day: int
    month: int


@dataclass(frozen=True)
class OtherOffers:
    """What else somebody has been offered, and by when they must answer, if they say so."""

    words: str
    decide_by: date | None = None


@dataclass(frozen=True)
class Profile:
    """What a person says about themselves besides their lists; everything may stay empty."""

    seniority: Seniority | None = None
    industries: Sequence[Industry] = ()
    availability: Availability | None = None
    pay: PayWish | None = None
    three_years: str = ""
    proud_of: str = ""
    links: Sequence[str] = ()
    education: str = ""
    motivates: str = ""
    worries: str = ""
    birthday: Birthday | None = None


class NotAnAmount(PortalError):
    """What was typed is not a sum of money."""

    def __init__(self) -> None:
        super().__init__(_("Please write a whole number, for example 60,000."))


class NotALink(PortalError):
    """What was typed is no address of a page."""

    def __init__(self, line: str) -> None:
        super().__init__(
            _("“%(start)s” is not the address of a page. It begins with https:// or http://.", start=line[:40].rstrip())
        )


class TooManyLinks(PortalError):
    """More links were typed than are kept."""

    def __init__(self, count: int) -> None:
        super().__init__(
            ngettext(
                "Please choose %(limit)s links at most. There is %(count)s now.",
                "Please choose %(limit)s links at most. There are %(count)s now.",
                count,
                limit=MAX_LINKS,
            )
        )


class NoSuchDay(PortalError):
    """The month has no such day."""

    def __init__(self) -> None:
        super().__init__(_("This month has no such day. Please look at both once more."))


def words_from(text: str) -> str:
    """Some sentences as they were typed, without what nobody sees; lines end in the same way everywhere."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept = "\n".join(_visible(line).rstrip() for line in lines).strip()
    return kept if any(unicodedata.category(letter)[0] not in "ZC" for letter in kept) else ""


def amount_from(text: str) -> int:
    """A sum of money in whole units, with or without separators. Raises NotAnAmount."""
    typed = text.strip()
    if not typed.isascii():
        typed = unicodedata.normalize("NFKC", typed)
    if not _AMOUNT.fullmatch(typed):
        raise NotAnAmount
    amount = int("".join(letter for letter in typed if letter.isdecimal())[:12])
    if not 0 < amount <= _MOST_PAY:
        raise NotAnAmount
    return amount


def links_from(text: str) -> tuple[str, ...]:
    """The addresses of pages, one a line, in their order. Raises NotALink and TooManyLinks.

    Only http and https: any other scheme would do something in the browser of whoever clicks.
    """
    lines = [line.strip() for line in text.splitlines()]
    links = tuple(dict.fromkeys(_link(line) for line in lines if line))
    if len(links) > MAX_LINKS:
        raise TooManyLinks(len(links))
    return links


def birthday_from(day: int, month: int) -> Birthday:
    """A day that comes every year, or every fourth. Raises NoSuchDay."""
    if not 1 <= month <= 12 or not 1 <= day <= _LONGEST_MONTHS[month - 1]:
        raise NoSuchDay
    return Birthday(day, month)


def _link(line: str) -> str:
    typed = f"https://{line}" if _BARE.fullmatch(line) else line
    try:
        parts = urlsplit(typed)
        is_page = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.username is None
        is_whole = parts.port is None or parts.port > 0
    except ValueError:
        is_page = is_whole = False
    if not is_page or not is_whole or len(typed) > LINK_LENGTH or typed != _visible(typed) or re.search(r"\s", typed):
        raise NotALink(line)
    return typed


def _visible(line: str) -> str:
    """Without control characters and without those that turn the direction of what follows."""
    return "".join(
        " " if letter == "\t" else letter
        for letter in line
        if letter == "\t" or (unicodedata.category(letter) not in {"Cc", "Cs"} and letter not in _TURNERS)
    )


_TURNERS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029")
