"""What somebody in the demo has to do: what a colleague left, letters that came back, what the imports left."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from portal.accounts.jobs import look_for_lost_mails
from portal.alerts.jobs import look_for_matches, send_alerts, settle_alerts
from portal.applications.actions import AnotherWay, tell_another_way
from portal.applications.jobs import (
    break_silences,
    fold_promises,
    look_after_escalated,
    look_for_lost_letters,
    look_for_missed_promises,
    remind_of_promises,
)
from portal.applications.queries import StaffView
from portal.applications.states import AUTOMATIC, Channel
from portal.ats.jobs import look_for_work_left
from portal.company.rules import working_days_after
from portal.conversations.jobs import look_for_held_mail, take_in_replies
from portal.core.clock import day_of
from portal.core.db import end_reading, session
from portal.core.errors import PortalError
from portal.demo import data
from portal.demo.actions.letters import PlannedLetter, write
from portal.demo.actions.story import Story, at, deliver, open_ones, scope_of, view_of
from portal.desk.jobs import look_after_other_offers
from portal.digests.jobs import collect_letters, mail_updates, send_digests
from portal.feedback.jobs import ask_for_what_is_owed, note_what_is_owed
from portal.fitting.jobs import ask_who_may_fit
from portal.interviews.jobs import thank_candidates
from portal.outbox.actions import claim_next, mark_failed_try
from portal.outbox.jobs import sort_mail
from portal.outbox.rules import Refused
from portal.outbox.states import Reason
from portal.pools.jobs import look_for_reviews
from portal.privacy.actions import let_go
from portal.surveys.jobs import ask_people, count_reached, see_to_low_scores, write_boxes_anew
from portal.tasks.actions import finish_task, note_on_task
from portal.tasks.models import Task
from portal.tasks.states import TaskKind
from portal.updates.jobs import publish_due, tell_members

#: Letters that came back today; of so many somebody can say at once that their pages tell them.
_LOST_COUNT = 3
#: What finds what is owed.
_LOOKS = (
    look_for_lost_letters,
    look_for_lost_mails,
    look_for_missed_promises,
    look_for_work_left,
    look_after_other_offers,
)

#: What the worker does about updates, what it collects for mornings, about new openings, mail that came in, and pools.
ABOUT_UPDATES: Final = (publish_due, tell_members, mail_updates)
FOR_MORNINGS: Final = (collect_letters, send_digests)
ABOUT_OPENINGS: Final = (look_for_matches, ask_who_may_fit)
ABOUT_ALERTS: Final = (send_alerts, settle_alerts)
ABOUT_MAIL: Final = (sort_mail, take_in_replies, look_for_held_mail)
ABOUT_POOLS: Final = (look_for_reviews,)
WHO_IS_ASKED: Final = (ask_people,)
WHOM_IT_WENT_BADLY_FOR: Final = (see_to_low_scores,)
ABOUT_SURVEYS: Final = (*WHO_IS_ASKED, *WHOM_IT_WENT_BADLY_FOR, count_reached, write_boxes_anew)
ABOUT_INTERVIEWS: Final = (thank_candidates,)
WHAT_IS_OWED: Final = (note_what_is_owed,)
#: The same, and among whose tasks it stands.
WHO_OWES_IT: Final = (note_what_is_owed, ask_for_what_is_owed)


def let_work(jobs: tuple[Callable[[datetime], None], ...], moment: datetime) -> None:
    """What the worker does, done at once."""
    for job in jobs:
        job(moment)
        end_reading()


def leave_a_colleague(story: Story) -> None:
    """Milan left after the first days; Rita took over, looked through what he left, and said so."""
    rita, milan = story.staff["rita"], story.staff["milan"]
    days = working_days_after(story.today - timedelta(days=23), 2, story.calendar)
    with at(story.moment(days[0], 16)) as moment:
        let_go(milan, rita, story.staff["admin"], moment)
    with at(story.moment(days[1], 10)) as moment:
        _finish(TaskKind.HANDED_OVER, data.MILAN_NOTE, rita, moment)


def lose_letters(story: Story) -> None:
    """Letters of Rita's came back: one person she has rung since, the others wait for her."""
    ritas = [view for view in open_ones(story, "rita") if _is_in_time(story, view)]
    rung = next(view for view in ritas if view.next_update_by and view.next_update_by > story.today)
    lost_at = story.moment(story.days_ago(1), 16)
    _lose(story, rung, lost_at)
    look_at_what_is_owed(lost_at)
    with at(story.at - timedelta(minutes=50)) as moment:
        rita = scope_of(story, "rita")
        note_on_task(
            _task(TaskKind.DEAD_LETTER, rung.public_id), words=data.RUNG_NOTE, actor_id=rita.person_id, now=moment
        )
        view = view_of(story, rung.public_id)
        way = AnotherWay(Channel.TELEPHONE, day_of(moment, story.zone), rung.next_update_by, "")
        tell_another_way(rung.public_id, view.newest_event_id, way, scope=rita, now=moment)
        end_reading()
    others = [view for view in ritas if view.public_id != rung.public_id]
    for number, lost in enumerate(others[:_LOST_COUNT]):
        _lose(story, lost, story.at - timedelta(minutes=40 - number))
    look_at_what_is_owed(story.at - timedelta(minutes=30))


def _is_in_time(story: Story, view: StaffView) -> bool:
    """On the day it should be, and not of one of the accounts that people sign in with."""
    is_in_time = view.next_update_by is not None and view.next_update_by >= story.today
    is_in_time = is_in_time and view.kind not in AUTOMATIC
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


def _finish(kind: TaskKind, words: str, actor_id: int, moment: datetime) -> None:
    task_id = _task(kind)
    note_on_task(task_id, words=words, actor_id=actor_id, now=moment)
    finish_task(task_id, actor_id=actor_id, now=moment)


def _task(kind: TaskKind, about: str = "") -> int:
    found = select(Task.id).where(Task.kind == kind).order_by(Task.id)
    task_id = session().scalars(found.where(Task.about == about) if about else found).first()
    end_reading()
    if task_id is None:
        raise PortalError("The demo lost one of its tasks.")
    return task_id


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
