"""The people we know: the list of them, the head of each card, and who comes before and after in the list."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, literal, or_, select
from sqlalchemy.orm import aliased

from portal.applications.models import Application
from portal.applications.queries.beside import Neighbours
from portal.community.models import Membership, PersonPlace, PersonSkill
from portal.core.db import fetch, session
from portal.notes.queries import has_tag_like
from portal.people.models import Address, Person, Staff
from portal.people.queries import AddressRow
from portal.prospects.queries import IS_TO_INVITE


@dataclass(frozen=True)
class CandidateLine:
    """A person in the list of candidates."""

    public_id: str
    name: str
    email: str
    claimed_at: datetime | None
    member_since: datetime | None
    application_count: int
    created_at: datetime


@dataclass(frozen=True)
class CandidateCard:
    """Who somebody is, at the head of their card."""

    person_id: int
    public_id: str
    name: str
    phone: str
    locale: str
    timezone: str
    created_at: datetime
    #: The one we write to first.
    addresses: list[AddressRow]


#: Words of a search that count; more would only make it slow.
_WORDS: Final = 8
AnyAddress = aliased(Address)
_is_member = and_(Membership.person_id == Person.id, Membership.left_at.is_(None))
_has_applied = exists().where(Application.person_id == Person.id)
_APPLICATION_COUNT = (
    select(func.count(Application.id)).where(Application.person_id == Person.id).correlate(Person).scalar_subquery()
)
_PEOPLE = (
    select(
        Person.public_id,
        Person.name,
        Address.email,
        Person.claimed_at,
        Membership.joined_at,
        _APPLICATION_COUNT,
        Person.created_at,
    )
    .join(Address, and_(Address.person_id == Person.id, Address.is_primary))
    .outerjoin(Membership, _is_member)
)
_CARD = (
    select(
        Person.id,
        Person.public_id,
        Person.name,
        Person.phone,
        Person.locale,
        Person.timezone,
        Person.created_at,
        Address.email,
        Address.is_primary,
        Address.confirmed_at,
    )
    .join(Address, Address.person_id == Person.id)
    .where(Person.public_id == bindparam("public_id"))
    .where(Person.id != bindparam("asker_id"))
    .order_by(Address.is_primary.desc(), Address.id)
)


def candidates(search: str, asker_id: int, first: int, count: int) -> tuple[list[CandidateLine], int]:
    """`count` people from number `first`, the latest we met on top, and how many there are in all.

    Everybody who came to us but the asker, and colleagues who neither applied nor joined; for `search` see `searched`.
    """
    total = session().scalar(_who_came(select(func.count()), search, asker_id)) or 0
    newest = (Person.created_at.desc(), Person.id.desc())
    # Of all who fit only those who are shown are looked at closely: SQLite counts before it leaves any out.
    shown = _who_came(select(Person.id), search, asker_id).order_by(*newest).offset(first).limit(count)
    statement = _PEOPLE.where(Person.id.in_(shown)).order_by(*newest)
    return [CandidateLine(*row) for row in fetch(statement)], total


def count_to_invite(search: str, asker_id: int) -> int:
    """How many fit the search whom a colleague added, and who neither joined nor applied since."""
    return int(session().scalar(searched(select(func.count()), search, asker_id).where(IS_TO_INVITE)) or 0)


def _who_came(statement: Any, search: str, asker_id: int) -> Any:
    """As `searched`, without those whom a colleague added and who have not come yet: they have a list of their own."""
    return searched(statement, search, asker_id).where(~IS_TO_INVITE)


def searched(statement: Any, search: str, asker_id: int) -> Any:
    """Of a statement over `Person`: everybody else who may be a candidate, and whom `search` fits.

    Each word of it is a part of their name, an address, a tag, a skill or a place where they would work.
    """
    joined = (
        statement.select_from(Person)
        .join(Address, and_(Address.person_id == Person.id, Address.is_primary))
        .outerjoin(Membership, _is_member)
        .where(_is_candidate())
        .where(Person.id != asker_id)
    )
    return joined.where(*(_fits(word) for word in words_of(search)))


def words_of(search: str) -> list[str]:
    """What has to be found, all of it: the words of a search, in small letters."""
    return search.lower().split()[:_WORDS]


def has_name_or_address(word: str) -> ColumnElement[bool]:
    """Of `Person`: whether a name or an address has this word in it; wildcards are plain letters."""
    has_address = exists().where(AnyAddress.person_id == Person.id, AnyAddress.email.contains(word, autoescape=True))
    return or_(func.lower(Person.name).contains(word, autoescape=True), has_address)


def _fits(word: str) -> ColumnElement[bool]:
    told = (
        exists().where(table.person_id == Person.id, func.lower(table.label).contains(word, autoescape=True))
        for table in (PersonSkill, PersonPlace)
    )
    return or_(has_name_or_address(word), has_tag_like(word), *told)


def _is_candidate() -> ColumnElement[bool]:
    return or_(~exists().where(Staff.person_id == Person.id), _has_applied, Membership.person_id.is_not(None))


def find_candidate(public_id: str, asker_id: int) -> CandidateCard | None:
    """The card of the person with this public id; None for somebody we do not know (any longer), and for the asker."""
    rows = fetch(_CARD, {"public_id": public_id, "asker_id": asker_id}).all()
    addresses = [AddressRow(*row[-3:]) for row in rows]
    return CandidateCard(*[*rows[0][:-3], addresses]) if rows else None


def neighbours_of(card: CandidateCard, search: str, asker_id: int) -> Neighbours:
    """Who stands beside this person in the list that `search` narrows, the latest we met on top."""
    is_later = or_(
        Person.created_at > card.created_at, and_(Person.created_at == card.created_at, Person.id > card.person_id)
    )
    is_earlier = or_(
        Person.created_at < card.created_at, and_(Person.created_at == card.created_at, Person.id < card.person_id)
    )
    before = _who_came(select(literal("previous").label("side"), Person.public_id), search, asker_id).where(is_later)
    after = _who_came(select(literal("next").label("side"), Person.public_id), search, asker_id).where(is_earlier)
    first = before.order_by(Person.created_at, Person.id).limit(1).subquery("first")
    second = after.order_by(Person.created_at.desc(), Person.id.desc()).limit(1).subquery("second")
    found = fetch(select(first).union_all(select(second)))
    return Neighbours(**{side: public_id for side, public_id in found})
