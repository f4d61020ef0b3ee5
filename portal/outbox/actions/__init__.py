"""Putting messages into the outbox, and moving them on: claimed, sent, tried again, given up, cancelled."""

from portal.outbox.actions.claiming import claim_next, mark_sent_and_claim_next, may_still_go
from portal.outbox.actions.coming_in import (
    NotThere,
    dismiss_held,
    dismiss_unplaced,
    empty_old_incoming,
    give_to_person,
    hold_reply,
    keep_from_mailbox,
    keep_mail,
    lift_with_reason,
    note_bounce,
    note_mailbox_trouble,
    note_mailbox_works,
    note_placed,
    skip_in_mailbox,
    sort_mail,
)
from portal.outbox.actions.keeping import blank_old_mail, forget_old_dev_mail, keep_for_developers
from portal.outbox.actions.marking import LEASE, ClaimedMail, mark_failed_try, mark_sent, release
from portal.outbox.actions.queueing import Message, cancel, enqueue, enqueue_many, look_again
from portal.outbox.actions.restored import let_mail_go
from portal.outbox.actions.retrying import StillSuppressed, retry_all_dead, retry_dead_letter
from portal.outbox.actions.slowness import forget_quiet_domains, note_server_trouble, note_server_works
from portal.outbox.actions.taking_back import emptied, hurry, take_back

__all__ = [
    "LEASE",
    "ClaimedMail",
    "Message",
    "NotThere",
    "StillSuppressed",
    "blank_old_mail",
    "cancel",
    "claim_next",
    "dismiss_held",
    "dismiss_unplaced",
    "emptied",
    "empty_old_incoming",
    "enqueue",
    "enqueue_many",
    "forget_old_dev_mail",
    "forget_quiet_domains",
    "give_to_person",
    "hold_reply",
    "hurry",
    "keep_for_developers",
    "keep_from_mailbox",
    "keep_mail",
    "let_mail_go",
    "lift_with_reason",
    "look_again",
    "mark_failed_try",
    "mark_sent",
    "mark_sent_and_claim_next",
    "may_still_go",
    "note_bounce",
    "note_mailbox_trouble",
    "note_mailbox_works",
    "note_placed",
    "note_server_trouble",
    "note_server_works",
    "release",
    "retry_all_dead",
    "retry_dead_letter",
    "skip_in_mailbox",
    "sort_mail",
    "take_back",
]
