"""Forgetting what nobody waits for any more; safe to run twice."""

from datetime import datetime

from portal.wording import actions


def forget_old_held_back(now: datetime) -> None:
    """Delete held-back mails that are not owed any more."""
    actions.forget_old_held_back(now)
