"""How a delivery may move, how long it waits, and when it is given up."""

import zlib
from datetime import datetime, timedelta
from typing import Final

from portal.outbox.states import MOVES, DeliveryState

_FIRST_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(hours=6)
#: Waits differ by up to a quarter, so that what failed together does not come back together.
_JITTER = 0.25
#: Nothing is given up before both: a worker that was away for days still tries for half a day.
_PATIENCE = timedelta(hours=48)
_LEAST_TRIES = 10
#: A domain that takes nothing for so long is not slow (RFC 5321, 4.5.4.1: at least 4 to 5 days).
DOMAIN_PATIENCE: Final = timedelta(days=5)
_LONGEST_SLOWNESS = timedelta(hours=1)
_SHORTEST_PAUSE = timedelta(seconds=10)
_LONGEST_PAUSE = timedelta(minutes=1)
#: What is held is looked at again after this, so that a pause that ends early or a new time zone counts soon.
LOOK_AGAIN: Final = timedelta(hours=3)
_SHORTEST_HOLD = timedelta(minutes=1)
#: A worker finishes something at least every 20 seconds; one that is silent for longer than this is not there.
WORKER_SILENCE: Final = timedelta(minutes=2)
#: What our mail server sleeps through in less is nobody's news.
_LEAST_TROUBLE = timedelta(minutes=10)
#: How soon a message is looked at again that waits for an older one.
_SHORTEST_LOOK = timedelta(seconds=1)
_LOOK_BEHIND = timedelta(seconds=20)
#: A message that was tried so often for its own sake does not hold back later ones any more.
TRIES_OF_ITS_OWN: Final = 5


def may_move(before: DeliveryState, after: DeliveryState) -> bool:
    """Whether a delivery may go from one state to the other."""
    return after in MOVES[before]


def states_before(after: DeliveryState) -> list[DeliveryState]:
    """From which states a delivery may come to `after`."""
    return [state for state in DeliveryState if may_move(state, after)]


def wait_before_next_try(attempts: int, key: str) -> timedelta:
    """How long to wait after `attempts` tries (from 1): doubling from 1 minute, at most 6 hours.

    `key` scatters the waits of different messages; the same message always waits equally long.
    """
    doubled = _FIRST_WAIT * (1 << min(attempts - 1, 20))
    return min(doubled, _LONGEST_WAIT / (1 + _JITTER)) * (1 + _JITTER * _scatter(f"{key}:{attempts}"))


def is_given_up(attempts: int, first_tried_at: datetime, now: datetime) -> bool:
    """Whether a message that is still not accepted has been tried long enough: 48 hours, and 10 times."""
    return attempts >= _LEAST_TRIES and now - first_tried_at >= _PATIENCE


def is_domain_given_up(first_tried_at: datetime, now: datetime) -> bool:
    """Whether a message whose domain never took it has waited long enough: five days from its first try."""
    return now - first_tried_at >= DOMAIN_PATIENCE


def slow_down_for(troubles: int, domain: str) -> timedelta:
    """How long mail to `domain` waits when it has asked us `troubles` times (from 1): 1 minute to 1 hour."""
    doubled = _FIRST_WAIT * (1 << min(troubles - 1, 20))
    return min(doubled, _LONGEST_SLOWNESS / (1 + _JITTER)) * (1 + _JITTER * _scatter(f"{domain}:{troubles}"))


def pause_after(troubles: int) -> timedelta:
    """How long all mail rests after `troubles` (from 1) failures of the server in a row: 10 to 60 seconds."""
    return min(_SHORTEST_PAUSE * (1 << min(troubles - 1, 10)), _LONGEST_PAUSE)


def is_resting(until: datetime, now: datetime) -> bool:
    """Whether a rest that ends at `until` goes on; a clock that went back makes none longer."""
    return now < until <= now + _LONGEST_PAUSE


def behind(older_until: datetime, now: datetime) -> datetime:
    """When a message is looked at again that waits for an older one, which is tried again at `older_until`.

    Soon, because that may be in a worker's hand just now; and not at once, so that others have their turn.
    """
    return max(min(older_until, now + _LOOK_BEHIND), now + _SHORTEST_LOOK)


def is_worth_telling(since: datetime, ended_at: datetime) -> bool:
    """Whether our mail server was in trouble for so long that those who look after the mail want to hear of it."""
    return ended_at - since >= _LEAST_TROUBLE


def look_again_at(until: datetime, now: datetime) -> datetime:
    """When a message that is held until `until` is looked at again: then, or sooner in case things change."""
    return max(min(until, now + LOOK_AGAIN), now + _SHORTEST_HOLD)


def domain_of(address: str) -> str:
    """What follows the @, in lower case; empty when there is none."""
    return address.rpartition("@")[2].strip().lower() if "@" in address else ""


def _scatter(text: str) -> float:
    return zlib.crc32(text.encode()) / 2**32
