"""Noting that somebody was asked whether they want to stay."""

from datetime import date

from portal.contact.actions.life import locked_person
from portal.core.db import transaction
from portal.keeping.models import StayQuestion
from portal.keeping.rules import AskNow


def note_question(person_id: int, ask: AskNow, counted_from: date, asked_on: date, delivery_id: int) -> None:
    """Remember the question that was just put into the outbox; joins the transaction."""
    with transaction() as session:
        locked_person(session, person_id)
        row = session.get(StayQuestion, person_id)
        if row is None:
            row = StayQuestion(person_id=person_id)
            session.add(row)
        row.counted_from, row.asked_count, row.asked_on = counted_from, ask.count, asked_on
        row.ends_on, row.delivery_id = ask.ends_on, delivery_id
        session.flush()
