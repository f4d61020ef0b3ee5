"""What the worker does for updates: those whose time has come go out, and audiences are written down."""

from datetime import datetime

from portal.core.db import end_reading
from portal.core.pausing import pause
from portal.updates.actions import freeze_some, publish_scheduled
from portal.updates.queries import due_updates, updates_under_way


def publish_due(now: datetime) -> None:
    """Publish what is scheduled for now, and write down the audience of all that is being published."""
    for update_id in due_updates(now):
        end_reading()
        publish_scheduled(update_id, now)
        pause()
    end_reading()
    for update_id in updates_under_way():
        end_reading()
        while freeze_some(update_id, now):
            pause()
