"""Who stands in the database again although they were erased."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from portal.core.db import fetch
from portal.people.models import Address, Person
from portal.prospects.queries import erased_hash


def people_brought_back(
    erased_people: Mapping[str, datetime], erased_addresses: Mapping[str, datetime]
) -> dict[int, datetime]:
    """People who hold anything although they were erased: their row, and when; by public id, or keyed hash of address.

    A public id is never given twice. An address may have come back with its person, by themselves: only a record that
    is older than the erasure was brought back.
    """
    found: dict[int, datetime] = {}
    rows = fetch(
        select(Person.id, Person.public_id, Person.created_at, Person.name, Address.email)
        .outerjoin(Address, Address.person_id == Person.id)
        .order_by(Person.id, Address.id)
    )
    for row in rows:
        at = erased_people.get(row.public_id)
        if at is not None and (row.email or row.name):
            found[row.id] = at
        elif at is None and row.email and row.id not in found:
            at = erased_addresses.get(erased_hash(row.email))
            if at is not None and row.created_at < at:
                found[row.id] = at
    return found
