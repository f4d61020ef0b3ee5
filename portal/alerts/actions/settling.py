"""What follows when a mail about openings has gone, could not go, or would say something untrue."""

from datetime import datetime
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.alerts.actions.looking import add_turns
from portal.alerts.models import AlertMatch, JobAlert
from portal.alerts.queries import ended_alerts, outdated_alerts
from portal.alerts.states import WhyWaiting
from portal.company.queries import company_zone
from portal.core.clock import day_of
from portal.core.db import end_reading, transaction
from portal.outbox.actions import take_back
from portal.outbox.states import DeliveryState, WhyStopped
from portal.people.models import Person

_AT_ONCE: Final = 200


def settle_ended(now: datetime) -> int:
    """Note the mails whose delivery has ended; returns how many. Safe to run twice.

    What was in one that came too late waits again, for whoever it still fits; what was in one that was stopped because
    they took their yes back is forgotten, and they are not told.
    """
    end_reading()
    ended = ended_alerts(_AT_ONCE)
    if not ended:
        return 0
    with transaction() as session:
        _lock(session, [one.person_id for one in ended])
        for one in ended:
            if one.state is not DeliveryState.CANCELLED:
                session.execute(
                    update(JobAlert)
                    .where(JobAlert.id == one.id)
                    .where(JobAlert.settled_at.is_(None))
                    .values(settled_at=now)
                )
            elif one.why is WhyStopped.EXPIRED:
                _hand_back(session, one.id, one.person_id, now)
            else:
                session.execute(delete(AlertMatch).where(AlertMatch.alert_id == one.id))
                session.execute(delete(JobAlert).where(JobAlert.id == one.id))
    return len(ended)


def call_back_outdated(now: datetime) -> int:
    """Take back what waits and says something untrue by now, and let it be written anew; returns how many.

    What a mail server may have taken already stays.
    """
    end_reading()
    found = outdated_alerts(now, day_of(now, company_zone()))
    taken = 0
    for one in found:
        with transaction() as session:
            _lock(session, [one.person_id])
            if take_back(one.delivery_id, now):
                _hand_back(session, one.id, one.person_id, now)
                taken += 1
    return taken


def _hand_back(session: Session, alert_id: int, person_id: int, now: datetime) -> None:
    """What was in this mail waits again, and its reader's turn comes at once."""
    is_there = session.scalars(select(JobAlert.id).where(JobAlert.id == alert_id).with_for_update()).one_or_none()
    if is_there is None:
        return
    session.execute(
        update(AlertMatch).where(AlertMatch.alert_id == alert_id).values(alert_id=None, why={}, is_early=False)
    )
    session.execute(delete(JobAlert).where(JobAlert.id == alert_id))
    add_turns(session, [person_id], now, WhyWaiting.GATHERING)


def _lock(session: Session, people: list[int]) -> None:
    """Whoever erases, joins or writes to these people waits; the first thing the transaction does."""
    statement = select(Person.id).where(Person.id.in_(people)).order_by(Person.id)
    session.execute(statement.with_for_update(key_share=True)).all()
