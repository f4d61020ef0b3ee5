"""Where an offer stands, what we say about one, and why somebody declines."""

from enum import StrEnum
from typing import Final

from portal.core.i18n import lazy_gettext as _l


class OfferState(StrEnum):
    """Where an offer stands. None is ever called expired: after its day it waits, and a colleague asks."""

    #: The candidate decides.
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    #: We took it back.
    WITHDRAWN = "withdrawn"
    #: Its application ended without an answer to it.
    ENDED = "ended"


#: The legal moves. One that we took back is open again when the mail about that is taken back, or when the candidate
#: answers before it has reached them.
MOVES: Final[dict[OfferState, frozenset[OfferState]]] = {
    OfferState.OPEN: frozenset({OfferState.ACCEPTED, OfferState.DECLINED, OfferState.WITHDRAWN, OfferState.ENDED}),
    OfferState.ACCEPTED: frozenset(),
    OfferState.DECLINED: frozenset(),
    OfferState.WITHDRAWN: frozenset({OfferState.OPEN}),
    OfferState.ENDED: frozenset(),
}

OFFER_LABELS: Final[dict[OfferState, str]] = {
    OfferState.OPEN: _l("Waits for an answer"),
    OfferState.ACCEPTED: _l("Accepted"),
    OfferState.DECLINED: _l("Declined"),
    OfferState.WITHDRAWN: _l("Taken back by us"),
    OfferState.ENDED: _l("Closed with the application"),
}


class WordKind(StrEnum):
    """What we said about an offer."""

    MADE = "made"
    CHANGED = "changed"
    #: They asked for time, and have it.
    MORE_TIME = "more_time"
    #: They asked for time, and the day stays.
    NO_MORE_TIME = "no_more_time"
    WITHDRAWN = "withdrawn"


#: What makes an offer what it is from then on.
VERSIONS: Final[frozenset[WordKind]] = frozenset({WordKind.MADE, WordKind.CHANGED})
#: What answers somebody who asked for time.
TIME_ANSWERS: Final[frozenset[WordKind]] = frozenset({WordKind.MORE_TIME, WordKind.NO_MORE_TIME})

WORD_LABELS: Final[dict[WordKind, str]] = {
    WordKind.MADE: _l("Made the offer"),
    WordKind.CHANGED: _l("Changed the offer"),
    WordKind.MORE_TIME: _l("Gave more time"),
    WordKind.NO_MORE_TIME: _l("Could not give more time"),
    WordKind.WITHDRAWN: _l("Took the offer back"),
}


class DeclineReason(StrEnum):
    """Why somebody declines, if they like to say so."""

    PAY = "pay"
    OTHER_OFFER = "other_offer"
    WORK = "work"
    PLACE_OR_HOURS = "place_or_hours"
    STAYS = "stays"
    TOOK_LONG = "took_long"
    PRIVATE = "private"
    OTHER = "other"


DECLINE_LABELS: Final[dict[DeclineReason, str]] = {
    DeclineReason.PAY: _l("The pay or the benefits"),
    DeclineReason.OTHER_OFFER: _l("Another offer fits me better"),
    DeclineReason.WORK: _l("The work is not what I look for"),
    DeclineReason.PLACE_OR_HOURS: _l("The place or the hours"),
    DeclineReason.STAYS: _l("I stay where I am"),
    DeclineReason.TOOK_LONG: _l("It took too long"),
    DeclineReason.PRIVATE: _l("Something private"),
    DeclineReason.OTHER: _l("Something else"),
}
