"""What came of the mail about an update, counted."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from portal.core.i18n import lazy_gettext as _l
from portal.digests.states import Way, Why
from portal.outbox.states import DeliveryState, WhyStopped

WHY_WORDS: Final[dict[Why, str]] = {
    Why.RHYTHM: _l("chose weekly or monthly mail"),
    Why.PAUSED: _l("asked for a pause"),
    Why.RESTING: _l("were not selected a few days ago, so we leave them in peace"),
    Why.BUDGET: _l("have heard from us often enough for now"),
    Why.NO_CONSENT: _l("have not said yes to mail about this"),
    Why.SUPPRESSED: _l("have an address that mail came back from"),
    Why.GONE: _l("have no address with us any more"),
    Why.READ: _l("read it on its page first"),
    Why.WITHDRAWN: _l("waited when it was withdrawn"),
    Why.NOT_THEIRS: _l("can no longer read it"),
    Why.STOPPED: _l("waited when the mailing was stopped"),
    Why.TOO_OLD: _l("waited so long that it was no news any more"),
}


@dataclass(frozen=True)
class Share:
    """People of an audience to whom the same happened; `sent` is where their letter stands, if there is one."""

    way: Way
    why: Why | None
    sent: DeliveryState | None
    stopped: WhyStopped | None
    count: int


@dataclass(frozen=True)
class Results:
    """How many of an audience: to whom mail went, for whom it waits, whom it did not reach and why."""

    decided: int = 0
    accepted: int = 0
    by_digest: int = 0
    bounced: int = 0
    #: Letters that wait for their turn, for the morning or for another try.
    on_the_way: int = 0
    #: Taken back by a pause or a correction, to be written again.
    to_write: int = 0
    #: For whom it waits for the next digest, and why, the most frequent first.
    collected: tuple[tuple[str, int], ...] = ()
    #: Whom it does not reach, and why, the most frequent first.
    left_out: tuple[tuple[str, int], ...] = field(default=())

    @property
    def collected_count(self) -> int:
        return sum(count for _why, count in self.collected)

    @property
    def left_out_count(self) -> int:
        return sum(count for _why, count in self.left_out)

    @property
    def waits(self) -> int:
        """For how many something is still to come."""
        return self.on_the_way + self.to_write + self.collected_count


_WHY_STOPPED: Final = {
    WhyStopped.NO_CONSENT: Why.NO_CONSENT,
    WhyStopped.SUPPRESSED: Why.SUPPRESSED,
    WhyStopped.GONE: Why.GONE,
    WhyStopped.EXPIRED: Why.TOO_OLD,
}
_WAITS: Final = frozenset({DeliveryState.QUEUED, DeliveryState.LEASED})


def count_results(shares: Iterable[Share]) -> Results:
    """What `shares` come to."""
    found = list(shares)
    lettered = [one for one in found if one.way in {Way.OWN_LETTER, Way.IN_DIGEST}]
    accepted = [one for one in lettered if one.sent is DeliveryState.SENT]
    return Results(
        decided=_sum(found),
        accepted=_sum(accepted),
        by_digest=_sum(one for one in accepted if one.way is Way.IN_DIGEST),
        bounced=_sum(one for one in lettered if one.sent is DeliveryState.DEAD),
        on_the_way=_sum(one for one in lettered if one.sent in _WAITS),
        to_write=_sum(one for one in found if one.way is Way.TO_WRITE),
        collected=_by_reason((one.why or Why.RHYTHM, one.count) for one in found if one.way is Way.COLLECTED),
        left_out=_by_reason(_left_out(found)),
    )


def _left_out(shares: Iterable[Share]) -> Iterable[tuple[Why, int]]:
    for one in shares:
        if one.way is Way.LEFT_OUT and one.why is not None:
            yield one.why, one.count
        elif one.sent is DeliveryState.CANCELLED:
            yield _why_cancelled(one.stopped), one.count


def _why_cancelled(stopped: WhyStopped | None) -> Why:
    """Why a letter that was written did not go: as the outbox says, else the mailing was stopped."""
    return _WHY_STOPPED.get(stopped, Why.STOPPED) if stopped is not None else Why.STOPPED


def _by_reason(pairs: Iterable[tuple[Why, int]]) -> tuple[tuple[str, int], ...]:
    counts: dict[Why, int] = {}
    for why, count in pairs:
        counts[why] = counts.get(why, 0) + count
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple((str(WHY_WORDS[why]), count) for why, count in ordered)


def _sum(shares: Iterable[Share]) -> int:
    return sum(one.count for one in shares)
