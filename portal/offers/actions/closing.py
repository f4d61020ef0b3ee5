"""Offers follow their applications: one that has ended takes its offer with it, a day that passed is noticed."""

from datetime import datetime

from sqlalchemy import update

from portal.applications.actions.locking import lock_people
from portal.audit.actions import record
from portal.core.db import transaction
from portal.offers.actions.owing import Waits, cause_of, owe, settle_waits
from portal.offers.actions.saying import move
from portal.offers.models import Offer, TimeRequest
from portal.offers.queries.jobs import OpenOffer
from portal.offers.states import OfferState


def close_with_application(offer_id: int, person_id: int, now: datetime) -> bool:
    """End an offer whose application has ended without an answer to it; False when it is closed already. Recorded."""
    with transaction() as own:
        lock_people(own, person_id)
        offer = own.get(Offer, offer_id, with_for_update=True)
        if offer is None or offer.state is not OfferState.OPEN:
            return False
        move(offer, OfferState.ENDED, now)
        own.execute(
            update(TimeRequest)
            .where(TimeRequest.offer_id == offer_id)
            .where(TimeRequest.closed_at.is_(None))
            .values(closed_at=now)
        )
        settle_waits(offer.public_id, now)
        record("offers.end", cause_of(offer.public_id), actor_id=None, person_id=person_id, now=now)
        return True


def overdue_key(offer: OpenOffer) -> str:
    """What the task is that an offer's day has passed; another day is another task."""
    return f"offer-overdue:{offer.public_id}:{offer.decide_by.isoformat()}"


def notice_overdue(offer: OpenOffer, now: datetime) -> None:
    """Let whoever looks after it know that the day has passed without an answer; the offer stands."""
    key = overdue_key(offer)
    waits = Waits(
        offer.public_id, offer.application_public_id, offer.opening_title, offer.person_id, offer.owner_id, key
    )
    with transaction():
        owe(waits, now)
