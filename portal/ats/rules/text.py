"""Cells as plain text: cleaned, cut to length, and folded for comparison."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from portal.core.errors import PortalError
from portal.core.i18n import gettext as _

MAX_SOURCE_LENGTH: Final = 60

#: Joiners that several scripts need inside a word (Persian, Hindi, emoji).
_JOINERS: Final = frozenset("\u200c\u200d")
_UNWANTED: Final = frozenset({"Cc", "Cf", "Cs", "Cn"})
#: Letters with a stroke or without a dot, which Unicode does not take apart.
_UNDECOMPOSED: Final = str.maketrans("łøđıħ", "lodih")
_COPY_SUFFIX: Final = re.compile(r"\s*\(\d+\)\s*$")
_CAMEL: Final = re.compile(r"(?<=[a-zß-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ])")
_LABEL_GAP: Final = re.compile(r"(?:[^\w+#]|_)+")
#: What follows a bracket, a dot or a stroke: rejeté(e), zatrudniony/a, reçu·es.
_GENDER_ENDINGS: Final = frozenset({"e", "es", "s", "a", "as", "o", "os", "ne"})
#: What makes no difference, though it is spelled otherwise, and how all of them are spelled for comparing.
_ALIKE: Final = tuple(
    (re.compile(pattern), instead)
    for pattern, instead in (
        (r"\b(bewerber|kandidat) ?in(?:nen)?\b", r"\1"),
        # Zurueckgezogen is zurückgezogen; reçue is reçu.
        (r"([aou])e", r"\1"),
        # Rejetée and refusés; contratada and respinti; zatrudniona.
        (r"(?<=\w{3}e)(?:es?|s)\b", ""),
        (r"(?<=\w{3}[dt])[aio]s?\b", "o"),
        (r"(?<=\w{4}n)[aei]\b", "y"),
    )
)
_SOURCE: Final = re.compile(r"[a-z0-9][a-z0-9 ._-]*")


class InvalidSource(PortalError):
    """The name of a source cannot be used."""


def clean_text(cell: str) -> str:
    """`cell` on one line, without control characters and other invisible ones; formulas stay plain text."""
    if cell.isascii() and cell.isprintable():
        return " ".join(cell.split())
    spaced = " ".join(unicodedata.normalize("NFC", cell).split())
    kept = "".join(ch for ch in spaced if ch in _JOINERS or unicodedata.category(ch) not in _UNWANTED)
    text = " ".join(unicodedata.normalize("NFC", kept).split())
    return text if text.strip("\u200c\u200d ") else ""


def unsuffixed(header: str) -> str:
    """A header without the number that `open_table` gives to the second column of the same name."""
    return _COPY_SUFFIX.sub("", header) or header


def _fold(text: str) -> str:
    """Compatibility forms, letter case and accents make no difference."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return "".join(ch for ch in decomposed if not unicodedata.combining(ch)).translate(_UNDECOMPOSED)


def header_key(header: str) -> str:
    """A header with nothing but its letters and digits: `E-Mail_Address` and `email address` are the same."""
    return "".join(ch for ch in _fold(unsuffixed(header)) if ch.isalnum())


def header_words(header: str) -> tuple[str, ...]:
    """The words of a header, folded; `DateOfBirth` and `date_of_birth` have three."""
    separate = _CAMEL.sub(" ", unsuffixed(header))
    return tuple("".join(ch if ch.isalnum() else " " for ch in _fold(separate)).split())


def normalise_label(text: str) -> str:
    """The key under which a stage or end reason is mapped: case, spaces and punctuation make no difference."""
    folded = unicodedata.normalize("NFKC", clean_text(text)).casefold()
    return _LABEL_GAP.sub(" ", unicodedata.normalize("NFKC", folded)).strip() or " ".join(folded.split())


@lru_cache(maxsize=2_000)
def plain_label(text: str) -> str:
    """A label as guesses compare it: `normalise_label` without accents and without the ending for another gender."""
    words = normalise_label(text).split()
    plain = " ".join(_fold(word) for word in words if word not in _GENDER_ENDINGS) or " ".join(words)
    for pattern, instead in _ALIKE:
        plain = pattern.sub(instead, plain)
    return plain


def normalise_source(name: str) -> str:
    """A source as it is stored, lower case, at most 60 characters. Raises `InvalidSource`."""
    folded = clean_text(name).casefold()
    if len(folded) > MAX_SOURCE_LENGTH or not _SOURCE.fullmatch(folded):
        raise InvalidSource(
            _("Name the system with up to %(limit)s letters a to z, digits, spaces, dots and dashes.", limit=60)
        )
    return folded
