"""Reading what people look for and say of themselves."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import CompoundSelect, bindparam, literal_column, select, union_all

from portal.community.models import Membership, OtherOffers, PersonArea, PersonPlace, PersonSkill, Preferences
from portal.community.rules import Availability, Birthday, Choices, Folded, PayWish, Profile, Wishes
from portal.community.rules import OtherOffers as Offers
from portal.community.states import CareerStage, Industry, WorkMode
from portal.contact.queries import contact_preferences
from portal.core.db import fetch
from portal.people.models import Person


@dataclass(frozen=True)
class PreferencesRow:
    """What a person told us of what they look for; `joined_at` is None for who is not a member."""

    #: Keys of `company.queries.areas()`.
    areas: tuple[str, ...]
    skills: tuple[Folded, ...]
    places: tuple[Folded, ...]
    career_stage: CareerStage | None
    career_stage_on: date | None
    work_modes: tuple[WorkMode, ...]
    joined_at: datetime | None
    profile: Profile = field(default_factory=Profile)
    #: When each part was said, by the names of `rules.wish_parts_of`.
    said_on: Mapping[str, date] = field(default_factory=dict)

    @property
    def is_member(self) -> bool:
        return self.joined_at is not None


@dataclass(frozen=True)
class OffersRow:
    """Other offers that somebody told of, and when."""

    offers: Offers
    said_on: date


@dataclass(frozen=True)
class Deadline:
    """That somebody told of other offers, and by when they must answer, if they said so; none of their words."""

    person_id: int
    public_id: str
    decide_by: date | None


_ONE = (
    select(Membership.joined_at, Membership.left_at, *(c for c in Preferences.__table__.c if c.name != "person_id"))
    .select_from(Person)
    .outerjoin(Membership, Membership.person_id == Person.id)
    .outerjoin(Preferences, Preferences.person_id == Person.id)
    .where(Person.id == bindparam("person_id"))
)
_LISTED: CompoundSelect[Any] = union_all(
    select(literal_column("'area'").label("kind"), PersonArea.area.label("key"), PersonArea.area.label("label")).where(
        PersonArea.person_id == bindparam("person_id")
    ),
    select(literal_column("'skill'"), PersonSkill.skill, PersonSkill.label).where(
        PersonSkill.person_id == bindparam("person_id")
    ),
    select(literal_column("'place'"), PersonPlace.place, PersonPlace.label).where(
        PersonPlace.person_id == bindparam("person_id")
    ),
)
_OFFERS = select(OtherOffers.words, OtherOffers.decide_by, OtherOffers.said_on).where(
    OtherOffers.person_id == bindparam("person_id")
)
_DEADLINES = (
    select(OtherOffers.person_id, Person.public_id, OtherOffers.decide_by)
    .join(Person, Person.id == OtherOffers.person_id)
    .order_by(OtherOffers.person_id)
)


def preferences_of(person_id: int) -> PreferencesRow:
    """All that a person told us of what they look for, lists by label; empty for somebody unknown. Two statements.

    Without other offers: see `offers_of`.
    """
    one = fetch(_ONE, {"person_id": person_id}).one_or_none()
    listed: dict[str, list[Folded]] = {"area": [], "skill": [], "place": []}
    for kind, key, label in fetch(_LISTED, {"person_id": person_id}):
        listed[kind].append(Folded(key, label))
    for entries in listed.values():
        entries.sort(key=lambda entry: entry.label.casefold())
    return PreferencesRow(
        areas=tuple(entry.key for entry in listed["area"]),
        skills=tuple(listed["skill"]),
        places=tuple(listed["place"]),
        career_stage=one.career_stage if one else None,
        career_stage_on=one.career_stage_on if one else None,
        work_modes=tuple(WorkMode(mode) for mode in (one.work_modes if one else None) or ()),
        joined_at=one.joined_at if one and one.left_at is None else None,
        profile=_profile(one) if one and one.changed_at else Profile(),
        said_on=_days(one) if one and one.changed_at else {},
    )


def profile_of(person_id: int) -> Profile:
    """What a person says about themselves besides their lists; empty for somebody unknown. One statement."""
    one = fetch(_ONE, {"person_id": person_id}).one_or_none()
    return _profile(one) if one and one.changed_at else Profile()


def choices_of(person_id: int) -> Choices:
    """All that a person chose about work and about mail, but for the ledger."""
    offers = offers_of(person_id)
    mail = contact_preferences(person_id)
    return Choices(wishes_in(preferences_of(person_id)), mail, offers.offers if offers else None)


def wishes_in(row: PreferencesRow) -> Wishes:
    """What somebody looks for, as the rules know it."""
    return Wishes(row.areas, row.skills, row.places, row.career_stage, row.work_modes, row.profile)


def offers_of(person_id: int) -> OffersRow | None:
    """Other offers that somebody told of; for themselves, and whoever looks after an open application of theirs."""
    row = fetch(_OFFERS, {"person_id": person_id}).one_or_none()
    return OffersRow(Offers(row.words, row.decide_by), row.said_on) if row else None


def deadlines() -> list[Deadline]:
    """Everybody who told of other offers, without what they said; for the job that looks after them."""
    return [Deadline(*row) for row in fetch(_DEADLINES)]


def _profile(row: Any) -> Profile:
    has_pay, has_birthday = row.pay_amount is not None, row.birth_day is not None
    return Profile(
        seniority=row.seniority,
        industries=tuple(Industry(key) for key in row.industries),
        availability=Availability(row.when_free, row.free_from, row.notice) if row.when_free else None,
        pay=PayWish(row.pay_amount, row.pay_currency, row.pay_period) if has_pay else None,
        three_years=row.three_years,
        proud_of=row.proud_of,
        links=tuple(row.links),
        education=row.education,
        motivates=row.motivates,
        worries=row.worries,
        birthday=Birthday(row.birth_day, row.birth_month) if has_birthday else None,
    )


def _days(row: Any) -> dict[str, date]:
    days = {part: date.fromisoformat(day) for part, day in row.said_on.items()}
    return days | ({"career_stage": row.career_stage_on} if row.career_stage_on else {})
