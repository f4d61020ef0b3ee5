"""Who is in a segment today: as a statement for others, counted, and a page by name."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, func, or_, select

from portal.community.models import Membership
from portal.company.queries import company_zone
from portal.contact.models import SignOfLife
from portal.core.db import fetch
from portal.people.models import Address, Person
from portal.segments.queries.conditions import holds, is_joining, is_known
from portal.segments.rules import Group


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


def _among(statement: Any, tree: Group, today: date) -> Any:
    return statement.where(holds(tree, today, company_zone())).where(is_known(is_looked_up=is_joining()))


def count_of(tree: Group, today: date, asker_id: int) -> int:
    """How many are in the segment, the asker left out: nobody reads about themselves here."""
    found = _among(select(func.count(Person.id)), tree, today).where(Person.id != asker_id)
    return int(fetch(found).scalar() or 0)


def page_of(tree: Group, today: date, asker_id: int, first: int, count: int) -> tuple[list[PersonLine], int]:
    """`count` people of the segment from number `first`, by name, and how many there are in all.

    One statement, which finds them once; past the end there is nobody, and the number is 0.
    """
    total = func.count().over().label("total")
    ids = _among(select(Person.id, Person.name, total), tree, today).where(Person.id != asker_id)
    shown = ids.order_by(Person.name, Person.id).offset(first).limit(count).subquery()
    rows = fetch(
        select(Person.public_id, Person.name, Address.email, Membership.joined_at, SignOfLife.last_on, shown.c.total)
        .join(shown, shown.c.id == Person.id)
        .outerjoin(Address, and_(Address.person_id == Person.id, Address.is_primary))
        .outerjoin(Membership, and_(Membership.person_id == Person.id, Membership.left_at.is_(None)))
        .outerjoin(SignOfLife, SignOfLife.person_id == Person.id)
        .order_by(Person.name, Person.id)
    ).all()
    return [PersonLine(row[0], row[1], row[2] or "", row[3], row[4]) for row in rows], rows[0].total if rows else 0


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
