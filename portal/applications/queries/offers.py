"""Who looks after the open applications of people who told of other offers, and the tasks that came of it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import bindparam, select

from portal.applications.models import Application
from portal.applications.queries.shown import Shown, with_shown
from portal.applications.states import ENDINGS
from portal.core.db import fetch
from portal.openings.models import Opening
from portal.tasks.models import Task
from portal.tasks.states import OPEN_STATES, TaskKind

_AT_ONCE = 500


@dataclass(frozen=True)
class OpenWork:
    """An open application: who looks after it, and what it is for."""

    owner_id: int
    opening_title: str


_OPEN = (
    with_shown(
        select(Application.person_id, Application.owner_id, Opening.title)
        .select_from(Application)
        .join(Opening, Opening.id == Application.opening_id)
    )
    .where(Application.person_id.in_(bindparam("people", expanding=True)))
    .where(Shown.status.not_in(ENDINGS))
    .order_by(Application.id)
)
_TASKS = (
    select(Task.dedupe_key, Task.id)
    .where(Task.kind == TaskKind.OFFER_DEADLINE)
    .where(Task.state.in_(OPEN_STATES))
    .order_by(Task.id)
)


def open_work_of(people: Iterable[int]) -> dict[int, list[OpenWork]]:
    """The open applications of each of these people, as they see them; nothing of those who have none."""
    found: dict[int, list[OpenWork]] = defaultdict(list)
    wanted = sorted(set(people))
    for first in range(0, len(wanted), _AT_ONCE):
        for person_id, owner_id, title in fetch(_OPEN, {"people": wanted[first : first + _AT_ONCE]}):
            found[person_id].append(OpenWork(owner_id, title))
    return dict(found)


def deadline_tasks() -> dict[str, int]:
    """What is owed because of a day somebody named: the tasks' ids by what each is."""
    return {key: task_id for key, task_id in fetch(_TASKS)}
