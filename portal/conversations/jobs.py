"""What the worker does for conversations: answers by mail come in, lost ones become tasks, old words are forgotten."""

from datetime import datetime, timedelta

from portal.conversations.actions import (
    ask_about_held,
    held_cause,
    note_arrived_after_all,
    note_lost_reply,
    take_in_reply,
)
from portal.conversations.actions import forget_old_replies as forget_replies
from portal.conversations.queries import answered_after_all, find_lost_reply
from portal.conversations.queries.by_mail import asked_about, open_held_tasks
from portal.core.db import end_reading
from portal.core.pausing import pause
from portal.outbox.queries import all_held_replies, replies_to_take_in
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


def take_in_replies(now: datetime) -> None:
    """What people answered by mail comes into their conversations.

    Whose first has to wait is not asked for the others: their order stays, and nobody's heap holds up the worker.
    """
    waiting: set[int] = set()
    for mail_id, person_id in replies_to_take_in():
        if person_id in waiting:
            continue
        end_reading()
        if not take_in_reply(mail_id, now):
            waiting.add(person_id)
        pause()


def look_for_held_mail(now: datetime) -> None:
    """Somebody decides about mail that may not be whose it seems to be, and is asked no more once it is decided."""
    held = {held_cause(one.mail_public_id): one for one in all_held_replies()}
    known = asked_about() if held else set()
    for cause, one in held.items():
        if cause not in known:
            end_reading()
            ask_about_held(one, now)
            pause()
    end_reading()
    for task_id, cause in open_held_tasks():
        if cause not in held:
            end_reading()
            finish_task(task_id, actor_id=None, now=now)
            pause()


def forget_old_replies(now: datetime) -> None:
    """Answers that were taken back 30 days ago and never sent are forgotten."""
    forget_replies(now - _REPLIES_KEPT)
