"""What the worker does for openings: those whose last day has passed stop, and a decision that is late is seen."""

from datetime import datetime

from portal.company.queries import company_zone
from portal.core.clock import day_of
from portal.core.db import end_reading
from portal.core.pausing import pause
from portal.openings.actions import look_at_decision, stop_if_ended
from portal.openings.queries import decisions_to_look_at, ended_openings


def stop_ended(now: datetime) -> None:
    """Openings whose last day to apply has passed in the company's zone accept no more applications."""
    for opening_id in ended_openings(day_of(now, company_zone())):
        end_reading()
        stop_if_ended(opening_id, now)
        pause()


def look_for_late_decisions(now: datetime) -> None:
    """Who recruits for an opening whose day of decision has passed is asked to say a new one."""
    for opening_id in decisions_to_look_at(day_of(now, company_zone())):
        end_reading()
        look_at_decision(opening_id, now)
        pause()
