"""What a person's word that is written elsewhere does to the application it is about."""

from datetime import date, datetime

from sqlalchemy import select

from portal.applications.actions.taking_back import undo_event
from portal.applications.models import Application, ApplicationEvent
from portal.applications.states import ApplicationStatus, EventKind
from portal.core.db import transaction
from portal.core.identifiers import new_public_id


def note_word(
    application_id: int,
    kind: EventKind,
    *,
    actor_id: int,
    message: str,
    status: ApplicationStatus,
    next_update_by: date,
    date_reason: str,
    delivery_id: int,
    now: datetime,
) -> None:
    """A colleague wrote about an open application: a person's word, which keeps a promise; joins the transaction.

    `kind` is one of `WRITTEN_ELSEWHERE`: an answer in the conversation, an interview, an offer. `status` is where it
    stands once the mail is accepted. What an import reported stays due: this need not be about that.
    """
    with transaction() as session:
        application = session.get_one(Application, application_id, with_for_update=True)
        session.add(
            ApplicationEvent(
                public_id=new_public_id(),
                application_id=application.id,
                kind=kind,
                status=status,
                next_update_by=next_update_by,
                date_reason=date_reason,
                message=message,
                internal_reason="",
                actor_id=actor_id,
                delivery_id=delivery_id,
                created_at=now,
                answered_change_at=None,
                rest_open_since=None,
            )
        )


def undo_word(delivery_id: int, now: datetime) -> ApplicationEvent | None:
    """A word was taken back before it went: nothing of its event remains; joins the transaction.

    Returns what the event said; None when it was about no open application.
    """
    with transaction() as session:
        event = session.scalar(select(ApplicationEvent).where(ApplicationEvent.delivery_id == delivery_id))
        if event is not None:
            undo_event(session, event, session.get_one(Application, event.application_id, with_for_update=True), now)
        return event
