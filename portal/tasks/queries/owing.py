"""Who gets a new task, and by when it is owed."""

from datetime import date, timedelta
from typing import Final

from portal.company.queries import work_calendar
from portal.core.permissions import Role
from portal.people.queries import active_staff
from portal.tasks.rules import can_do, due_day
from portal.tasks.states import TaskKind

#: Far enough for the next working days after any row of holidays.
_AHEAD: Final = timedelta(days=31)


def due_from(kind: TaskKind, today: date) -> date:
    """By when a task that is found `today` is due, by the company's working days."""
    return due_day(kind, today, work_calendar(today, today + _AHEAD))


def who_looks(kind: TaskKind, person_id: int | None) -> int | None:
    """Who gets such a task: this person while they work here and can do it, else an admin; None where none is."""
    staff = active_staff()
    if any(one.person_id == person_id and can_do(kind, one.role) for one in staff):
        return person_id
    return min((one.person_id for one in staff if one.role is Role.ADMIN), default=None)
