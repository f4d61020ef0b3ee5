"""What the worker does for conversations: answers that did not arrive become tasks; old words are forgotten."""

from datetime import datetime, timedelta

from portal.conversations.actions import forget_old_replies as forget_replies
from portal.conversations.actions import note_arrived_after_all, note_lost_reply
from portal.conversations.queries import answered_after_all, find_lost_reply
from portal.core.db import end_reading
from portal.core.pausing import pause
from portal.tasks.actions import finish_task
from portal.tasks.queries import lost_letters, settled_letter_tasks
from portal.tasks.states import TaskKind

_REPLIES_KEPT = timedelta(days=30)


def look_for_lost_replies(now: datetime) -> None:
    """Whoever wrote an answer owes another way when it did not arrive, until it or another does."""
    for letter in lost_letters("conversations/reply"):
        end_reading()
        lost = find_lost_reply(letter.key)
        if lost is not None:
            note_lost_reply(lost, letter.task_cause, now)
        pause()
    for person_id in answered_after_all():
        end_reading()
        note_arrived_after_all(person_id, now)
        pause()
    for task_id in settled_letter_tasks(TaskKind.DEAD_REPLY):
        end_reading()
        finish_task(task_id, actor_id=None, now=now)
        pause()


def forget_old_replies(now: datetime) -> None:
    """Answers that were taken back 30 days ago and never sent are forgotten."""
    forget_replies(now - _REPLIES_KEPT)
