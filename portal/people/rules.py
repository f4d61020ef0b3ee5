"""How addresses and names of people are read, so that one person is one record."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, timedelta

from email_validator import EmailNotValidError, validate_email

from portal.core.errors import PortalError
from portal.core.i18n import gettext as _

MAX_ADDRESS_LENGTH = 254
MAX_NAME_LENGTH = 200

#: Joiners that several scripts need inside a word (Persian, Hindi); every other invisible character goes.
_JOINERS = frozenset("\u200c\u200d")
_INVISIBLE = frozenset({"Cf", "Cs", "Co", "Cn"})
_UNKNOWN_INITIAL = "?"
_VIRAMA = 9
#: Letters that no decomposition turns into their plain form, as most readers look them up.
_PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"})
LONGEST_ABSENCE = timedelta(days=366)


class InvalidAddress(PortalError):
    """The text is not one address that mail can be sent to."""


class InvalidName(PortalError):
    """The text cannot be a person's name."""


class AbsenceRefused(PortalError):
    """Somebody cannot be away on these days with this stand-in."""


def is_zone_assumed(zone: str, company_zone: str, *, has_said: bool) -> bool:
    """Whether a person's `zone` is only our guess, the company's own, because nobody has said where they are."""
    return zone == company_zone and not has_said


def normalise_address(text: str) -> str:
    """The one form of an address that is stored and compared, at most 254 ASCII characters.

    Letter case, space around it, invisible characters and look-alikes (full width, mathematical letters) make no
    difference; an international domain becomes its ASCII form. Raises `InvalidAddress`.
    """
    visible = "".join(ch for ch in text if unicodedata.category(ch) not in _INVISIBLE)
    address = unicodedata.normalize("NFKC", visible).strip()
    if any(unicodedata.category(ch) == "Cc" for ch in address):
        raise InvalidAddress(_("An e-mail address has no line breaks or control characters in it."))
    local, at, domain = address.rpartition("@")
    if not at or not local or not domain:
        raise InvalidAddress(_("This is not a whole e-mail address: it needs a name, an @ and a domain."))
    if not local.isascii():
        raise InvalidAddress(_("We cannot write to addresses with letters outside a to z before the @."))
    normal = f"{local.lower()}@{_ascii_domain(local.lower(), domain)}"
    if len(normal) > MAX_ADDRESS_LENGTH:
        raise InvalidAddress(_("This e-mail address is too long."))
    return normal


def _ascii_domain(local: str, domain: str) -> str:
    # lower() and not casefold(): the latter turns "straße.de" into another company's domain.
    try:
        checked = validate_email(
            f"{local}@{domain.lower()}",
            allow_smtputf8=False,
            allow_quoted_local=False,
            allow_domain_literal=False,
            allow_display_name=False,
            strict=True,
            check_deliverability=False,
            test_environment=True,
        )
    except (EmailNotValidError, UnicodeError) as problem:
        raise InvalidAddress(_("This is not an e-mail address that mail can reach.")) from problem
    if "." not in checked.ascii_domain:
        raise InvalidAddress(_("The part after the @ is not a whole domain, such as example.org."))
    return checked.ascii_domain.lower()


def clean_name(text: str) -> str:
    """A name as the person writes it, in any script: 1 to 200 characters on one line. Raises `InvalidName`."""
    spaced = " ".join(unicodedata.normalize("NFC", text).split())
    name = "".join(ch for ch in spaced if ch in _JOINERS or unicodedata.category(ch) not in _INVISIBLE)
    name = " ".join(unicodedata.normalize("NFC", name).split())
    if any(unicodedata.category(ch) == "Cc" for ch in name):
        raise InvalidName(_("A name has no control characters in it."))
    if not any(ch.isalnum() for ch in name):
        raise InvalidName(_("Please write a name with at least one letter."))
    if len(name) > MAX_NAME_LENGTH:
        raise InvalidName(_("This name is too long: up to %(limit)s characters fit.", limit=MAX_NAME_LENGTH))
    return name


def initials(name: str) -> str:
    """One or two letters that stand for a name, in its own script; a question mark when it has no letter."""
    letters = [letter for word in re.split(r"[\s\-–]+", unicodedata.normalize("NFC", name)) if (letter := _first(word))]
    if not letters:
        return _UNKNOWN_INITIAL
    return letters[0] if len(letters) == 1 else letters[0] + letters[-1]


def _first(word: str) -> str:
    """The first letter of `word` with the marks that belong to it, as a capital where the script has them."""
    for start, ch in enumerate(word):
        if ch.isalnum():
            end = start + 1
            while end < len(word) and _belongs(word[end]):
                end += 1
            capital = ch.upper() if len(ch.upper()) == 1 else ch
            return capital + word[start + 1 : end]
    return ""


def _belongs(mark: str) -> bool:
    """Whether this is a mark of the letter before; a virama joins it to the next letter, which is left out."""
    return unicodedata.category(mark).startswith("M") and unicodedata.combining(mark) != _VIRAMA


def all_covered_by(person_id: int, away: Mapping[int, int]) -> list[int]:
    """Those whose work is `person_id`'s today, in order: `away` says who stands in for each who is away.

    Somebody who stands in and is away too passes it on, through any number of others; a circle covers nobody twice.
    """
    covered: set[int] = set()
    asked = [person_id]
    while asked:
        stand_in = asked.pop()
        more = {gone for gone, covering in away.items() if covering == stand_in} - covered - {person_id}
        covered |= more
        asked += more
    return sorted(covered)


def check_absence(
    person_id: int, stand_in_id: int, from_on: date, until_on: date, today: date, others: Mapping[int, set[int]]
) -> None:
    """Raise AbsenceRefused unless these days can be noted, both included.

    `others` holds, for everybody away on any of them, who stands in.
    """
    if until_on < from_on:
        raise AbsenceRefused(_("The last day is before the first."))
    if until_on < today:
        raise AbsenceRefused(_("These days are over."))
    if until_on - from_on > LONGEST_ABSENCE:
        raise AbsenceRefused(_("This is longer than a year. Please hand over the work instead."))
    if person_id in others:
        raise AbsenceRefused(_("Some of these days are noted already. Remove that line first."))
    if person_id == stand_in_id or _comes_back(person_id, stand_in_id, others):
        raise AbsenceRefused(_("You would stand in for each other, and nobody would be here. Choose somebody else."))


def _comes_back(person_id: int, stand_in_id: int, others: Mapping[int, set[int]]) -> bool:
    """Whether what `stand_in_id` passes on when away themselves ends with `person_id`."""
    seen: set[int] = set()
    asked = [stand_in_id]
    while asked:
        one = asked.pop()
        seen.add(one)
        asked += others.get(one, set()) - seen
    return person_id in seen


def sort_key(name: str) -> str:
    """Where a name stands in an alphabetical list: letter case, accents and marks make no difference."""
    plain = unicodedata.normalize("NFKD", name.casefold().translate(_PLAIN))
    return "".join(ch for ch in plain if not unicodedata.combining(ch)).strip()


def clean_lines(text: str) -> str:
    """A text of several lines without empty ones, space at their ends or invisible characters."""
    lines = (" ".join(_visible(line).split()) for line in unicodedata.normalize("NFC", text).splitlines())
    return "\n".join(line for line in lines if line)


def clean_line(text: str) -> str:
    """A text as one line."""
    return clean_lines(text).replace("\n", " ")


def _visible(text: str) -> str:
    return "".join(
        " " if unicodedata.category(ch) == "Cc" else ch
        for ch in text
        if ch in _JOINERS or unicodedata.category(ch) not in _INVISIBLE
    )
