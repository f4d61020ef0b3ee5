"""What the worker does for pools: on the day of review it asks whether a pool is still right."""

from datetime import datetime

from portal.company.queries import company_zone
from portal.core.clock import day_of
from portal.core.db import end_reading
from portal.core.pausing import pause
from portal.pools.actions import ask_for_review
from portal.pools.queries import pools_to_review


def look_for_reviews(now: datetime) -> None:
    """Whoever looks after a pool whose day of review has come is asked whether it is still right."""
    for pool_id in pools_to_review(day_of(now, company_zone())):
        end_reading()
        ask_for_review(pool_id, now)
        pause()
