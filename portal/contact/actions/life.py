"""The day we last heard from a person, and what becomes of their consents when we hear nothing for long."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.company.queries import company_zone
from portal.contact.models import SignOfLife
from portal.contact.rules import AskToStay
from portal.core.clock import day_of
from portal.core.db import transaction
from portal.core.errors import NotFound
from portal.people.models import Person


def note_life(person_id: int, now: datetime, *, is_own: bool = True) -> None:
    """The person did something with us today; joins the transaction and writes at most once a day.

    What others did for them (`is_own` False) only says that we know them since today. Raises NotFound.
    """
    today = day_of(now, company_zone())
    with transaction() as session:
        locked_person(session, person_id)
        row = session.get(SignOfLife, person_id)
        if row is None:
            session.add(SignOfLife(person_id=person_id, last_on=today))
        elif is_own and (row.last_on < today or row.first_asked_on or row.settled_on):
            row.last_on = max(row.last_on, today)
            row.first_asked_on = row.last_asked_on = row.last_asked_days = row.settled_on = None
        elif row.settled_on:
            row.settled_on = None
        session.flush()


def note_asked(person_id: int, step: AskToStay, today: date) -> bool:
    """Remember that we asked whether they want to stay; False when somebody was faster. Joins the transaction."""
    with transaction() as session:
        locked_person(session, person_id)
        row = session.get(SignOfLife, person_id)
        if row is None or (row.last_asked_days is not None and row.last_asked_days <= step.days):
            return False
        row.first_asked_on = row.first_asked_on or today
        row.last_asked_on, row.last_asked_days = today, step.days
        session.flush()
        return True


def settle(person_id: int, today: date) -> None:
    """There is nothing left to ask this person about, until we hear from them. Joins the transaction."""
    with transaction() as session:
        locked_person(session, person_id)
        session.get_one(SignOfLife, person_id).settled_on = today
        session.flush()


def locked_person(session: Session, person_id: int) -> Person:
    """The person, with everybody else who changes their wishes waiting. Raises NotFound."""
    person = session.get(Person, person_id, with_for_update={"key_share": True})
    if person is None:
        raise NotFound
    return person
