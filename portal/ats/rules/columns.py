"""Which column of a file holds what: chosen by hand, remembered from last time, or known by its name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.ats.rules.aliases import ALIASES
from portal.ats.rules.demographics import is_demographic
from portal.ats.rules.text import header_key
from portal.ats.states import IGNORE, REQUIRED_FIELDS, ImportField
from portal.core.errors import PortalError
from portal.core.i18n import gettext as _
from portal.core.i18n import join_words


class InvalidMapping(PortalError):
    """A column was mapped by hand in a way that cannot be."""


class UnknownColumn(InvalidMapping):
    """The file has no such column."""


class UnknownField(InvalidMapping):
    """There is no such field."""


class DemographicColumn(InvalidMapping):
    """The column tells of gender, origin, age, health or belief, which is never read."""


class TwoColumnsForOneField(InvalidMapping):
    """Two columns were mapped by hand to the same field."""


@dataclass(frozen=True)
class ColumnMapping:
    """Which column, counted from 0, holds which field of a file."""

    headers: tuple[str, ...]
    by_field: Mapping[ImportField, int]
    #: Headers that are not read, in the order of the file; without the demographic ones.
    ignored: tuple[str, ...]
    #: Headers that are never read, whatever anybody maps.
    demographic: tuple[str, ...]
    missing: tuple[ImportField, ...]
    #: Sentences for the person who imports.
    warnings: tuple[str, ...]

    def has(self, field: ImportField) -> bool:
        """Whether some column holds `field`."""
        return field in self.by_field

    def header(self, field: ImportField) -> str:
        """The header of the column that holds `field`, else the field's own name."""
        index = self.by_field.get(field)
        return field.value if index is None else self.headers[index]

    def cell(self, cells: Sequence[str], field: ImportField) -> str:
        """The text of `field` in a row; empty when there is no such column or the row ends before it."""
        index = self.by_field.get(field)
        return cells[index] if index is not None and index < len(cells) else ""


def map_columns(headers: Sequence[str], chosen: Mapping[str, str], remembered: Mapping[str, str]) -> ColumnMapping:
    """What each column holds. `chosen` by hand beats `remembered`, which beats the known names.

    Keys are headers (case, spaces and punctuation make no difference), values are field names or "ignore". What is
    remembered for columns that this file lacks is passed over. Raises `UnknownColumn`, `UnknownField`,
    `DemographicColumn` or `TwoColumnsForOneField`, all of them `InvalidMapping`, for what was chosen.
    """
    demographic = frozenset(index for index, header in enumerate(headers) if is_demographic(header))
    by_hand = _read_chosen(headers, chosen, demographic)
    before = _read_remembered(headers, remembered)
    by_field: dict[ImportField, int] = {}
    warnings: list[str] = []
    for index, field in by_hand.items():
        if field is not None:
            if field in by_field:
                raise _two_columns(field, headers[by_field[field]], headers[index])
            by_field[field] = index
    open_columns = [index for index in range(len(headers)) if index not in by_hand and index not in demographic]
    _place({i: before[i] for i in open_columns if i in before}, headers, by_field, warnings)
    _place(
        {i: ALIASES.get(header_key(headers[i])) for i in open_columns if i not in before}, headers, by_field, warnings
    )
    used = set(by_field.values())
    return ColumnMapping(
        headers=tuple(headers),
        by_field=by_field,
        ignored=tuple(h for i, h in enumerate(headers) if i not in used and i not in demographic),
        demographic=tuple(headers[i] for i in sorted(demographic)),
        missing=tuple(field for field in REQUIRED_FIELDS if field not in by_field),
        warnings=tuple(warnings),
    )


def _place(
    wanted: Mapping[int, tuple[ImportField, int] | None],
    headers: Sequence[str],
    by_field: dict[ImportField, int],
    warnings: list[str],
) -> None:
    """Give each free field the column that fits best, and say which columns lost to another one."""
    taken = frozenset(by_field)
    ranked = sorted((rank, index, field) for index, (field, rank) in _known(wanted) if field not in taken)
    for _rank, index, field in ranked:
        winner = by_field.setdefault(field, index)
        if winner != index:
            warnings.append(
                _(
                    'Both "%(first)s" and "%(second)s" look like %(field)s; "%(first)s" is read.',
                    first=headers[winner],
                    second=headers[index],
                    field=field.value,
                )
            )


def _known(wanted: Mapping[int, tuple[ImportField, int] | None]) -> list[tuple[int, tuple[ImportField, int]]]:
    return [(index, found) for index, found in wanted.items() if found is not None]


def _read_chosen(
    headers: Sequence[str], chosen: Mapping[str, str], demographic: frozenset[int]
) -> dict[int, ImportField | None]:
    """Column -> field, or None for a column to ignore."""
    read: dict[int, ImportField | None] = {}
    for header, target in chosen.items():
        index = _find(headers, header)
        if index is None:
            raise UnknownColumn(
                _('There is no column "%(header)s". The file has: %(all)s.', header=header, all=", ".join(headers))
            )
        field = _field(target)
        if index in demographic and field is not None:
            raise DemographicColumn(
                _(
                    'The column "%(header)s" tells something personal that must not decide about anybody. '
                    "It is never read and cannot be mapped.",
                    header=headers[index],
                )
            )
        read[index] = field
    return read


def _read_remembered(
    headers: Sequence[str], remembered: Mapping[str, str]
) -> dict[int, tuple[ImportField, int] | None]:
    read: dict[int, tuple[ImportField, int] | None] = {}
    for header, target in remembered.items():
        index = _find(headers, header)
        if index is not None and (target == IGNORE or target in set(ImportField)):
            read[index] = None if target == IGNORE else (ImportField(target), 0)
    return read


def _find(headers: Sequence[str], wanted: str) -> int | None:
    """The column of that name, exactly as written or else folded; the first of several."""
    if wanted in headers:
        return list(headers).index(wanted)
    key = header_key(wanted)
    return next((i for i, header in enumerate(headers) if key and header_key(header) == key), None)


def _field(target: str) -> ImportField | None:
    word = target.strip().casefold()
    if word == IGNORE:
        return None
    if word not in set(ImportField):
        raise UnknownField(
            _(
                'There is no field "%(field)s". The fields are: %(all)s.',
                field=target,
                all=", ".join([*ImportField, IGNORE]),
            )
        )
    return ImportField(word)


def _two_columns(field: ImportField, first: str, second: str) -> TwoColumnsForOneField:
    both = join_words([f'"{first}"', f'"{second}"'])
    return TwoColumnsForOneField(
        _("%(columns)s cannot both be %(field)s. Choose one of them.", columns=both, field=field.value)
    )
