"""What the worker does for imports."""

from datetime import datetime

from portal.ats.actions import restate_source, work_on_import
from portal.ats.queries import imports_to_restate, unfinished_imports
from portal.core.db import end_reading


def run_imports(now: datetime) -> None:
    """Check or apply every import that waits for it, and go on with those that broke off; then restate."""
    for import_id in unfinished_imports():
        end_reading()
        work_on_import(import_id, now)
    for import_id in imports_to_restate():
        end_reading()
        restate_source(import_id, now)
