"""People are put into a pool with a reason, taken out again, and taken back together."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select

from portal.audit.actions import record
from portal.core.db import insert_into, transaction
from portal.core.i18n import gettext as _
from portal.core.identifiers import new_public_id
from portal.people.models import Person
from portal.pools.actions.locking import locked_pool
from portal.pools.models import Pool, PoolMember
from portal.pools.queries import people_to_put
from portal.pools.rules import (
    TAKE_BACK_HOURS,
    PoolRefused,
    TooLateToTakeBack,
    checked_reason,
    known_form_key,
    may_take_back,
)


@dataclass(frozen=True)
class PutIn:
    """What came of putting people into a pool."""

    pool_public_id: str
    pool_name: str
    #: Names the form: what leads to those who were put in, and to the way back.
    form_key: str
    count: int
    #: Those who were in it before.
    already_count: int


def put_in(
    pool_public_id: str, public_ids: Collection[str], *, reason: str, form_key: str, actor_id: int, now: datetime
) -> PutIn:
    """Put people, by their public ids, into a pool; whoever is in it already keeps why. The asker never is put in.

    The same `form_key` again puts nobody in. Raises PoolRefused, PoolClosed, NotFound.
    """
    why = checked_reason(reason, _("Please say why they belong in it; a colleague will want to know."))
    key = known_form_key(form_key) or new_public_id()
    with transaction() as own:
        people = _held(public_ids, actor_id)
        pool = locked_pool(pool_public_id)
        before = own.scalar(
            select(func.count(PoolMember.id))
            .where(PoolMember.form_key == key)
            .where(PoolMember.added_by_id == actor_id)
        )
        if before:
            return PutIn(pool.public_id, pool.name, key, before, 0)
        if not people:
            raise PoolRefused(_("Nobody of those you chose is known here any more."))
        same = {"pool_id": pool.id, "added_by_id": actor_id, "added_at": now, "reason": why, "form_key": key}
        same |= {"came_from": None, "is_of_both": False}
        statement = insert_into(PoolMember, own.get_bind().dialect.name).on_conflict_do_nothing(
            index_elements=["pool_id", "person_id"]
        )
        own.execute(statement, [{"person_id": person_id, **same} for person_id in people])
        count = own.scalar(
            select(func.count(PoolMember.id))
            .where(PoolMember.form_key == key)
            .where(PoolMember.added_by_id == actor_id)
        )
        done = PutIn(pool.public_id, pool.name, key, count or 0, len(people) - (count or 0))
        if done.count:
            _record("pools.put_in", pool, actor_id, now, done.count, people)
        return done


def _held(public_ids: Collection[str], actor_id: int) -> list[int]:
    """Those who are still known; whoever erases or merges one of them waits. Joins the transaction."""
    with transaction() as own:
        rows = select(Person.id).where(Person.public_id.in_(public_ids)).order_by(Person.id)
        own.scalars(rows.with_for_update(key_share=True)).all()
        # Read after the wait: somebody erased has no address any more.
        return sorted(one.person_id for one in people_to_put(public_ids, actor_id))


def take_out(pool_public_id: str, public_ids: Collection[str], *, actor_id: int, now: datetime) -> int:
    """Take people out of a pool, and forget why they were in it; how many were. Raises PoolClosed, NotFound."""
    with transaction() as own:
        pool = locked_pool(pool_public_id)
        who = select(Person.id).where(Person.public_id.in_(public_ids)).where(Person.id != actor_id)
        theirs = PoolMember.person_id.in_(who)
        members = own.scalars(
            select(PoolMember).where(PoolMember.pool_id == pool.id).where(theirs).order_by(PoolMember.person_id)
        ).all()
        people = [member.person_id for member in members]
        for member in members:
            own.delete(member)
        if people:
            _record("pools.take_out", pool, actor_id, now, len(people), people)
        return len(people)


def take_back(form_key: str, *, actor_id: int, now: datetime) -> int:
    """Take all whom the asker put in from one form out again; how many they were, 0 when nobody is left.

    Raises TooLateToTakeBack, PoolClosed, NotFound.
    """
    theirs = (PoolMember.form_key == form_key) & (PoolMember.added_by_id == actor_id)
    with transaction() as own:
        found = own.execute(
            select(Pool.public_id, PoolMember.added_at)
            .join(PoolMember, PoolMember.pool_id == Pool.id)
            .where(theirs)
            .limit(1)
        ).one_or_none()
        if found is None:
            return 0
        if not may_take_back(found.added_at, now):
            raise TooLateToTakeBack(
                _(
                    "They can be taken out together for %(hours)s hours. Please take them out on the pool's page.",
                    hours=TAKE_BACK_HOURS,
                )
            )
        pool = locked_pool(found.public_id)
        people = own.scalars(select(PoolMember.person_id).where(theirs).order_by(PoolMember.person_id)).all()
        own.execute(delete(PoolMember).where(theirs))
        if people:
            _record("pools.take_back", pool, actor_id, now, len(people), people)
        return len(people)


def _record(action: str, pool: Pool, actor_id: int, now: datetime, count: int, people: Collection[int]) -> None:
    """About one person it is in their records, too; about several it only says how many."""
    person_id = next(iter(people)) if len(people) == 1 else None
    record(action, f"pool:{pool.public_id}", actor_id=actor_id, now=now, person_id=person_id, count=count)
