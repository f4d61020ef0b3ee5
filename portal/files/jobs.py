"""The daily clearing of files."""

from datetime import datetime

from portal.files import actions


def delete_due_files(now: datetime) -> None:
    """Delete files whose day has come and what broken uploads left."""
    actions.delete_due_files(now)
