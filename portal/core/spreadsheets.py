"""Files for spreadsheets: lines of comma-separated values in which nothing runs."""

import csv
import io
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

#: Spreadsheets read UTF-8 only behind a byte-order mark.
BYTE_ORDER_MARK: Final = "\ufeff"
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(text: str) -> str:
    """`text` for a cell of a CSV file: a spreadsheet would take a leading = + - @, tab or CR for a formula.

    Spreadsheets trim and fold what they read, so the first visible character counts, look-alikes too.
    """
    visible = "".join(one for one in unicodedata.normalize("NFKC", text) if unicodedata.category(one) != "Cf").strip()
    return f"'{text}" if text.startswith(_FORMULA) or visible.startswith(_FORMULA) else text


def csv_line(cells: Sequence[str | Decimal]) -> str:
    """These cells as a line of a CSV file (RFC 4180), each of them safe; numbers are no formulas, also below 0."""
    line = io.StringIO()
    csv.writer(line).writerow([safe_cell(cell) if isinstance(cell, str) else cell for cell in cells])
    return line.getvalue()
