"""Forgetting what no allowance looks back to; safe to run twice."""

from datetime import datetime

from portal.contact import actions


def forget_old_contacts(now: datetime) -> None:
    """Delete counted contacts that are more than a year old."""
    actions.forget_old_contacts(now)
