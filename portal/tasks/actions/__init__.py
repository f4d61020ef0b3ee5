"""Changes of tasks, and the mails to the staff about them."""

from portal.tasks.actions.adding import add_task, cancel_task, cancel_tasks, escalate_task
from portal.tasks.actions.doing import (
    finish_task,
    hand_over_task,
    hand_over_tasks,
    keep_day,
    note_on_task,
    reopen_task,
    settle_tasks,
    tick_off,
)
from portal.tasks.actions.telling import choose_morning_mail, send_morning_mail, tell_lead

__all__ = [
    "add_task",
    "cancel_task",
    "cancel_tasks",
    "choose_morning_mail",
    "escalate_task",
    "finish_task",
    "hand_over_task",
    "hand_over_tasks",
    "keep_day",
    "note_on_task",
    "reopen_task",
    "send_morning_mail",
    "settle_tasks",
    "tell_lead",
    "tick_off",
]
