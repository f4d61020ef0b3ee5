"""What somebody in the demo has to do: what a colleague left, letters that came back, what the imports left."""

from datetime import datetime, timedelta

from sqlalchemy import select

from portal.accounts.jobs import look_for_lost_mails
from portal.applications.jobs import (
    break_silences,
    fold_promises,
    look_after_escalated,
    look_for_lost_letters,
    look_for_missed_promises,
    remind_of_promises,
)
from portal.applications.queries import StaffView
from portal.applications.states import EventKind
from portal.ats.jobs import look_for_work_left
from portal.company.rules import working_days_after
from portal.core.db import end_reading, session
from portal.core.errors import PortalError
from portal.demo import data
from portal.demo.actions.letters import PlannedLetter, write
from portal.demo.actions.story import Story, at, deliver, open_ones
from portal.desk.jobs import look_after_other_offers
from portal.outbox.actions import claim_next, mark_failed_try
from portal.outbox.rules import Refused
from portal.outbox.states import Reason
from portal.privacy.actions import let_go
from portal.tasks.actions import finish_task, note_on_task
from portal.tasks.models import Task
from portal.tasks.states import TaskKind

#: What finds what is owed.
_LOOKS = (
    look_for_lost_letters,
    look_for_lost_mails,
    look_for_missed_promises,
    look_for_work_left,
    look_after_other_offers,
)


def leave_a_colleague(story: Story) -> None:
    """Milan left after the first days; Rita took over, looked through what he left, and said so."""
    rita, milan = story.staff["rita"], story.staff["milan"]
    days = working_days_after(story.today - timedelta(days=23), 2, story.calendar)
    with at(story.moment(days[0], 16)) as moment:
        let_go(milan, rita, story.staff["admin"], moment)
    with at(story.moment(days[1], 10)) as moment:
        _finish(TaskKind.HANDED_OVER, "", data.MILAN_NOTE, rita, moment)


def lose_letters(story: Story) -> None:
    """Two letters of Rita's came back: one person she has rung since, the other waits for her."""
    ritas = [view for view in open_ones(story, "rita") if _is_in_time(story, view)]
    rung = next(view for view in ritas if view.next_update_by and view.next_update_by > story.today)
    _lose(story, rung, story.moment(story.days_ago(1), 16))
    with at(story.at - timedelta(minutes=50)) as moment:
        _finish(TaskKind.DEAD_LETTER, rung.public_id, data.RUNG_NOTE, story.staff["rita"], moment)
    lost = next(view for view in ritas if view.public_id != rung.public_id and view.next_update_by)
    _lose(story, lost, story.at - timedelta(minutes=40))


def _is_in_time(story: Story, view: StaffView) -> bool:
    """On the day it should be, and not of one of the accounts that people sign in with."""
    is_in_time = view.next_update_by is not None and view.next_update_by >= story.today
    is_in_time = is_in_time and view.kind is not EventKind.ESCALATED
    is_nobody_known = view.email not in {row[0] for row in data.CANDIDATES}
    return is_in_time and is_nobody_known


def _lose(story: Story, view: StaffView, moment: datetime) -> None:
    """Rita writes, and their mail server says that it knows no such mailbox."""
    with at(moment):
        deliver()
        write(
            story,
            PlannedLetter(moment, view.public_id, "rita", view.status, data.LOST_LETTER, view.next_update_by, ""),
        )
        claimed = claim_next("demo", moment)
        if claimed is None:
            raise PortalError("The demo lost one of its letters in another way than it should.")
        mark_failed_try(claimed, Refused(Reason.REFUSED, 550, data.REFUSAL, is_about_recipient=True), moment)
        end_reading()
        look_at_what_is_owed(moment)


def _finish(kind: TaskKind, about: str, words: str, actor_id: int, moment: datetime) -> None:
    found = select(Task.id).where(Task.kind == kind).order_by(Task.id)
    task_id = session().scalars(found.where(Task.about == about) if about else found).first()
    if task_id is None:
        raise PortalError("The demo lost one of its tasks.")
    end_reading()
    note_on_task(task_id, words=words, actor_id=actor_id, now=moment)
    finish_task(task_id, actor_id=actor_id, now=moment)


def look_at_what_is_owed(moment: datetime) -> None:
    """What the worker finds, found at once."""
    with at(moment):
        for look in _LOOKS:
            look(moment)
            end_reading()


def look_at_promises(story: Story) -> None:
    """What the worker does about promises, done at once."""
    for look in (break_silences, look_after_escalated, remind_of_promises, fold_promises):
        look(story.at)
        end_reading()
    deliver()
