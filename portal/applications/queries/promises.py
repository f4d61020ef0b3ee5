"""The nearest promise to come."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from portal.applications.models import Application
from portal.applications.queries.shown import SHOWN_OF_EVENT, Shown, StaffScope, is_in_scope
from portal.core.db import fetch
from portal.openings.models import Opening
from portal.people.models import Address, Person


@dataclass(frozen=True)
class NextPromise:
    """The nearest promise to come."""

    public_id: str
    person_name: str
    email: str
    next_update_by: date


#: Walks the index on the promised day and stops at the first that a candidate sees.
_NEXT_PROMISE = (
    select(Application.public_id, Person.name, func.coalesce(Address.email, ""), Shown.next_update_by)
    .select_from(Shown)
    .join(Application, Application.id == Shown.application_id)
    .join(Opening, Opening.id == Application.opening_id)
    .join(Person, Person.id == Application.person_id)
    .outerjoin(Address, (Address.person_id == Application.person_id) & Address.is_primary)
    .where(Shown.id == SHOWN_OF_EVENT)
    .order_by(Shown.next_update_by, Shown.id)
    .limit(1)
)


def next_promise(scope: StaffScope, today: date, owner_id: int | None) -> NextPromise | None:
    """The nearest promise after `today` among the applications of one owner, or of all that the asker may see."""
    statement = _NEXT_PROMISE.where(Shown.next_update_by > today).where(is_in_scope(scope.person_id, scope.role))
    if owner_id is not None:
        # The sum keeps SQLite from taking all of the owner's applications and sorting them.
        statement = statement.where(Application.owner_id + 0 == owner_id)
    row: Any = fetch(statement).one_or_none()
    return NextPromise(*row) if row else None
