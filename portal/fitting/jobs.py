"""What the worker does about who may fit: asks recruiters to look, writes what is left, drops what fell away."""

from datetime import datetime, timedelta
from typing import Final

from portal.company.queries import company_zone
from portal.core.clock import day_of
from portal.core.db import end_reading
from portal.core.pausing import pause
from portal.fitting.actions import ask_to_look, drop_if_outdated, go_on_with_round
from portal.fitting.queries import newly_published, not_gone_yet, outdated_tasks, unfinished_rounds
from portal.fitting.rules import MOST_AT_ONCE
from portal.tasks.actions import cancel_task

#: Openings that were published before are no news any more.
_NEW_FOR: Final = timedelta(days=14)


def ask_who_may_fit(now: datetime) -> None:
    """Recruiters of openings that were just published are asked to see who may fit, once for each opening."""
    for opening_id in newly_published(now - _NEW_FOR, now):
        end_reading()
        ask_to_look(opening_id, now)
        pause()
    for task_id in outdated_tasks(day_of(now, company_zone())):
        end_reading()
        cancel_task(task_id, now)
        pause()


def go_on_inviting(now: datetime) -> None:
    """Write to those who were invited and not written to yet."""
    for round_id in unfinished_rounds():
        go_on_with_round(round_id, now, MOST_AT_ONCE)
        pause()


def drop_outdated(now: datetime) -> None:
    """Let go of invitations that wait and whose reason has fallen away."""
    for invitation_id in not_gone_yet():
        end_reading()
        drop_if_outdated(invitation_id, now)
        pause()
