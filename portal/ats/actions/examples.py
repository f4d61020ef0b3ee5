"""A few cells of each column of an uploaded file, read afresh for whoever maps the columns; nothing is kept."""

from itertools import islice

from portal.ats.actions.working import opened
from portal.ats.queries import ImportRow
from portal.ats.rules import clean_text, is_demographic
from portal.core.errors import PortalError
from portal.files.queries import size_of

#: Bytes; a page does not wait for the opening of a larger file.
_MAX_SIZE = 5 * 1024 * 1024
_ROWS = 40
_EXAMPLES = 3
_LENGTH = 40


def read_examples(row: ImportRow) -> dict[str, str]:
    """Up to three different values of each column, by its header; without the demographic columns.

    Nothing for a file that is large, damaged or gone.
    """
    if row.file_id is None or size_of(row.file_id) > _MAX_SIZE:
        return {}
    try:
        with opened(row) as table:
            rows = [cells for _number, cells in islice(table.rows(), _ROWS)]
            headers = table.headers
    except PortalError:
        return {}
    return {
        header: ", ".join(_values(rows, index)) for index, header in enumerate(headers) if not is_demographic(header)
    }


def _values(rows: list[list[str]], index: int) -> list[str]:
    found: dict[str, None] = {}
    for cells in rows:
        text = clean_text(cells[index])
        if text and len(found) < _EXAMPLES:
            found.setdefault(text if len(text) <= _LENGTH else f"{text[: _LENGTH - 1]}…")
    return list(found)
