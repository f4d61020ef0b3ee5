"""What the worker does for openings: those whose last day has passed stop by themselves."""

from datetime import datetime

from portal.company.queries import company_zone
from portal.core.clock import day_of
from portal.core.db import end_reading
from portal.core.pausing import pause
from portal.openings.actions import stop_if_ended
from portal.openings.queries import ended_openings


def stop_ended(now: datetime) -> None:
    """Openings whose last day to apply has passed in the company's zone accept no more applications."""
    for opening_id in ended_openings(day_of(now, company_zone())):
        end_reading()
        stop_if_ended(opening_id, now)
        pause()
