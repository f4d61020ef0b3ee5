"""The header of a table: where it stands and what its columns are called."""

from collections.abc import Iterable, Sequence
from typing import Final

from portal.ats.adapters.errors import UnreadableFile
from portal.ats.rules import clean_text
from portal.core.i18n import gettext as _

MAX_COLUMNS: Final = 500
_MAX_HEADER_LENGTH: Final = 200
#: Reports begin with a title or two; the header is looked for this far down.
_HEADER_WITHIN: Final = 10


def find_header(records: Iterable[Sequence[str]]) -> tuple[int, list[str]] | None:
    """The number, counted from 1, and the cells of the header: the first record with two cells filled.

    A file of one column has none; there it is the first record that is not blank. None: all are blank.
    """
    first: tuple[int, list[str]] | None = None
    for number, record in enumerate(records, start=1):
        filled = sum(1 for cell in record if cell.strip())
        if filled >= 2:
            return number, without_trailing_blanks(record)
        if filled and first is None:
            first = number, without_trailing_blanks(record)
        if number >= _HEADER_WITHIN and first is not None:
            break
    return first


def name_columns(cells: Sequence[str]) -> list[str]:
    """One name a column, none twice: an empty one is called after its letter, a second "Email" becomes "Email (2)"."""
    if len(cells) > MAX_COLUMNS:
        raise UnreadableFile(_("The file has more than %(limit)s columns.", limit=MAX_COLUMNS), row=1)
    names: list[str] = []
    taken: set[str] = set()
    for index, cell in enumerate(cells):
        name = clean_text(cell)[:_MAX_HEADER_LENGTH].strip() or _("Column %(letter)s", letter=column_letter(index))
        unique, number = name, 1
        while unique.casefold() in taken:
            number += 1
            unique = f"{name} ({number})"
        taken.add(unique.casefold())
        names.append(unique)
    return names


def column_letter(index: int) -> str:
    """What a spreadsheet calls the column number `index`, counted from 0: A to Z, AA ..."""
    letters = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def without_trailing_blanks(cells: Sequence[str]) -> list[str]:
    """`cells` up to the last one with text."""
    end = len(cells)
    while end and not cells[end - 1].strip():
        end -= 1
    return list(cells[:end])


def fit_to_width(cells: Sequence[str], width: int) -> list[str]:
    """A row with at least `width` cells; text beyond stays, so that a shifted row can be noticed."""
    row = list(cells)
    if len(row) > width:
        row = row[:width] + without_trailing_blanks(row[width:])
    return row + [""] * (width - len(row))
