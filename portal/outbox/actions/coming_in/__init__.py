"""Mail that comes in: kept as it came, looked at once, and handed to whoever it is for."""

from portal.outbox.actions.coming_in.bouncing import note_bounce
from portal.outbox.actions.coming_in.keeping import (
    empty_old_incoming,
    keep_from_mailbox,
    keep_mail,
    note_mailbox_trouble,
    note_mailbox_works,
    skip_in_mailbox,
)
from portal.outbox.actions.coming_in.settling import (
    NotThere,
    dismiss_held,
    dismiss_unplaced,
    give_to_person,
    hold_reply,
    lift_with_reason,
    note_placed,
)
from portal.outbox.actions.coming_in.sorting import sort_mail

__all__ = [
    "NotThere",
    "dismiss_held",
    "dismiss_unplaced",
    "empty_old_incoming",
    "give_to_person",
    "hold_reply",
    "keep_from_mailbox",
    "keep_mail",
    "lift_with_reason",
    "note_bounce",
    "note_mailbox_trouble",
    "note_mailbox_works",
    "note_placed",
    "skip_in_mailbox",
    "sort_mail",
]
