"""What was to go out at its time and cannot: a draft again, which says why and is owed by whoever wrote it."""

from collections.abc import Sequence
from datetime import datetime

from portal.company.queries import company_zone
from portal.core.clock import day_of
from portal.tasks.actions import add_task, settle_tasks
from portal.tasks.queries import due_from, who_looks
from portal.tasks.states import TaskKind
from portal.updates.actions.locking import note
from portal.updates.models import InsiderUpdate
from portal.updates.rules import Missing
from portal.updates.states import UpdateKind, UpdateState


def hold_up(update: InsiderUpdate, found: Sequence[Missing], now: datetime) -> None:
    """Make a scheduled update a draft that says what was missing, and a task of its author's, else of an admin's.

    Joins the transaction, in which the update is locked.
    """
    update.state, update.publish_at, update.publish_zone = UpdateState.DRAFT, None, ""
    update.held_up = ", ".join(found)
    note("updates.hold_up", update, None, now, missing=update.held_up)
    owner_id = who_looks(TaskKind.UPDATE_HELD_UP, update.author_id)
    if owner_id is None:
        return
    today = day_of(now, company_zone())
    add_task(
        owner_id=owner_id,
        kind=TaskKind.UPDATE_HELD_UP,
        cause=_cause(update),
        about=update.public_id,
        due_on=due_from(TaskKind.UPDATE_HELD_UP, today),
        dedupe_key=f"{_cause(update)}:{now.isoformat()}",
        # The title of a story may say whom it is about, and would outlive them here.
        title="" if update.kind is UpdateKind.MEMBER_STORY else update.title,
        now=now,
    )


def no_longer_held_up(update: InsiderUpdate, now: datetime) -> None:
    """It goes out after all: nobody owes anything about it; joins the transaction."""
    update.held_up = ""
    settle_tasks(_cause(update), TaskKind.UPDATE_HELD_UP, now)


def _cause(update: InsiderUpdate) -> str:
    return f"update:{update.public_id}:held_up"
