"""What the worker does for updates: those whose time has come go out, audiences are written down, members are told."""

from datetime import datetime, timedelta
from typing import Final

from portal.core.db import end_reading
from portal.core.pausing import pause
from portal.updates.actions import freeze_some, publish_scheduled, tell_member
from portal.updates.queries import due_updates, stories_to_tell, updates_under_way
from portal.wording.actions import holding_back

#: A story that went out longer ago, before its member could be told, is not told any more.
_TOLD_WITHIN: Final = timedelta(days=7)


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


def tell_members(now: datetime) -> None:
    """Tell members that the stories about them were published or corrected."""
    for update_id, person_id in stories_to_tell(now - _TOLD_WITHIN):
        end_reading()
        with holding_back(f"updates/story:{update_id}", person_id, now):
            tell_member(update_id, now)
        pause()
