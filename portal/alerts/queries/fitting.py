"""Whose turn it is to be told, and what fits them at this moment."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, exists, select

from portal.alerts.models import AlertMatch, AlertTurn, JobAlert
from portal.alerts.queries.looking import Member, members_by_id
from portal.alerts.queries.openings import LiveOpening, live_openings
from portal.applications.models import Application
from portal.core.db import fetch
from portal.openings.rules import Match, match


@dataclass(frozen=True)
class Fit:
    """An opening that fits a member, as it is at this moment."""

    opening: LiveOpening
    is_early: bool
    why: Match


@dataclass(frozen=True)
class Due:
    """What waits for one member."""

    person_id: int
    has_yes: bool
    #: What only members see comes first, then what was published first.
    fits: tuple[Fit, ...]
    #: Openings that waited for them and do not fit any more, or to which they have applied.
    over: tuple[int, ...]
    #: Openings that waited for them and have just left the site.
    closed: tuple[int, ...]
    is_mail_under_way: bool


_TURNS = (
    select(AlertTurn.person_id)
    .where(AlertTurn.look_at <= bindparam("now", type_=AlertTurn.look_at.type))
    .order_by(AlertTurn.look_at, AlertTurn.person_id)
    .limit(bindparam("count"))
)
_WAITING = (
    select(
        AlertMatch.person_id,
        AlertMatch.opening_id,
        exists()
        .where(Application.person_id == AlertMatch.person_id)
        .where(Application.opening_id == AlertMatch.opening_id)
        .label("has_applied"),
    )
    .where(AlertMatch.person_id.in_(bindparam("ids", expanding=True)))
    .where(AlertMatch.alert_id.is_(None))
    .order_by(AlertMatch.person_id, AlertMatch.opening_id)
)
_UNDER_WAY = (
    select(JobAlert.person_id)
    .where(JobAlert.person_id.in_(bindparam("ids", expanding=True)))
    .where(JobAlert.settled_at.is_(None))
    .order_by(JobAlert.person_id)
)


def due_people(now: datetime, count: int) -> list[int]:
    """At most `count` people for whom openings wait and who are to be looked at, in the order of their ids."""
    return sorted(person_id for (person_id,) in fetch(_TURNS, {"now": now, "count": count}))


def what_fits(ids: Collection[int], now: datetime, today: date) -> dict[int, Due]:
    """What waits for these people and fits at this moment; `today` is a day in the company's zone."""
    live, members, values = live_openings(now, today), members_by_id(ids), {"ids": list(ids)}
    waiting: dict[int, list[tuple[int, bool]]] = defaultdict(list)
    for person_id, opening_id, has_applied in fetch(_WAITING, values):
        waiting[person_id].append((opening_id, bool(has_applied)))
    under_way = {person_id for (person_id,) in fetch(_UNDER_WAY, values)}
    return {
        person_id: _due(person_id, members.get(person_id), waiting[person_id], live, person_id in under_way, now, today)
        for person_id in ids
    }


def _due(
    person_id: int,
    member: Member | None,
    waiting: list[tuple[int, bool]],
    live: dict[int, LiveOpening],
    is_mail_under_way: bool,
    now: datetime,
    today: date,
) -> Due:
    closed = tuple(opening_id for opening_id, has_applied in waiting if opening_id not in live and not has_applied)
    fits = []
    if member is not None:
        for opening_id, has_applied in waiting:
            fit = None if has_applied or opening_id in closed else _fit(member, live[opening_id], now, today)
            if fit is not None:
                fits.append(fit)
    fits.sort(key=lambda one: (not one.is_early, one.opening.published_at or now, one.opening.id))
    fitting = {one.opening.id for one in fits}
    over = tuple(opening_id for opening_id, _ in waiting if opening_id not in fitting and opening_id not in closed)
    has_yes = member is not None and member.has_yes
    return Due(person_id, has_yes, tuple(fits), over, closed, is_mail_under_way)


def _fit(member: Member, opening: LiveOpening, now: datetime, today: date) -> Fit | None:
    why = match(member.wants, opening.offer)
    if why is None or not opening.is_visible_to(member.wants.areas, now, today):
        return None
    return Fit(opening, not opening.is_public(now), why)
