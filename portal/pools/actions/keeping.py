"""A pool is made, changed, handed to a colleague, kept to a new day, and closed."""

from datetime import date, datetime

from sqlalchemy import delete, func, select

from portal.audit.actions import record
from portal.company.queries import company_zone
from portal.core.clock import day_of
from portal.core.db import one_at_a_time, transaction
from portal.core.i18n import gettext as _
from portal.core.identifiers import new_public_id
from portal.people.queries import active_recruiters
from portal.pools.actions.locking import locked_pool
from portal.pools.models import Pool, PoolMember
from portal.pools.rules import (
    PoolChanged,
    PoolRefused,
    PoolWords,
    checked_reason,
    checked_review,
    checked_words,
    known_form_key,
    review_cause,
    usual_review,
)
from portal.tasks.actions import cancel_tasks, hand_over_tasks, settle_tasks
from portal.tasks.models import Task
from portal.tasks.states import OPEN_STATES, TaskKind


def create_pool(
    *, name: str, purpose: str, review_on: date | None, owner: str, form_key: str, actor_id: int, now: datetime
) -> str:
    """Make a pool that the colleague with the public id `owner` looks after; returns its public id.

    The same `form_key` again makes no second one. Raises PoolRefused.
    """
    words = checked_words(name, purpose, review_on, day_of(now, company_zone()))
    key = known_form_key(form_key)
    owner_id = _owner_id(owner)
    with transaction() as own:
        one_at_a_time("pools")
        before = own.scalar(select(Pool.public_id).where(Pool.form_key == key)) if key else None
        if before is not None:
            return before
        _refuse_taken(words, None)
        pool = Pool(
            public_id=new_public_id(),
            name=words.name,
            key=words.key,
            purpose=words.purpose,
            owner_id=owner_id,
            review_on=words.review_on,
            version=1,
            form_key=key,
            created_at=now,
            closed_reason="",
        )
        own.add(pool)
        own.flush()
        _record("pools.create_pool", pool, actor_id, now)
        return pool.public_id


def change_pool(
    public_id: str,
    *,
    name: str,
    purpose: str,
    review_on: date | None,
    owner: str,
    seen_version: int,
    actor_id: int,
    now: datetime,
) -> None:
    """Change what a pool says of itself and who looks after it, by somebody who saw `seen_version` of it.

    Raises PoolRefused, PoolChanged, PoolClosed, NotFound.
    """
    today = day_of(now, company_zone())
    owner_id = _owner_id(owner)
    with transaction():
        one_at_a_time("pools")
        pool = locked_pool(public_id)
        if pool.version != seen_version:
            raise PoolChanged(_("A colleague has changed this pool since you opened it. Save again to keep yours."))
        # A day that has passed may stay while something else is changed: the question has been asked by then.
        is_same_day = review_on == pool.review_on
        words = checked_words(name, purpose, usual_review(today) if is_same_day else review_on, today)
        _refuse_taken(words, pool.id)
        pool.name, pool.key, pool.purpose = words.name, words.key, words.purpose
        if not is_same_day:
            _keep_to(pool, words.review_on, now)
        if pool.owner_id != owner_id:
            _give_to(pool, owner_id, actor_id, now)
        pool.version += 1
        _record("pools.change_pool", pool, actor_id, now)


def keep_pool(public_id: str, *, review_on: date | None, actor_id: int, now: datetime) -> date:
    """Say that a pool is right until a new day; its question is answered. Returns the day.

    Raises PoolRefused, PoolClosed, NotFound.
    """
    day = checked_review(review_on, day_of(now, company_zone()))
    with transaction():
        pool = locked_pool(public_id)
        _keep_to(pool, day, now)
        pool.version += 1
        _record("pools.keep_pool", pool, actor_id, now, until_on=day.isoformat())
        return day


def close_pool(public_id: str, *, reason: str, actor_id: int, now: datetime) -> int:
    """Close a pool: all leave it, and why they were in it is forgotten. Returns how many there were.

    Raises PoolRefused, PoolClosed, NotFound.
    """
    why = checked_reason(reason, _("Please say why it is closed; colleagues will ask."))
    with transaction() as own:
        pool = locked_pool(public_id)
        theirs = PoolMember.pool_id == pool.id
        count = own.scalar(select(func.count(PoolMember.id)).where(theirs)) or 0
        own.execute(delete(PoolMember).where(theirs))
        pool.closed_at, pool.closed_by_id = now, actor_id
        pool.closed_reason, pool.closed_count = why, count
        pool.version += 1
        cancel_tasks(review_cause(public_id), now)
        _record("pools.close_pool", pool, actor_id, now, count=str(count))
        return count


def _owner_id(public_id: str) -> int:
    found = next((one.person_id for one in active_recruiters() if one.public_id == public_id), None)
    if found is None:
        raise PoolRefused(_("Please choose a colleague who works here."), "owner")
    return found


def _refuse_taken(words: PoolWords, own_id: int | None) -> None:
    """One open pool has a name; joins the transaction."""
    with transaction() as own:
        same = select(Pool.id).where(Pool.key == words.key).where(Pool.closed_at.is_(None))
        if own.scalar(same.where(Pool.id != own_id) if own_id else same) is not None:
            raise PoolRefused(_("There is a pool of this name already. Please choose another name."), "name")


def _keep_to(pool: Pool, day: date, now: datetime) -> None:
    pool.review_on = day
    settle_tasks(review_cause(pool.public_id), TaskKind.POOL_REVIEW, now)


def _give_to(pool: Pool, owner_id: int, actor_id: int, now: datetime) -> None:
    """Somebody else looks after the pool, and owes the answer if the question was asked; joins the transaction."""
    pool.owner_id = owner_id
    with transaction() as own:
        owed = select(Task.id).where(Task.cause == review_cause(pool.public_id)).where(Task.state.in_(OPEN_STATES))
        ids = own.scalars(owed.order_by(Task.id)).all()
    if ids:
        hand_over_tasks(ids, to_id=owner_id, why=_("The pool is yours now."), actor_id=actor_id, now=now)


def _record(action: str, pool: Pool, actor_id: int, now: datetime, **details: str) -> None:
    record(action, f"pool:{pool.public_id}", actor_id=actor_id, now=now, person_id=None, **details)
