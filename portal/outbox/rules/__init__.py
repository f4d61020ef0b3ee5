"""What a mail server's answer means for a message: sent, tried again and when, or given up."""

from portal.outbox.rules.outcomes import Accepted, Blame, Letter, Outcome, Refused, TryLater, in_words
from portal.outbox.rules.replies import is_address_dead
from portal.outbox.rules.waiting import (
    DOMAIN_PATIENCE,
    LOOK_AGAIN,
    domain_of,
    is_domain_given_up,
    is_given_up,
    is_resting,
    look_again_at,
    may_move,
    pause_after,
    slow_down_for,
    states_before,
    wait_before_next_try,
)
from portal.outbox.rules.words import REASON_WORDS, STOPPED_WORDS
from portal.outbox.states import Reason

__all__ = [
    "DOMAIN_PATIENCE",
    "LOOK_AGAIN",
    "REASON_WORDS",
    "STOPPED_WORDS",
    "Accepted",
    "Blame",
    "Letter",
    "Outcome",
    "Reason",
    "Refused",
    "TryLater",
    "domain_of",
    "in_words",
    "is_address_dead",
    "is_domain_given_up",
    "is_given_up",
    "is_resting",
    "look_again_at",
    "may_move",
    "pause_after",
    "slow_down_for",
    "states_before",
    "wait_before_next_try",
]
