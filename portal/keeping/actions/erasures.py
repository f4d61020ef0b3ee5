"""Writing down that somebody is to be erased."""

from datetime import datetime

from portal.audit.actions import record
from portal.core.db import transaction
from portal.core.errors import NotFound
from portal.core.logs import log
from portal.keeping.models import ErasureRequest
from portal.people.models import Person


def ask_for_erasure(
    person_id: int, delivery_id: int | None, actor_id: int | None, now: datetime, *, reason: str = ""
) -> None:
    """Let this person be erased once their last mail has gone; joins the transaction. Recorded. Raises NotFound.

    `actor_id`: themselves, an admin, or None for a command; `reason` is why somebody else asked. Twice is once.
    """
    with transaction() as session:
        person = session.get(Person, person_id, with_for_update=True)
        if person is None:
            raise NotFound
        if session.get(ErasureRequest, person_id) is not None:
            return
        asker = actor_id if actor_id != person_id else None
        session.add(ErasureRequest(person_id=person_id, asked_at=now, asked_by_id=asker, delivery_id=delivery_id))
        about = f"person:{person.public_id}"
        facts = {"why": reason} if reason else {}
        record("privacy.ask_for_erasure", about, actor_id=actor_id, now=now, person_id=person_id, **facts)
        session.flush()
    log.info("erasure_asked", person=person_id)
