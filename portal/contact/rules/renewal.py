"""When consents run out, and when we ask before: 30, 7 and 2 days ahead, never all at once and never without asking."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from portal.contact.rules.hours import months_after

#: How many days before the end we ask, the first time first.
ASK_DAYS: Final = (30, 7, 2)


@dataclass(frozen=True)
class Life:
    """When we last heard from a person, and when we asked whether they want to stay."""

    last_on: date
    first_asked_on: date | None = None
    last_asked_on: date | None = None
    #: Which of ASK_DAYS was the last.
    last_asked_days: int | None = None


@dataclass(frozen=True)
class AskToStay:
    """It is time to ask, for the `days`-before time; without an answer it ends on `ends_on`."""

    days: int
    ends_on: date


@dataclass(frozen=True)
class RunOut:
    """Nobody answered: what they agreed to holds no longer."""


def ends_on(life: Life, months: int, today: date) -> date:
    """The day consents run out: `months` after the last sign of life, and 30 days after we first asked at least."""
    asked_first = life.first_asked_on or today
    end = max(months_after(life.last_on, months), asked_first + timedelta(days=ASK_DAYS[0]))
    if life.last_asked_on is None or life.last_asked_days is None:
        return end
    # A worker that was away asks late; whoever is asked still has the days that were named.
    return max(end, life.last_asked_on + timedelta(days=ASK_DAYS[-1]))


def next_step(life: Life, months: int, today: date) -> AskToStay | RunOut | None:
    """What is due today, if anything; asked every day or once a month, it never asks twice for one time."""
    end = ends_on(life, months, today)
    reached = [days for days in ASK_DAYS if (end - today).days <= days]
    if not reached:
        return None
    if life.last_asked_days is None or reached[-1] < life.last_asked_days:
        return AskToStay(reached[-1], max(end, today + timedelta(days=ASK_DAYS[-1])))
    if life.last_asked_days == ASK_DAYS[-1] and today >= end:
        return RunOut()
    return None


def latest_sign_that_matters(months: int, today: date) -> date:
    """Whoever gave a sign of life after this day is not asked yet; a few days to spare for short months."""
    return months_after(today + timedelta(days=ASK_DAYS[0]), -months) + timedelta(days=3)
