"""When the day by which a decision was expected has passed: somebody owes those who read it a new one."""

from datetime import datetime

from portal.company.queries import company_zone
from portal.core.clock import day_of
from portal.core.db import transaction
from portal.openings.actions.locking import locked, newest_content
from portal.openings.models import Opening
from portal.openings.rules import is_decision_late
from portal.openings.states import OpeningState
from portal.tasks.actions import add_task, settle_tasks
from portal.tasks.queries import due_from, who_looks
from portal.tasks.states import TaskKind


def look_at_decision(opening_id: int, now: datetime) -> None:
    """Ask the recruiter (else an admin) for a new day when the one that people read has passed; settle it otherwise.

    Safe to run twice: one task for each day that was said. Raises NotFound.
    """
    today = day_of(now, company_zone())
    with transaction() as session:
        opening = locked(session, opening_id)
        content = newest_content(session, opening)
        said = content.decision_by if content else None
        is_shown = opening.state is OpeningState.PUBLISHED
        if said is None or not is_shown or not is_decision_late(said, today):
            settle_tasks(_cause(opening), TaskKind.DECISION_LATE, now)
            return
        owner_id = who_looks(TaskKind.DECISION_LATE, opening.recruiter_id)
        if owner_id is None:
            return
        add_task(
            owner_id=owner_id,
            kind=TaskKind.DECISION_LATE,
            cause=_cause(opening),
            about=opening.public_id,
            due_on=due_from(TaskKind.DECISION_LATE, today),
            dedupe_key=f"{_cause(opening)}:{said.isoformat()}",
            title=opening.title,
            now=now,
        )


def _cause(opening: Opening) -> str:
    return f"decision-late:{opening.public_id}"
