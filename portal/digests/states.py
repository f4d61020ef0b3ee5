"""Where the mailing of an update stands, and what became of it for each person of its audience."""

from enum import StrEnum
from typing import Final


class MailingState(StrEnum):
    """Whether mail about an update goes out."""

    SENDING = "sending"
    #: What waits rests until a colleague lets it go on.
    PAUSED = "paused"
    #: What waited was cancelled; what went stays.
    STOPPED = "stopped"


#: The legal moves; `rules.check_move` asks here.
MOVES: Final[dict[MailingState, frozenset[MailingState]]] = {
    MailingState.SENDING: frozenset({MailingState.PAUSED, MailingState.STOPPED}),
    MailingState.PAUSED: frozenset({MailingState.SENDING, MailingState.STOPPED}),
    MailingState.STOPPED: frozenset(),
}


class Way(StrEnum):
    """How an update comes to one person by mail."""

    #: It was taken back before it went, by a pause or a correction, and is written again when the mailing goes on.
    TO_WRITE = "to_write"
    #: By a letter of its own.
    OWN_LETTER = "own_letter"
    #: It waits for their next digest.
    COLLECTED = "collected"
    #: By a digest.
    IN_DIGEST = "in_digest"
    #: Not at all.
    LEFT_OUT = "left_out"


class Why(StrEnum):
    """Why an update waits for a digest, or never comes by mail."""

    #: They chose weekly or monthly mail.
    RHYTHM = "rhythm"
    PAUSED = "paused"
    RESTING = "resting"
    BUDGET = "budget"
    NO_CONSENT = "no_consent"
    SUPPRESSED = "suppressed"
    GONE = "gone"
    #: They read it on its page first.
    READ = "read"
    WITHDRAWN = "withdrawn"
    #: They can no longer read it, having left the community.
    NOT_THEIRS = "not_theirs"
    #: A colleague stopped the mailing.
    STOPPED = "stopped"
    #: It waited so long that it was no news any more.
    TOO_OLD = "too_old"
