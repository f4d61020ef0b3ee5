"""Erasing those without an opening who asked for it or did not answer in time; safe to run twice."""

from datetime import datetime

from portal.company.queries import company_zone
from portal.core.clock import day_of
from portal.core.db import end_reading, transaction
from portal.core.pausing import pause
from portal.privacy.actions import erase_person
from portal.privacy.actions.people import hold_people
from portal.prospects.actions import is_still_due
from portal.prospects.queries import due_for_erasure

_AT_ONCE = 200


def erase_prospects(now: datetime) -> None:
    """Erase everybody added by hand or by a list who said no, or did not answer for 30 days."""
    while due := due_for_erasure(day_of(now, company_zone()), now, _AT_ONCE):
        erased = 0
        for person_id in due:
            with transaction():
                hold_people(person_id)
                if is_still_due(person_id, now):
                    erase_person(person_id, None, now)
                    erased += 1
            end_reading()
            pause()
        if not erased:
            return
