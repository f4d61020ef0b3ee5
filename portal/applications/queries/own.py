"""Applications of those who work here: nobody looks after their own."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import bindparam, func, select

from portal.applications.models import Application
from portal.applications.queries.shown import StaffScope
from portal.core.db import fetch
from portal.core.permissions import Role
from portal.openings.models import Opening
from portal.tasks.models import Task
from portal.tasks.queries import is_about_another
from portal.tasks.states import OPEN_STATES


@dataclass(frozen=True)
class OwnWork:
    """An application that came to the very person who applied."""

    id: int
    public_id: str
    person_id: int
    opening_public_id: str
    opening_title: str


@dataclass(frozen=True)
class LeftOut:
    """The asker's own applications, which a list does not show them."""

    count: int
    #: Whether one of them has come to the asker, and nobody else here could take it yet.
    is_with_nobody: bool


_OWN_WORK = (
    select(Application.id, Application.public_id, Application.person_id, Opening.public_id, Opening.title)
    .join(Opening, Opening.id == Application.opening_id)
    .where(Application.owner_id == Application.person_id)
    .order_by(Application.id)
)
_OWN_TASKS = (
    select(Task.id, Task.owner_id)
    .where(Task.owner_id == Task.person_id)
    .where(~is_about_another(Task.owner_id))
    .where(Task.state.in_(OPEN_STATES))
    .order_by(Task.id)
)
_LEFT_OUT = (
    select(func.count(Application.id), func.count(Application.id).filter(Application.owner_id == Application.person_id))
    .join(Opening, Opening.id == Application.opening_id)
    .where(Application.person_id == bindparam("asker_id"))
)


def own_work() -> list[OwnWork]:
    """Applications that whoever applied is to look after."""
    return [OwnWork(*row) for row in fetch(_OWN_WORK)]


def own_tasks() -> dict[int, list[int]]:
    """Open tasks about their owner's own application or conversation: their ids by owner."""
    found: dict[int, list[int]] = {}
    for task_id, owner_id in fetch(_OWN_TASKS):
        found.setdefault(owner_id, []).append(task_id)
    return found


def left_out_for(scope: StaffScope, opening_public_id: str = "") -> LeftOut | None:
    """The asker's own applications to openings that they may see, or to one; None when there are none."""
    statement = _left_out(scope.role is Role.HIRING_MANAGER, bool(opening_public_id))
    count, own = fetch(statement, {"asker_id": scope.person_id, "opening": opening_public_id}).one()
    return LeftOut(count, own > 0) if count else None


@cache
def _left_out(is_manager: bool, is_of_one_opening: bool) -> Any:
    statement = _LEFT_OUT
    if is_manager:
        statement = statement.where(Opening.hiring_manager_id == bindparam("asker_id"))
    return statement.where(Opening.public_id == bindparam("opening")) if is_of_one_opening else statement
