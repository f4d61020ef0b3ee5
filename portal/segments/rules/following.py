"""Rules go on with what a tag became when it was renamed or merged."""

from collections.abc import Iterable
from dataclasses import replace

from portal.segments.rules.tree import Chosen, Condition, Group, conditions_of
from portal.segments.states import Field


def names_a_tag(tree: Group) -> bool:
    """Whether any condition asks for a tag."""
    return any(condition.field is Field.TAG for _path, condition in conditions_of(tree))


def following(tree: Group, changes: Iterable[tuple[str, str]]) -> Group:
    """`tree` after `changes`, each of which let one tag become another; the oldest first."""
    became: dict[str, str] = {}
    for key, new in changes:
        # Whatever was called so before and moved on has nothing to do with this one.
        became = {key: new} | {old: new if now == key else now for old, now in became.items()}
    return _followed(tree, became) if became else tree


def _followed(group: Group, became: dict[str, str]) -> Group:
    return Group(
        group.match,
        tuple(_followed(part, became) if isinstance(part, Group) else _with_new(part, became) for part in group.of),
    )


def _with_new(condition: Condition, became: dict[str, str]) -> Condition:
    if condition.field is not Field.TAG:
        return condition
    chosen = {became.get(one.key, one.key): one for one in reversed(condition.values)}
    return replace(
        condition,
        values=tuple(one if key == one.key else Chosen(key) for key, one in reversed(chosen.items())),
    )
