"""Whether mail goes out at all: when a worker was last seen, what our mail server does, and what was before."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, case, exists, func, or_, select

from portal.core.db import fetch
from portal.core.leases import JobLease
from portal.outbox.models import Delivery, MailTrouble, SlowDomain
from portal.outbox.queries.waiting import MAIL_SERVER, is_waiting
from portal.outbox.rules import WORKER_SILENCE
from portal.outbox.states import Reason, WhyStopped

_MOST_TROUBLES = 5


@dataclass(frozen=True)
class MailStanding:
    """Whether mail goes out, for the pages where somebody should hear of it when it does not."""

    #: When a worker last finished something; None when none ever has.
    worker_seen_at: datetime | None
    is_worker_silent: bool
    #: Since when our mail server takes nothing; None while it works.
    server_since: datetime | None
    #: What waits, without what is held; only counted when something is wrong.
    waiting_count: int

    @property
    def is_well(self) -> bool:
        return not self.is_worker_silent and self.server_since is None


@dataclass(frozen=True)
class PastTrouble:
    """A time at which our mail server took nothing."""

    since: datetime
    ended_at: datetime
    reason: Reason
    words: str
    #: How many messages went late, and how many had lost their use by then.
    late_count: int
    expired_count: int

    @property
    def said(self) -> str:
        """What it answered, with its code."""
        return self.words.partition(" ")[2]


_AT = JobLease.last_finished_at.type
_SEEN = select(func.max(JobLease.last_finished_at)).scalar_subquery()
#: A long job is a sign of life as well; a lease outlives a worker that was killed in the middle by some minutes.
_IS_BUSY = exists().where(JobLease.lease_until > bindparam("now", type_=_AT))
_IS_SILENT = or_(_SEEN.is_(None), bindparam("silent_since", type_=_AT) > _SEEN) & ~_IS_BUSY
_SINCE = select(SlowDomain.since).where(SlowDomain.domain == MAIL_SERVER).scalar_subquery()
_COUNT = select(func.count()).select_from(Delivery).where(is_waiting()).where(Delivery.held_reason.is_(None))
_STANDING = select(
    _SEEN,
    case((_IS_SILENT, 1), else_=0),
    _SINCE,
    case((or_(_IS_SILENT, _SINCE.is_not(None)), _COUNT.scalar_subquery()), else_=0),
)
_PAST = (
    select(
        MailTrouble.since,
        MailTrouble.ended_at,
        MailTrouble.reason,
        MailTrouble.words,
        MailTrouble.late_count,
        select(func.count())
        .select_from(Delivery)
        .where(Delivery.stopped_reason.is_not(None))
        .where(Delivery.stopped_reason == WhyStopped.EXPIRED)
        .where(Delivery.expires_at >= MailTrouble.since)
        .where(Delivery.expires_at <= MailTrouble.ended_at)
        .correlate(MailTrouble)
        .scalar_subquery(),
    )
    .order_by(MailTrouble.ended_at.desc(), MailTrouble.id.desc())
    .limit(_MOST_TROUBLES)
)


def mail_standing(now: datetime) -> MailStanding:
    """Whether mail goes out, in one statement that counts only when something is wrong."""
    values = {"now": now, "silent_since": now - WORKER_SILENCE}
    seen_at, is_silent, since, count = fetch(_STANDING, values).one()
    return MailStanding(seen_at, bool(is_silent), since, count)


def past_troubles() -> list[PastTrouble]:
    """The times of the last week at which our mail server took nothing, the newest first."""
    return [PastTrouble(*row) for row in fetch(_PAST)]
