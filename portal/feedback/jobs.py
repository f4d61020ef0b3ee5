"""What the worker does for feedback: what is owed is noted, and stands among somebody's tasks until it is given."""

from datetime import datetime, timedelta
from typing import Final

from portal.applications.queries.promised import EngineTask, engine_tasks
from portal.company.queries import company_zone
from portal.core.clock import day_of
from portal.core.db import end_reading
from portal.core.pausing import pause
from portal.feedback.actions import cause_of, note_debts
from portal.feedback.actions.approving import stop_waiting_feedback
from portal.feedback.queries import ToDo, applications_to_look_at, facts_about, open_debts
from portal.feedback.queries.staff import waiting_feedback
from portal.feedback.rules import settle
from portal.people.queries import active_staff
from portal.tasks.actions import add_task, finish_task, keep_day
from portal.tasks.queries import who_looks
from portal.tasks.states import TaskKind

#: Applications whose facts are read together.
_AT_ONCE: Final = 200
#: Tasks that were due before can have no say in what is owed now.
_REMEMBERED: Final = timedelta(days=400)


def note_what_is_owed(now: datetime) -> None:
    """What feedback is owed, was given or is void is noted, from how applications ended and who was interviewed."""
    zone = company_zone()
    ids = applications_to_look_at(now)
    for first in range(0, len(ids), _AT_ONCE):
        end_reading()
        some = facts_about(ids[first : first + _AT_ONCE])
        changed = [one for one, (facts, debts) in some.items() if settle(facts, debts, zone, now)]
        for application_id in changed:
            end_reading()
            note_debts(application_id, now)
            pause()


def ask_for_what_is_owed(now: datetime) -> None:
    """Whoever looks after the application finds it among their tasks until it is given, due when the debt is.

    Said to be done although nothing was given, it comes again: the candidate still waits.
    """
    today = day_of(now, company_zone())
    debts = open_debts()
    known = engine_tasks((TaskKind.FEEDBACK_DUE,), today - _REMEMBERED)
    at_work = {row.person_id for row in active_staff()}
    for debt in debts:
        tasks = [task for task in known if task.dedupe_key.startswith(_key(debt))]
        is_asked = any(task.is_open and task.owner_id in at_work for task in tasks)
        if is_asked and all(task.due_on == debt.due_on for task in tasks if task.is_open):
            continue
        end_reading()
        if is_asked:
            _keep_day(debt, tasks)
        else:
            _ask(debt, tasks, now)
        pause()
    owed = {debt.public_id for debt in debts}
    for task in known:
        if task.is_open and task.about not in owed:
            end_reading()
            finish_task(task.id, actor_id=None, now=now)
            pause()


def stop_what_must_wait(now: datetime) -> None:
    """Approved feedback that has not gone is a draft again where the ending was taken back or an admin holds it."""
    for application_id in waiting_feedback():
        end_reading()
        stop_waiting_feedback(application_id, now)
        pause()


def _key(debt: ToDo) -> str:
    return f"feedback-due:{debt.event_public_id}"


def _keep_day(debt: ToDo, tasks: list[EngineTask]) -> None:
    for task in tasks:
        if task.is_open:
            keep_day(task.id, debt.due_on)


def _ask(debt: ToDo, before: list[EngineTask], now: datetime) -> None:
    owner_id = who_looks(TaskKind.FEEDBACK_DUE, debt.owner_id)
    if owner_id is None:
        return
    ticked_off = sum(not task.has_settled for task in before)
    add_task(
        owner_id=owner_id,
        kind=TaskKind.FEEDBACK_DUE,
        cause=cause_of(debt.public_id),
        about=debt.public_id,
        due_on=debt.due_on,
        dedupe_key=f"{_key(debt)}:{ticked_off}" if ticked_off else _key(debt),
        title=debt.opening_title,
        person_id=debt.person_id,
        now=now,
    )
