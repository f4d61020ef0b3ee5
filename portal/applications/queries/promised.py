"""What the promise engine looks for: silence, what is escalated, what comes up, and notes that reached nobody."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Date, Integer, bindparam, column, exists, func, or_, select, table, union_all
from sqlalchemy.orm import aliased

from portal.applications.models import Application, ApplicationEvent
from portal.applications.queries.due import may_be_due
from portal.applications.queries.shown import (
    ON_ITS_WAY,
    SHOWN_ID,
    SHOWN_OF_EVENT,
    LaterDelivery,
    Owner,
    Shown,
    with_later,
    with_shown,
)
from portal.applications.rules.promises import Past, Standing
from portal.applications.states import AUTOMATIC, ApplicationStatus, EventKind
from portal.core.db import UTCDateTime, fetch
from portal.openings.models import Opening
from portal.outbox.models import Delivery
from portal.outbox.queries import is_waiting
from portal.outbox.states import DeliveryState
from portal.people.models import Staff
from portal.tasks.models import Task
from portal.tasks.states import OPEN_STATES, TaskKind, TaskState


@dataclass(frozen=True)
class Silent:
    """An application, as far as silence about it goes."""

    id: int
    public_id: str
    person_id: int
    opening_title: str
    owner_id: int
    owner_name: str
    lead_id: int | None
    is_held: bool
    #: The system it came from has told them how it ended, and their page says so in a moment.
    is_told_there: bool
    #: What the candidate has seen.
    status: ApplicationStatus
    promised: date | None
    #: What happened, the newest first.
    history: tuple[Past, ...] = ()
    #: When they got the last automatic message.
    last_note_at: datetime | None = None
    #: When they asked what waits longest for an answer; None: nothing does.
    asked_at: datetime | None = None


class OverPromise(NamedTuple):
    """An application whose promised day is over, and whose it is."""

    application_id: int
    person_id: int


_UNTIL = bindparam("until", type_=Date)
#: No date of theirs is to come, and nobody waits for anything on its way.
_OVER = (
    with_later(with_shown(select(Application.id, Application.person_id)))
    .where(Application.id.in_(may_be_due(_UNTIL)))
    .where(Application.is_held.is_(False))
    .where(Application.source_tells_from.is_(None))
    .where(Shown.next_update_by <= _UNTIL)
    .where(Shown.kind != EventKind.ESCALATED)
    .where(LaterDelivery.state.is_(None) | LaterDelivery.state.not_in(ON_ITS_WAY))
    .order_by(Shown.next_update_by, Application.id)
)
_SILENT = (
    with_shown(
        select(
            Application.id,
            Application.public_id,
            Application.person_id,
            Opening.title,
            Application.owner_id,
            Owner.name,
            Staff.lead_id,
            Application.is_held,
            Application.source_tells_from.is_not(None),
            Shown.status,
            Shown.next_update_by,
        )
        .select_from(Application)
        .join(Opening, Opening.id == Application.opening_id)
        .join(Owner, Owner.id == Application.owner_id)
        .join(Staff, Staff.person_id == Application.owner_id)
    )
).where(Application.id == bindparam("application_id", type_=Integer))
_HISTORY = (
    select(ApplicationEvent.kind, Delivery.state, ApplicationEvent.created_at, Delivery.sent_at)
    .outerjoin(Delivery, Delivery.id == ApplicationEvent.delivery_id)
    .where(ApplicationEvent.application_id == bindparam("application_id", type_=Integer))
    .order_by(ApplicationEvent.id.desc())
)
# Conversations lie above applications; that a question waits is read by table.
_message = table(
    "conversation_message",
    *(column(name) for name in ("person_id", "application_id", "author_id", "closed_at")),
    column("created_at", UTCDateTime()),
)
_ASKED = (
    select(func.min(_message.c.created_at, type_=UTCDateTime()))
    .where(_message.c.person_id == bindparam("person_id", type_=Integer))
    .where(_message.c.author_id.is_(None))
    .where(_message.c.closed_at.is_(None))
    .where(
        or_(
            _message.c.application_id.is_(None),
            _message.c.application_id == bindparam("application_id", type_=Integer),
        )
    )
)


def promises_over(last_over: date) -> list[OverPromise]:
    """Applications whose promised day is over by `last_over` with no message on its way, the oldest first.

    Held ones are left alone, and so are those that are escalated, and those whom another system told how it ended.
    """
    return [OverPromise(*row) for row in fetch(_OVER, {"until": last_over})]


def find_silent(application_id: int) -> Silent | None:
    """One application as `rules.promises.owed` needs it; None when it is no more."""
    values = {"application_id": application_id}
    row = fetch(_SILENT, values).one_or_none()
    if row is None:
        return None
    events = fetch(_HISTORY, values).all()
    past = tuple(Past(kind, _standing(state)) for kind, state, _created_at, _sent_at in events)
    notes = (
        sent_at or created_at
        for kind, state, created_at, sent_at in events
        if kind in AUTOMATIC and _standing(state) is Standing.SEEN
    )
    asked_at = fetch(_ASKED, values | {"person_id": row[2]}).scalar()
    return replace(Silent(*row), history=past, last_note_at=next(notes, None), asked_at=asked_at)


def _standing(state: DeliveryState | None) -> Standing:
    if state in {None, DeliveryState.SENT}:
        return Standing.SEEN
    return Standing.ON_ITS_WAY if state in ON_ITS_WAY else Standing.LOST


@dataclass(frozen=True)
class EscalatedApplication:
    """An application whose candidate was told, or is being told, that we have not kept our promise."""

    public_id: str
    person_id: int
    opening_title: str
    owner_id: int
    lead_id: int | None
    event_public_id: str
    #: By when it is to be answered or ended.
    answer_by: date


_IS_ESCALATED = Shown.kind == bindparam("escalated", EventKind.ESCALATED, literal_execute=True)
_ESCALATED = (
    select(
        Application.public_id,
        Application.person_id,
        Opening.title,
        Application.owner_id,
        Staff.lead_id,
        Shown.public_id,
        Shown.next_update_by,
    )
    .select_from(Shown)
    .join(Application, Application.id == Shown.application_id)
    .join(Opening, Opening.id == Application.opening_id)
    .join(Staff, Staff.person_id == Application.owner_id)
    .outerjoin(Delivery, Delivery.id == Shown.delivery_id)
    .where(_IS_ESCALATED)
    .where(or_(Shown.id == SHOWN_ID, Delivery.state.in_(ON_ITS_WAY) & (Shown.id > SHOWN_ID)))
    .order_by(Shown.id)
)


def escalated_applications() -> list[EscalatedApplication]:
    """What is escalated now, the oldest first; until a person's word has reached the candidate, or an ending."""
    return [EscalatedApplication(*row) for row in fetch(_ESCALATED)]


@dataclass(frozen=True)
class EngineTask:
    """A task of the promise engine."""

    id: int
    kind: TaskKind
    about: str
    owner_id: int
    due_on: date
    dedupe_key: str
    is_open: bool
    #: Whether it settled itself, so that it opens again when its reason is back.
    has_settled: bool


_TASKS = (
    select(Task.id, Task.kind, Task.about, Task.owner_id, Task.due_on, Task.dedupe_key, Task.state, Task.closed_by_id)
    .where(Task.kind.in_(bindparam("kinds", expanding=True, type_=Task.kind.type)))
    .where(Task.state.in_(OPEN_STATES) | (Task.due_on >= bindparam("since", type_=Date)))
    .order_by(Task.id)
)


def engine_tasks(kinds: Sequence[TaskKind], since: date) -> list[EngineTask]:
    """The tasks of these kinds that are open or were due from `since` on, whatever became of them."""
    return [
        EngineTask(
            row.id,
            row.kind,
            row.about,
            row.owner_id,
            row.due_on,
            row.dedupe_key,
            row.state in OPEN_STATES,
            row.state is TaskState.DONE and row.closed_by_id is None,
        )
        for row in fetch(_TASKS, {"kinds": list(kinds), "since": since})
    ]


@dataclass(frozen=True)
class ComingPromise:
    """A promise of which whoever looks after the application is reminded."""

    public_id: str
    person_id: int
    opening_title: str
    owner_id: int
    promised: date

    @property
    def key(self) -> str:
        """One task a promise."""
        return f"update_due:{self.public_id}:{self.promised.isoformat()}"


_COMING = (
    with_later(
        select(Application.public_id, Application.person_id, Opening.title, Application.owner_id, Shown.next_update_by)
        .select_from(Shown)
        .join(Application, Application.id == Shown.application_id)
        .join(Opening, Opening.id == Application.opening_id)
    )
    .where(Shown.next_update_by >= bindparam("today", type_=Date))
    .where(Shown.next_update_by <= _UNTIL)
    .where(Shown.id == SHOWN_OF_EVENT)
    .where(Shown.kind != EventKind.ESCALATED)
    .where(Application.is_held.is_(False))
    .where(Application.source_tells_from.is_(None))
    .where(LaterDelivery.state.is_(None) | LaterDelivery.state.not_in(ON_ITS_WAY))
    .order_by(Shown.next_update_by, Shown.id)
)


def coming_promises(today: date, until: date) -> list[ComingPromise]:
    """Promises for a day from `today` to `until` that nothing on its way will keep, the nearest first."""
    return [ComingPromise(*row) for row in fetch(_COMING, {"today": today, "until": until})]


_KINDS = ("applications/holding_note", "applications/escalated")
_LOST = union_all(
    *(
        select(ApplicationEvent.id)
        .join(Delivery, Delivery.id == ApplicationEvent.delivery_id)
        .where(is_lost)
        .where(Delivery.kind.in_(_KINDS))
        for is_lost in (
            # Written as constants, else the partial indexes are not used.
            Delivery.state == bindparam("dead", DeliveryState.DEAD, literal_execute=True),
            Delivery.stopped_reason.is_not(None)
            & (Delivery.state == bindparam("cancelled", DeliveryState.CANCELLED, literal_execute=True)),
        )
    )
)


_Newer = aliased(ApplicationEvent)
_OUTDATED = (
    select(Application.id, Application.person_id)
    .join(ApplicationEvent, ApplicationEvent.application_id == Application.id)
    .join(Delivery, Delivery.id == ApplicationEvent.delivery_id)
    .where(is_waiting())
    .where(Delivery.kind.in_(_KINDS))
    .where(
        exists()
        .where(_Newer.application_id == ApplicationEvent.application_id)
        .where(_Newer.id > ApplicationEvent.id)
        .where(_Newer.kind.not_in(AUTOMATIC))
        .correlate(ApplicationEvent)
    )
    .order_by(Application.id)
)


def outdated_notes() -> list[OverPromise]:
    """Applications with an automatic message that waits although something was said since."""
    return [OverPromise(*row) for row in fetch(_OUTDATED)]


def lost_notes() -> list[int]:
    """Ids of automatic events whose message reached nobody and never will, the oldest first."""
    return sorted(fetch(_LOST).scalars())
