"""That a candidate accepted our offer stands among what happened to their application; it needs no mail."""

from datetime import date, datetime

from portal.applications.actions.locking import lock_people
from portal.applications.models import Application, ApplicationEvent
from portal.applications.queries import find_application_of
from portal.applications.states import EventKind
from portal.core.db import transaction
from portal.core.errors import NotFound
from portal.core.identifiers import new_public_id


def note_acceptance(person_id: int, public_id: str, hears_by: date, now: datetime) -> None:
    """Say on the page of one's own open application that they accepted, and by when they hear from us now.

    Whoever calls confirms and records it. Joins the transaction; raises NotFound.
    """
    with transaction() as session:
        lock_people(session, person_id)
        view = find_application_of(person_id, public_id)
        if view is None:
            raise NotFound
        session.get_one(Application, view.id, with_for_update=True)
        session.add(
            ApplicationEvent(
                public_id=new_public_id(),
                application_id=view.id,
                kind=EventKind.ACCEPTED,
                status=view.status,
                next_update_by=hears_by,
                date_reason="",
                message="",
                internal_reason="",
                actor_id=person_id,
                delivery_id=None,
                created_at=now,
                answered_change_at=None,
                rest_open_since=None,
            )
        )
