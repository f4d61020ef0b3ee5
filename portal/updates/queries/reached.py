"""Whom an update would reach if it was published now, person by person, and what mail to each would come to."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, func, select

from portal.community.models import Membership, PersonArea
from portal.company.queries import company_zone
from portal.contact.rules import WANTED_FOR
from portal.core.clock import day_of
from portal.core.db import fetch
from portal.core.i18n import is_zone
from portal.people.models import Address, Person
from portal.updates.queries.audience import MOST_ASKED, next_people, target_of, verdicts_for
from portal.updates.rules import UpdateContent, reason_of
from portal.updates.states import PURPOSES, Audience

_WHO: Final = (
    select(Person.id, Person.public_id, func.coalesce(Person.name, ""), func.coalesce(Address.email, ""))
    .outerjoin(Address, (Address.person_id == Person.id) & Address.is_primary)
    .where(Person.id.in_(bindparam("ids", expanding=True)))
)
_AREAS: Final = (
    select(PersonArea.person_id, PersonArea.area)
    .where(PersonArea.person_id.in_(bindparam("ids", expanding=True)))
    .where(PersonArea.area.in_(bindparam("areas", expanding=True)))
    .order_by(PersonArea.person_id, PersonArea.area)
)


_ZONES: Final = (
    select(Person.timezone)
    .join(Membership, Membership.person_id == Person.id)
    .where(Membership.left_at.is_(None))
    .group_by(Person.timezone)
    .order_by(func.count().desc(), Person.timezone)
    .limit(20)
)


@dataclass(frozen=True)
class ReachedLine:
    """Somebody of an audience."""

    public_id: str
    name: str
    email: str
    #: Of the areas that the update is for, those that interest them.
    areas: tuple[str, ...]
    #: See `rules.reason_of`.
    reason: str


@dataclass(frozen=True)
class Reached:
    """A part of an audience, how many there are like them, and how many by reason."""

    lines: list[ReachedLine]
    total: int
    counts: dict[str, int]
    #: Whether there are more people than were asked about.
    is_cut: bool


def reached_people(
    content: UpdateContent, reason: str | None, first: int, count: int, *, asker_id: int, now: datetime
) -> Reached:
    """`count` people of the audience of `content` from number `first` on, who are there longest first.

    `reason`: only those about whom mail comes to this, see `rules.reason_of`; None: all. The first `MOST_ASKED` people
    are asked about, as `reach_now` does.
    """
    reasons = _reasons(content, asker_id, now)
    counts: dict[str, int] = {}
    for one in reasons.values():
        counts[one] = counts.get(one, 0) + 1
    wanted = [person_id for person_id, one in reasons.items() if reason is None or one == reason]
    shown = wanted[first : first + count]
    lines = _lines(shown, reasons, content)
    return Reached(lines, len(wanted), counts, len(reasons) >= MOST_ASKED)


def zones_of_members() -> list[str]:
    """IANA names of the zones in which most members live, those of the most first."""
    return [zone for (zone,) in fetch(_ZONES) if is_zone(zone)]


def _reasons(content: UpdateContent, asker_id: int, now: datetime) -> dict[int, str]:
    wanted = WANTED_FOR[PURPOSES[content.kind]]
    target = replace(target_of(content, day_of(now, company_zone())), without=frozenset({asker_id}))
    verdicts = verdicts_for(next_people(target, 0, MOST_ASKED), wanted, now)
    return {person_id: reason_of(verdict) for person_id, verdict in verdicts.items()}


def _lines(ids: list[int], reasons: dict[int, str], content: UpdateContent) -> list[ReachedLine]:
    if not ids:
        return []
    areas: dict[int, list[str]] = {}
    if content.audience is Audience.AREAS:
        for person_id, area in fetch(_AREAS, {"ids": ids, "areas": list(content.areas)}):
            areas.setdefault(person_id, []).append(area)
    people = {row[0]: row[1:] for row in fetch(_WHO, {"ids": ids})}
    found = ((*people[one], tuple(areas.get(one, ())), reasons[one]) for one in ids if one in people)
    return [ReachedLine(*row) for row in found]
