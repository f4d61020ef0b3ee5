"""Asking the lead to write when whoever looks after an application has not, and an admin when that brought nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.applications.queries.promised import EngineTask, EscalatedApplication, Silent
from portal.company.queries import company_zone
from portal.core.clock import day_of
from portal.core.permissions import Role
from portal.people.queries import StaffRow, active_staff
from portal.tasks.actions import add_task
from portal.tasks.queries import due_from
from portal.tasks.rules import escalates_to
from portal.tasks.states import TaskKind


@dataclass(frozen=True)
class Asked:
    """Who is asked to write."""

    person_id: int
    name: str
    #: Whether they lead whoever looks after the application.
    is_lead: bool


def whom_to_ask(owner_id: int, lead_id: int | None) -> Asked | None:
    """The lead, else an admin, else whoever can write, at last the owner; only somebody who works here."""
    staff = active_staff()
    at_work = {row.person_id: row for row in staff}
    admins = sorted(row.person_id for row in staff if row.role is Role.ADMIN)
    chosen = escalates_to(owner_id, lead_id, list(at_work), admins)
    if chosen is None:
        others = [one for one in _writers(staff) if one != owner_id]
        chosen = next((one for one in (*others, owner_id) if one in at_work), None)
    return Asked(chosen, at_work[chosen].name, chosen == lead_id) if chosen is not None else None


def _writers(staff: Sequence[StaffRow]) -> list[int]:
    return sorted(row.person_id for row in staff if row.role in {Role.RECRUITER, Role.ADMIN})


def ask(silent: Silent, asked: Asked, event_public_id: str, now: datetime) -> None:
    """Owe the word from now on, as a task of theirs; joins the transaction in which the candidate is told so."""
    _add(
        TaskKind.ESCALATED,
        asked.person_id,
        silent.public_id,
        silent.opening_title,
        silent.person_id,
        f"escalated:{event_public_id}",
        now,
    )


def ask_again(one: EscalatedApplication, known: Iterable[EngineTask], now: datetime) -> bool:
    """See that somebody who works here owes the word, as long as no person has written; False when somebody does."""
    tasks = [task for task in known if task.kind is TaskKind.ESCALATED and task.about == one.public_id]
    if _is_somebodys(tasks):
        return False
    asked = whom_to_ask(one.owner_id, one.lead_id)
    return asked is not None and _add_for(TaskKind.ESCALATED, asked.person_id, one, tasks, now)


def ask_an_admin(one: EscalatedApplication, known: Iterable[EngineTask], now: datetime) -> bool:
    """See that an admin owes the word that nobody gave in twenty working days; False when one does already."""
    tasks = [task for task in known if task.kind is TaskKind.ESCALATED_TOO_LONG and task.about == one.public_id]
    if _is_somebodys(tasks):
        return False
    admins = sorted(row.person_id for row in active_staff() if row.role is Role.ADMIN)
    return bool(admins) and _add_for(TaskKind.ESCALATED_TOO_LONG, admins[0], one, tasks, now)


def _is_somebodys(tasks: Iterable[EngineTask]) -> bool:
    at_work = {row.person_id for row in active_staff()}
    return any(task.is_open and task.owner_id in at_work for task in tasks)


def _add_for(
    kind: TaskKind, owner_id: int, one: EscalatedApplication, before: Sequence[EngineTask], now: datetime
) -> bool:
    """One more, also after somebody said that the one before was done: the candidate still waits."""
    key = f"{kind}:{one.event_public_id}"
    count = sum(task.dedupe_key.startswith(key) for task in before)
    key = f"{key}:{count}" if count else key
    _add(kind, owner_id, one.public_id, one.opening_title, one.person_id, key, now)
    return True


def _add(
    kind: TaskKind, owner_id: int, public_id: str, opening_title: str, person_id: int, key: str, now: datetime
) -> None:
    today = day_of(now, company_zone())
    add_task(
        owner_id=owner_id,
        kind=kind,
        cause=f"application:{public_id}",
        about=public_id,
        due_on=due_from(kind, today),
        dedupe_key=key,
        title=opening_title,
        person_id=person_id,
        now=now,
    )
