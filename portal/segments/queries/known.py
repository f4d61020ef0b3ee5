"""What we know of one person, as far as a segment can ask."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import and_, bindparam, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from portal.applications.models import Application, ApplicationEvent, Mark
from portal.applications.states import ApplicationStatus
from portal.community.models import Membership, PersonArea, PersonPlace, PersonSkill, Preferences
from portal.company.queries import company_zone
from portal.contact.models import SignOfLife
from portal.contact.queries import consent_states
from portal.core.clock import day_of
from portal.core.db import fetch
from portal.core.i18n import language_name
from portal.notes.models import PersonTag
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.people.models import Address, Person
from portal.pools.models import Pool, PoolMember
from portal.segments.queries.conditions import is_contact, is_known, is_talk
from portal.segments.rules import Known
from portal.segments.states import Field


@dataclass(frozen=True)
class KnownPerson:
    """Somebody, with what we know of them; `is_known` whether they could be in any segment."""

    id: int
    public_id: str
    name: str
    is_known: bool
    has_left: bool
    known: Known


#: Whether somebody is known is asked of these tables, too.
_Address, _Membership = aliased(Address), aliased(Membership)
_PERSON: Final = (
    select(
        Person.id,
        Person.public_id,
        func.coalesce(func.nullif(Person.name, ""), _Address.email, "").label("name"),
        Person.locale,
        is_known(is_looked_up=True).label("is_known"),
        _Membership.joined_at,
        _Membership.left_at,
        Preferences.seniority,
        Preferences.career_stage,
        Preferences.work_modes,
        Preferences.industries,
        SignOfLife.last_on,
    )
    .join(_Address, and_(_Address.person_id == Person.id, _Address.is_primary))
    .outerjoin(_Membership, _Membership.person_id == Person.id)
    .outerjoin(Preferences, Preferences.person_id == Person.id)
    .outerjoin(SignOfLife, SignOfLife.person_id == Person.id)
    .where(Person.public_id == bindparam("public_id"))
    .where(Person.id != bindparam("asker_id"))
)
_TOLD: Final = union_all(
    *(
        select(literal(str(field)).label("field"), key.label("key"), label.label("label")).where(
            owner == bindparam("person_id")
        )
        for field, key, label, owner in (
            (Field.AREA, PersonArea.area, literal(""), PersonArea.person_id),
            (Field.SKILL, PersonSkill.skill, PersonSkill.label, PersonSkill.person_id),
            (Field.PLACE, PersonPlace.place, PersonPlace.label, PersonPlace.person_id),
            (Field.TAG, PersonTag.key, PersonTag.name, PersonTag.person_id),
        )
    ),
    select(literal(str(Field.POOL)), Pool.public_id, Pool.name)
    .join(PoolMember, PoolMember.pool_id == Pool.id)
    .where(PoolMember.person_id == bindparam("person_id"))
    .where(Pool.closed_at.is_(None)),
)
_EVENTS: Final = (
    select(
        ApplicationEvent.application_id,
        ApplicationEvent.status,
        is_talk().label("is_talk"),
        ApplicationEvent.happened_on,
    )
    .join(Application, Application.id == ApplicationEvent.application_id)
    .outerjoin(Delivery, Delivery.id == ApplicationEvent.delivery_id)
    .where(Application.person_id == bindparam("person_id"))
    .where(or_(ApplicationEvent.delivery_id.is_(None), Delivery.state == DeliveryState.SENT))
    .order_by(ApplicationEvent.id)
)
_MARKS: Final = (
    select(Mark.kind)
    .join(Application, Application.id == Mark.application_id)
    .where(Application.person_id == bindparam("person_id"))
    .where(Mark.removed_at.is_(None))
    .where(Mark.expires_on > bindparam("today"))
)
_WRITTEN: Final = (
    select(Delivery.sent_at)
    .where(Delivery.person_id == bindparam("person_id"))
    .where(is_contact())
    .order_by(Delivery.sent_at.desc())
    .limit(1)
)


def find_known(public_id: str, today: date, asker_id: int) -> KnownPerson | None:
    """The person with this public id and what we know of them; None for nobody, and for the asker. Six statements."""
    row = fetch(_PERSON, {"public_id": public_id, "asker_id": asker_id}).one_or_none()
    if row is None:
        return None
    having: dict[Field, dict[str, str]] = defaultdict(dict)
    having[Field.LANGUAGE] = {row.locale: language_name(row.locale)}
    for field, words in ((Field.SENIORITY, [row.seniority]), (Field.CAREER_STAGE, [row.career_stage])):
        having[field] = _keyed(word for word in words if word)
    having[Field.WORK_MODE], having[Field.INDUSTRY] = _keyed(row.work_modes or ()), _keyed(row.industries or ())
    for field, key, label in fetch(_TOLD, {"person_id": row.id}):
        having[Field(field)][key] = label
    having[Field.MARK] = _keyed(fetch(_MARKS, {"person_id": row.id, "today": today}).scalars())
    having[Field.PURPOSE] = _keyed(purpose for purpose, state in consent_states(row.id).items() if state.is_given)
    newest, passed, called = _applications(row.id)
    having[Field.STATUS] = having[Field.ENDING] = _keyed(newest)
    known = Known(
        is_member=row.joined_at is not None and row.left_at is None,
        having=dict(having),
        passed=passed,
        last_contact_on=max((day for day in (_written_on(row.id), called) if day), default=None),
        last_response_on=row.last_on,
    )
    return KnownPerson(row.id, row.public_id, row.name, bool(row.is_known), row.left_at is not None, known)


def _keyed(words: Iterable[Any]) -> dict[str, str]:
    """Values that are called alike everywhere; `rules.label_of` knows how."""
    return {str(word): "" for word in words}


def _applications(person_id: int) -> tuple[set[ApplicationStatus], frozenset[ApplicationStatus], date | None]:
    """What their applications read now, what any of them ever read, and when a colleague last spoke with them."""
    rows = fetch(_EVENTS, {"person_id": person_id}).all()
    newest = {row.application_id: row.status for row in rows}
    called = max((row.happened_on for row in rows if row.is_talk), default=None)
    return set(newest.values()), frozenset(row.status for row in rows), called


def _written_on(person_id: int) -> date | None:
    sent_at: datetime | None = fetch(_WRITTEN, {"person_id": person_id}).scalar()
    return day_of(sent_at, company_zone()) if sent_at else None
