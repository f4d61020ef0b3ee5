"""How the bytes of a text file become letters."""

import codecs
import re
import unicodedata
from pathlib import Path
from typing import Final

from charset_normalizer import from_bytes

from portal.ats.adapters.errors import UnreadableFile
from portal.core.i18n import gettext as _

SAMPLE_SIZE: Final = 256 * 1024
_BLOCK: Final = 1024 * 1024
_MAX_TELLING: Final = 64 * 1024

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: Letters that texts in the languages of an encoding really use; the order decides where several fit alike.
_LATIN: Final = {
    "cp1252": "äöüßéèêëàâáåæøñçíóúôîïãõœùûò",
    "cp1250": "ąćęłńóśźżčěňřšťůýžáéíúäöüßőűçëâîă",
    "cp1254": "şığçöüâîéäß",
    "mac_roman": "äöüßéèêëàâáåæøñçíóúôîïãõœùûò",
}
_OTHER_SCRIPTS: Final = [
    *("cp932", "gb18030", "big5", "euc_kr", "euc_jp"),
    *("cp1251", "koi8_r", "cp1253", "cp1255", "cp1256"),
]
_UTF16_SHARE: Final = 0.3


def detect_encoding(path: Path) -> str:
    """The Python name of the encoding of a text file. Raises `UnreadableFile` when none fits.

    By its byte-order mark, else UTF-8 when it fits, else by the lines that are not ASCII, wherever they stand.
    """
    with path.open("rb") as file:
        start = file.read(SAMPLE_SIZE)
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return encoding
    if wide := utf16_without_mark(start):
        return wide
    telling = _telling_lines(path)
    if not telling or _is_utf8(telling):
        return "utf-8"
    legacy = _legacy_encoding(telling)
    if legacy is None:
        raise UnreadableFile(
            _("The letters of this file are stored in a way we do not know. Save it as CSV in UTF-8 and try again.")
        )
    return legacy


def utf16_without_mark(start: bytes) -> str | None:
    """The UTF-16 that bytes without a mark are in: its ASCII letters have a zero in every second byte."""
    half = len(start) // 2
    if not half:
        return None
    if start[1::2].count(0) / half > _UTF16_SHARE and start[0::2].count(0) / half < _UTF16_SHARE / 10:
        return "utf-16-le"
    if start[0::2].count(0) / half > _UTF16_SHARE and start[1::2].count(0) / half < _UTF16_SHARE / 10:
        return "utf-16-be"
    return None


def _telling_lines(path: Path) -> bytes:
    """Up to 64 kB of the lines of the file that are not ASCII."""
    found = bytearray()
    rest = b""
    with path.open("rb") as file:
        while len(found) < _MAX_TELLING and (block := file.read(_BLOCK)):
            block = rest + block
            end = block.rfind(b"\n") + 1 or len(block)
            whole, rest = block[:end], block[end:]
            if not whole.isascii():
                found += b"\n".join(line for line in whole.splitlines() if not line.isascii()) + b"\n"
    if not rest.isascii() and len(found) < _MAX_TELLING:
        found += rest
    if len(found) > _MAX_TELLING:
        found = found[: found.rfind(b"\n", 0, _MAX_TELLING) + 1] or found[:_MAX_TELLING]
    return bytes(found)


def _is_utf8(telling: bytes) -> bool:
    """Whether the lines are UTF-8, or mostly: a damaged row is better named than all others misread."""
    text = telling.decode("utf-8", errors="surrogateescape")
    broken = sum(1 for ch in text if "\udc80" <= ch <= "\udcff")
    letters = sum(1 for ch in text if not ch.isascii()) - broken
    return broken == 0 or letters > broken * 10


def _legacy_encoding(telling: bytes) -> str | None:
    if not _looks_latin(telling):
        best = from_bytes(telling, cp_isolation=_OTHER_SCRIPTS).best()
        if best is not None:
            return str(best.encoding)
    scores = {encoding: score for encoding in _LATIN if (score := _plausibility(telling, encoding)) is not None}
    return max(scores, key=lambda encoding: scores[encoding], default=None)


def _looks_latin(telling: bytes) -> bool:
    """In Latin scripts most letters are ASCII, and those that are not seldom stand side by side."""
    high = len(re.findall(rb"[\x80-\xff]", telling))
    in_pairs = sum(len(run) for run in re.findall(rb"[\x80-\xff]{2,}", telling))
    return in_pairs < high / 2


def _plausibility(telling: bytes, encoding: str) -> float | None:
    """How much the lines look like names and titles in this encoding; None when it cannot hold them."""
    try:
        text = telling.decode(encoding)
    except UnicodeDecodeError:
        return None
    usual = _LATIN[encoding]
    score = 0.0
    for before, ch, after in zip(" " + text, text, text[1:] + " ", strict=False):
        if ch.isascii():
            continue
        if not ch.isalpha():
            is_inside = before.isalpha() and after.isalpha() and not unicodedata.category(ch).startswith("P")
            score -= 1.0 if is_inside or unicodedata.category(ch) in {"Cc", "Sk", "Sm", "No"} else 0.0
        elif ch.isupper() and before.islower():
            score -= 1.0
        else:
            score += 1.0 if ch.lower() in usual else -0.2
    return score
