"""What members look for and whether they said yes to job alerts, some hundreds at a time."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from portal.alerts.rules import Wants
from portal.community.models import Membership, PersonArea, PersonPlace, Preferences
from portal.community.states import WorkMode
from portal.contact.models import ConsentEvent
from portal.contact.rules import ConsentFact, fold
from portal.contact.states import Purpose
from portal.core.db import fetch


@dataclass(frozen=True, slots=True)
class Member:
    """A member, as far as job alerts go."""

    person_id: int
    wants: Wants
    #: Since when the ledger says yes to job alerts; None: it does not.
    yes_since: datetime | None

    @property
    def has_yes(self) -> bool:
        return self.yes_since is not None


_MEMBERS = (
    select(Membership.person_id, Preferences.work_modes, Preferences.seniority)
    .outerjoin(Preferences, Preferences.person_id == Membership.person_id)
    .where(Membership.left_at.is_(None))
    .order_by(Membership.person_id)
)
_AFTER = _MEMBERS.where(Membership.person_id > bindparam("after_id")).limit(bindparam("count"))
_BY_ID = _MEMBERS.where(Membership.person_id.in_(bindparam("ids", expanding=True)))
_AREAS = (
    select(PersonArea.person_id, PersonArea.area)
    .where(PersonArea.person_id.in_(bindparam("ids", expanding=True)))
    .order_by(PersonArea.person_id, PersonArea.area)
)
_PLACES = (
    select(PersonPlace.person_id, PersonPlace.place, PersonPlace.label)
    .where(PersonPlace.person_id.in_(bindparam("ids", expanding=True)))
    .order_by(PersonPlace.person_id, PersonPlace.place)
)
_LEDGER = (
    select(ConsentEvent.person_id, ConsentEvent.action, ConsentEvent.actor_id.is_(None), ConsentEvent.occurred_at)
    .where(ConsentEvent.person_id.in_(bindparam("ids", expanding=True)))
    .where(ConsentEvent.purpose == Purpose.JOB_ALERTS)
    .order_by(ConsentEvent.person_id, ConsentEvent.id)
)


def members_after(after_id: int, count: int) -> list[Member]:
    """`count` members by id, the first above `after_id`. Four statements."""
    return _members(fetch(_AFTER, {"after_id": after_id, "count": count}).all())


def members_by_id(ids: Collection[int]) -> dict[int, Member]:
    """Those of these people who are members. Four statements."""
    return {one.person_id: one for one in _members(fetch(_BY_ID, {"ids": list(ids)}).all())}


def _members(rows: Any) -> list[Member]:
    values = {"ids": [row.person_id for row in rows]}
    areas: dict[int, set[str]] = defaultdict(set)
    places: dict[int, dict[str, str]] = defaultdict(dict)
    facts: dict[int, list[ConsentFact]] = defaultdict(list)
    for person_id, area in fetch(_AREAS, values):
        areas[person_id].add(area)
    for person_id, place, label in fetch(_PLACES, values):
        places[person_id][place] = label
    for person_id, action, is_own, occurred_at in fetch(_LEDGER, values):
        facts[person_id].append(ConsentFact(Purpose.JOB_ALERTS, action, bool(is_own), occurred_at))
    return [
        Member(
            person_id,
            Wants(
                frozenset(areas.get(person_id, ())),
                places.get(person_id, {}),
                frozenset(WorkMode(mode) for mode in modes or ()),
                seniority,
            ),
            _yes_since(facts.get(person_id, [])),
        )
        for person_id, modes, seniority in rows
    ]


def _yes_since(facts: list[ConsentFact]) -> datetime | None:
    """Since when it has been yes without a break."""
    since: datetime | None = None
    for count, fact in enumerate(facts, 1):
        state = fold(facts[:count]).get(Purpose.JOB_ALERTS)
        since = (since or fact.occurred_at) if state is not None and state.is_given else None
    return since
