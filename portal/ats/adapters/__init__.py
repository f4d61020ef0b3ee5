"""Files of applications from outside: opened by what they contain, read row by row in constant memory."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final

import puremagic

from portal.ats.adapters.delimited import detect_dialect, read_records
from portal.ats.adapters.encodings import detect_encoding, utf16_without_mark
from portal.ats.adapters.errors import UnreadableFile
from portal.ats.adapters.headers import find_header, fit_to_width, name_columns
from portal.ats.adapters.workbooks import open_workbook
from portal.ats.states import TableKind
from portal.core.i18n import gettext as _

__all__ = ["Table", "UnreadableFile", "open_table"]

_HEAD: Final = 4096
_HEADER_WITHIN: Final = 1000
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
#: Workbooks before 2007, and newer ones with a password.
_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MAX_CONTROL_SHARE: Final = 0.1
#: Files of letters that are no tables: web pages (often called .xls), PDF, RTF, JSON.
_MARKUP: Final = re.compile(rb"\s*(?:<[!?a-z]|%PDF-|\{\\rtf|\{\s*[\"}]|\[\s*[{\[])", re.IGNORECASE)
_MIN_SIGNATURE: Final = 3
_WIDE_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")

_Records = Callable[[], Iterator[tuple[int, list[str]]]]


@dataclass(frozen=True)
class Table:
    """An open file: its header and, as often as needed, its rows from the top."""

    #: One name a column, none twice: an empty one reads "Column C", a second "Email" reads "Email (2)".
    headers: list[str]
    #: The delimiter by its name ("comma", "semicolon", "tab", "vertical bar"), or the sheet that is read.
    dialect: str
    #: The Python name of the encoding; of an XLSX file "utf-8".
    encoding: str
    kind: TableKind
    _records: _Records = field(repr=False)
    _header_row: int = field(default=1, repr=False)

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """The rows below the header that are not blank, each with its number and at least one cell a column.

        The number is the one a spreadsheet shows for the row, the first of the file being 1: a cell with line breaks
        is one row, and blank rows count though they are left out. Cells beyond the header stay. Raises
        `UnreadableFile`, with the row, where the file cannot be read further.
        """
        width = len(self.headers)
        for number, record in self._records():
            if number > self._header_row and any(cell.strip() for cell in record):
                yield number, fit_to_width(record, width)


@contextmanager
def open_table(path: Path) -> Iterator[Table]:
    """Open a CSV, TSV or XLSX file by its content, whatever its name.

    The header is the first row with two cells filled, so titles above it do no harm. Raises `UnreadableFile` for
    everything that is no table; `OSError` where there is no such file.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head.strip():
        raise UnreadableFile(_("This file is empty."))
    if head.startswith(_ZIP):
        with open_workbook(path) as workbook:
            yield _table(workbook.records, workbook.title, "utf-8", TableKind.XLSX)
        return
    _refuse_other_kinds(head)
    encoding = detect_encoding(path)
    dialect = detect_dialect(path, encoding)
    kind = TableKind.TSV if dialect.delimiter == "\t" else TableKind.CSV
    yield _table(lambda: read_records(path, encoding, dialect), dialect.description, encoding, kind)


def _table(records: _Records, dialect: str, encoding: str, kind: TableKind) -> Table:
    found = find_header(record for _number, record in islice(records(), _HEADER_WITHIN))
    if found is None:
        raise UnreadableFile(_("This file is empty."))
    row, cells = found
    return Table(name_columns(cells), dialect, encoding, kind, records, row)


def _refuse_other_kinds(head: bytes) -> None:
    """Name what is no table; letters alone prove nothing, because a table may begin with anything."""
    if head.startswith(_COMPOUND):
        raise UnreadableFile(
            _("This is a workbook of the old Excel format, or one with a password. Save it as XLSX or CSV without one.")
        )
    if _MARKUP.match(head.removeprefix(b"\xef\xbb\xbf")):
        raise UnreadableFile(_("This is a document, not a table. Save the table as CSV or XLSX and try again."))
    if head.startswith(_WIDE_MARKS) or utf16_without_mark(head):
        return
    controls = len(_CONTROL.findall(head))
    if controls and (name := _known_kind(head)):
        raise UnreadableFile(_("This is not a table but another kind of file (%(kind)s).", kind=name))
    if controls > _MAX_CONTROL_SHARE * len(head):
        raise UnreadableFile(_("This is not a table but a file of a kind we do not know. Send CSV, TSV or XLSX."))


def _known_kind(head: bytes) -> str:
    """What the first bytes say the file is; only signatures that are long enough not to be a word."""
    try:
        found = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return ""
    telling = (match for match in found if len(match.byte_match) >= _MIN_SIGNATURE and not match.byte_match.isalnum())
    return next((str(match.name) for match in telling), "")
