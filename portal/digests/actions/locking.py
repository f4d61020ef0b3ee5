"""The mailing, and the people, that an action is about, locked."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.digests.models import MailedUpdate, UpdateMailing
from portal.people.models import Address, Person


def locked_mailing(session: Session, update_id: int) -> UpdateMailing | None:
    """The mailing, which nobody else changes until our transaction ends."""
    return session.get(UpdateMailing, update_id, with_for_update=True)


def people_there(session: Session, emails: Mapping[int, str]) -> list[int]:
    """Those of these people, each with the address they had, who are still known.

    Nobody erases or merges them until our transaction ends.
    """
    statement = select(Person.id).where(Person.id.in_(emails)).order_by(Person.id)
    locked = session.scalars(statement.with_for_update(read=True, key_share=True)).all()
    # Asked once they are locked: whoever was erased or merged meanwhile has left an empty row, without an address.
    reachable = set(session.scalars(select(Address.person_id).where(Address.person_id.in_(locked))))
    return [one for one in locked if one in reachable or not emails[one]]


def rows_of_letter(session: Session, delivery_id: int) -> list[MailedUpdate]:
    """What one letter or digest carries, locked, the oldest update first."""
    statement = (
        select(MailedUpdate)
        .where(MailedUpdate.delivery_id == delivery_id)
        .order_by(MailedUpdate.update_id, MailedUpdate.person_id)
        .with_for_update()
    )
    return list(session.scalars(statement))
