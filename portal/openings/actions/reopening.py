"""Opening a finished opening again: because somebody says so, or because somebody is in it who has no ending."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from portal.audit.actions import record
from portal.company.queries import company_zone
from portal.core.clock import day_of
from portal.core.db import transaction
from portal.openings.actions.locking import locked
from portal.openings.models import Opening
from portal.openings.rules import state_again
from portal.openings.states import OpeningState, WhyAgain
from portal.tasks.actions import add_task, settle_tasks
from portal.tasks.queries import due_from, who_looks
from portal.tasks.states import TaskKind


def open_again(opening_id: int, *, why: WhyAgain, actor_id: int, now: datetime) -> None:
    """Let a finished opening stand as it did before it was finished: nobody can apply, and nobody is told.

    Who was in it keeps their ending. Raises MoveRefused unless it is finished, NotFound. Recorded.
    """
    with transaction() as session:
        _open(locked(session, opening_id), why, actor_id, now)


def open_for_those_within(opening_ids: Collection[int], now: datetime) -> None:
    """Somebody without an ending is in each of these openings: one that is finished opens again; joins the transaction.

    Whoever looks after it owes a look, else an admin. Until the transaction ends nobody finishes any of them.
    """
    if not opening_ids:
        return
    with transaction() as session:
        # Whoever applies in the meantime does not wait: their row only points to the opening.
        found = session.scalars(
            select(Opening)
            .where(Opening.id.in_(set(opening_ids)))
            .order_by(Opening.id)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        ).all()
        for opening in found:
            if opening.state is OpeningState.FINISHED:
                finished_at = opening.finished_at
                _open(opening, WhyAgain.IMPORT, None, now)
                _owe_a_look(opening, finished_at, now)


def settle_look(opening: Opening, now: datetime) -> None:
    """Everybody in it has their ending: what was owed because it had opened again is done; joins the transaction."""
    settle_tasks(_cause(opening), TaskKind.OPENED_AGAIN, now)


def _open(opening: Opening, why: WhyAgain, actor_id: int | None, now: datetime) -> None:
    opening.state = state_again(opening.state, opening.published_at)
    opening.finished_at = None
    subject = f"opening:{opening.public_id}"
    record("openings.open_again", subject, actor_id=actor_id, now=now, person_id=None, why=str(why))


def _owe_a_look(opening: Opening, finished_at: datetime | None, now: datetime) -> None:
    owner_id = who_looks(TaskKind.OPENED_AGAIN, opening.recruiter_id)
    if owner_id is None:
        return
    today = day_of(now, company_zone())
    add_task(
        owner_id=owner_id,
        kind=TaskKind.OPENED_AGAIN,
        cause=_cause(opening),
        about=opening.public_id,
        due_on=due_from(TaskKind.OPENED_AGAIN, today),
        # Each finishing can be undone once: a task that was done does not hide the next.
        dedupe_key=f"{_cause(opening)}:{finished_at.timestamp() if finished_at else 0:.6f}",
        title=opening.title,
        now=now,
    )


def _cause(opening: Opening) -> str:
    return f"opened-again:{opening.public_id}"
