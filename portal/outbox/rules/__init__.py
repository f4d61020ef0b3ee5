"""What a mail server's answer means for a message: sent, tried again and when, or given up."""

from portal.outbox.rules.doubts import Doubts
from portal.outbox.rules.outcomes import Accepted, Blame, Letter, Outcome, Refused, TryLater, in_words
from portal.outbox.rules.replies import is_about_policy, is_address_dead, status_of
from portal.outbox.rules.waiting import (
    DOMAIN_PATIENCE,
    LOOK_AGAIN,
    TRIES_OF_ITS_OWN,
    WORKER_SILENCE,
    behind,
    domain_of,
    is_domain_given_up,
    is_given_up,
    is_resting,
    is_worth_telling,
    look_again_at,
    may_move,
    pause_after,
    slow_down_for,
    states_before,
    wait_before_next_try,
)
from portal.outbox.rules.words import REASON_WORDS, SERVER_WORDS, STOPPED_WORDS, WAITING_WORDS
from portal.outbox.states import Reason

__all__ = [
    "DOMAIN_PATIENCE",
    "LOOK_AGAIN",
    "REASON_WORDS",
    "SERVER_WORDS",
    "STOPPED_WORDS",
    "TRIES_OF_ITS_OWN",
    "WAITING_WORDS",
    "WORKER_SILENCE",
    "Accepted",
    "Blame",
    "Doubts",
    "Letter",
    "Outcome",
    "Reason",
    "Refused",
    "TryLater",
    "behind",
    "domain_of",
    "in_words",
    "is_about_policy",
    "is_address_dead",
    "is_domain_given_up",
    "is_given_up",
    "is_resting",
    "is_worth_telling",
    "look_again_at",
    "may_move",
    "pause_after",
    "slow_down_for",
    "states_before",
    "status_of",
    "wait_before_next_try",
]
