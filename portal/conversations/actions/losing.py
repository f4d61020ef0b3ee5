"""An answer that did not arrive: what it answered waits again, and somebody owes another way."""

from datetime import datetime

from sqlalchemy import exists, update

from portal.applications.actions.locking import lock_people
from portal.company.queries import company_zone
from portal.conversations.actions.owing import owner_for
from portal.conversations.models import ConversationMessage
from portal.conversations.queries import LostReply, applications_to_write_about
from portal.core.clock import day_of
from portal.core.db import transaction
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.people.models import Person
from portal.people.queries import active_recruiters
from portal.tasks.actions import add_task
from portal.tasks.queries import due_from
from portal.tasks.states import TaskKind


def note_lost_reply(lost: LostReply, task_cause: str, now: datetime) -> None:
    """Whoever wrote what did not arrive owes another way; what it answered waits again. Doing it again is harmless.

    If the author is no longer here, whoever looks after the person owes it.
    """
    with transaction() as session:
        lock_people(session, lost.person_id)
        person = session.get_one(Person, lost.person_id)
        session.execute(
            update(ConversationMessage)
            .where(ConversationMessage.answer_delivery_id == lost.delivery_id)
            .values(closed_at=None, closed_by_id=None)
        )
        owner_id = _owner(lost)
        if owner_id is None:
            return
        today = day_of(now, company_zone())
        add_task(
            owner_id=owner_id,
            kind=TaskKind.DEAD_REPLY,
            cause=task_cause,
            about=person.public_id,
            due_on=due_from(TaskKind.DEAD_REPLY, today),
            dedupe_key=task_cause,
            person_id=lost.person_id,
            now=now,
        )


def _owner(lost: LostReply) -> int | None:
    if lost.author_id in {row.person_id for row in active_recruiters()}:
        return lost.author_id
    linked = applications_to_write_about(lost.person_id)
    return owner_for(linked, next((one for one in linked if one.id == lost.application_id), None))


def note_arrived_after_all(person_id: int, now: datetime) -> None:
    """An answer that was lost was tried again and has arrived: what it answered waits no more."""
    with transaction() as session:
        lock_people(session, person_id)
        has_arrived = (
            exists()
            .where(Delivery.id == ConversationMessage.answer_delivery_id)
            .where(Delivery.state == DeliveryState.SENT)
        )
        session.execute(
            update(ConversationMessage)
            .where(ConversationMessage.person_id == person_id)
            .where(ConversationMessage.closed_at.is_(None))
            .where(has_arrived)
            .values(closed_at=now)
            .execution_options(synchronize_session=False)
        )
