"""Text files with one record a line: which delimiter they use, and their records one after the other."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Final, TextIO

import clevercsv

from portal.ats.adapters.encodings import SAMPLE_SIZE
from portal.ats.adapters.errors import UnreadableFile
from portal.ats.adapters.headers import find_header, without_trailing_blanks
from portal.core.i18n import gettext as _

#: Characters of one line, and of one cell (the csv module's own limit).
MAX_LINE: Final = 1024 * 1024
_CLEVER_SAMPLE: Final = 20_000
_DELIMITERS: Final = (",", ";", "\t", "|")
_MIN_GAIN: Final = 0.02
_NAMES: Final = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar", " ": "space"}
#: Read after the last line: a cell that swallows it began with a quotation mark that is never closed.
_END: Final = "\x00\x01\x00\x02\x00"


_SEPARATOR_LINE: Final = re.compile(r"\"?sep=([^\w\s\"'\x00-\x08]|\t)\"?[ ]*(?:\r\n|\r|\n)", re.IGNORECASE)

_UNDECODED: Final = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True)
class Dialect:
    """How the cells of a line are told apart."""

    delimiter: str = ","
    skips_initial_space: bool = False
    escape: str | None = None
    has_quotes: bool = True
    #: The first line names the delimiter, as spreadsheets write it ("sep=;"), and is no record.
    has_separator_line: bool = False

    @property
    def description(self) -> str:
        """The delimiter by its name."""
        return _NAMES.get(self.delimiter, self.delimiter)

    def reader(self, lines: Iterator[str]) -> Iterator[list[str]]:
        """The records of `lines`."""
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            skipinitialspace=self.skips_initial_space,
            escapechar=self.escape,
            doublequote=self.escape is None,
            quoting=csv.QUOTE_MINIMAL if self.has_quotes else csv.QUOTE_NONE,
        )


def detect_dialect(path: Path, encoding: str) -> Dialect:
    """The dialect under which the most rows of the first 256 kB have as many cells as the header."""
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        sample = file.read(SAMPLE_SIZE)
    if len(sample) == SAMPLE_SIZE:
        sample = sample[: sample.rfind("\n") + 1] or sample
    if named := _named_delimiter(sample):
        return Dialect(named, has_separator_line=True)
    best = _best([Dialect(delimiter) for delimiter in _DELIMITERS], sample)
    if best is None:
        return _unusual_dialect(sample)
    return _refine(best, sample)


def _named_delimiter(sample: str) -> str | None:
    """What a first line such as "sep=;" names."""
    found = _SEPARATOR_LINE.match(sample)
    return found[1] if found else None


def _refine(plain: Dialect, sample: str) -> Dialect:
    """`plain`, or the variant of it that reads the sample clearly better."""
    variants = [
        Dialect(plain.delimiter, skips_initial_space=True),
        Dialect(plain.delimiter, escape="\\"),
    ]
    # Tab-separated files are often written without any quoting; elsewhere a lone quotation mark is a mistake to name.
    if plain.delimiter == "\t":
        variants.append(Dialect(plain.delimiter, has_quotes=False))
    chosen, score = plain, _score(plain, sample)
    for variant in variants:
        variant_score = _score(variant, sample)
        if variant_score > score + _MIN_GAIN:
            chosen, score = variant, variant_score
    return chosen


def _unusual_dialect(sample: str) -> Dialect:
    """A file with none of the usual delimiters: perhaps another one, else a single column."""
    try:
        found = clevercsv.Detector().detect(sample[:_CLEVER_SAMPLE])
    except (clevercsv.Error, ValueError, IndexError):
        return Dialect()
    delimiter = (found.delimiter or "") if found is not None else ""
    if len(delimiter) != 1 or delimiter.isalnum() or delimiter in "\"'@.-_ \r\n\x00":
        return Dialect()
    return _best([Dialect(delimiter)], sample) or Dialect()


def _best(candidates: list[Dialect], sample: str) -> Dialect | None:
    score, best = max(((_score(one, sample), one) for one in candidates), key=lambda scored: scored[0])
    return best if score > 0 else None


def _score(dialect: Dialect, sample: str) -> float:
    """The share of records as wide as the header, a little more for a wider one; 0 for a single column.

    A header below other text counts half: under a wrong delimiter the true one looks like a title.
    """
    try:
        records = list(dialect.reader(iter(StringIO(sample, newline=""))))
    except csv.Error:
        return 0.0
    header = find_header(records)
    if header is None or len(header[1]) < 2:
        return 0.0
    start, width = header[0], len(header[1])
    has_title = any(cell.strip() for record in records[: start - 1] for cell in record)
    rows = [record for record in records[start:] if any(cell.strip() for cell in record)]
    fitting = sum(1 for row in rows if len(row) == width or len(without_trailing_blanks(row)) == width)
    return (fitting + 1) / (len(rows) + 1) * (1 - 1 / width) * (0.5 if has_title else 1)


def read_records(path: Path, encoding: str, dialect: Dialect) -> Iterator[tuple[int, list[str]]]:
    """The records of a file with their numbers, the first being 1, in constant memory; blank ones too.

    A record number is the row of a spreadsheet that opens the file: a cell with line breaks is still one row. Raises
    `UnreadableFile`, with the row, for bytes that are no letters of `encoding`, a quotation mark that is never
    closed, and cells or lines beyond any measure.
    """
    # What cannot be decoded becomes a lone surrogate, so that the row can be named; UTF-16 and 32 have no such way out.
    errors = "strict" if encoding.startswith(("utf-16", "utf-32")) else "surrogateescape"
    number = 1
    with path.open(encoding=encoding, errors=errors, newline="") as file:
        lines = _lines(file)
        try:
            if dialect.has_separator_line:
                next(lines, None)
            for record in dialect.reader(lines):
                if record == [_END]:
                    return
                _check(record, number)
                yield number, record
                number += 1
        except UnicodeDecodeError as problem:
            raise _undecodable(number) from problem
        except (csv.Error, _LineTooLong) as problem:
            raise _too_long(number) from problem


class _LineTooLong(Exception):
    """A line is longer than `MAX_LINE`."""


def _lines(file: TextIO) -> Iterator[str]:
    while line := file.readline(MAX_LINE):
        if len(line) == MAX_LINE and not line.endswith(("\n", "\r")):
            raise _LineTooLong
        yield line
    yield _END


def _check(record: list[str], number: int) -> None:
    if record and record[-1].endswith(_END):
        raise UnreadableFile(
            _(
                "A quotation mark is opened in row %(row)s and never closed. Correct that row and try again.",
                row=number,
            ),
            row=number,
        )
    text = "".join(record)
    if not text.isascii() and _UNDECODED.search(text):
        raise _undecodable(number)


def _undecodable(number: int) -> UnreadableFile:
    return UnreadableFile(
        _(
            "Row %(row)s holds letters that are stored in another way than the rest of the file. "
            "Save the file as CSV in UTF-8 and try again.",
            row=number,
        ),
        row=number,
    )


def _too_long(number: int) -> UnreadableFile:
    return UnreadableFile(
        _(
            "Row %(row)s holds a cell that is too long to be one. Most often a quotation mark is opened there and "
            "never closed.",
            row=number,
        ),
        row=number,
    )
