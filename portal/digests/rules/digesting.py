"""What a person's digest holds, and when it is due."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from portal.contact.rules import Hold, Never, Verdict
from portal.contact.states import Rhythm
from portal.digests.rules.deciding import KEPT_FOR, LOOK_AGAIN, digest_time, is_long_wait
from portal.digests.states import Why


@dataclass(frozen=True)
class Waiting:
    """An update that waits for somebody's digest."""

    update_id: int
    #: Since when.
    decided_at: datetime
    #: Whether they can read it on its page, and have.
    is_theirs: bool
    is_read: bool = False
    is_withdrawn: bool = False
    #: A colleague paused or stopped its mailing.
    is_paused: bool = False
    is_stopped: bool = False
    #: They took back their yes since it waits; a new one does not reach back.
    is_refused: bool = False
    #: It was about a day that has passed.
    is_over: bool = False


@dataclass(frozen=True)
class Plan:
    """What to do about somebody's digest now."""

    #: The updates that never come to them by mail, and why.
    dropped: dict[int, Why] = field(default_factory=dict)
    #: The updates of the digest that goes now, the oldest first; none: it does not go.
    sent: tuple[int, ...] = ()
    #: Whether anything still waits, why, and when to look again.
    look_at: datetime | None = None
    why: Why | None = None


def plan_digest(
    waiting: Sequence[Waiting],
    verdict: Verdict,
    rhythm: Rhythm | None,
    zone: str,
    now: datetime,
    *,
    is_under_way: bool = False,
) -> Plan:
    """What becomes `now` of what waits for one person, who chose `rhythm` and lives in the IANA `zone`.

    `verdict` is what `contact` says about a mail to them of this topic at this moment. While their last digest
    `is_under_way`, there is no other.
    """
    dropped = {one.update_id: why for one in waiting if (why := _why_dropped(one, now)) is not None}
    left = [one for one in waiting if one.update_id not in dropped]
    if isinstance(verdict, Never):
        return Plan(dropped | {one.update_id: Why(verdict.reason) for one in left})
    ready = [one for one in left if not one.is_paused]
    if not ready:
        return Plan(dropped, look_at=now + LOOK_AGAIN) if left else Plan(dropped)
    if is_under_way:
        return Plan(dropped, look_at=now + LOOK_AGAIN)
    due_at = digest_time(rhythm, min(one.decided_at for one in ready), zone)
    if due_at > now:
        return Plan(dropped, look_at=_soon(due_at, now), why=Why.RHYTHM)
    if isinstance(verdict, Hold):
        why = Why(verdict.reason) if is_long_wait(verdict.reason) else None
        return Plan(dropped, look_at=_soon(verdict.until, now), why=why)
    sent = tuple(one.update_id for one in ready)
    return Plan(dropped, sent, look_at=now + LOOK_AGAIN if len(ready) < len(left) else None)


def _why_dropped(one: Waiting, now: datetime) -> Why | None:
    reasons = (
        (one.is_withdrawn, Why.WITHDRAWN),
        (one.is_stopped, Why.STOPPED),
        (not one.is_theirs, Why.NOT_THEIRS),
        (one.is_refused, Why.NO_CONSENT),
        (one.is_read, Why.READ),
        (one.is_over or now - one.decided_at > KEPT_FOR, Why.TOO_OLD),
    )
    return next((why for applies, why in reasons if applies), None)


def _soon(until: datetime, now: datetime) -> datetime:
    return min(max(until, now + timedelta(minutes=1)), now + LOOK_AGAIN)
