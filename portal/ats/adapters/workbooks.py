"""Spreadsheets in the XLSX format: the first sheet with content, its cells as text."""

import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any, Final

import openpyxl

from portal.ats.adapters.errors import UnreadableFile
from portal.ats.adapters.headers import MAX_COLUMNS
from portal.core.i18n import gettext as _

#: Bytes of the sheets once unpacked; they are streamed.
MAX_SHEETS: Final = 500 * 1024 * 1024
#: Bytes of the other parts once unpacked; they are held in memory.
MAX_OTHER_PARTS: Final = 120 * 1024 * 1024
#: How much smaller than its content a large part may be packed; honest sheets reach about 40.
MAX_RATIO: Final = 250
MAX_PARTS: Final = 5_000
#: A spreadsheet has no more rows.
MAX_ROWS: Final = 1_048_576

_RATIO_MATTERS: Final = 10 * 1024 * 1024
#: Parts that are never opened here.
_UNREAD: Final = ("xl/media/", "xl/drawings/", "xl/charts/", "xl/embeddings/", "xl/printersettings/", "docprops/")
_CHUNK: Final = 200
#: What a broken or hostile workbook makes openpyxl, zipfile and the XML parser raise; they name no common error.
_BROKEN: Final = (
    *(zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError),
    *(SyntaxError, KeyError, IndexError, ValueError, TypeError, AttributeError, ArithmeticError, AssertionError),
)


class Workbook:
    """An open workbook whose first sheet with content can be read, as often as needed."""

    def __init__(self, sheet: Any, title: str) -> None:
        self._sheet = sheet
        #: What the sheet is called.
        self.title = title

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """The rows of the sheet with their numbers, blank ones too. Raises `UnreadableFile`."""
        return _numbered(self._sheet)


@contextmanager
def open_workbook(path: Path) -> Iterator[Workbook]:
    """Open an XLSX file for streaming. Formulas are not computed: what the file last showed is read.

    Raises `UnreadableFile` for files that are damaged, no XLSX, without content, or that unpack to more than fits.
    """
    _check_parts(path)
    with path.open("rb") as file:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        except _BROKEN as problem:
            raise _damaged() from problem
        try:
            sheet = _first_with_content(book)
            yield Workbook(sheet, str(sheet.title))
        finally:
            book.close()


def _check_parts(path: Path) -> None:
    """Refuse what is no workbook, or one that grows beyond any measure, before anything is unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except _BROKEN as problem:
        raise _damaged() from problem
    names = {part.filename.casefold() for part in parts}
    if "[content_types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise UnreadableFile(_("This is a ZIP archive, not a spreadsheet. Save the table as CSV or XLSX."))
    if "xl/workbook.bin" in names:
        raise UnreadableFile(_("This is a binary workbook (XLSB). Save it as XLSX or CSV and try again."))
    if len(parts) > MAX_PARTS or any(_is_bomb(part) for part in parts):
        raise _too_large()
    read = [part for part in parts if not part.filename.casefold().startswith(_UNREAD)]
    sheets = sum(part.file_size for part in read if part.filename.casefold().startswith("xl/worksheets/"))
    if sheets > MAX_SHEETS or sum(part.file_size for part in read) - sheets > MAX_OTHER_PARTS:
        raise _too_large()


def _is_bomb(part: zipfile.ZipInfo) -> bool:
    return part.file_size > _RATIO_MATTERS and part.file_size > MAX_RATIO * max(part.compress_size, 1)


def _first_with_content(book: Any) -> Any:
    """The first visible sheet in which something is written, else the first hidden one."""
    sheets = sorted(book.worksheets, key=lambda sheet: sheet.sheet_state != "visible")
    for sheet in sheets:
        if any(cell for _number, cells in _numbered(sheet) for cell in cells):
            return sheet
    raise UnreadableFile(_("This workbook is empty."))


def _numbered(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    """The rows of a sheet as text; a chunk at a time, because the parser's warnings are no news for anybody."""
    number = 0
    try:
        # The dimensions that a file claims are often wrong.
        sheet.reset_dimensions()
        rows = sheet.iter_rows(max_col=MAX_COLUMNS + 1, values_only=True)
    except _BROKEN as problem:
        raise _damaged() from problem
    while True:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                chunk = [_texts(row) for row in islice(rows, _CHUNK)]
        except _BROKEN as problem:
            raise _damaged(number + 1) from problem
        if not chunk:
            return
        for cells in chunk:
            number += 1
            yield number, cells
        if number > MAX_ROWS:
            raise _too_large()


def _texts(row: tuple[object, ...]) -> list[str]:
    # A sheet that claims a far row is a million blank ones long: they cost nothing.
    return [] if row.count(None) == len(row) else [cell_text(value) for value in row]


def cell_text(value: object) -> str:
    """A cell as text: dates in ISO form, whole numbers without a decimal point, nothing as an empty text."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ", timespec="seconds")
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _damaged(row: int | None = None) -> UnreadableFile:
    return UnreadableFile(
        _("This spreadsheet is damaged and cannot be read. Open it, save it again as XLSX or CSV, and try again."), row
    )


def _too_large() -> UnreadableFile:
    return UnreadableFile(_("This spreadsheet unpacks to more than we can read. Save the table as CSV and try again."))
