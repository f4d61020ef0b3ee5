"""What the worker does for job alerts: whom a new opening fits, who is told now, and what became of the mails."""

from datetime import datetime

from portal.alerts.actions import call_back_outdated, keep_rounds, look_at_next_members, settle_ended, write_alerts
from portal.core.db import end_reading
from portal.core.pausing import pause


def look_for_matches(now: datetime) -> None:
    """Go through the members for each opening that has become visible to some of them."""
    end_reading()
    keep_rounds(now)
    while look_at_next_members(now):
        pause()


def send_alerts(now: datetime) -> None:
    """Write to those for whom openings wait and whose turn it is."""
    while write_alerts(now):
        pause()


def settle_alerts(now: datetime) -> None:
    """See which mails have gone, and take back those that wait and are not true any more."""
    while settle_ended(now):
        pause()
    call_back_outdated(now)
