"""Two records that had become one part again: each is in its own pools."""

from sqlalchemy import select

from portal.core.db import transaction
from portal.people.models import Person
from portal.pools.models import PoolMember


def give_back(from_id: int, to_id: int) -> None:
    """Let `to_id`, which had joined `from_id`, be in the pools it came with; a pool of both has both.

    What has come since stays where it is. Both people are held by the caller. Joins the transaction.
    """
    with transaction() as own:
        came_from = own.get_one(Person, to_id).public_id
        came = select(PoolMember).where(PoolMember.person_id == from_id).where(PoolMember.came_from == came_from)
        for member in own.scalars(came.order_by(PoolMember.id)).all():
            if member.is_of_both:
                own.add(
                    PoolMember(
                        pool_id=member.pool_id,
                        person_id=to_id,
                        added_by_id=member.added_by_id,
                        added_at=member.added_at,
                        reason=member.reason,
                        is_of_both=False,
                    )
                )
            else:
                member.person_id = to_id
            member.came_from, member.is_of_both = None, False
