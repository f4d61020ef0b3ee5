"""Somebody said that it went badly and may be written to: a colleague whom it is not about gets in touch."""

from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import update

from portal.company.queries import company_zone, work_calendar
from portal.core.clock import day_of
from portal.core.db import transaction
from portal.core.i18n import gettext as _
from portal.surveys.queries.loop import (
    LowScore,
    OpenLowScore,
    Signed,
    cause_of,
    colleagues_on,
    find_low_score,
    handed_to,
    hiring_team,
)
from portal.surveys.rules.loop import NotYours, low_answers, may_get_in_touch, who_gets_in_touch, who_takes_over
from portal.tasks.actions import add_task, finish_task, hand_over_tasks, note_on_task
from portal.tasks.models import Task
from portal.tasks.queries import due_from
from portal.tasks.rules import is_too_late
from portal.tasks.states import TaskKind

#: Ten working days are counted at most, over any row of holidays.
_AHEAD: Final = timedelta(days=60)


def ask_to_get_in_touch(signed: Signed, now: datetime) -> bool:
    """Open the task about these answers where they are low; False where they are not, or everybody is rated by them."""
    if not low_answers(signed.content, signed.answers):
        return False
    today = day_of(now, company_zone())
    with transaction():
        team = hiring_team(signed.application_id)
        owner_id = who_gets_in_touch(team, signed.person_id, colleagues_on(today))
        if owner_id is None:
            return False
        add_task(
            owner_id=owner_id,
            kind=TaskKind.LOW_SCORE,
            cause=cause_of(signed.public_id),
            about=signed.public_id,
            due_on=due_from(TaskKind.LOW_SCORE, today),
            dedupe_key=cause_of(signed.public_id),
            title=signed.opening_title,
            person_id=signed.person_id,
            now=now,
        )
    return True


def look_after(low: OpenLowScore, now: datetime) -> None:
    """Finish it when its owner has written to them; else let it be with somebody who may know of it.

    Whoever it came to may have left, or may decide about the application by now. Two working days late it goes to
    somebody else: a lead who was told of it besides would be one more who knows, and may be whom it is about.
    """
    if low.is_written_to:
        finish_task(low.task_id, actor_id=None, now=now)
        return
    today = day_of(now, company_zone())
    with transaction() as session:
        if low.named_id != low.person_id:
            session.execute(update(Task).where(Task.id == low.task_id).values(person_id=low.person_id))
        team, colleagues = hiring_team(low.application_id), colleagues_on(today)
        owner = next((one for one in colleagues if one.person_id == low.owner_id), None)
        if owner is None or not may_get_in_touch(owner, team.members, low.person_id):
            to_id = who_gets_in_touch(team, low.person_id, colleagues)
            why = _("Whoever had it has left, or it is about them by now.")
        elif _is_too_late(low, today):
            to_id = who_takes_over(team, low.person_id, colleagues, handed_to(low.task_id) | {low.owner_id})
            why = _("It was two working days late. Look in the conversation first whether somebody has written.")
        else:
            return
        if to_id is not None:
            hand_over_tasks([low.task_id], to_id=to_id, why=why, actor_id=None, now=now)


def _is_too_late(low: OpenLowScore, today: date) -> bool:
    since = low.due_on
    if low.opened_again_at is not None:
        since = max(since, day_of(low.opened_again_at, company_zone()))
    return is_too_late(since, today, work_calendar(since, today + _AHEAD))


def low_score_for(public_id: str, asker_id: int) -> LowScore | None:
    """A low score as long as it is with the asker and not about them."""
    low = find_low_score(public_id, asker_id)
    if low is None or asker_id in hiring_team(low.application_id).members or asker_id == low.person_id:
        return None
    return low


def finish_low_score(public_id: str, words: str, *, actor_id: int, now: datetime) -> None:
    """Say what came of it, which only the asker reads beside the task; with that it is done.

    Raises NotYours, EmptyNote.
    """
    with transaction():
        low = low_score_for(public_id, actor_id)
        if low is None or not low.is_open:
            raise NotYours(_("This was finished already, or is with somebody else by now. Nothing was noted."))
        note_on_task(low.task_id, words=words, actor_id=actor_id, now=now)
        finish_task(low.task_id, actor_id=actor_id, now=now)
