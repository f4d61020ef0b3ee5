"""After an interview: when thanks go, how long its needs are kept, and what of many impressions may be shown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from portal.interviews.states import OPEN_INTERVIEWS, InterviewState

#: On the company's clock: when an interview that nobody has closed counts as held, unless it ended later.
_EVENING: Final = time(18)
#: So long after its end somebody may still say that it did not happen.
_AFTER_THE_END: Final = timedelta(minutes=30)
#: From the evening: to the end of the next day. Later than that, thanks are an excuse.
_THANKS_LAST: Final = timedelta(hours=30)
#: For so many days somebody may say how it began.
IMPRESSION_DAYS: Final = 14
#: Fewer than this many are never shown.
FEWEST_SHOWN: Final = 5
#: So long answers about one opening wait until there are enough of them.
_LONGEST_ALONE: Final = timedelta(weeks=8)


@dataclass(frozen=True)
class Met:
    """One interview of an application on one day."""

    starts_at: datetime
    minutes: int
    state: InterviewState
    #: When it was said to have happened, or not.
    closed_at: datetime | None

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)


def evening_of(day: date, zone: str) -> datetime:
    """When `day` ends for those who work here, in the IANA `zone`."""
    return datetime.combine(day, _EVENING, ZoneInfo(zone)).astimezone(UTC)


def thanks_from(meetings: Iterable[Met], day: date, zone: str) -> datetime | None:
    """From when one mail of thanks goes for the interviews of an application on `day`; None when there is none to go.

    As soon as all of them were said to have happened; else in the evening, or half an hour after the last. One that
    was called off or missed is no reason for thanks, and does not stand in the way of another one's.
    """
    known = list(meetings)
    held = [one for one in known if one.state is InterviewState.DONE]
    still = [one for one in known if one.state in OPEN_INTERVIEWS and one.state is not InterviewState.PROPOSED]
    over = [one.closed_at or one.ends_at for one in held]
    if still:
        return max(evening_of(day, zone), *over, *(one.ends_at + _AFTER_THE_END for one in still))
    return max(over, default=None)


def thanks_until(day: date, zone: str) -> datetime:
    """From when on it is too late for thanks."""
    return evening_of(day, zone) + _THANKS_LAST


def thanks_key(application_public_id: str, day: date) -> str:
    """One mail of thanks a day for an application, however many interviews there were."""
    return f"interview-thanks:{application_public_id}:{day.isoformat()}"


def is_need_over(state: InterviewState, starts_at: datetime | None, zone: str, today: date) -> bool:
    """Whether what makes an interview accessible is not needed any more: the day after, or once it was called off."""
    if state is InterviewState.CANCELLED:
        return True
    return starts_at is not None and starts_at.astimezone(ZoneInfo(zone)).date() < today


@dataclass(frozen=True)
class Impressions:
    """How interviews began: of how many, how often on time, and how often with time to ask."""

    count: int
    on_time: int
    time_to_ask: int

    def __add__(self, other: "Impressions") -> "Impressions":
        return Impressions(self.count + other.count, self.on_time + other.on_time, self.time_to_ask + other.time_to_ask)


#: Of no interview at all.
NO_IMPRESSIONS: Final = Impressions(0, 0, 0)


def impressions_of(rows: Sequence[tuple[bool, bool, int]]) -> Impressions:
    """The sum of rows of: was it on time, was there time to ask, how many said so."""
    return Impressions(
        sum(count for _on_time, _asked, count in rows),
        sum(count for on_time, _asked, count in rows if on_time),
        sum(count for _on_time, asked, count in rows if asked),
    )


@dataclass(frozen=True)
class InWeek:
    """What those said of the interviews for one opening who answered in one week."""

    opening_id: int
    week_on: date
    said: Impressions


def shown_impressions(answers: Iterable[InWeek], this_week: date) -> tuple[dict[int, Impressions], Impressions | None]:
    """What may be shown on some day of the week of `this_week` (its Monday): openings, and the others together.

    Answers are shown once their week is over, and of an opening five and more at a time; what is too few by itself for
    eight weeks stands with the others, for good. Each answer is in one of these parts of at least five, and no part
    changes any more: nothing comes out by subtracting, nor by looking again after the next interview.
    """
    shown: dict[int, Impressions] = {}
    waiting: dict[int, list[InWeek]] = {}
    others = NO_IMPRESSIONS
    over = (one for one in answers if one.week_on < this_week and one.said.count)
    for week_on, found in groupby(sorted(over, key=lambda one: (one.week_on, one.opening_id)), lambda one: one.week_on):
        others += _given_up(waiting, week_on)
        for one in found:
            waiting.setdefault(one.opening_id, []).append(one)
            together = _sum(waiting[one.opening_id])
            if together.count >= FEWEST_SHOWN:
                shown[one.opening_id] = shown.get(one.opening_id, NO_IMPRESSIONS) + together
                del waiting[one.opening_id]
    others += _given_up(waiting, this_week)
    return shown, others if others.count else None


def _given_up(waiting: dict[int, list[InWeek]], week_on: date) -> Impressions:
    """What has waited too long to be shown by itself, if it is enough together; it does not wait any more then."""
    old = [key for key, some in waiting.items() if some[0].week_on + _LONGEST_ALONE <= week_on]
    together = sum((_sum(waiting[key]) for key in old), NO_IMPRESSIONS)
    if together.count < FEWEST_SHOWN:
        return NO_IMPRESSIONS
    for key in old:
        del waiting[key]
    return together


def _sum(some: Iterable[InWeek]) -> Impressions:
    return sum((one.said for one in some), NO_IMPRESSIONS)
