"""Changes to applications."""

from portal.applications.actions.following import send_fresh_link
from portal.applications.actions.imported import (
    ImportedApplication,
    Restatement,
    add_imported,
    add_imported_many,
    release_import,
    report_change,
    restate_imported,
)
from portal.applications.actions.resting import count_rest
from portal.applications.actions.taking_back import forget_old_drafts, take_back_letter, throw_draft_away
from portal.applications.actions.writing import latest_promise, preview_letter, write_to_candidate

__all__ = [
    "ImportedApplication",
    "Restatement",
    "add_imported",
    "add_imported_many",
    "count_rest",
    "forget_old_drafts",
    "latest_promise",
    "preview_letter",
    "release_import",
    "report_change",
    "restate_imported",
    "send_fresh_link",
    "take_back_letter",
    "throw_draft_away",
    "write_to_candidate",
]
