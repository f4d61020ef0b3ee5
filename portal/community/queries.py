"""Reading members and what they look for."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import CompoundSelect, bindparam, func, literal_column, select, union_all

from portal.community.models import JoinRequest, Membership, PersonArea, PersonPlace, PersonSkill, Preferences
from portal.community.rules import Choices, Folded, Wishes
from portal.community.states import CareerStage, WorkMode
from portal.contact.queries import contact_preferences
from portal.core.db import fetch
from portal.outbox.models import Delivery
from portal.outbox.queries import is_waiting
from portal.people.models import Address, Person


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

    @property
    def is_member(self) -> bool:
        return self.joined_at is not None


@dataclass(frozen=True)
class PendingConsent:
    """A box that was ticked at /join, with the words beside it."""

    purpose: str
    words: str
    text_version: str


@dataclass(frozen=True)
class JoinRequestRow:
    """What was typed at /join and waits for its address to be confirmed."""

    email: str
    name: str
    areas: tuple[str, ...]
    consents: tuple[PendingConsent, ...]
    created_at: datetime
    expires_at: datetime


_ONE = (
    select(
        Membership.joined_at,
        Membership.left_at,
        Preferences.career_stage,
        Preferences.career_stage_on,
        Preferences.work_modes,
    )
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
_IS_MEMBER = (
    select(Membership.person_id)
    .where(Membership.person_id == bindparam("person_id"))
    .where(Membership.left_at.is_(None))
)
_MAIL_OF = select(func.count().filter(is_waiting()).label("waiting"), func.max(Delivery.sent_at).label("newest")).where(
    Delivery.cause == bindparam("cause")
)
_JOIN_REQUEST = select(
    JoinRequest.email,
    JoinRequest.name,
    JoinRequest.areas,
    JoinRequest.consents,
    JoinRequest.created_at,
    JoinRequest.expires_at,
)


def is_member(person_id: int) -> bool:
    """Whether a person has joined the community and not left."""
    return fetch(_IS_MEMBER, {"person_id": person_id}).one_or_none() is not None


def preferences_of(person_id: int) -> PreferencesRow:
    """All that a person told us of what they look for, lists by label; empty for somebody unknown. Two statements."""
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
    )


def choices_of(person_id: int) -> Choices:
    """All that a person chose about work and about mail, but for the ledger."""
    return Choices(wishes_in(preferences_of(person_id)), contact_preferences(person_id))


def wishes_in(row: PreferencesRow) -> Wishes:
    """What somebody looks for, as the rules know it."""
    return Wishes(row.areas, row.skills, row.places, row.career_stage, row.work_modes)


def mail_of(cause: str) -> tuple[bool, datetime | None]:
    """Whether mail with this `cause` still waits to be sent, and when the newest that was sent went."""
    found = fetch(_MAIL_OF, {"cause": cause}).one()
    return bool(found.waiting), found.newest


def join_request_of(token_id: int) -> JoinRequestRow | None:
    """What waits for this confirmation token; only for whoever holds the token."""
    row = fetch(_JOIN_REQUEST.where(JoinRequest.token_id == token_id)).one_or_none()
    return _as_request(*row) if row else None


def join_requests_to(person_id: int) -> list[JoinRequestRow]:
    """What was typed at /join with one of this person's addresses and is not confirmed, oldest first."""
    rows = fetch(
        _JOIN_REQUEST.join(Address, Address.email == JoinRequest.email)
        .where(Address.person_id == person_id)
        .order_by(JoinRequest.id)
    )
    return [_as_request(*row) for row in rows]


def _as_request(
    email: str,
    name: str,
    areas: list[str],
    consents: list[dict[str, str]],
    created_at: datetime,
    expires_at: datetime,
) -> JoinRequestRow:
    boxes = tuple(PendingConsent(box["purpose"], box["words"], box["text_version"]) for box in consents)
    return JoinRequestRow(email, name, tuple(areas), boxes, created_at, expires_at)
