"""Who recruits for an opening that was just published is asked to see who may fit."""

from datetime import datetime

from portal.company.queries import company_zone
from portal.core.clock import day_of
from portal.core.db import transaction
from portal.fitting.queries import asked_key, tasks_about
from portal.openings.models import Opening
from portal.tasks.actions import add_task, finish_task
from portal.tasks.queries import due_from, who_looks
from portal.tasks.states import TaskKind


def ask_to_look(opening_id: int, now: datetime) -> None:
    """Ask the recruiter (else an admin) once to see who may fit this opening; safe to run twice."""
    today = day_of(now, company_zone())
    with transaction() as session:
        opening = session.get_one(Opening, opening_id)
        owner_id = who_looks(TaskKind.WHO_MAY_FIT, opening.recruiter_id)
        if owner_id is None:
            return
        key = asked_key(opening.public_id)
        add_task(
            owner_id=owner_id,
            kind=TaskKind.WHO_MAY_FIT,
            cause=key,
            about=opening.public_id,
            due_on=due_from(TaskKind.WHO_MAY_FIT, today),
            dedupe_key=key,
            title=opening.title,
            now=now,
        )


def note_seen(opening_public_id: str, *, actor_id: int, now: datetime) -> bool:
    """Say that somebody has looked who may fit: the task is done. False when there was none."""
    with transaction():
        return any([finish_task(task_id, actor_id=actor_id, now=now) for task_id in tasks_about(opening_public_id)])
