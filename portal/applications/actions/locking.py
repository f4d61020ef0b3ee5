"""Who is locked before an application is touched."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.people.models import Person


def lock_people(session: Session, *person_ids: int) -> None:
    """Let everybody else who changes these people wait; the first thing a transaction does, one order for all.

    Erasing, merging and handing over take the person before anything that belongs to them, and so does `contact`. Rows
    that only point to a person do not wait.
    """
    statement = select(Person.id).where(Person.id.in_(person_ids)).order_by(Person.id)
    session.execute(statement.with_for_update(key_share=True)).all()
