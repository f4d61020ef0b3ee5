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
from portal.conversations.actions.taking_in import (
    ask_about_held,
    dismiss_held,
    held_cause,
    place_held,
    take_in_reply,
)

__all__ = [
    "Asked",
    "answer_due_on",
    "ask",
    "ask_about_held",
    "cause_of",
    "dismiss_held",
    "forget_old_replies",
    "give_back",
    "held_cause",
    "need_no_answer",
    "note_arrived_after_all",
    "note_lost_reply",
    "note_read",
    "owner_for",
    "place_held",
    "send_reply",
    "send_reply_now",
    "take_back_reply",
    "take_in_reply",
    "throw_reply_away",
]
