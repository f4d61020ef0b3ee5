"""Passing on what came to the very person whom it is about: nobody treats their own application."""

from datetime import datetime

from portal.applications.actions.reassigning import let_look_after, tell_colleague
from portal.applications.queries.own import own_tasks, own_work
from portal.core.db import end_reading
from portal.core.i18n import gettext as _
from portal.core.permissions import Permission, Role, is_allowed
from portal.people.queries import StaffRow, active_recruiters
from portal.tasks.actions import hand_over_tasks


def pass_on_what_is_their_own(now: datetime) -> None:
    """Give each application, and each task about one, that is its own candidate's to their lead, else to an admin.

    Safe to run twice. Where nobody else here writes to candidates it waits, and the lists say so.
    """
    work, tasks = own_work(), own_tasks()
    colleagues = active_recruiters() if work or tasks else []
    for one in work:
        heir = _heir(one.person_id, colleagues)
        if heir is None:
            continue
        end_reading()
        if let_look_after(one.id, heir, None, now):
            tell_colleague(heir, one.opening_public_id, one.opening_title, now)
    for owner_id, task_ids in tasks.items():
        heir = _heir(owner_id, colleagues)
        if heir is not None:
            end_reading()
            why = _("It is about their own application, which somebody else looks after.")
            hand_over_tasks(task_ids, to_id=heir.person_id, why=why, actor_id=None, now=now)


def _heir(person_id: int, colleagues: list[StaffRow]) -> StaffRow | None:
    """Who takes over: the lead if they write to candidates, else an admin, else whoever else does."""
    lead_id = next((one.lead_id for one in colleagues if one.person_id == person_id), None)
    others = [
        one for one in colleagues if one.person_id != person_id and is_allowed(one.role, Permission.WRITE_TO_CANDIDATES)
    ]
    others.sort(key=lambda one: (one.person_id != lead_id, one.role is not Role.ADMIN, one.person_id))
    return others[0] if others else None
