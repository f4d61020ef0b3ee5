"""How long somebody is kept, when they are asked whether they want to stay, and what outlives an erasure.

A person's time ends a number of months after the day it is counted from: for a member, their last sign of life; for
somebody who applied and never joined, the ending of their last application or a later sign of life. They are asked
three times before, and erased only when the mails had the distances that they name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

#: How many days before the end each of the three mails goes, and so what each names.
ASK_DAYS: Final = (30, 7, 2)
#: How long a copy can be fetched, and how often making one is tried, each time after so long without an end.
COPY_LIFE: Final = timedelta(hours=24)
COPY_TRIES: Final = 3
COPY_TAKES: Final = timedelta(minutes=15)
#: Who asked to be erased is erased after so long at the latest, however long our mail server is away.
LAST_MAIL_WAITS: Final = timedelta(hours=48)


@dataclass(frozen=True)
class Asked:
    """The last question of up to three: how often it was asked by then, and when a mail server took its mail.

    `reached_on`: the day from which they had it, or could have; None while it is on its way.
    """

    counted_from: date
    count: int
    ends_on: date
    reached_on: date | None


@dataclass(frozen=True)
class AskNow:
    """Ask for the `count`-th time; without an answer they are erased on `ends_on`."""

    count: int
    ends_on: date


@dataclass(frozen=True)
class EraseNow:
    """All three mails were there in time, and nobody answered."""


def next_question(counted_from: date, end: date, asked: Asked | None, today: date) -> AskNow | EraseNow | None:
    """What is due today for somebody whose time ends on `end`; however late a worker comes, no distance is cut short.

    A question about another `counted_from` is void: since then they gave a sign of life.
    """
    if asked is None or asked.counted_from != counted_from:
        return _ask(1, today) if today >= end - timedelta(days=ASK_DAYS[0]) else None
    if asked.reached_on is None:
        return None
    if asked.count >= len(ASK_DAYS):
        return EraseNow() if today >= max(asked.ends_on, asked.reached_on + timedelta(days=ASK_DAYS[-1])) else None
    waits = ASK_DAYS[asked.count - 1] - ASK_DAYS[asked.count]
    return _ask(asked.count + 1, today) if today >= asked.reached_on + timedelta(days=waits) else None


def _ask(count: int, today: date) -> AskNow:
    return AskNow(count, today + timedelta(days=ASK_DAYS[count - 1]))


@dataclass(frozen=True)
class PlaceRule:
    """What holds for applications to openings in a place: other months after an ending, years that a record stays."""

    place: str
    months: int
    sealed_years: int = 0


def rule_of(labels: Sequence[str], rules: Sequence[PlaceRule]) -> PlaceRule | None:
    """The rule for an opening in these places ("Toronto, Canada"): that of the town before that of the country."""
    parts = [part.strip().casefold() for label in labels for part in label.split(",")]
    towns_first = sorted(rules, key=lambda one: not any(_begins(label, one.place) for label in labels))
    return next((one for one in towns_first if one.place.strip().casefold() in parts), None)


def _begins(label: str, place: str) -> bool:
    return label.split(",")[0].strip().casefold() == place.strip().casefold()


def may_erase_asked(asked_at: datetime, *, is_on_its_way: bool, now: datetime) -> bool:
    """Whether somebody who asked for it is erased now: their last mail comes before that, if it can."""
    return not is_on_its_way or now >= asked_at + LAST_MAIL_WAITS
