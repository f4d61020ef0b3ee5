"""Forgetting what was typed at /join and never confirmed, and asking silent members to stay; safe to run twice."""

from datetime import datetime

from portal.community.actions import forget_old_join_requests, renew_consents
from portal.company.queries import company_zone, retention
from portal.contact.queries import people_to_ask
from portal.core.clock import day_of
from portal.wording.actions import holding_back

_AT_ONCE = 200


def forget_unconfirmed(now: datetime) -> None:
    """Delete join requests whose link no longer works."""
    forget_old_join_requests(now)


def ask_who_wants_to_stay(now: datetime) -> None:
    """Ask those we have not heard from for nearly as long as consents hold; let run out what nobody answered for."""
    months, today, last_id = retention().community_months, day_of(now, company_zone()), 0
    while people := people_to_ask(months, today, last_id, _AT_ONCE):
        for person_id, life in people:
            with holding_back(f"contact/keep_me:{person_id}", person_id, now):
                renew_consents(person_id, life, months, now)
        last_id = people[-1][0]
