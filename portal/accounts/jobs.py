"""Forgetting what nobody can use any more; safe to run twice."""

from datetime import datetime

from portal.accounts.actions import forget_dead_tokens, forget_old_sessions


def forget_expired(now: datetime) -> None:
    """Delete dead tokens and ended device sessions."""
    forget_dead_tokens(now)
    forget_old_sessions(now)
