"""What people said of the work they look for, some hundreds of them at a time."""

import json
from collections import defaultdict
from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import String, Text, bindparam, cast, func, literal, select, type_coerce, union_all

from portal.community.models import PersonArea, PersonPlace, Preferences
from portal.community.states import Seniority, WorkMode
from portal.core.db import fetch
from portal.openings.rules import Wants

_IDS: Final[Any] = bindparam("ids", expanding=True)
_AREA, _PLACE, _WORK = "area", "place", "work"
#: Person, what it is about, and two values: of a place its key and label, of work the experience and the ways.
_SAID = union_all(
    select(PersonArea.person_id, literal(_AREA), PersonArea.area, literal("")).where(PersonArea.person_id.in_(_IDS)),
    select(PersonPlace.person_id, literal(_PLACE), PersonPlace.place, PersonPlace.label).where(
        PersonPlace.person_id.in_(_IDS)
    ),
    select(
        Preferences.person_id,
        literal(_WORK),
        func.coalesce(type_coerce(Preferences.seniority, String), ""),
        func.coalesce(cast(Preferences.work_modes, Text), "[]"),
    ).where(Preferences.person_id.in_(_IDS)),
)


def wants_of(ids: Collection[int]) -> dict[int, Wants]:
    """What these people look for, by person; who said nothing of it is left out. One statement."""
    areas: dict[int, set[str]] = defaultdict(set)
    places: dict[int, dict[str, str]] = defaultdict(dict)
    work: dict[int, tuple[str, list[str]]] = {}
    for person_id, about, value, more in fetch(_SAID, {"ids": list(ids)}):
        if about == _AREA:
            areas[person_id].add(value)
        elif about == _PLACE:
            places[person_id][value] = more
        else:
            work[person_id] = (value, json.loads(more) or [])
    found = {}
    for person_id in {*areas, *places, *work}:
        seniority, modes = work.get(person_id, ("", []))
        found[person_id] = Wants(
            frozenset(areas.get(person_id, ())),
            dict(sorted(places.get(person_id, {}).items())),
            frozenset(WorkMode(mode) for mode in modes),
            Seniority(seniority) if seniority else None,
        )
    return found
