"""Promises that were missed: which of them lack a task, and which tasks have lost their reason."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Date, bindparam, select

from portal.applications.models import Application
from portal.applications.queries.due import may_be_due
from portal.applications.queries.shown import ON_ITS_WAY, LaterDelivery, Shown, with_later, with_shown
from portal.applications.states import EventKind
from portal.core.db import fetch
from portal.openings.models import Opening
from portal.people.models import Staff
from portal.tasks.models import Task
from portal.tasks.states import OPEN_STATES, TaskKind


@dataclass(frozen=True)
class MissedPromise:
    """An application whose candidate read a date that has passed, with no word on its way."""

    public_id: str
    person_id: int
    opening_title: str
    owner_id: int
    lead_id: int | None
    promised: date


_TODAY = bindparam("today", type_=Date)
#: Whom a lead was asked to see to already; one question a promise, whatever became of it.
_ASKED = select(Task.dedupe_key).where(Task.kind == TaskKind.MISSED_PROMISE)
_MISSED = (
    with_later(
        with_shown(
            select(
                Application.public_id,
                Application.person_id,
                Opening.title,
                Application.owner_id,
                Staff.lead_id,
                Shown.next_update_by,
            )
            .select_from(Application)
            .join(Opening, Opening.id == Application.opening_id)
            .join(Staff, Staff.person_id == Application.owner_id)
        )
    )
    .where(Application.id.in_(may_be_due(_TODAY)))
    .where(Application.is_held.is_(False))
    # Another system has told them how it ended.
    .where(Application.source_tells_from.is_(None))
    .where(Shown.next_update_by < _TODAY)
    # These have tasks of their own.
    .where(Shown.kind != EventKind.ESCALATED)
    .where(LaterDelivery.state.is_(None) | LaterDelivery.state.not_in(ON_ITS_WAY))
    .order_by(Shown.next_update_by, Application.id)
)
_TOLD_AGAIN = (
    with_later(with_shown(select(Task.id).select_from(Task).join(Application, Application.public_id == Task.about)))
    .where(Task.kind == TaskKind.MISSED_PROMISE)
    .where(Task.state.in_(OPEN_STATES))
    .where(Shown.next_update_by.is_(None) | (Shown.next_update_by >= _TODAY))
    .order_by(Task.id)
)


def missed_promises(today: date) -> list[MissedPromise]:
    """Promises from before `today` that were not kept and that no lead was asked about, the oldest first."""
    asked = set(fetch(_ASKED).scalars())
    found = (MissedPromise(*row) for row in fetch(_MISSED, {"today": today}))
    return [one for one in found if key_of(one) not in asked]


def key_of(missed: MissedPromise) -> str:
    """One task a promise."""
    return f"missed:{missed.public_id}:{missed.promised.isoformat()}"


def told_again(today: date) -> list[int]:
    """Tasks about promises whose candidates have read another date since, or an ending."""
    return list(fetch(_TOLD_AGAIN, {"today": today}).scalars())
