"""Giving applications to a colleague: who looks after them from now on, and owes what was owed about them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from portal.applications.actions.locking import lock_people
from portal.applications.models import Application, Promise
from portal.applications.queries import StaffScope
from portal.applications.queries.pipeline import Chosen
from portal.audit.actions import record
from portal.company.queries import company_zone
from portal.core.clock import day_of
from portal.core.db import end_reading, transaction
from portal.core.errors import NotFound, PortalError
from portal.core.i18n import gettext as _
from portal.core.identifiers import new_public_id
from portal.core.permissions import Permission, is_allowed
from portal.people.queries import StaffRow, find_active_staff
from portal.tasks.actions import add_task, hand_over_tasks
from portal.tasks.models import Task
from portal.tasks.queries import due_from
from portal.tasks.states import OPEN_STATES, TaskKind


class NotAnOwner(PortalError):
    """Somebody who cannot look after applications: they have left, or their role does not write to candidates."""


def reassign_applications(
    people: Sequence[Chosen],
    *,
    to_public_id: str,
    opening_id: str,
    opening_title: str,
    scope: StaffScope,
    now: datetime,
) -> int:
    """Let a colleague look after these applications; candidates read the new name, and no mail is sent. Recorded.

    Open tasks about them that their owner had go along, and one task tells the colleague. Those that are theirs
    already, and the colleague's own, are left out. Returns how many went over; raises NotAnOwner, NotFound.
    """
    if not is_allowed(scope.role, Permission.WRITE_TO_CANDIDATES):
        raise NotFound
    to = find_active_staff(to_public_id)
    if to is None or not to.is_here or not is_allowed(to.role, Permission.WRITE_TO_CANDIDATES):
        raise NotAnOwner(_("Please choose a colleague who is here and writes to candidates."))
    count = 0
    for one in people:
        end_reading()
        count += let_look_after(one.id, to, scope.person_id, now)
    if count and to.person_id != scope.person_id:
        tell_colleague(to, opening_id, opening_title, now)
    return count


def let_look_after(application_id: int, to: StaffRow, actor_id: int | None, now: datetime) -> bool:
    """Let `to` look after one application from now on, with the open tasks that its owner had about it. Recorded.

    Not where they do already, and nobody looks after their own. `actor_id` None: by itself. Whether it went over.
    """
    with transaction() as session:
        candidate = select(Application.person_id).where(Application.id == application_id)
        person_id = session.scalar(candidate)
        if person_id is None or person_id == to.person_id:
            return False
        lock_people(session, person_id, to.person_id, *([actor_id] if actor_id is not None else []))
        application = session.get(Application, application_id, with_for_update=True)
        if application is None or application.owner_id == to.person_id:
            return False
        before, application.owner_id = application.owner_id, to.person_id
        is_open = Promise.settled_at.is_(None)
        session.execute(
            update(Promise).where(Promise.application_id == application_id).where(is_open).values(owner_id=to.person_id)
        )
        tasks = session.scalars(
            select(Task.id)
            .where(Task.about == application.public_id)
            .where(Task.owner_id == before)
            .where(Task.state.in_(OPEN_STATES))
            .order_by(Task.id)
        ).all()
        why = _("They look after this application from now on.")
        hand_over_tasks(tasks, to_id=to.person_id, why=why, actor_id=actor_id, now=now)
        record(
            "applications.reassign",
            f"application:{application.public_id}",
            actor_id=actor_id,
            person_id=application.person_id,
            now=now,
            to=to.public_id,
        )
        return True


def tell_colleague(to: StaffRow, opening_id: str, opening_title: str, now: datetime) -> None:
    """Let a colleague know by a task that applications of this opening are theirs now."""
    today = day_of(now, company_zone())
    cause = f"reassigned:{new_public_id()}"
    add_task(
        owner_id=to.person_id,
        kind=TaskKind.REASSIGNED,
        cause=cause,
        about=opening_id,
        due_on=due_from(TaskKind.REASSIGNED, today),
        dedupe_key=cause,
        title=opening_title,
        person_id=None,
        now=now,
    )
