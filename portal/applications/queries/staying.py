"""Who has said yes to hearing from us after "not yet", and which days come and go without a yes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Date, bindparam, exists, select
from sqlalchemy.orm import aliased

from portal.applications.rules.keeping_touch import is_past_waiting
from portal.company.queries import company_zone, work_calendar
from portal.contact.models import ConsentEvent
from portal.contact.queries import consent_states
from portal.contact.states import ConsentAction, Purpose
from portal.core.clock import day_of
from portal.core.db import fetch
from portal.tasks.models import Task
from portal.tasks.states import OPEN_STATES, TaskKind

#: Where the ledger says that a yes or no was said with the link from a mail; no id of theirs, it outlives the person.
BY_LINK: Final = "/follow/write-to-me"
_Yes = aliased(ConsentEvent, name="yes")
#: Far enough for the next working day after any row of holidays.
_AROUND: Final = timedelta(days=31)
_PASSED = (
    select(Task.id, Task.person_id, Task.due_on)
    .where(Task.kind == TaskKind.STAY_IN_TOUCH)
    .where(Task.state.in_(OPEN_STATES))
    .where(Task.due_on < bindparam("today", type_=Date()))
    .where(Task.person_id.is_not(None))
    .order_by(Task.id)
)


@dataclass(frozen=True)
class Unanswered:
    """An open task to stay in touch whose day came without a yes."""

    task_id: int
    person_id: int


def said_yes_on(person_id: int) -> date | None:
    """Since when somebody agrees to check-ins, a day in the company's zone; None: they do not."""
    state = consent_states(person_id).get(Purpose.CHECK_INS)
    return day_of(state.decided_by.occurred_at, company_zone()) if state and state.is_given else None


def may_say_yes_by_link(person_id: int) -> bool:
    """Whether a yes with the link from a mail counts: not where they themselves had said no to such mail before."""
    state = consent_states(person_id).get(Purpose.CHECK_INS)
    return state is None or state.action is not ConsentAction.WITHDRAWN


def is_yes_by_link(person_id: int) -> bool:
    """Whether it was with the link from a mail that somebody said the yes to check-ins which holds now."""
    state = consent_states(person_id).get(Purpose.CHECK_INS)
    return state is not None and state.is_given and state.decided_by.source == BY_LINK


def said_yes_later() -> ColumnElement[bool]:
    """Of an entry of the ledger: whether they themselves agreed to check-ins after it."""
    return (
        exists()
        .where(_Yes.person_id == ConsentEvent.person_id)
        .where(_Yes.purpose == Purpose.CHECK_INS)
        .where(_Yes.action == ConsentAction.GIVEN)
        .where(_Yes.actor_id.is_(None))
        .where(_Yes.id > ConsentEvent.id)
        .correlate(ConsentEvent)
    )


def unanswered_stays(today: date) -> list[Unanswered]:
    """The tasks to stay in touch that were due a working day ago with people who have not said yes."""
    return list(_unanswered(today))


def _unanswered(today: date) -> Iterator[Unanswered]:
    rows = fetch(_PASSED, {"today": today}).all()
    if not rows:
        return
    first = min(row.due_on for row in rows)
    calendar = work_calendar(first, today + _AROUND)
    for task_id, person_id, due_on in rows:
        if is_past_waiting(due_on, today, calendar) and said_yes_on(person_id) is None:
            yield Unanswered(task_id, person_id)
