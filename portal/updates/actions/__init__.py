"""Changes to updates: writing, publishing, withdrawing, and what readers do."""

from portal.updates.actions.drafting import create_update, discard_draft, save_draft
from portal.updates.actions.freezing import CHUNK, freeze_some
from portal.updates.actions.mailing import mail_of_update
from portal.updates.actions.publishing import (
    JOB,
    WordsMissing,
    correct_update,
    publish_scheduled,
    publish_update,
    schedule_update,
    unschedule_update,
    withdraw_update,
)
from portal.updates.actions.reading import note_seen, reply, say_helpful
from portal.updates.actions.stories import (
    AskedAlready,
    WordsMoved,
    agree_to_story,
    name_member,
    stop_story,
    take_story_back,
    tell_member,
)

__all__ = [
    "CHUNK",
    "JOB",
    "AskedAlready",
    "WordsMissing",
    "WordsMoved",
    "agree_to_story",
    "correct_update",
    "create_update",
    "discard_draft",
    "freeze_some",
    "mail_of_update",
    "name_member",
    "note_seen",
    "publish_scheduled",
    "publish_update",
    "reply",
    "save_draft",
    "say_helpful",
    "schedule_update",
    "stop_story",
    "take_story_back",
    "tell_member",
    "unschedule_update",
    "withdraw_update",
]
