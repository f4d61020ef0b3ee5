"""Forgetting what nobody can use any more; safe to run twice."""

from datetime import datetime

from portal.accounts.actions import (
    forget_address_requests,
    forget_dead_tokens,
    forget_old_sessions,
    let_addresses_go,
)
from portal.company.queries import company_zone
from portal.core.clock import day_of
from portal.core.db import end_reading
from portal.core.permissions import Role
from portal.people.queries import active_staff, recipient
from portal.tasks.actions import add_task, finish_task
from portal.tasks.queries import LostLetter, due_from, lost_letters, settled_letter_tasks
from portal.tasks.states import TaskKind

_INVITATION = "accounts/invitation"
#: Whoever asked for one of these sees that it does not come, and asks again; by tomorrow its link is of no use.
_ASKED_FOR = frozenset(
    {
        "accounts/sign_in",
        "accounts/unknown_address",
        "accounts/reset",
        "accounts/new_address",
        "accounts/second_address",
    }
)
_KINDS = (TaskKind.DEAD_INVITATION, TaskKind.DEAD_ACCOUNT_LETTER)


def forget_expired(now: datetime) -> None:
    """Delete dead tokens, ended device sessions, and the addresses whose day has come."""
    let_addresses_go(now)
    forget_address_requests(now)
    forget_dead_tokens(now)
    forget_old_sessions(now)


def look_for_lost_mails(now: datetime) -> None:
    """An admin owes something when an invitation or a notice about somebody's account was lost, until another comes."""
    admins = [row for row in active_staff() if row.role is Role.ADMIN]
    for letter in lost_letters("accounts/"):
        if letter.person_id is None or letter.kind in _ASKED_FOR or not admins:
            continue
        end_reading()
        _owe(letter, letter.person_id, min(row.person_id for row in admins), now)
    for kind in _KINDS:
        for task_id in settled_letter_tasks(kind):
            end_reading()
            finish_task(task_id, actor_id=None, now=now)


def _owe(letter: LostLetter, person_id: int, owner_id: int, now: datetime) -> None:
    today = day_of(now, company_zone())
    kind = TaskKind.DEAD_INVITATION if letter.kind == _INVITATION else TaskKind.DEAD_ACCOUNT_LETTER
    add_task(
        owner_id=owner_id,
        kind=kind,
        cause=letter.task_cause,
        about=recipient(person_id).public_id,
        due_on=due_from(kind, today),
        dedupe_key=letter.task_cause,
        person_id=person_id,
        now=now,
    )
