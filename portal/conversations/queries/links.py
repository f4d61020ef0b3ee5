"""Which applications of a person a conversation can be about, and who looks after them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, case, func, select

from portal.applications.models import Application
from portal.applications.queries import StaffScope
from portal.applications.queries.candidate import ASKED_ID
from portal.applications.queries.shown import Owner, Shown, is_in_scope, with_shown
from portal.applications.states import OPEN_STATUSES, ApplicationStatus, EventKind
from portal.core.db import fetch
from portal.openings.models import Opening
from portal.tasks.models import Task
from portal.tasks.states import OPEN_STATES


@dataclass(frozen=True)
class LinkedApplication:
    """An application that a message can be about."""

    id: int
    public_id: str
    opening_title: str
    owner_id: int
    owner_name: str
    #: Of its opening.
    recruiter_id: int | None
    #: What the candidate sees.
    status: ApplicationStatus
    next_update_by: date | None
    #: Where we have not kept our promise: who is asked to write, in the place of whoever looks after it.
    asked_id: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether the candidate reads that it has not ended."""
        return self.status in OPEN_STATUSES


_LINKS = with_shown(
    select(
        Application.id,
        Application.public_id,
        Opening.title,
        Application.owner_id,
        Owner.name,
        Opening.recruiter_id,
        Shown.status,
        Shown.next_update_by,
        case((Shown.kind == EventKind.ESCALATED, ASKED_ID)),
    )
    .select_from(Application)
    .join(Opening, Opening.id == Application.opening_id)
    .join(Owner, Owner.id == Application.owner_id)
    .where(Application.person_id == bindparam("person_id"))
).order_by(Application.id.desc())
_LOADS = select(Task.owner_id, func.count()).where(Task.state.in_(OPEN_STATES)).group_by(Task.owner_id)


def applications_to_write_about(person_id: int, scope: StaffScope | None = None) -> list[LinkedApplication]:
    """The person's applications, open ones first, the newest of each on top; only what `scope` may see."""
    statement: Any = _LINKS
    if scope is not None:
        statement = statement.where(is_in_scope(scope.person_id, scope.role))
    found = [LinkedApplication(*row) for row in fetch(statement, {"person_id": person_id})]
    return sorted(found, key=lambda one: not one.is_open)


def wished_owners(linked: list[LinkedApplication], about: LinkedApplication | None) -> list[int | None]:
    """Who should answer, the best first.

    Whoever looks after what it is about, after the newest open application, or was asked in their place; who recruits
    for those openings; whoever looked after one that has ended.
    """
    wanted = ([about] if about else []) + [one for one in linked if one.is_open]
    owners = [one_of for one in wanted for one_of in (one.asked_id, one.owner_id)]
    recruiters = [one.recruiter_id for one in wanted or linked]
    return owners + recruiters + [one.owner_id for one in linked]


def open_task_counts() -> dict[int, int]:
    """How many open tasks each member of staff has."""
    return {row[0]: row[1] for row in fetch(_LOADS)}
