"""Where an interview stands, how it is held, what a candidate can ask for, and how a colleague knows them."""

from enum import StrEnum
from typing import Final

from portal.core.i18n import lazy_gettext as _l


class InterviewState(StrEnum):
    """Where an interview stands. None is ever called expired."""

    #: Times are proposed, and the candidate has chosen none.
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    #: It had a time, and has another one, or waits for the candidate to choose one anew.
    MOVED = "moved"
    CANCELLED = "cancelled"
    DONE = "done"
    MISSED_BY_THEM = "missed_by_them"
    #: Then we apologise.
    MISSED_BY_US = "missed_by_us"


OPEN_INTERVIEWS: Final[frozenset[InterviewState]] = frozenset(
    {InterviewState.PROPOSED, InterviewState.CONFIRMED, InterviewState.MOVED}
)
#: The legal moves; one that was called done or missed by mistake is put right.
MOVES: Final[dict[InterviewState, frozenset[InterviewState]]] = {
    InterviewState.PROPOSED: frozenset(
        {InterviewState.PROPOSED, InterviewState.CONFIRMED, InterviewState.MOVED, InterviewState.CANCELLED}
    ),
    InterviewState.CONFIRMED: frozenset(
        {
            InterviewState.MOVED,
            InterviewState.CANCELLED,
            InterviewState.DONE,
            InterviewState.MISSED_BY_THEM,
            InterviewState.MISSED_BY_US,
        }
    ),
    InterviewState.MOVED: frozenset(
        {
            InterviewState.CONFIRMED,
            InterviewState.MOVED,
            InterviewState.CANCELLED,
            InterviewState.DONE,
            InterviewState.MISSED_BY_THEM,
            InterviewState.MISSED_BY_US,
        }
    ),
    InterviewState.CANCELLED: frozenset(),
    InterviewState.DONE: frozenset({InterviewState.MISSED_BY_THEM, InterviewState.MISSED_BY_US}),
    InterviewState.MISSED_BY_THEM: frozenset({InterviewState.DONE, InterviewState.MISSED_BY_US}),
    InterviewState.MISSED_BY_US: frozenset({InterviewState.DONE, InterviewState.MISSED_BY_THEM}),
}


class TimeState(StrEnum):
    """What became of a time that was proposed."""

    OFFERED = "offered"
    #: The candidate chose it, or a colleague put the interview there.
    TAKEN = "taken"
    #: It is not to be had any more.
    WITHDRAWN = "withdrawn"


class InterviewFormat(StrEnum):
    """How people meet."""

    VIDEO = "video"
    TELEPHONE = "telephone"
    ON_SITE = "on_site"
    OTHER = "other"


FORMAT_LABELS: Final[dict[InterviewFormat, str]] = {
    InterviewFormat.VIDEO: _l("By video"),
    InterviewFormat.TELEPHONE: _l("By telephone"),
    InterviewFormat.ON_SITE: _l("At our place"),
    InterviewFormat.OTHER: _l("Another way"),
}


class WishKind(StrEnum):
    """What a candidate can tell us about an interview with one tap."""

    ANOTHER_TIME = "another_time"
    DECLINED = "declined"
    RUNNING_LATE = "running_late"
    CANNOT_COME = "cannot_come"


#: As colleagues read them.
WISH_LABELS: Final[dict[WishKind, str]] = {
    WishKind.ANOTHER_TIME: _l("They ask for another time"),
    WishKind.DECLINED: _l("They would rather not meet"),
    WishKind.RUNNING_LATE: _l("They are running late"),
    WishKind.CANNOT_COME: _l("They cannot come"),
}
#: What everybody hears who takes part; the rest is for whoever arranges it.
TOLD_TO_ALL: Final = frozenset({WishKind.RUNNING_LATE, WishKind.CANNOT_COME})


class Relationship(StrEnum):
    """How a colleague knows the candidate."""

    NONE = "none"
    COLLEAGUE = "colleague"
    FRIEND = "friend"
    FORMER_MANAGER = "former_manager"


RELATIONSHIP_LABELS: Final[dict[Relationship, str]] = {
    Relationship.NONE: _l("I do not know them"),
    Relationship.COLLEAGUE: _l("We worked together"),
    Relationship.FRIEND: _l("We are friends or family"),
    Relationship.FORMER_MANAGER: _l("I was their manager, or they were mine"),
}
#: Whoever knows them so well approves no feedback to them.
CLOSE: Final[frozenset[Relationship]] = frozenset(Relationship) - {Relationship.NONE}


class HistoryKind(StrEnum):
    """What happened to an interview."""

    PROPOSED = "proposed"
    CHOSEN = "chosen"
    MOVED = "moved"
    CANCELLED = "cancelled"
    DONE = "done"
    MISSED_BY_THEM = "missed_by_them"
    MISSED_BY_US = "missed_by_us"
    CHANGED = "changed"
