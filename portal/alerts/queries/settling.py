"""Mails about openings whose delivery has ended, and those that wait and would say something untrue."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, exists, or_, select

from portal.alerts.models import AlertMatch, JobAlert
from portal.applications.models import Application
from portal.community.models import PersonArea
from portal.core.db import fetch
from portal.openings.models import Opening
from portal.openings.states import OpeningState
from portal.outbox.models import Delivery
from portal.outbox.queries import has_surely_not_arrived
from portal.outbox.states import DeliveryState, WhyStopped


@dataclass(frozen=True)
class EndedAlert:
    """A mail about openings whose delivery has come to an end."""

    id: int
    person_id: int
    state: DeliveryState
    why: WhyStopped | None


@dataclass(frozen=True)
class OutdatedAlert:
    """A mail that no server was tried with, and that says something untrue by now."""

    id: int
    person_id: int
    delivery_id: int


_ENDED = (
    select(JobAlert.id, JobAlert.person_id, Delivery.state, Delivery.stopped_reason)
    .join(Delivery, Delivery.id == JobAlert.delivery_id)
    .where(JobAlert.settled_at.is_(None))
    .where(Delivery.state.in_((DeliveryState.SENT, DeliveryState.DEAD, DeliveryState.CANCELLED)))
    .order_by(JobAlert.id)
    .limit(bindparam("count"))
)
_is_closed = or_(Opening.state != OpeningState.PUBLISHED, Opening.closes_on < bindparam("today"))
_is_everybodys = AlertMatch.is_early & (Opening.public_at <= bindparam("now", type_=JobAlert.created_at.type))
_is_not_theirs = (
    AlertMatch.is_early
    & (Opening.area != "")
    & ~exists().where(PersonArea.person_id == AlertMatch.person_id).where(PersonArea.area == Opening.area)
)
_has_applied = (
    exists().where(Application.person_id == AlertMatch.person_id).where(Application.opening_id == AlertMatch.opening_id)
)
_OUTDATED = (
    select(JobAlert.id, JobAlert.person_id, JobAlert.delivery_id)
    .distinct()
    .join(Delivery, Delivery.id == JobAlert.delivery_id)
    .join(AlertMatch, AlertMatch.alert_id == JobAlert.id)
    .join(Opening, Opening.id == AlertMatch.opening_id)
    .where(JobAlert.settled_at.is_(None))
    .where(Delivery.state == DeliveryState.QUEUED)
    .where(has_surely_not_arrived())
    .where(or_(_is_closed, _is_everybodys, _is_not_theirs, _has_applied))
    .order_by(JobAlert.id)
)


def ended_alerts(count: int) -> list[EndedAlert]:
    """At most `count` mails whose delivery was accepted, given up or stopped, and that nobody has looked at since."""
    return [EndedAlert(*row) for row in fetch(_ENDED, {"count": count})]


def outdated_alerts(now: datetime, today: date) -> list[OutdatedAlert]:
    """Mails that wait although an opening in them is closed, has become everybody's, or was applied to."""
    return [OutdatedAlert(*row) for row in fetch(_OUTDATED, {"now": now, "today": today})]
