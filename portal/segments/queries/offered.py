"""What can be chosen for a condition, and what the values of a segment are called today."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, func, select

from portal.company.queries import areas
from portal.core.db import fetch
from portal.core.i18n import LOCALES, language_name
from portal.notes.models import PersonTag
from portal.people.models import Person
from portal.pools.models import Pool
from portal.segments.rules import Group, Labels, conditions_of
from portal.segments.states import TYPED, VALUE_LABELS, Field

_POOLS = select(Pool.public_id, Pool.name).where(Pool.closed_at.is_(None)).order_by(Pool.name, Pool.id)
_LANGUAGES = select(Person.locale).distinct()
_TAGS = (
    select(PersonTag.key, func.min(PersonTag.name))
    .where(PersonTag.key.in_(bindparam("keys", expanding=True)))
    .group_by(PersonTag.key)
)


def choices_for(fields: Iterable[Field]) -> dict[Field, dict[str, str]]:
    """For each of `fields` whose values are chosen from a list: each value with its words, in order."""
    return {field: _choices(field) for field in set(fields) - TYPED}


def _choices(field: Field) -> dict[str, str]:
    if field is Field.AREA:
        return {area.key: area.label for area in areas()}
    if field is Field.POOL:
        return {row[0]: row[1] for row in fetch(_POOLS)}
    if field is Field.LANGUAGE:
        known = sorted({*LOCALES, *fetch(_LANGUAGES).scalars()} - {""})
        return {tag: language_name(tag) for tag in known}
    return {str(key): str(label) for key, label in VALUE_LABELS.get(field, {}).items()}


def labels_for(trees: Iterable[Group]) -> Labels:
    """What areas, pools, tags and languages in `trees` are called now; at most one statement each."""
    keys: dict[Field, set[str]] = defaultdict(set)
    for tree in trees:
        for _path, condition in conditions_of(tree):
            keys[condition.field].update(condition.keys)
    labels: dict[Field, Any] = choices_for(keys.keys() & {Field.AREA, Field.POOL})
    if tags := keys.get(Field.TAG):
        labels[Field.TAG] = {row[0]: row[1] for row in fetch(_TAGS, {"keys": sorted(tags)})}
    labels[Field.LANGUAGE] = {tag: language_name(tag) for tag in keys.get(Field.LANGUAGE, ())}
    return labels
