"""Copies that were asked for, erasing who asked or did not answer, asking who wants to stay; safe to run twice."""

from datetime import datetime

from portal.community.actions import renew_consents
from portal.company.queries import company_zone, retention
from portal.contact.queries import people_to_ask
from portal.core.clock import day_of
from portal.core.db import end_reading, transaction
from portal.core.pausing import pause
from portal.core.rewriting import empty_log
from portal.keeping.actions import forget_old_records, sweep_copies
from portal.keeping.queries.lives import quiet_people, standing_of
from portal.privacy import actions
from portal.privacy.actions import ask_or_let_go, erase_person, make_next_copy
from portal.privacy.actions.people import hold_people
from portal.prospects.actions import is_still_due
from portal.prospects.queries import due_for_erasure
from portal.wording.actions import holding_back

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


def make_copies(now: datetime) -> None:
    """Make every copy that somebody asked for."""
    while make_next_copy(now):
        end_reading()
        pause()


def sweep(now: datetime) -> None:
    """Delete copies that were there for a day, sealed records whose years are over, and what a log still holds."""
    sweep_copies(now)
    forget_old_records(now, company_zone())
    empty_log()


def erase_who_asked(now: datetime) -> None:
    """Erase everybody who asked for it and whose last mail has gone."""
    if actions.erase_who_asked(now):
        empty_log()


def ask_who_wants_to_stay(now: datetime) -> None:
    """Ask those whose time ends whether they want to stay, and erase who was asked three times and did not answer.

    Of somebody who cannot be erased, as something of theirs is open, only what they agreed to runs out.
    """
    today, last_id = day_of(now, company_zone()), 0
    while people := quiet_people(today, last_id, _AT_ONCE):
        for person_id in people:
            with holding_back(f"privacy/stay:{person_id}", person_id, now):
                ask_or_let_go(person_id, now)
            end_reading()
            pause()
        last_id = people[-1]
    _renew_consents(now)


def _renew_consents(now: datetime) -> None:
    months, today, last_id = retention().community_months, day_of(now, company_zone()), 0
    while people := people_to_ask(months, today, last_id, _AT_ONCE):
        for person_id, life in people:
            if standing_of(person_id, now).has_open_matters:
                with holding_back(f"contact/keep_me:{person_id}", person_id, now):
                    renew_consents(person_id, life, months, now)
        last_id = people[-1][0]
