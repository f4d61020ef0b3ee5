"""Reading conversations, for the person and for the staff."""

from portal.conversations.queries.links import (
    LinkedApplication,
    applications_to_write_about,
    open_task_counts,
    wished_owners,
)
from portal.conversations.queries.lost import LostReply, answered_after_all, find_lost_reply
from portal.conversations.queries.own import OwnMessage, is_written, own_messages
from portal.conversations.queries.staff import (
    KeptReply,
    StaffMessage,
    Thread,
    ThreadFilter,
    ThreadLine,
    find_thread,
    has_conversation,
    kept_reply,
    list_threads,
)

__all__ = [
    "KeptReply",
    "LinkedApplication",
    "LostReply",
    "OwnMessage",
    "StaffMessage",
    "Thread",
    "ThreadFilter",
    "ThreadLine",
    "answered_after_all",
    "applications_to_write_about",
    "find_lost_reply",
    "find_thread",
    "has_conversation",
    "is_written",
    "kept_reply",
    "list_threads",
    "open_task_counts",
    "own_messages",
    "wished_owners",
]
