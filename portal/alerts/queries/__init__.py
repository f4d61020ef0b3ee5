"""Who wants to hear of which opening, who is due to hear, and what became of the mails."""

from portal.alerts.queries.fitting import Due, Fit, due_people, what_fits
from portal.alerts.queries.looking import Member, members_after, members_by_id
from portal.alerts.queries.openings import LiveOpening, contents_of, live_openings
from portal.alerts.queries.rounds import Chunk, Found, Round, chunk_to_look_at, rounds_that_differ
from portal.alerts.queries.settling import ended_alerts, outdated_alerts
from portal.alerts.queries.shown import (
    OpeningAlerts,
    OwnAlert,
    ToldOpening,
    alerts_of,
    count_alerts_of,
    numbers_of_alerts,
)

__all__ = [
    "Chunk",
    "Due",
    "Fit",
    "Found",
    "LiveOpening",
    "Member",
    "OpeningAlerts",
    "OwnAlert",
    "Round",
    "ToldOpening",
    "alerts_of",
    "chunk_to_look_at",
    "contents_of",
    "count_alerts_of",
    "due_people",
    "ended_alerts",
    "live_openings",
    "members_after",
    "members_by_id",
    "numbers_of_alerts",
    "outdated_alerts",
    "rounds_that_differ",
    "what_fits",
]
