"""Changes of conversations."""

from portal.conversations.actions.asking import Asked, ask
from portal.conversations.actions.losing import note_arrived_after_all, note_lost_reply
from portal.conversations.actions.owing import answer_due_on, cause_of, owner_for
from portal.conversations.actions.parting import give_back
from portal.conversations.actions.replying import send_reply
from portal.conversations.actions.settling import need_no_answer, note_read
from portal.conversations.actions.taking_back import (
    forget_old_replies,
    send_reply_now,
    take_back_reply,
    throw_reply_away,
)

__all__ = [
    "Asked",
    "answer_due_on",
    "ask",
    "cause_of",
    "forget_old_replies",
    "give_back",
    "need_no_answer",
    "note_arrived_after_all",
    "note_lost_reply",
    "note_read",
    "owner_for",
    "send_reply",
    "send_reply_now",
    "take_back_reply",
    "throw_reply_away",
]
