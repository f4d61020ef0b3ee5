"""The days without community mail after somebody was not selected, counted from when they were told."""

from datetime import datetime

from sqlalchemy import select

from portal.applications.actions.locking import lock_people
from portal.applications.models import Application, ApplicationEvent
from portal.applications.queries import rest_of
from portal.contact.actions import rest_until
from portal.core.db import transaction
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState

_PERSON = select(Application.person_id).join(ApplicationEvent, ApplicationEvent.application_id == Application.id)


def count_rest(event_id: int, now: datetime) -> None:
    """Count the rest that this event began from when its letter was accepted; while it waits, make the rest longer.

    Safe to run twice. A letter that died may still be tried again, so its rest stays open until its text is gone.
    """
    with transaction() as session:
        person_id = session.scalar(_PERSON.where(ApplicationEvent.id == event_id))
        if person_id is None:
            return
        lock_people(session, person_id)
        event = session.get(ApplicationEvent, event_id)
        if event is None or event.rest_open_since is None or event.delivery_id is None:
            return
        letter = session.get_one(Delivery, event.delivery_id)
        if letter.state is DeliveryState.SENT or letter.blanked_at is not None:
            event.rest_open_since = None
        rest_until(person_id, rest_of(person_id, now), now)
