"""The rules of a segment: groups of conditions, nested, with what makes them whole, to JSON and back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from portal.core.errors import PortalError
from portal.core.i18n import gettext as _
from portal.segments.states import ALONE, OPERATORS, VALUE_LABELS, WITH_DAYS, Field, Match, Operator

#: Levels of groups, the outermost counted.
MAX_DEPTH: Final = 3
#: Conditions and groups in a segment, all levels together.
MAX_PARTS: Final = 40
MAX_VALUES: Final = 30
#: Characters of a key or a label.
MAX_WORD: Final = 120
#: Ten years.
MAX_DAYS: Final = 3650
#: Where a part stands: its number in each group, from the outermost.
Path = tuple[int, ...]


class Chosen(NamedTuple):
    """One value of a condition: what is compared, and what it was called when it was chosen."""

    key: str
    label: str = ""


@dataclass(frozen=True)
class Condition:
    """One thing that is asked of a person."""

    field: Field
    operator: Operator
    values: tuple[Chosen, ...] = ()
    #: For operators about days only.
    days: int | None = None

    @property
    def keys(self) -> list[str]:
        """What is compared."""
        return [value.key for value in self.values]


@dataclass(frozen=True)
class Group:
    """Parts of which all, any or none must hold."""

    match: Match
    of: "tuple[Group | Condition, ...]" = ()


class SegmentRefused(PortalError):
    """The rules of a segment cannot stand so; `path` says which part, `part` which field of its form."""

    def __init__(self, message: str, path: Path = (), part: str = "") -> None:
        super().__init__(message)
        self.path, self.part = path, part


def parts_of(group: Group, path: Path = ()) -> "Iterator[tuple[Path, Group | Condition]]":
    """Every part below `group` with where it stands, as one reads them."""
    for number, part in enumerate(group.of):
        yield (*path, number), part
        if isinstance(part, Group):
            yield from parts_of(part, (*path, number))


def conditions_of(group: Group) -> list[tuple[Path, Condition]]:
    """Every condition, as one reads them."""
    return [(path, part) for path, part in parts_of(group) if isinstance(part, Condition)]


def checked(tree: Group) -> Group:
    """`tree`, if it is whole and not too large. Raises SegmentRefused, the first of its `problems`."""
    for problem in problems(tree):
        raise problem
    return tree


def problems(tree: Group) -> Iterator[SegmentRefused]:
    """What is wrong with `tree`, part by part; nothing when it can be asked."""
    parts = list(parts_of(tree))
    if len(parts) > MAX_PARTS:
        yield SegmentRefused(_("Please keep a segment to %(most)s conditions and groups.", most=MAX_PARTS))
    if not tree.of:
        yield SegmentRefused(_("Please add a condition: without one this is everybody."))
    for path, part in parts:
        problem = _wrong_condition(part, path) if isinstance(part, Condition) else _wrong_group(part, path)
        if problem:
            yield problem


def _wrong_group(group: Group, path: Path) -> SegmentRefused | None:
    if len(path) >= MAX_DEPTH:
        return SegmentRefused(_("Please nest groups no deeper than %(most)s levels.", most=MAX_DEPTH), path)
    if not group.of:
        return SegmentRefused(_("This group is empty. Please add a condition to it, or remove it."), path)
    return None


def _wrong_condition(condition: Condition, path: Path) -> SegmentRefused | None:
    if condition.operator not in OPERATORS[condition.field]:
        return SegmentRefused(_("Please choose how this is compared."), path, "operator")
    if condition.operator in WITH_DAYS:
        is_whole = not condition.values and condition.days is not None and 1 <= condition.days <= MAX_DAYS
        words = _("Please give a whole number of days from 1 to %(most)s.", most=MAX_DAYS)
        return None if is_whole else SegmentRefused(words, path, "days")
    if condition.days is not None or (condition.values and condition.operator in ALONE):
        return SegmentRefused(_("This condition takes nothing beside it."), path, "operator")
    words = "" if condition.operator in ALONE else _wrong_values(condition)
    return SegmentRefused(words, path, "values") if words else None


def _wrong_values(condition: Condition) -> str:
    if not condition.values:
        return _("Please say which.")
    if condition.operator is Operator.AT_LEAST and len(condition.values) > 1:
        return _("Please choose one.")
    if len(condition.values) > MAX_VALUES:
        return _("Please keep this to %(most)s entries.", most=MAX_VALUES)
    known = VALUE_LABELS.get(condition.field)
    if known is not None and not known.keys() >= set(condition.keys):
        return _("Please choose from what is offered here.")
    if any(not value.key or max(map(len, value)) > MAX_WORD for value in condition.values):
        return _("Please keep each entry under %(most)s characters.", most=MAX_WORD)
    return ""


def to_json(tree: Group) -> dict[str, Any]:
    """`tree` as it is stored."""
    return {
        "match": str(tree.match),
        "of": [to_json(part) if isinstance(part, Group) else _condition_as_json(part) for part in tree.of],
    }


def _condition_as_json(condition: Condition) -> dict[str, Any]:
    stored: dict[str, Any] = {"field": str(condition.field), "operator": str(condition.operator)}
    if condition.values:
        stored["values"] = [list(value) for value in condition.values]
    if condition.days is not None:
        stored["days"] = condition.days
    return stored


def from_json(stored: Any) -> Group:
    """The tree that `to_json` wrote, checked. Raises SegmentRefused, also for what no page of ours makes."""
    part = _part(stored, ())
    if not isinstance(part, Group):
        raise SegmentRefused(_("A segment begins with a group."))
    return checked(part)


def _part(stored: Any, path: Path) -> Group | Condition:
    if not isinstance(stored, Mapping) or len(path) > MAX_DEPTH:
        raise _unreadable(path)
    try:
        if "match" in stored:
            parts = stored.get("of")
            if not isinstance(parts, list) or len(parts) > MAX_PARTS:
                raise _unreadable(path)
            match = Match(stored["match"])
            return Group(match, tuple(_part(part, (*path, number)) for number, part in enumerate(parts)))
        field, operator = Field(stored.get("field", "")), Operator(stored.get("operator", ""))
    except (ValueError, TypeError) as error:
        raise _unreadable(path) from error
    return Condition(field, operator, _values(stored.get("values", []), path), _days(stored.get("days"), path))


def _values(stored: Any, path: Path) -> tuple[Chosen, ...]:
    is_list = isinstance(stored, list) and all(isinstance(one, list) and len(one) == 2 for one in stored)
    if not is_list or not all(isinstance(word, str) for one in stored for word in one):
        raise _unreadable(path)
    return tuple(Chosen(*one) for one in stored)


def _days(stored: Any, path: Path) -> int | None:
    if stored is not None and (not isinstance(stored, int) or isinstance(stored, bool)):
        raise _unreadable(path)
    return stored


def _unreadable(path: Path) -> SegmentRefused:
    return SegmentRefused(_("This part of the segment cannot be read. Please build it again."), path)
