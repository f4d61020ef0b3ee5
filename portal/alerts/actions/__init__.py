"""Finding whom a new opening fits, telling them, and what follows when the mail has gone or could not."""

from portal.alerts.actions.looking import keep_rounds, look_at_next_members
from portal.alerts.actions.settling import call_back_outdated, settle_ended
from portal.alerts.actions.telling import write_alerts

__all__ = ["call_back_outdated", "keep_rounds", "look_at_next_members", "settle_ended", "write_alerts"]
