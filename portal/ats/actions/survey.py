"""The first, cheap reading of a file: what its columns are, how its dates read, how many rows there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from portal.ats.actions.errors import ColumnsNeeded, DatesNeeded
from portal.ats.adapters import Table
from portal.ats.rules import (
    MAX_LENGTHS,
    ColumnMapping,
    DateEvidence,
    InvalidMapping,
    clean_text,
    key_of_opening,
    map_columns,
)
from portal.ats.states import DATE_FIELDS, DateOrder, ImportField
from portal.core.i18n import gettext as _
from portal.core.i18n import join_words

_KEY_FIELDS = (ImportField.EMAIL, ImportField.OPENING_ID, ImportField.OPENING)


@dataclass(frozen=True)
class Survey:
    """What was learned of a file before any of its rows is judged."""

    mapping: ColumnMapping
    dates: DateOrder
    row_count: int
    #: Of applications that stand in several rows: their mark and the number of the last of these rows.
    last_rows: Mapping[int, int]
    #: The openings in it: `opening_key` to title.
    openings: Mapping[str, str]

    def is_superseded(self, row: int, cells: Sequence[str]) -> bool:
        """Whether a later row tells of the same application: the last one counts, so that a second run is calm."""
        return bool(self.last_rows) and self.last_rows.get(row_mark(cells, self.mapping), row) != row


def survey_table(
    table: Table, chosen: Mapping[str, str], remembered: Mapping[str, str], dates: str, remembered_dates: str
) -> Survey:
    """Read the whole of `table` once. `dates` (dmy, mdy or "") was said now, `remembered_dates` last time.

    What was said counts most, then what the file proves, then what was said last time. Raises ColumnsNeeded,
    DatesNeeded, UnreadableFile.
    """
    try:
        mapping = map_columns(table.headers, chosen, remembered)
    except InvalidMapping as problem:
        raise ColumnsNeeded(problem.message) from problem
    if mapping.missing:
        raise _no_column_for(mapping)
    evidence = DateEvidence()
    date_fields = [field for field in DATE_FIELDS if mapping.has(field)]
    seen: set[int] = set()
    repeated: dict[int, int] = {}
    openings: set[tuple[str, str]] = set()
    count = 0
    for row, cells in table.rows():
        count += 1
        for field in date_fields:
            evidence.add(mapping.cell(cells, field))
        openings.add((mapping.cell(cells, ImportField.OPENING_ID), mapping.cell(cells, ImportField.OPENING)))
        mark = row_mark(cells, mapping)
        if mark in seen:
            repeated[mark] = row
        seen.add(mark)
    return Survey(mapping, _order(evidence, dates, remembered_dates), count, repeated, _by_key(openings))


def _by_key(openings: set[tuple[str, str]]) -> dict[str, str]:
    """Id and title of openings as their cells stand, as `read_row` reads them."""
    titles = {}
    for id_cell, title_cell in sorted(openings):
        opening_id = clean_text(id_cell)[: MAX_LENGTHS[ImportField.OPENING_ID]].rstrip()
        title = clean_text(title_cell)[: MAX_LENGTHS[ImportField.OPENING]].rstrip()
        titles[key_of_opening(opening_id, title)] = title
    return titles


def _no_column_for(mapping: ColumnMapping) -> ColumnsNeeded:
    missing = join_words([field.value for field in mapping.missing])
    return ColumnsNeeded(
        _(
            "No column is known to hold: %(missing)s. Say which it is. The file has: %(all)s.",
            missing=missing,
            all=", ".join(mapping.headers[:30]),
        )
    )


def _order(evidence: DateEvidence, said: str, remembered: str) -> DateOrder:
    if said:
        return DateOrder(said)
    proved = evidence.conclude()
    if proved is not DateOrder.AMBIGUOUS:
        return proved
    if remembered:
        return DateOrder(remembered)
    usual = evidence.usual()
    if usual is not DateOrder.AMBIGUOUS:
        return usual
    raise DatesNeeded(
        _(
            'Dates such as "%(example)s" can be read in two ways. Say whether the day or the month comes first.',
            example=evidence.example,
        ),
        evidence.example,
    )


def row_mark(cells: Sequence[str], mapping: ColumnMapping) -> int:
    """A short hash of what makes the application of a row the same as another's, from the cells as they stand."""
    key = mapping.cell(cells, ImportField.APPLICATION_ID).strip()
    if not key:
        key = "\x00".join(mapping.cell(cells, field).strip().casefold() for field in _KEY_FIELDS)
    return short_hash(key)


def short_hash(text: str) -> int:
    """64 bits that stand for `text` while one file is read."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
