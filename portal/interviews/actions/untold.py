"""A candidate chose a time while a letter that ends their application waits: the panel hears of it afterwards.

Nothing of it shows to the candidate: they choose, and are told, as ever.
"""

from collections.abc import Container
from datetime import datetime, timedelta
from typing import Final

from portal.core.db import transaction
from portal.interviews.queries.untold import ending_waits, told_now, untold
from portal.outbox.actions import hurry, take_back

#: So long before an interview its panel is told in any case.
_AT_THE_LATEST: Final = timedelta(hours=3)


def panel_waits_until(application_public_id: str, starts_at: datetime, now: datetime) -> datetime | None:
    """Until when the panel is not told; None: it is told at once, as nothing that ends the application waits."""
    latest = starts_at - _AT_THE_LATEST
    return latest if latest > now and ending_waits(application_public_id) else None


def take_back_untold(interview_public_id: str, now: datetime, among: Container[int] | None = None) -> set[int]:
    """Let what waits to tell the panel of its time not go; who never hears of it. Joins the transaction.

    `among`: only of these people; None: of all.
    """
    found = {
        delivery_id: person_id
        for delivery_id, person_id in untold(interview_public_id, now).items()
        if person_id is not None and (among is None or person_id in among)
    }
    return {person_id for delivery_id, person_id in found.items() if take_back(delivery_id, now)}


def tell_waiting_panels(now: datetime) -> None:
    """Let go what waited for an ending that was taken back."""
    for delivery_id in told_now(now):
        with transaction():
            hurry(delivery_id, now)
