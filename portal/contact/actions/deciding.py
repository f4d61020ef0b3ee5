"""The decision inside the caller's transaction, and the contacts that it counts."""

from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import delete
from sqlalchemy.dialects.sqlite import Insert

from portal.contact.models import CountedContact
from portal.contact.queries import facts_about
from portal.contact.rules import Go, Verdict, Wanted, may_contact
from portal.contact.states import Budget
from portal.core.db import insert_into, transaction

#: Longer than any allowance looks back.
_COUNTED_FOR = timedelta(days=400)


def decide(person_id: int | None, to_address: str, wanted: Wanted, delivery_key: str, now: datetime) -> Verdict:
    """Whether this delivery may go now; joins the caller's transaction, one at a time for each person.

    A Go that is taken from an allowance counts as one contact; asking again for the same delivery counts it once,
    at the newest time.
    """
    with transaction() as session:
        facts = facts_about(person_id, to_address, wanted, now, delivery_key=delivery_key, is_locked=True)
        verdict = may_contact(facts, wanted, now)
        if isinstance(verdict, Go) and wanted.budget is not Budget.NONE and person_id is not None:
            values = {
                "person_id": person_id,
                "delivery_key": delivery_key,
                "budget": wanted.budget,
                "purpose": wanted.purpose,
                "counted_at": now,
            }
            connection = session.connection()
            connection.execute(_counting(connection.dialect.name), values)
        return verdict


@cache
def _counting(dialect: str) -> Insert:
    statement = insert_into(CountedContact, dialect)
    return statement.on_conflict_do_update(
        index_elements=["delivery_key"], set_={"counted_at": statement.excluded.counted_at}
    )


def give_back(delivery_key: str) -> None:
    """Uncount a delivery that was never accepted: it died or was cancelled; joins the transaction."""
    with transaction() as session:
        session.execute(delete(CountedContact).where(CountedContact.delivery_key == delivery_key))


def forget_old_contacts(now: datetime) -> None:
    """Delete contacts that no allowance looks back to any more."""
    with transaction() as session:
        session.execute(delete(CountedContact).where(CountedContact.counted_at < now - _COUNTED_FOR))
