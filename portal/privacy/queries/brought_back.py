"""Who stands in the database again although they were erased, and by which ids they are known."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from portal.contact.models import MergedLink
from portal.core.db import fetch
from portal.people.models import Address, Person


def people_brought_back(erased: Mapping[str, datetime]) -> dict[int, datetime]:
    """People who hold anything although they were erased: their row, and when; `erased` is by public id.

    A public id is never given twice. An address is: whoever gave theirs up is not the one who registered with it and
    was erased, so nobody is found by an address.
    """
    rows = fetch(
        select(Person.id, Person.public_id, Person.name, Address.email)
        .outerjoin(Address, Address.person_id == Person.id)
        .order_by(Person.id, Address.id)
    )
    return {row.id: erased[row.public_id] for row in rows if row.public_id in erased and (row.email or row.name)}


def joined_into(person_id: int) -> tuple[str, ...]:
    """The public ids of records that have become part of this one and were not parted from it again."""
    asked = select(MergedLink.public_id).where(MergedLink.person_id == person_id).order_by(MergedLink.public_id)
    return tuple(row.public_id for row in fetch(asked))
