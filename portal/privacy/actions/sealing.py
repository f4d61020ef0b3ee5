"""Sealing, before somebody is erased, what the law of a place says must stay for some years."""

from datetime import date, datetime

from portal.company.queries import company_zone
from portal.contact.rules.hours import months_after
from portal.core.clock import day_of
from portal.keeping.actions import seal_record
from portal.privacy.queries.sealing import records_to_seal


def seal_what_must_stay(person_id: int, now: datetime) -> None:
    """Seal the least that the law demands of each of their applications; joins the transaction that erases them."""
    today: date = day_of(now, company_zone())
    for one in records_to_seal(person_id):
        ends = months_after(one.ended_on or today, 12 * one.years)
        if ends > today:
            seal_record(one.content, place=one.place, address_hash=one.address_hash, keep_until=ends, sealed_on=today)
