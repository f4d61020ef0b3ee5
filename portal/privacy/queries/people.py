"""Whose request about their data it is."""

from sqlalchemy import exists, select

from portal.core.db import fetch
from portal.people.models import Address, Person
from portal.people.queries import KnownPerson


def whose_request(public_id: str) -> KnownPerson | None:
    """The person with this public id, if we hold anything about them."""
    row = fetch(
        select(Person.id, Person.public_id, Person.name, Person.locale, Person.timezone)
        .where(Person.public_id == public_id)
        .where(exists().where(Address.person_id == Person.id))
    ).one_or_none()
    return KnownPerson(*row) if row else None
