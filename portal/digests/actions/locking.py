"""The mailing, and the people, that an action is about, locked."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.digests.models import MailedUpdate, UpdateMailing
from portal.people.models import Person


def locked_mailing(session: Session, update_id: int) -> UpdateMailing | None:
    """The mailing, which nobody else changes until our transaction ends."""
    return session.get(UpdateMailing, update_id, with_for_update=True)


def people_there(session: Session, ids: Sequence[int]) -> list[int]:
    """Those of these people who are still known; nobody erases or merges them until our transaction ends."""
    statement = select(Person.id).where(Person.id.in_(ids)).order_by(Person.id)
    return list(session.scalars(statement.with_for_update(read=True, key_share=True)))


def rows_of_letter(session: Session, delivery_id: int) -> list[MailedUpdate]:
    """What one letter or digest carries, locked, the oldest update first."""
    statement = (
        select(MailedUpdate)
        .where(MailedUpdate.delivery_id == delivery_id)
        .order_by(MailedUpdate.update_id, MailedUpdate.person_id)
        .with_for_update()
    )
    return list(session.scalars(statement))
