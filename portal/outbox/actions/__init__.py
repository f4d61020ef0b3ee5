"""Putting messages into the outbox, and moving them on: claimed, sent, tried again, given up, cancelled."""

from portal.outbox.actions.claiming import claim_next, mark_sent_and_claim_next, may_still_go
from portal.outbox.actions.keeping import blank_old_mail, forget_old_dev_mail, keep_for_developers
from portal.outbox.actions.marking import LEASE, ClaimedMail, mark_failed_try, mark_sent, release
from portal.outbox.actions.queueing import cancel, enqueue, look_again
from portal.outbox.actions.retrying import StillSuppressed, retry_all_dead, retry_dead_letter
from portal.outbox.actions.slowness import forget_quiet_domains, note_server_trouble, note_server_works
from portal.outbox.actions.taking_back import emptied, hurry, take_back

__all__ = [
    "LEASE",
    "ClaimedMail",
    "StillSuppressed",
    "blank_old_mail",
    "cancel",
    "claim_next",
    "emptied",
    "enqueue",
    "forget_old_dev_mail",
    "forget_quiet_domains",
    "hurry",
    "keep_for_developers",
    "look_again",
    "mark_failed_try",
    "mark_sent",
    "mark_sent_and_claim_next",
    "may_still_go",
    "note_server_trouble",
    "note_server_works",
    "release",
    "retry_all_dead",
    "retry_dead_letter",
    "take_back",
]
