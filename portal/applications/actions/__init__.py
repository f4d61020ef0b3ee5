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
from portal.applications.actions.writing import latest_promise, preview_letter, write_to_candidate

__all__ = [
    "ImportedApplication",
    "Restatement",
    "add_imported",
    "add_imported_many",
    "latest_promise",
    "preview_letter",
    "release_import",
    "report_change",
    "restate_imported",
    "send_fresh_link",
    "write_to_candidate",
]
