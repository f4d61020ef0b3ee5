"""Who may fit an opening: in groups by why, in no order but that of names, without those who are not to be invited.

What is asked of a person here, `rules.why_not` says of one; a test holds both together.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    String,
    and_,
    bindparam,
    func,
    literal,
    null,
    select,
    type_coerce,
    union_all,
)

from portal.applications.models import Application, Mark
from portal.applications.states import MarkKind
from portal.community.models import Membership, PersonArea, PersonSkill
from portal.community.rules import SkillIndex
from portal.community.states import WorkMode
from portal.core.db import UTCDateTime, fetch
from portal.fitting.queries.conditions import AREA, list_of, nothing_speaks_against, reason_of
from portal.fitting.rules import OpeningFacts, Told, is_kin, named_skills
from portal.fitting.states import LeftOut, Why
from portal.openings.models import Opening
from portal.openings.queries import wants_of
from portal.openings.rules import Offer, Part, Wants, is_public, offer_of, speaks_against
from portal.people.models import Address, Person

#: People of a group that are judged for its figures.
MOST_LOOKED_AT: Final = 10_000
_MARKS: Final = {Why.SILVER_MEDAL: MarkKind.SILVER_MEDAL, Why.NEAR_FIT: MarkKind.NEAR_FIT}


@dataclass(frozen=True)
class Sought:
    """What an opening looks for, as the statements below ask it."""

    opening_id: int
    offer: Offer
    #: Openings with the same area or of the same family.
    kin: tuple[int, ...]
    #: Keys of skills that somebody has and that the opening names.
    skills: tuple[str, ...]
    #: Only members whose interests match may know of it.
    is_early: bool
    today: date
    asker_id: int

    @property
    def values(self) -> dict[str, Any]:
        """What the statements ask for; a list of nothing holds what nobody has."""
        return {
            "opening_id": self.opening_id,
            "area": self.offer.area,
            "seniority": str(self.offer.seniority or ""),
            "places": sorted(self.offer.places) or [""],
            "has_places": bool(self.offer.places),
            **{f"is_{mode}": mode in self.offer.modes for mode in WorkMode},
            "kin": list(self.kin) or [0],
            "skills": list(self.skills) or [""],
            "today": self.today,
            "asker_id": self.asker_id,
        }


@dataclass(frozen=True)
class Group:
    """Who of a group can be invited, by name, and why others are left out."""

    #: Ids of people.
    able: tuple[int, ...] = ()
    left_out: dict[LeftOut, int] = field(default_factory=dict)
    #: There may be more than were looked at.
    is_cut: bool = False


@dataclass(frozen=True)
class FittingPerson:
    """Somebody who may fit."""

    person_id: int
    public_id: str
    name: str
    email: str
    locale: str
    timezone: str
    #: Why they are not invited; None: they can be.
    left_out: LeftOut | None
    told: list[Told] = field(default_factory=list)
    #: What they said they look for, and what of the opening is something else.
    wants: Wants = field(default_factory=Wants)
    against: tuple[Part, ...] = ()

    @property
    def label(self) -> str:
        """As colleagues call them."""
        return self.name or self.email


def _is_standing_mark() -> ColumnElement[bool]:
    return and_(Mark.removed_at.is_(None), Mark.expires_on > bindparam("today", type_=Date))


def _with_mark(why: Why) -> Any:
    return (
        select(literal(str(why)).label("why"), Application.person_id.label("person_id"))
        .join(Mark, Mark.application_id == Application.id)
        .where(_is_standing_mark())
        .where(Mark.kind == _MARKS[why])
        .where(Application.opening_id.in_(list_of("kin", Integer)))
        .distinct()
    )


_INTERESTED = (
    select(literal(str(Why.AREA)).label("why"), PersonArea.person_id.label("person_id"))
    .join(Membership, Membership.person_id == PersonArea.person_id)
    .where(Membership.left_at.is_(None))
    .where(PersonArea.area == AREA)
    .where(AREA != "")
)
_SKILLED = (
    select(literal(str(Why.SKILL)).label("why"), PersonSkill.person_id.label("person_id"))
    .join(Membership, Membership.person_id == PersonSkill.person_id)
    .where(Membership.left_at.is_(None))
    .where(PersonSkill.skill.in_(list_of("skills", String)))
    .distinct()
)
_BY_WHY: Final[dict[Why, Any]] = {
    Why.SILVER_MEDAL: _with_mark(Why.SILVER_MEDAL),
    Why.NEAR_FIT: _with_mark(Why.NEAR_FIT),
    Why.AREA: _INTERESTED,
    Why.SKILL: _SKILLED,
}
_ALL_FITS = union_all(*_BY_WHY.values()).subquery("fits")


_GROUPS = (
    select(_ALL_FITS.c.why, func.count())
    .where(_ALL_FITS.c.person_id != bindparam("asker_id"))
    .group_by(_ALL_FITS.c.why)
)


@cache
def _judging(why: Why, is_early: bool, is_narrowed: bool) -> Any:
    """At most `:most` people of a group, by name, each with the reason why they are left out; empty: they are not."""
    fits = _BY_WHY[why].subquery("fits")
    statement = select(Person.id).join(fits, fits.c.person_id == Person.id).where(Person.id != bindparam("asker_id"))
    narrowed = statement.where(nothing_speaks_against()) if is_narrowed else statement
    some = narrowed.limit(bindparam("most", type_=Integer)).subquery("some")
    judged = select(Person.id, reason_of(is_early)).select_from(Person).join(some, some.c.id == Person.id)
    return judged.order_by(func.lower(Person.name), Person.id)


_PERSON_COLUMNS: Final = (
    Person.id,
    Person.public_id,
    Person.name,
    func.coalesce(Address.email, ""),
    Person.locale,
    Person.timezone,
)
_IS_PRIMARY: Final = and_(Address.person_id == Person.id, Address.is_primary)


_LISTED: Final = (
    select(*_PERSON_COLUMNS, literal(""))
    .outerjoin(Address, _IS_PRIMARY)
    .where(Person.id.in_(list_of("ids", Integer)))
    .order_by(func.lower(Person.name), Person.id)
)


@cache
def _chosen(is_early: bool) -> Any:
    return (
        select(*_PERSON_COLUMNS, reason_of(is_early))
        .outerjoin(Address, _IS_PRIMARY)
        .where(Person.public_id.in_(list_of("public_ids", String)))
        .where(Person.id != bindparam("asker_id"))
        .order_by(func.lower(Person.name), Person.id)
    )


_IDS: Final = list_of("ids", Integer)
_WHYS = union_all(
    select(
        Application.person_id.label("person_id"),
        type_coerce(Mark.kind, String).label("why"),
        Opening.title.label("what"),
        Mark.set_at.label("at"),
    )
    .select_from(Mark)
    .join(Application, Application.id == Mark.application_id)
    .join(Opening, Opening.id == Application.opening_id)
    .where(_is_standing_mark())
    .where(Application.opening_id.in_(list_of("kin", Integer)))
    .where(Application.person_id.in_(_IDS)),
    select(PersonArea.person_id, literal(str(Why.AREA)), literal(""), null())
    .join(Membership, Membership.person_id == PersonArea.person_id)
    .where(Membership.left_at.is_(None))
    .where(PersonArea.area == AREA)
    .where(PersonArea.person_id.in_(_IDS)),
    select(PersonSkill.person_id, literal(str(Why.SKILL)), PersonSkill.label, null())
    .join(Membership, Membership.person_id == PersonSkill.person_id)
    .where(Membership.left_at.is_(None))
    .where(PersonSkill.skill.in_(list_of("skills", String)))
    .where(PersonSkill.person_id.in_(_IDS)),
).subquery("whys")
_ORDERED_WHYS = select(_WHYS.c.person_id, _WHYS.c.why, _WHYS.c.what, type_coerce(_WHYS.c.at, UTCDateTime())).order_by(
    _WHYS.c.person_id, _WHYS.c.at.desc(), _WHYS.c.what
)
_TITLES = select(Opening.id, Opening.area, Opening.title).order_by(Opening.id)
_KNOWN_SKILLS = select(PersonSkill.skill).where(PersonSkill.skill.in_(list_of("keys", String))).distinct()


def sought_by(
    opening: OpeningFacts, skills: SkillIndex, asker_id: int, now: datetime, today: date
) -> tuple[Sought, list[str]]:
    """What an opening looks for, and the skills that it names; `skills`: their names, `today` in the company's zone."""
    kin = tuple(one for one, area, title in fetch(_TITLES) if is_kin(opening.area, opening.title, area, title))
    named = named_skills(opening.content, skills)
    keys = sorted(key for (key,) in fetch(_KNOWN_SKILLS, {"keys": list(named)})) if named else []
    sought = Sought(
        opening_id=opening.id,
        offer=replace(offer_of(opening.content), area=opening.area),
        kin=kin,
        skills=tuple(keys),
        is_early=not is_public(opening.public_at, now),
        today=today,
        asker_id=asker_id,
    )
    return sought, [named[key] for key in keys]


def count_groups(sought: Sought) -> dict[Why, int]:
    """How many fit by each why, whether they can be invited or not."""
    return {Why(why): count for why, count in fetch(_GROUPS, sought.values)}


def look_at_group(sought: Sought, why: Why, *, is_narrowed: bool = False) -> Group:
    """Who of a group can be invited, and why others are left out; `is_narrowed`: only if nothing speaks against it.

    Of a large group a part is looked at, so that the page answers soon.
    """
    values = {**sought.values, "most": MOST_LOOKED_AT}
    able, left_out, count = [], Counter[LeftOut](), 0
    for person_id, reason in fetch(_judging(why, sought.is_early, is_narrowed), values):
        count += 1
        if reason:
            left_out[LeftOut(reason)] += 1
        else:
            able.append(person_id)
    return Group(tuple(able), dict(left_out), is_cut=count == MOST_LOOKED_AT)


def list_fitting(sought: Sought, person_ids: Sequence[int], area: str) -> list[FittingPerson]:
    """These people of a group by name, each with every why; `area`: the label of the opening's."""
    return _with_whys(fetch(_LISTED, {"ids": list(person_ids) or [0]}), sought, area)


def chosen_people(sought: Sought, public_ids: Collection[str], area: str) -> list[FittingPerson]:
    """These people by name, each with why they are left out if they are; who is nobody to the asker is not there."""
    values = {**sought.values, "public_ids": list(public_ids) or [""]}
    return _with_whys(fetch(_chosen(sought.is_early), values), sought, area)


def _with_whys(rows: Iterable[Any], sought: Sought, area: str) -> list[FittingPerson]:
    found = [tuple(row) for row in rows]
    ids = [row[0] for row in found]
    told = _whys_of(ids, sought, area) if ids else {}
    wanted = wants_of(ids) if ids else {}
    return [_person(row, told.get(row[0], []), wanted.get(row[0], Wants()), sought.offer) for row in found]


def _person(row: tuple[Any, ...], told: list[Told], wants: Wants, offer: Offer) -> FittingPerson:
    places = [Told(None, label) for key, label in sorted(wants.places.items()) if key in offer.places]
    remote = [Told(None)] if WorkMode.REMOTE in wants.modes & offer.modes else []
    left_out = LeftOut(row[-1]) if row[-1] else None
    return FittingPerson(*[*row[:-1], left_out, [*told, *places, *remote], wants, speaks_against(wants, offer)])


def _whys_of(ids: Sequence[int], sought: Sought, area: str) -> dict[int, list[Told]]:
    told: dict[int, list[Told]] = {}
    for person_id, why, what, at in fetch(_ORDERED_WHYS, {**sought.values, "ids": list(ids)}):
        kind = Why(why)
        one = Told(kind, area if kind is Why.AREA else what, at.date() if at is not None else None)
        told.setdefault(person_id, []).append(one)
    return told
