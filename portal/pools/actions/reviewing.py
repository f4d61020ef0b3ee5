"""When the day of review has come, the owner of a pool owes an answer: is it still right?"""

from datetime import datetime

from sqlalchemy import select

from portal.company.queries import company_zone
from portal.core.clock import day_of
from portal.core.db import transaction
from portal.pools.models import Pool
from portal.pools.rules import asked_on, is_review_due, review_cause, times_asked
from portal.tasks.actions import add_task
from portal.tasks.models import Task
from portal.tasks.queries import due_from, who_looks
from portal.tasks.states import OPEN_STATES, TaskKind


def ask_for_review(pool_id: int, now: datetime) -> None:
    """Give the owner of a pool (an admin, where they cannot) the task to look at it, once the day has come.

    Safe to run twice: while it is owed nothing is added; whoever ticked it off is asked again after a while.
    """
    today = day_of(now, company_zone())
    with transaction() as own:
        pool = own.get(Pool, pool_id, with_for_update=True)
        if pool is None or pool.closed_at is not None or not is_review_due(pool.review_on, today):
            return
        cause = review_cause(pool.public_id)
        if own.scalar(select(Task.id).where(Task.cause == cause).where(Task.state.in_(OPEN_STATES))) is not None:
            return
        owner_id = who_looks(TaskKind.POOL_REVIEW, pool.owner_id)
        if owner_id is None:
            return
        times = times_asked(pool.review_on, today)
        asked = asked_on(pool.review_on, times)
        add_task(
            owner_id=owner_id,
            kind=TaskKind.POOL_REVIEW,
            cause=cause,
            about=pool.public_id,
            due_on=due_from(TaskKind.POOL_REVIEW, today),
            dedupe_key=f"{cause}:{asked.isoformat()}",
            title=pool.name,
            now=now,
        )
