"""Holding the people of a chunk still while it is judged and written."""

from collections.abc import Collection

from sqlalchemy import bindparam, select

from portal.core.db import transaction
from portal.people.models import Address, Person

_WHO = (
    select(Address.person_id)
    .where(Address.email.in_(bindparam("emails", expanding=True)))
    .distinct()
    .order_by(Address.person_id)
)
_HELD = (
    select(Person.id)
    .where(Person.id.in_(bindparam("ids", expanding=True)))
    .order_by(Person.id)
    .with_for_update(key_share=True)
)


def hold_people(emails: Collection[str]) -> None:
    """Nobody whom these (normalised) addresses name becomes part of another record before this transaction ends.

    Whoever was just being merged is waited for; from then on the addresses name the record that was kept. Others may
    still point to these people. Joins the transaction.
    """
    held: set[int] = set()
    with transaction() as session:
        while new := set(session.scalars(_WHO, {"emails": list(emails)})) - held:
            session.execute(_HELD, {"ids": list(new)}).all()
            held |= new
