"""What the worker does for applications: letters that did not arrive, and promises that were missed, become tasks."""

from datetime import datetime, timedelta

from portal.applications.actions import count_rest
from portal.applications.actions import forget_old_drafts as forget_drafts
from portal.applications.queries import StaffScope, StaffView, find_for_staff, open_rests
from portal.applications.queries.missed import key_of, missed_promises, told_again
from portal.company.queries import company_zone, work_calendar
from portal.core.clock import day_of
from portal.core.db import end_reading
from portal.core.pausing import pause
from portal.core.permissions import Role
from portal.people.queries import active_staff
from portal.tasks.actions import add_task, finish_task
from portal.tasks.queries import LostLetter, lost_letters, settled_letter_tasks
from portal.tasks.rules import due_day, escalates_to, is_too_late
from portal.tasks.states import TaskKind

_CAUSE = "application:"
#: As far as working days are counted back and ahead.
_AROUND = timedelta(days=60)
_DRAFTS_KEPT = timedelta(days=30)


def look_for_lost_letters(now: datetime) -> None:
    """Whoever looks after an application owes something when a letter about it did not arrive, until another does."""
    for letter in lost_letters("applications/"):
        end_reading()
        view = _application_of(letter)
        if view is not None:
            _owe(letter, view, now)
        pause()
    for task_id in settled_letter_tasks(TaskKind.DEAD_LETTER):
        end_reading()
        finish_task(task_id, actor_id=None, now=now)
        pause()


def _application_of(letter: LostLetter) -> StaffView | None:
    return find_for_staff(letter.cause.removeprefix(_CAUSE), StaffScope(0, Role.ADMIN))


def _owe(letter: LostLetter, view: StaffView, now: datetime) -> None:
    today = day_of(now, company_zone())
    add_task(
        owner_id=view.owner_id,
        kind=TaskKind.DEAD_LETTER,
        cause=letter.task_cause,
        about=view.public_id,
        due_on=due_day(TaskKind.DEAD_LETTER, today, work_calendar(today, today + _AROUND)),
        dedupe_key=letter.task_cause,
        title=view.opening_title,
        person_id=view.person_id,
        now=now,
    )


def look_for_missed_promises(now: datetime) -> None:
    """The lead of whoever looks after an application is asked when word is two working days late, until it went."""
    today = day_of(now, company_zone())
    calendar = work_calendar(today - _AROUND, today + _AROUND)
    staff = active_staff()
    at_work = [row.person_id for row in staff]
    admins = sorted(row.person_id for row in staff if row.role is Role.ADMIN)
    for missed in missed_promises(today):
        lead_id = escalates_to(missed.owner_id, missed.lead_id, at_work, admins)
        if lead_id is None or not is_too_late(missed.promised, today, calendar):
            continue
        end_reading()
        add_task(
            owner_id=lead_id,
            kind=TaskKind.MISSED_PROMISE,
            cause=f"{_CAUSE}{missed.public_id}",
            about=missed.public_id,
            due_on=due_day(TaskKind.MISSED_PROMISE, today, calendar),
            dedupe_key=key_of(missed),
            title=missed.opening_title,
            person_id=missed.person_id,
            now=now,
        )
        pause()
    for task_id in told_again(today):
        end_reading()
        finish_task(task_id, actor_id=None, now=now)
        pause()


def count_rests(now: datetime) -> None:
    """Community mail rests for 7 days from when somebody was told that they were not selected."""
    for event_id in open_rests(now):
        end_reading()
        count_rest(event_id, now)
        pause()


def forget_old_drafts(now: datetime) -> None:
    """Letters that were taken back 30 days ago and never sent are forgotten."""
    forget_drafts(now - _DRAFTS_KEPT)
