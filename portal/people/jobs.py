"""Forgetting when colleagues were away; safe to run twice."""

from datetime import datetime

from portal.people import actions


def forget_old_absences(now: datetime) -> None:
    """Delete absences that ended three months ago."""
    actions.forget_old_absences(now)
