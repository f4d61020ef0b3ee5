"""Who is in a segment today: as a statement for others, counted, and a page by name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Select, and_, func, literal, or_, select
from sqlalchemy.orm import aliased

from portal.community.models import Membership
from portal.company.queries import company_zone
from portal.contact.models import SignOfLife
from portal.core.db import fetch
from portal.people.models import Address, Person
from portal.segments.queries.conditions import holds, is_joining, is_known
from portal.segments.rules import Group

#: People who are looked at, by name, before all of a segment is found for a page of it.
_LOOKED_AT: Final = 1_000
_Early, _Shown = aliased(Person, name="early"), aliased(Person, name="shown_person")


@dataclass(frozen=True)
class PersonLine:
    """Somebody in a segment."""

    public_id: str
    name: str
    email: str
    member_since: Any
    last_heard_on: date | None


def people_in(tree: Group, today: date) -> Select[int]:
    """A statement of the ids of everybody in the segment on `today`, a day in the company's zone.

    Live: each run finds who is in it then. Nobody who was erased or has left the community is in any segment, and no
    colleague who neither applied nor joined. Those whom we may not write to are in it: sending holds them back.
    """
    people: Select[int] = _among(select(Person.id), tree, today)
    return people


def _among(statement: Any, tree: Group, today: date, *, is_looked_up: bool = False) -> Any:
    """`statement` over people, of those in the segment only; `is_looked_up`: it is about a few of them."""
    is_in = holds(tree, today, company_zone(), is_looked_up=is_looked_up)
    return statement.where(is_in).where(is_known(is_looked_up=is_looked_up or is_joining()))


def count_of(tree: Group, today: date, asker_id: int) -> int:
    """How many are in the segment, the asker left out: nobody reads about themselves here."""
    found = _among(select(func.count(Person.id)), tree, today).where(Person.id != asker_id)
    return int(fetch(found).scalar() or 0)


def page_of(tree: Group, today: date, asker_id: int, first: int, count: int) -> tuple[list[PersonLine], int]:
    """`count` people of the segment from number `first`, by name, and how many there are in all.

    Where many are in it, the page is full after a look at the first people by name, and the others are only counted;
    else one statement finds and sorts them all. Past the end there is nobody, and the number is 0.
    """
    begun = fetch(_shown(_walked(tree, today, asker_id), first, count)).all()
    if len(begun) == count:
        return _lines(begun), count_of(tree, today, asker_id)
    total = func.count().over().label("total")
    everybody = _among(select(Person.id, Person.name, total), tree, today).where(Person.id != asker_id)
    rows = fetch(_shown(everybody, first, count)).all()
    return _lines(rows), rows[0].total if rows else 0


def _walked(tree: Group, today: date, asker_id: int) -> Any:
    """Who is in the segment among the first people by name."""
    early = select(_Early.id).order_by(_Early.name, _Early.id).limit(_LOOKED_AT).subquery()
    people = select(Person.id, Person.name, literal(0).label("total")).join(early, early.c.id == Person.id)
    return _among(people, tree, today, is_looked_up=True).where(Person.id != asker_id)


def _shown(people: Any, first: int, count: int) -> Any:
    """What a page shows of `count` of these people from number `first`, by name."""
    shown = people.order_by(Person.name, Person.id).offset(first).limit(count).subquery()
    return (
        select(_Shown.public_id, shown.c.name, Address.email, Membership.joined_at, SignOfLife.last_on, shown.c.total)
        .select_from(shown)
        .join(_Shown, _Shown.id == shown.c.id)
        .outerjoin(Address, and_(Address.person_id == shown.c.id, Address.is_primary))
        .outerjoin(Membership, and_(Membership.person_id == shown.c.id, Membership.left_at.is_(None)))
        .outerjoin(SignOfLife, SignOfLife.person_id == shown.c.id)
        .order_by(shown.c.name, shown.c.id)
    )


def _lines(rows: Sequence[Any]) -> list[PersonLine]:
    return [PersonLine(row[0], row[1], row[2] or "", row[3], row[4]) for row in rows]


def people_called(words: str, asker_id: int, count: int) -> list[PersonLine]:
    """The first `count` people we know whose name or address has `words` in it, by name; not the asker."""
    wanted = words.strip().lower()
    if not wanted:
        return []
    rows = fetch(
        select(Person.public_id, Person.name, Address.email)
        .join(Address, and_(Address.person_id == Person.id, Address.is_primary))
        .where(
            or_(
                func.lower(Person.name).contains(wanted, autoescape=True),
                Address.email.contains(wanted, autoescape=True),
            )
        )
        .where(Person.id != asker_id)
        .order_by(Person.name, Person.id)
        .limit(count)
    )
    return [PersonLine(row[0], row[1], row[2], None, None) for row in rows]


def is_among(person_id: int, tree: Group, today: date) -> bool:
    """Whether this person is in the segment."""
    return fetch(people_in(tree, today).where(Person.id == person_id)).first() is not None
