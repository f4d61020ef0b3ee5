"""Staying in touch after "not yet": three dated tasks with a draft each, until they have moved on."""

from datetime import datetime, timedelta

from portal.applications import emails
from portal.applications.actions.locking import lock_people
from portal.applications.actions.telling import Telling, found, tell
from portal.applications.models import ApplicationEvent
from portal.applications.queries import Going, StaffScope, StaffView
from portal.applications.queries.endings import NotYet, Stay, find_not_yet, is_stay_over, next_stay, stays_over
from portal.applications.rules import GoneAlready, Proposal
from portal.applications.rules.endings import STAY_DAYS
from portal.applications.states import EventKind
from portal.company.queries import company_zone, work_calendar
from portal.core.clock import day_of
from portal.core.db import transaction
from portal.core.i18n import gettext as _
from portal.people.queries import recipient
from portal.tasks.actions import add_task, cancel_tasks, finish_task
from portal.tasks.rules import first_working_day
from portal.tasks.states import TaskKind

#: Far enough for the next working day after any row of holidays.
_AROUND = timedelta(days=31)


def write_stays(event_id: int, now: datetime) -> None:
    """Write the three tasks of a letter that said "not yet"; safe to run twice.

    Nothing is owed to somebody who has answered, applied again, been hired or withdrawn since they were told.
    """
    not_yet = find_not_yet(event_id)
    if not_yet is None:
        return
    with transaction() as session:
        lock_people(session, not_yet.person_id)
        not_yet = find_not_yet(event_id)
        if not_yet is None:
            return
        session.get_one(ApplicationEvent, event_id).stay_open_since = None
        if not is_stay_over(not_yet.application_id, not_yet.told_at, day_of(now, company_zone())):
            _add_tasks(not_yet, now)


def _add_tasks(not_yet: NotYet, now: datetime) -> None:
    told_on = day_of(not_yet.told_at, company_zone())
    calendar = work_calendar(told_on, told_on + timedelta(days=STAY_DAYS[-1]) + _AROUND)
    for days in STAY_DAYS:
        add_task(
            owner_id=not_yet.owner_id,
            kind=TaskKind.STAY_IN_TOUCH,
            cause=f"stay:{not_yet.public_id}",
            about=not_yet.public_id,
            due_on=first_working_day(told_on + timedelta(days=days), calendar),
            dedupe_key=f"stay:{not_yet.event_public_id}:{days}",
            title=not_yet.opening_title,
            person_id=not_yet.person_id,
            now=now,
        )


def drop_stays(now: datetime) -> None:
    """Let go of the tasks to stay in touch with those who have moved on, or whose mark stands no more."""
    for cause in stays_over(day_of(now, company_zone())):
        cancel_tasks(cause, now)


def stay_words(view: StaffView, stay: Stay) -> str:
    """The text that a letter to stay in touch begins with, made of what we know; raises MissingValue."""
    return emails.stay_draft(recipient(view.person_id), view.opening_title, stay.days)


def stay_in_touch(
    public_id: str, message: str, *, scope: StaffScope, seen_event_id: str, now: datetime, is_hurried: bool = False
) -> Going:
    """Write to somebody whom we told "not yet", about the application that ended; the first of its tasks is done.

    Raises GoneAlready when nothing is owed any more, and what `write_to_candidate` raises.
    """
    view = found(public_id, scope)
    stay = next_stay(public_id)
    if stay is None:
        raise GoneAlready(_("They have moved on, so nothing is left to write."))
    proposal = Proposal(view.status, message, None, "")
    going = tell(Telling(public_id, scope, EventKind.MESSAGE, proposal, is_hurried, now), seen_event_id)
    finish_task(stay.task_id, actor_id=scope.person_id, now=now)
    return going
