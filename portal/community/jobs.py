"""Forgetting what was typed at /join and never confirmed; safe to run twice."""

from datetime import datetime

from portal.community.actions import forget_old_join_requests


def forget_unconfirmed(now: datetime) -> None:
    """Delete join requests whose link no longer works."""
    forget_old_join_requests(now)
