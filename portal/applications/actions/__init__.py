"""Changes to applications."""

from portal.applications.actions.delaying import Delay, preview_delay, tell_of_delay
from portal.applications.actions.following import note_following, send_fresh_link
from portal.applications.actions.imported import (
    ImportedApplication,
    Restatement,
    add_imported,
    add_imported_many,
    release_import,
    report_change,
    restate_imported,
)
from portal.applications.actions.moving import move_application, preview_change
from portal.applications.actions.replying import note_word, undo_word
from portal.applications.actions.resting import count_rest
from portal.applications.actions.taking_back import forget_old_drafts, take_back_letter, throw_draft_away
from portal.applications.actions.telling import latest_promise
from portal.applications.actions.telling_another_way import AnotherWay, tell_another_way, untold_letter
from portal.applications.actions.withdrawing import withdraw_application
from portal.applications.actions.writing import preview_letter, send_letter_now, write_to_candidate

__all__ = [
    "AnotherWay",
    "Delay",
    "ImportedApplication",
    "Restatement",
    "add_imported",
    "add_imported_many",
    "count_rest",
    "forget_old_drafts",
    "latest_promise",
    "move_application",
    "note_following",
    "note_word",
    "preview_change",
    "preview_delay",
    "preview_letter",
    "release_import",
    "report_change",
    "restate_imported",
    "send_fresh_link",
    "send_letter_now",
    "take_back_letter",
    "tell_another_way",
    "tell_of_delay",
    "throw_draft_away",
    "undo_word",
    "untold_letter",
    "withdraw_application",
    "write_to_candidate",
]
