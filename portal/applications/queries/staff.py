"""What the staff reads of applications: one application whole, and what a list of them shows and is narrowed to."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, bindparam, func, or_, select

from portal.applications.models import Application, ApplicationEvent
from portal.applications.queries.due import due_day, may_be_due, needs_a_word
from portal.applications.queries.finishing import SourceSays
from portal.applications.queries.imported import SourceMove
from portal.applications.queries.noted import is_only_noted
from portal.applications.queries.shown import (
    ON_ITS_WAY,
    Later,
    LaterDelivery,
    Owner,
    Shown,
    StaffScope,
    is_in_scope,
    with_later,
    with_people,
    with_shown,
)
from portal.applications.states import (
    AUTOMATIC,
    ENDINGS,
    ENDINGS_BY_US,
    WRITTEN_ELSEWHERE,
    ApplicationStatus,
    Channel,
    EventKind,
)
from portal.contact.states import Timing
from portal.core.db import fetch
from portal.core.permissions import Role
from portal.openings.models import Opening
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState, MailClass
from portal.people.models import Address, Person


@dataclass(frozen=True)
class StaffFilter:
    """What a list of applications is narrowed to; empty means all."""

    q: str = ""
    opening: str = ""
    status: str = ""
    owner: str = ""
    promised: date | None = None
    is_due_only: bool = False
    is_open_only: bool = False
    #: Who has had only an automatic note from us since a person wrote last.
    is_noted_only: bool = False


@dataclass(frozen=True)
class StaffLine:
    """One application in a list of the staff's."""

    public_id: str
    person_name: str
    email: str
    opening_public_id: str
    opening_title: str
    owner_id: int
    owner_name: str
    #: What the candidate sees.
    status: ApplicationStatus
    kind: EventKind
    next_update_by: date | None
    change_reported_at: datetime | None
    is_held: bool
    #: How the message stands that the candidate has not got yet, and when it goes; None when there is none.
    delivery_state: DeliveryState | None
    delivery_timing: Timing | None


@dataclass(frozen=True)
class StaffEvent:
    """Something that happened, with how its message stands."""

    public_id: str
    kind: EventKind
    status: ApplicationStatus
    next_update_by: date | None
    date_reason: str
    message: str
    internal_reason: str
    actor_name: str | None
    actor_id: int | None
    created_at: datetime
    delivery_state: DeliveryState | None
    delivery_error: str | None
    #: How often a mail server was tried with it; None when it needs no mail.
    delivery_attempts: int | None
    delivery_id: int | None = None
    #: When it is handed over at the earliest, and when the mail server took it.
    goes_from: datetime | None = None
    accepted_at: datetime | None = None
    is_held_back: bool = False
    #: Of a call, and of somebody whom no mail reached: how and when they were spoken with.
    channel: Channel | None = None
    happened_on: date | None = None
    #: Why it ended, for us only.
    end_reason: str | None = None
    #: By which right it goes; None when it needs no mail.
    mail_class: MailClass | None = None

    @property
    def is_on_its_way(self) -> bool:
        """Whether the candidate has not got it yet and will."""
        return self.delivery_state in ON_ITS_WAY

    @property
    def may_be_taken_back(self) -> bool:
        """Whether it waits and no mail server has been given it."""
        is_untouched = self.delivery_state is DeliveryState.QUEUED and self.delivery_attempts == 0
        return is_untouched and self.kind not in AUTOMATIC | WRITTEN_ELSEWHERE

    @property
    def may_be_replaced(self) -> bool:
        """Whether it waits and nobody has worded it, so that what is said now is said instead."""
        is_untouched = self.delivery_state is DeliveryState.QUEUED and self.delivery_attempts == 0
        return is_untouched and self.kind in {EventKind.MOVED, EventKind.HOLDING_NOTE}

    @property
    def waits_until(self) -> datetime | None:
        """Until when it waits for its own time, in which it can be undone; None when only its turn is missing."""
        is_untouched = self.delivery_state is DeliveryState.QUEUED and self.delivery_attempts == 0
        return self.goes_from if is_untouched and not self.is_held_back else None

    @property
    def is_lost(self) -> bool:
        """Whether it never reaches the candidate."""
        return self.delivery_state in {DeliveryState.DEAD, DeliveryState.CANCELLED}


@dataclass(frozen=True)
class StaffView:
    """One application, whole."""

    id: int
    public_id: str
    person_id: int
    person_public_id: str
    person_name: str
    email: str
    opening_public_id: str
    opening_title: str
    owner_id: int
    owner_name: str
    source: str
    external_key: str
    source_stage: str
    source_status: str
    source_reason: str
    channel: str
    imported_tags: list[str]
    applied_on: date | None
    last_activity_on: date | None
    change_reported_at: datetime | None
    is_held: bool
    import_ref: str
    source_ending: ApplicationStatus | None
    source_tells_from: datetime | None
    source_moves_to: ApplicationStatus | None
    source_moves_from: datetime | None
    status: ApplicationStatus
    kind: EventKind
    next_update_by: date | None
    newest_event_id: str
    events: list[StaffEvent] = field(default_factory=list)

    @property
    def expected_on(self) -> date | None:
        """By when they expect a word: on their page, or in a letter that is on its way and no ending.

        None where they were told that we have not kept our promise: the date behind that is ours.
        """
        for event in self.events:
            is_known = event.delivery_state in {None, DeliveryState.SENT}
            if is_known and event.kind is EventKind.ESCALATED:
                return None
            if is_known or (event.is_on_its_way and event.next_update_by is not None):
                return event.next_update_by
        return None

    @property
    def source_says(self) -> SourceSays:
        """What the system that it came from says of its ending."""
        return SourceSays(self.source_ending, self.source_tells_from, self.change_reported_at)

    @property
    def source_move(self) -> SourceMove | None:
        """The move that waits for it; None where there is none, or a colleague has answered it."""
        if self.source_moves_to is None or self.source_moves_from is None or self.change_reported_at is None:
            return None
        return SourceMove(self.source_moves_to, self.source_moves_from)

    @property
    def standing(self) -> ApplicationStatus:
        """Where it stands once all that waits has gone."""
        return next((event.status for event in self.events if not event.is_lost), self.status)

    @property
    def waiting_ending(self) -> StaffEvent | None:
        """The ending that the candidate has not got yet and will."""
        return next((one for one in self.events if one.is_on_its_way and one.status in ENDINGS_BY_US), None)


def _joined(statement: Any) -> Any:
    return with_later(with_shown(with_people(statement)))


#: Of a statement with people, what is shown and what comes later: the fields of a `StaffLine`.
LINE_COLUMNS: tuple[Any, ...] = (
    Application.public_id,
    Person.name,
    func.coalesce(Address.email, ""),
    Opening.public_id,
    Opening.title,
    Application.owner_id,
    Owner.name,
    Shown.status,
    Shown.kind,
    Shown.next_update_by,
    Application.change_reported_at,
    Application.is_held,
    LaterDelivery.state,
    LaterDelivery.timing,
)
_LINES = _joined(select(*LINE_COLUMNS))
_OLDEST_PROMISE = (Shown.next_update_by.is_(None), Shown.next_update_by, Application.id)

_VIEW = _joined(
    select(
        Application.id,
        Application.public_id,
        Application.person_id,
        Person.public_id,
        Person.name,
        func.coalesce(Address.email, ""),
        Opening.public_id,
        Opening.title,
        Application.owner_id,
        Owner.name,
        Application.source,
        Application.external_key,
        Application.source_stage,
        Application.source_status,
        Application.source_reason,
        Application.channel,
        Application.imported_tags,
        Application.applied_on,
        Application.last_activity_on,
        Application.change_reported_at,
        Application.is_held,
        Application.import_ref,
        Application.source_ending,
        Application.source_tells_from,
        Application.source_moves_to,
        Application.source_moves_from,
        Shown.status,
        Shown.kind,
        Shown.next_update_by,
        func.coalesce(Later.public_id, Shown.public_id),
    )
)
_EVENTS = (
    select(
        ApplicationEvent.public_id,
        ApplicationEvent.kind,
        ApplicationEvent.status,
        ApplicationEvent.next_update_by,
        ApplicationEvent.date_reason,
        ApplicationEvent.message,
        ApplicationEvent.internal_reason,
        Person.name,
        ApplicationEvent.actor_id,
        ApplicationEvent.created_at,
        Delivery.state,
        Delivery.last_error,
        Delivery.attempts,
        Delivery.id,
        Delivery.next_try_at,
        Delivery.sent_at,
        Delivery.held_reason.is_not(None),
        ApplicationEvent.channel,
        ApplicationEvent.happened_on,
        ApplicationEvent.end_reason,
        Delivery.mail_class,
    )
    .outerjoin(Delivery, Delivery.id == ApplicationEvent.delivery_id)
    .outerjoin(Person, Person.id == ApplicationEvent.actor_id)
    .where(ApplicationEvent.application_id == bindparam("application_id"))
    .order_by(ApplicationEvent.id.desc())
)


def find_for_staff(public_id: str, scope: StaffScope) -> StaffView | None:
    """The application with this public id, if the asker may see it."""
    row = fetch(_view(scope.role), {"public_id": public_id, "asker_id": scope.person_id}).one_or_none()
    if row is None:
        return None
    events = fetch(_EVENTS, {"application_id": row[0]})
    return replace(StaffView(*row), events=[StaffEvent(*event) for event in events])


def applications_of_person(person_id: int, scope: StaffScope) -> list[StaffLine]:
    """All applications of one person that the asker may see."""
    rows = fetch(_of_person(scope.role), {"person_id": person_id, "asker_id": scope.person_id})
    return [StaffLine(*row) for row in rows]


@cache
def _view(role: Role) -> Any:
    """Built once, as the next: building it costs more than running it."""
    return _VIEW.where(Application.public_id == bindparam("public_id")).where(_may_see(role))


@cache
def _of_person(role: Role) -> Any:
    lines = _LINES.where(Application.person_id == bindparam("person_id")).where(_may_see(role))
    return lines.order_by(*_OLDEST_PROMISE)


def _may_see(role: Role) -> ColumnElement[bool]:
    return is_in_scope(bindparam("asker_id", type_=Integer), role)


def narrowed(statement: Any, wanted: StaffFilter, scope: StaffScope, today: date) -> Any:
    """Of a statement with people, what is shown and what comes later: only what fits, and what the asker may see."""
    statement = statement.where(is_in_scope(scope.person_id, scope.role))
    if wanted.q:
        statement = statement.where(_matches(wanted.q))
    if wanted.opening:
        statement = statement.where(Opening.public_id == wanted.opening)
    if wanted.status:
        statement = statement.where(Shown.status == wanted.status)
    if wanted.owner:
        statement = statement.where(Owner.public_id == wanted.owner)
    if wanted.promised:
        day = due_day() if wanted.is_due_only else Shown.next_update_by
        statement = statement.where(day == wanted.promised)
    if wanted.is_due_only:
        statement = statement.where(Application.id.in_(may_be_due(today))).where(needs_a_word(today))
    return statement.where(*_standing(wanted))


def _standing(wanted: StaffFilter) -> list[Any]:
    """What is asked of where an application stands, and of who wrote last."""
    asked = [(wanted.is_open_only, Shown.status.not_in(ENDINGS)), (wanted.is_noted_only, is_only_noted())]
    return [condition for is_asked, condition in asked if is_asked]


def _matches(text: str) -> Any:
    """The name or the address contains `text`; wildcards in it are plain letters."""
    return or_(
        func.lower(Person.name).contains(text.lower(), autoescape=True),
        Address.email.contains(text.lower(), autoescape=True),
    )
