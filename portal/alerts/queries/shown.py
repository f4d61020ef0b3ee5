"""What a member was told lately, and for the page of an opening how many were told of it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import bindparam, func, select

from portal.alerts.models import AlertMatch, AlertRound, AlertTurn, JobAlert
from portal.alerts.rules import why_from_json
from portal.alerts.states import WhyWaiting
from portal.community.queries import member_areas
from portal.core.db import fetch
from portal.openings.models import Opening
from portal.openings.rules import Match, Viewer, is_row_visible
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState


@dataclass(frozen=True)
class ToldOpening:
    """An opening that a member was told of."""

    title: str
    #: What stands in its address; empty when they may not see it any more.
    slug: str
    was_early: bool
    why: Match


@dataclass(frozen=True)
class OwnAlert:
    """One mail about openings that reached a mail server."""

    sent_at: datetime
    openings: tuple[ToldOpening, ...]


@dataclass(frozen=True)
class OpeningAlerts:
    """How many members were told of an opening, and what became of the others whom it fits."""

    told_count: int = 0
    under_way_count: int = 0
    #: Mails that came back or were given up.
    lost_count: int = 0
    waiting: dict[WhyWaiting, int] = field(default_factory=dict)
    no_yes_count: int = 0
    #: Whether all members were looked at.
    is_finished: bool = False

    @property
    def waiting_count(self) -> int:
        return sum(self.waiting.values())


_SENT = (
    select(JobAlert.id, Delivery.sent_at)
    .join(Delivery, Delivery.id == JobAlert.delivery_id)
    .where(JobAlert.person_id == bindparam("person_id"))
    .where(Delivery.state == DeliveryState.SENT)
)
_PAGE = _SENT.order_by(Delivery.sent_at.desc(), JobAlert.id.desc()).limit(bindparam("count")).offset(bindparam("first"))
_COUNT = select(func.count()).select_from(_SENT.subquery())
_TOLD = (
    select(
        AlertMatch.alert_id,
        AlertMatch.is_early,
        AlertMatch.why,
        Opening.title,
        Opening.slug,
        Opening.state,
        Opening.published_at,
        Opening.public_at,
        Opening.closes_on,
        Opening.area,
    )
    .join(Opening, Opening.id == AlertMatch.opening_id)
    .where(AlertMatch.alert_id.in_(bindparam("ids", expanding=True)))
    .order_by(AlertMatch.alert_id, AlertMatch.is_early.desc(), Opening.published_at, Opening.id)
)
_BY_DELIVERY = (
    select(Delivery.state, func.count())
    .select_from(AlertMatch)
    .join(JobAlert, JobAlert.id == AlertMatch.alert_id)
    .join(Delivery, Delivery.id == JobAlert.delivery_id)
    .where(AlertMatch.opening_id == bindparam("opening_id"))
    .group_by(Delivery.state)
    .order_by(Delivery.state)
)
_BY_TURN = (
    select(AlertTurn.why, func.count())
    .select_from(AlertMatch)
    .join(AlertTurn, AlertTurn.person_id == AlertMatch.person_id)
    .where(AlertMatch.opening_id == bindparam("opening_id"))
    .where(AlertMatch.alert_id.is_(None))
    .group_by(AlertTurn.why)
    .order_by(AlertTurn.why)
)
_ROUND = select(AlertRound.no_yes_count, AlertRound.finished_at.is_not(None)).where(
    AlertRound.opening_id == bindparam("opening_id")
)


def count_alerts_of(person_id: int) -> int:
    """How many mails about openings this person got."""
    return int(fetch(_COUNT, {"person_id": person_id}).scalar_one())


def alerts_of(person_id: int, first: int, count: int, now: datetime, today: date) -> list[OwnAlert]:
    """`count` of the mails about openings that this person got, from number `first`, the newest first.

    `today` is a day in the company's zone; what they may not see any more is named without its address.
    """
    sent = fetch(_PAGE, {"person_id": person_id, "first": first, "count": count}).all()
    areas = member_areas(person_id)
    viewer = Viewer(areas is not None, areas or frozenset())
    told = _told([row[0] for row in sent], viewer, now, today)
    return [OwnAlert(sent_at, tuple(told[alert_id])) for alert_id, sent_at in sent]


def _told(ids: Sequence[int], viewer: Viewer, now: datetime, today: date) -> dict[int, list[ToldOpening]]:
    found: dict[int, list[ToldOpening]] = defaultdict(list)
    for row in fetch(_TOLD, {"ids": list(ids)}):
        slug = row.slug if is_row_visible(row, viewer, now, today) else ""
        found[row.alert_id].append(ToldOpening(row.title, slug, bool(row.is_early), why_from_json(row.why)))
    return found


def numbers_of_alerts(opening_id: int) -> OpeningAlerts:
    """How many members were told of this opening, and why others wait. Three statements."""
    values = {"opening_id": opening_id}
    by_state = {state: count for state, count in fetch(_BY_DELIVERY, values)}
    line = fetch(_ROUND, values).one_or_none()
    return OpeningAlerts(
        told_count=by_state.get(DeliveryState.SENT, 0),
        under_way_count=by_state.get(DeliveryState.QUEUED, 0) + by_state.get(DeliveryState.LEASED, 0),
        lost_count=by_state.get(DeliveryState.DEAD, 0),
        waiting={why: count for why, count in fetch(_BY_TURN, values)},
        no_yes_count=line[0] if line else 0,
        is_finished=bool(line and line[1]),
    )
