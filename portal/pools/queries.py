"""Reading pools and who is in them, for the staff who may see everybody we know."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Executable, bindparam, exists, func, null, or_, select, union_all
from sqlalchemy.orm import aliased

from portal.core.db import fetch
from portal.notes.models import PersonTag
from portal.people.models import Address, Person
from portal.pools.models import Pool, PoolMember


@dataclass(frozen=True)
class PoolLine:
    """A pool in a list."""

    public_id: str
    name: str
    purpose: str
    owner_id: int
    owner_name: str
    #: How many are in it; of a closed one, how many were.
    count: int
    review_on: date
    closed_at: datetime | None


@dataclass(frozen=True)
class PoolView:
    """A pool on its page."""

    id: int
    public_id: str
    name: str
    purpose: str
    owner_id: int
    owner_public_id: str
    owner_name: str
    review_on: date
    version: int
    created_at: datetime
    closed_at: datetime | None
    closed_by_name: str | None
    closed_reason: str
    closed_count: int | None


@dataclass(frozen=True)
class MemberLine:
    """Somebody in a pool, and why."""

    person_public_id: str
    name: str
    added_by_name: str
    added_at: datetime
    reason: str


@dataclass(frozen=True)
class OwnPool:
    """A pool that somebody is in, on their card."""

    public_id: str
    name: str
    added_at: datetime
    added_by_name: str
    reason: str


@dataclass(frozen=True)
class ToldPool:
    """A pool as those who are in it read of it."""

    name: str
    purpose: str
    added_at: datetime
    owner_name: str


@dataclass(frozen=True)
class ToPut:
    """Somebody who can be put into a pool."""

    person_id: int
    public_id: str
    label: str


@dataclass(frozen=True)
class Together:
    """Those whom a colleague put into a pool in one go, as far as they are still in it."""

    pool_public_id: str
    pool_name: str
    reason: str
    added_at: datetime
    names: list[str]


_AnyAddress = aliased(Address, name="any_address")
_Owner = aliased(Person, name="pool_owner")
_Closer = aliased(Person, name="pool_closer")
_Adder = aliased(Person, name="pool_adder")
_NAME = func.coalesce(func.nullif(Person.name, ""), Address.email, "")
_COUNT = (
    select(func.count(PoolMember.id))
    .where(PoolMember.pool_id == Pool.id)
    .where(PoolMember.person_id != bindparam("asker_id"))
    .correlate(Pool)
    .scalar_subquery()
)
_POOLS = select(
    Pool.public_id,
    Pool.name,
    Pool.purpose,
    Pool.owner_id,
    _Owner.name,
    func.coalesce(Pool.closed_count, _COUNT),
    Pool.review_on,
    Pool.closed_at,
).join(_Owner, _Owner.id == Pool.owner_id)
_OPEN_POOLS = _POOLS.where(Pool.closed_at.is_(None)).order_by(Pool.key)
_CLOSED_POOLS = _POOLS.where(Pool.closed_at.is_not(None)).order_by(Pool.closed_at.desc(), Pool.id.desc())
_POOL = (
    select(
        Pool.id,
        Pool.public_id,
        Pool.name,
        Pool.purpose,
        Pool.owner_id,
        _Owner.public_id,
        _Owner.name,
        Pool.review_on,
        Pool.version,
        Pool.created_at,
        Pool.closed_at,
        _Closer.name,
        Pool.closed_reason,
        Pool.closed_count,
    )
    .join(_Owner, _Owner.id == Pool.owner_id)
    .outerjoin(_Closer, _Closer.id == Pool.closed_by_id)
    .where(Pool.public_id == bindparam("public_id"))
)
_MEMBERS = (
    select(Person.public_id, _NAME, _Adder.name, PoolMember.added_at, PoolMember.reason)
    .select_from(PoolMember)
    .join(Person, Person.id == PoolMember.person_id)
    .join(_Adder, _Adder.id == PoolMember.added_by_id)
    .outerjoin(Address, (Address.person_id == Person.id) & Address.is_primary)
)
_MEMBER_COUNT = (
    select(func.count(PoolMember.id)).select_from(PoolMember).join(Person, Person.id == PoolMember.person_id)
)
#: A card asks much: the pools and the tags of a person come in one go.
_ON_CARD: Executable = union_all(
    select(Pool.key, Pool.public_id, Pool.name, PoolMember.added_at, _Adder.name.label("by"), PoolMember.reason)
    .select_from(PoolMember)
    .join(Pool, Pool.id == PoolMember.pool_id)
    .join(_Adder, _Adder.id == PoolMember.added_by_id)
    .where(PoolMember.person_id == bindparam("person_id")),
    select(PersonTag.key, null(), PersonTag.name, PersonTag.added_at, null(), null()).where(
        PersonTag.person_id == bindparam("person_id")
    ),
).order_by("key")
_TOLD = (
    select(Pool.name, Pool.purpose, PoolMember.added_at, _Owner.name)
    .select_from(PoolMember)
    .join(Pool, Pool.id == PoolMember.pool_id)
    .join(_Owner, _Owner.id == Pool.owner_id)
    .where(PoolMember.person_id == bindparam("person_id"))
    .order_by(Pool.key, Pool.id)
)
_TO_PUT = (
    select(Person.id, Person.public_id, _NAME)
    .join(Address, (Address.person_id == Person.id) & Address.is_primary)
    .where(Person.public_id.in_(bindparam("ids", expanding=True)))
    .where(Person.id != bindparam("asker_id"))
    .order_by(func.lower(_NAME), Person.id)
)
_TOGETHER = (
    select(Pool.public_id, Pool.name, PoolMember.reason, PoolMember.added_at, _NAME)
    .select_from(PoolMember)
    .join(Pool, Pool.id == PoolMember.pool_id)
    .join(Person, Person.id == PoolMember.person_id)
    .outerjoin(Address, (Address.person_id == Person.id) & Address.is_primary)
    .where(PoolMember.form_key == bindparam("form_key"))
    .where(PoolMember.added_by_id == bindparam("asker_id"))
    .where(PoolMember.person_id != bindparam("asker_id"))
    .order_by(func.lower(_NAME), PoolMember.id)
)
_DUE = select(Pool.id).where(Pool.closed_at.is_(None)).where(Pool.review_on <= bindparam("today")).order_by(Pool.id)


def open_pools(asker_id: int) -> list[PoolLine]:
    """The pools that are open, by name; whether the asker is in one is not counted."""
    return [PoolLine(*row) for row in fetch(_OPEN_POOLS, {"asker_id": asker_id})]


def closed_pools(asker_id: int) -> list[PoolLine]:
    """The pools that were closed, the last on top."""
    return [PoolLine(*row) for row in fetch(_CLOSED_POOLS, {"asker_id": asker_id})]


def find_pool(public_id: str) -> PoolView | None:
    """The pool with this public id, open or closed."""
    row = fetch(_POOL, {"public_id": public_id}).one_or_none()
    return PoolView(*row) if row else None


def members_of(pool_id: int, asker_id: int, search: str, first: int, count: int) -> tuple[list[MemberLine], int]:
    """`count` people in a pool from number `first`, by name, and how many there are in all; never the asker.

    Each word of `search` is a part of their name, an address or the reason why they are in it.
    """
    which = [PoolMember.pool_id == pool_id, Person.id != asker_id, *_fitting(search)]
    total = int(fetch(_MEMBER_COUNT.where(*which)).scalar_one())
    lines = _MEMBERS.where(*which).order_by(func.lower(_NAME), Person.id).offset(first).limit(count)
    return [MemberLine(*row) for row in fetch(lines)] if total else [], total


def _fitting(search: str) -> list[ColumnElement[bool]]:
    has_address = exists().where(_AnyAddress.person_id == Person.id)
    return [
        or_(
            func.lower(Person.name).contains(word, autoescape=True),
            func.lower(PoolMember.reason).contains(word, autoescape=True),
            has_address.where(_AnyAddress.email.contains(word, autoescape=True)),
        )
        for word in search.lower().split()[:8]
    ]


def pools_and_tags_of(person_id: int) -> tuple[list[OwnPool], list[str]]:
    """The pools somebody is in, with why, and the names of their tags, for colleagues; each in order."""
    rows = fetch(_ON_CARD, {"person_id": person_id}).all()
    pools = [OwnPool(*row[1:]) for row in rows if row[1] is not None]
    return pools, [row[2] for row in rows if row[1] is None]


def told_pools(person_id: int) -> list[ToldPool]:
    """The pools somebody is in, as they may read of them themselves."""
    return [ToldPool(*row) for row in fetch(_TOLD, {"person_id": person_id})]


def people_to_put(public_ids: Collection[str], asker_id: int) -> list[ToPut]:
    """Those with these public ids whom we still know, by name; never the asker."""
    return [ToPut(*row) for row in fetch(_TO_PUT, {"ids": list(public_ids), "asker_id": asker_id})]


def put_together(form_key: str, asker_id: int) -> Together | None:
    """Whom the asker put into a pool from one form; None when nobody of them is in it any more."""
    rows = fetch(_TOGETHER, {"form_key": form_key, "asker_id": asker_id}).all()
    if not rows:
        return None
    pool_public_id, pool_name, reason, added_at, _name = rows[0]
    return Together(pool_public_id, pool_name, reason, added_at, [row[4] for row in rows])


def pools_to_review(today: date) -> list[int]:
    """Ids of open pools whose day of review has come."""
    return list(fetch(_DUE, {"today": today}).scalars())
