"""How an interview stands for the candidate, what they may still do about it, and how its time reads to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from portal.applications.rules import Ahead, Next, clean_text
from portal.core.errors import PortalError
from portal.core.i18n import format_moment, local, ngettext, reader, reading_as
from portal.core.i18n import gettext as _
from portal.interviews.rules.times import place_of
from portal.interviews.states import HistoryKind, InterviewState, WishKind
from portal.outbox.states import DeliveryState

#: So many questions can be sent ahead of one interview.
MOST_QUESTIONS: Final = 10
QUESTION_LENGTH: Final = 1000
NEED_LENGTH: Final = 2000
WISH_LENGTH: Final = 2000
#: By how many minutes somebody can say that they are late; 0: they do not know.
LATE_MINUTES: Final = (0, 5, 10, 15, 20, 30, 45, 60)
#: For so long after an interview its link shows what was agreed.
LINK_LIVES_AFTER: Final = timedelta(days=1)
#: That an interview was moved is news for so long, and until it is so near.
_MOVE_IS_NEWS: Final = timedelta(days=1)
_ON_ITS_WAY: Final = frozenset({DeliveryState.QUEUED, DeliveryState.LEASED})
#: What we tell of an interview that changes when it is.
_CHANGES: Final = frozenset({HistoryKind.MOVED, HistoryKind.CANCELLED, HistoryKind.MISSED_BY_US})
_TOLD: Final = frozenset({HistoryKind.PROPOSED, HistoryKind.MOVED, HistoryKind.CANCELLED, HistoryKind.CHANGED})


class NotNow(PortalError):
    """It cannot be done any more, or not just now; nothing has changed."""


class TooOften(PortalError):
    """Somebody has told us very often; their words are still theirs to send."""


class NotGood(PortalError):
    """What was typed cannot be taken as it is."""


class Stand(StrEnum):
    """How an interview stands for the candidate; none is ever called expired."""

    #: Times are there to choose from.
    TO_CHOOSE = "to_choose"
    #: They asked for another time, or would rather not meet; we have not answered.
    ASKED = "asked"
    DECLINED = "declined"
    #: It has no time, and none is left to choose: we owe new ones.
    NO_TIMES = "no_times"
    AHEAD = "ahead"
    #: It is ahead, and they said that they cannot come.
    CANNOT_COME = "cannot_come"
    #: Its time is over, or somebody said that it took place.
    HAPPENED = "happened"
    CANCELLED = "cancelled"
    MISSED_BY_THEM = "missed_by_them"
    MISSED_BY_US = "missed_by_us"
    #: Their application ended before it took place.
    ENDED = "ended"


#: An answer of theirs is what it waits for.
THEIR_TURN: Final = frozenset({Stand.TO_CHOOSE})
#: It is still to take place.
TO_COME: Final = frozenset(
    {Stand.TO_CHOOSE, Stand.ASKED, Stand.DECLINED, Stand.NO_TIMES, Stand.AHEAD, Stand.CANNOT_COME}
)
#: They are expected.
_EXPECTED: Final = frozenset({Stand.AHEAD, Stand.CANNOT_COME})
_CLOSED: Final = {
    InterviewState.CANCELLED: Stand.CANCELLED,
    InterviewState.DONE: Stand.HAPPENED,
    InterviewState.MISSED_BY_THEM: Stand.MISSED_BY_THEM,
    InterviewState.MISSED_BY_US: Stand.MISSED_BY_US,
}
_WISHED: Final = {WishKind.ANOTHER_TIME: Stand.ASKED, WishKind.DECLINED: Stand.DECLINED}
#: What they told us of one that has its time already; while they ask for another, that one stays theirs.
_INSTEAD: Final = {WishKind.CANNOT_COME: Stand.CANNOT_COME, WishKind.DECLINED: Stand.DECLINED}


#: What each is to its candidate, next to whatever else their application waits for.
_NEXT: Final = {
    Stand.TO_CHOOSE: Next.CHOOSE,
    Stand.ASKED: Next.ASKED,
    Stand.DECLINED: Next.ASKED,
    Stand.CANNOT_COME: Next.ASKED,
    Stand.AHEAD: Next.MEET,
    Stand.CANCELLED: Next.CALLED_OFF,
    Stand.HAPPENED: Next.MET,
}
#: Of which of our letters the words are still news while it stands so.
_NEWS: Final = {
    Stand.TO_CHOOSE: frozenset({HistoryKind.PROPOSED, HistoryKind.MOVED}),
    Stand.AHEAD: frozenset({HistoryKind.MOVED, HistoryKind.CHANGED}),
    Stand.CANCELLED: frozenset({HistoryKind.CANCELLED}),
    Stand.MISSED_BY_US: frozenset({HistoryKind.MISSED_BY_US}),
}


@dataclass(frozen=True)
class Said:
    """Something that happened to an interview, and how far the mail is that tells of it; None: it needs none."""

    kind: HistoryKind
    starts_before: datetime | None
    mail: DeliveryState | None
    words: str = ""
    at: datetime | None = None

    @property
    def is_known(self) -> bool:
        """Whether the candidate knows: the mail was accepted, or it came back and the page itself tells them."""
        return self.mail in {None, DeliveryState.SENT, DeliveryState.DEAD}


@dataclass(frozen=True)
class Seen:
    """What a candidate knows of an interview: where it stands, and when it is; None while it has no time."""

    state: InterviewState
    starts_at: datetime | None
    #: A mail on its way says something else.
    is_changing: bool = False


def as_seen(state: InterviewState, starts_at: datetime | None, history: Sequence[Said]) -> Seen | None:
    """The interview as its candidate knows it: what a mail on its way says does not count yet.

    `history`: the oldest first. None as long as the mail that proposes it was not accepted.
    """
    told = [one for one in history if one.kind in _TOLD]
    was_proposed = any(one.kind is HistoryKind.PROPOSED for one in told)
    # What was called off without a word, they never knew of.
    if was_proposed and not any(one.is_known and (one.mail or one.kind is HistoryKind.PROPOSED) for one in told):
        return None
    before = None
    for one in reversed([one for one in history if one.kind in _CHANGES]):
        if one.mail not in _ON_ITS_WAY:
            break
        before = one
    if before is None:
        return Seen(state, starts_at)
    starts = before.starts_before
    if starts is None and before.kind is not HistoryKind.MOVED:
        # Calling it off leaves its time as it was.
        starts = starts_at
    return Seen(InterviewState.CONFIRMED if starts else InterviewState.PROPOSED, starts, is_changing=True)


@dataclass(frozen=True)
class Facts:
    """What else decides how an interview stands."""

    minutes: int
    #: How many of the proposed times are still ahead and to be had.
    free_times: int
    #: What they told us last that we have not answered.
    wish: WishKind | None
    #: Whether the application is open.
    is_open: bool


def stand_of(seen: Seen, facts: Facts, now: datetime) -> Stand:
    """How it stands for the candidate."""
    if (closed := _CLOSED.get(seen.state)) is not None:
        return closed
    if seen.starts_at is not None and now >= seen.starts_at + timedelta(minutes=facts.minutes):
        return Stand.HAPPENED
    if not facts.is_open:
        return Stand.ENDED
    if seen.starts_at is not None:
        return _INSTEAD.get(facts.wish, Stand.AHEAD) if facts.wish else Stand.AHEAD
    if seen.is_changing:
        return Stand.NO_TIMES
    if facts.wish in _WISHED:
        return _WISHED[facts.wish]
    return Stand.TO_CHOOSE if facts.free_times else Stand.NO_TIMES


def is_move_news(seen: Seen, history: Sequence[Said], now: datetime) -> bool:
    """Whether it was moved and they read so first: shortly before it begins only its time matters.

    A move on the last day is news all the same; `history`: the oldest first.
    """
    if seen.state is not InterviewState.MOVED or seen.starts_at is None:
        return False
    moved_at = next((one.at for one in reversed(history) if one.kind is HistoryKind.MOVED), None)
    is_fresh = moved_at is not None and now - moved_at < _MOVE_IS_NEWS
    return is_fresh or seen.starts_at - now > _MOVE_IS_NEWS


def is_the_day(starts_at: datetime, now: datetime) -> bool:
    """Whether it is the day of an interview, on the reader's calendar, or later."""
    return local(now).date() >= local(starts_at).date()


def as_ahead(stand: Stand, starts_at: datetime | None, clock: str, *, is_moved: bool) -> Ahead | None:
    """What it is to its candidate, next to what else their application waits for; None: nothing any more.

    `is_moved`: that it was moved is news to them.
    """
    if stand is Stand.AHEAD and is_moved:
        return Ahead(Next.MOVED, starts_at, clock)
    return Ahead(_NEXT[stand], starts_at, clock) if stand in _NEXT else None


def words_now(stand: Stand, history: Sequence[Said]) -> str:
    """What we wrote last that says how it stands now; `history`: the oldest first.

    Words above times to choose from are over once one was chosen, and so is why it had moved.
    """
    news = _NEWS.get(stand, frozenset())
    for one in reversed(history):
        if one.kind is HistoryKind.CHOSEN and stand in TO_COME:
            return ""
        if one.kind in news and one.is_known and one.words:
            return one.words
    return ""


def may_tell(kind: WishKind, stand: Stand, starts_at: datetime | None, now: datetime) -> bool:
    """Whether they can still tell us this: late and cannot come while it is ahead or on, the rest before it begins."""
    if kind in {WishKind.RUNNING_LATE, WishKind.CANNOT_COME}:
        return stand in _EXPECTED
    has_begun = starts_at is not None and now >= starts_at
    return stand in TO_COME and not has_begun


def may_choose(stand: Stand, starts_at: datetime | None) -> bool:
    """Whether a time can be chosen: none is fixed, and the interview is still to take place."""
    return starts_at is None and stand in {Stand.TO_CHOOSE, Stand.ASKED, Stand.DECLINED}


def may_prepare(stand: Stand) -> bool:
    """Whether questions and needs can still be told: they are read before the interview."""
    return stand in TO_COME


def link_is_over(starts_at: datetime | None, minutes: int, now: datetime) -> bool:
    """Whether the link from the mail shows nothing more: a day after the interview."""
    return starts_at is not None and now >= starts_at + timedelta(minutes=minutes) + LINK_LIVES_AFTER


def own_zone() -> str:
    """The reader's time zone, as they read it."""
    return place_of(reader().zone)


def also_at(instant: datetime, zone: str) -> str:
    """The time on the clocks of `zone`, in words; empty where the reader's clock shows the same."""
    there, here = instant.astimezone(ZoneInfo(zone)), instant.astimezone(ZoneInfo(reader().zone))
    if there.utcoffset() == here.utcoffset():
        return ""
    if there.date() == here.date():
        return _("%(time)s in %(place)s", time=f"{there:%H:%M}", place=place_of(zone))
    with reading_as(reader().locale, zone):
        moment = format_moment(instant)
    return _("%(moment)s in %(place)s", moment=moment, place=place_of(zone))


def checked(text: str, length: int, missing: str) -> str:
    """What somebody typed, cleaned. Raises NotGood with `missing` when nothing is left, or when it is too long."""
    kept = clean_text(text)
    if not kept:
        raise NotGood(missing)
    if len(kept) > length:
        raise NotGood(_("Please keep this under %(max)s characters.", max=length))
    return kept


def late_words(minutes: int) -> str:
    """By how much they are late, as a sentence; empty when they do not know."""
    if not minutes:
        return ""
    return ngettext("By about %(count)s minute.", "By about %(count)s minutes.", minutes)
