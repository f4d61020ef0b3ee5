"""Who is still in an opening, how each of them stands, and how far an ending for many has come."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from portal.applications.models import Application, ApplicationEvent, EndingLetter, EndingRound
from portal.applications.queries.shown import (
    ON_ITS_WAY,
    Later,
    LaterDelivery,
    Shown,
    StaffScope,
    is_in_scope,
    with_later,
    with_people,
    with_shown,
)
from portal.applications.rules.finishing import Newest, has_their_ending, is_letter_lost
from portal.applications.states import (
    AUTOMATIC,
    ENDINGS,
    ApplicationStatus,
    EventKind,
    ItemState,
)
from portal.core.db import UTCDateTime, fetch
from portal.openings.models import Opening
from portal.openings.states import OpeningState
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.people.models import Address, Person


@dataclass(frozen=True)
class InOpening:
    """One application to an opening, and how its candidate stands."""

    public_id: str
    person_name: str
    email: str
    #: What the candidate reads.
    status: ApplicationStatus
    kind: EventKind
    source_ending: ApplicationStatus | None
    #: What was written last and the candidate has not got; all None when nothing was.
    newest_event_id: str
    later_status: ApplicationStatus | None
    later_state: DeliveryState | None
    later_goes_from: datetime | None
    #: What became of the last letter that a person wrote, automatic notes since passed over; None: there was no mail.
    written_state: DeliveryState | None

    @property
    def name(self) -> str:
        """As colleagues call them."""
        return self.person_name or self.email

    @property
    def has_ended(self) -> bool:
        """Whether they were told how it ended."""
        return has_their_ending(self.status, Newest(self.later_status, self.later_state))

    @property
    def waits(self) -> bool:
        """Whether an ending is on its way to them."""
        return self.later_status in ENDINGS and self.later_state in ON_ITS_WAY

    @property
    def is_lost(self) -> bool:
        """Whether a letter did not arrive, so that somebody has to say how they were told."""
        return is_letter_lost(self.written_state)

    @property
    def is_to_do(self) -> bool:
        """Whether somebody has to word an ending for them."""
        return not self.has_ended and not self.waits and not self.is_lost


@dataclass(frozen=True)
class OpeningToFinish:
    """The opening whose applications are to be ended."""

    id: int
    public_id: str
    title: str
    state: OpeningState


@dataclass(frozen=True)
class RoundView:
    """An ending for many: what they read, and how far it has come."""

    id: int
    public_id: str
    opening_id: int
    opening_public_id: str
    opening_title: str
    actor_id: int | None
    outcome: ApplicationStatus
    end_reason: str | None
    internal_reason: str
    message: str
    created_at: datetime


@dataclass(frozen=True)
class RoundLine:
    """One application of an ending for many."""

    application_id: str
    person_name: str
    email: str
    state: ItemState
    why: str
    #: The letter that waits with these words; None when it went, or was never written.
    waiting_event_id: str | None
    delivery_attempts: int | None

    @property
    def name(self) -> str:
        """As colleagues call them."""
        return self.person_name or self.email


@dataclass(frozen=True)
class LetterToWrite:
    """One letter of an ending for many that a job has to write."""

    letter_id: int
    application_id: str
    person_id: int
    person_name: str
    seen_event_id: str
    actor_id: int | None
    outcome: ApplicationStatus
    end_reason: str | None
    internal_reason: str
    message: str


_OPENING = select(Opening.id, Opening.public_id, Opening.title, Opening.state).where(
    Opening.public_id == bindparam("public_id")
)
_Written = aliased(ApplicationEvent, name="written")
_WrittenDelivery = aliased(Delivery, name="written_delivery")
_by_somebody = aliased(ApplicationEvent)
#: The last event of an application that is no automatic note.
_WRITTEN_ID = (
    select(func.max(_by_somebody.id))
    .where(_by_somebody.application_id == Application.id)
    .where(_by_somebody.kind.not_in(AUTOMATIC))
    .correlate(Application)
    .scalar_subquery()
)
_IN_OPENING: Final[Any] = (
    with_later(
        with_shown(
            with_people(
                select(
                    Application.public_id,
                    Person.name,
                    func.coalesce(Address.email, ""),
                    Shown.status,
                    Shown.kind,
                    Application.source_ending,
                    func.coalesce(Later.public_id, Shown.public_id),
                    Later.status,
                    LaterDelivery.state,
                    LaterDelivery.next_try_at,
                    _WrittenDelivery.state,
                )
            )
        )
    )
    .outerjoin(_Written, _Written.id == _WRITTEN_ID)
    .outerjoin(_WrittenDelivery, _WrittenDelivery.id == _Written.delivery_id)
    .where(Application.opening_id == bindparam("opening_id"))
    .order_by(Shown.next_update_by.asc().nulls_last(), Application.id)
)
_ROUND = (
    select(
        EndingRound.id,
        EndingRound.public_id,
        EndingRound.opening_id,
        Opening.public_id,
        Opening.title,
        EndingRound.actor_id,
        EndingRound.outcome,
        EndingRound.end_reason,
        EndingRound.internal_reason,
        EndingRound.message,
        EndingRound.created_at,
    )
    .join(Opening, Opening.id == EndingRound.opening_id)
    .where(EndingRound.public_id == bindparam("public_id"))
)
_UNDER_WAY = (
    select(EndingRound.public_id)
    .where(EndingRound.opening_id == bindparam("opening_id"))
    .where(EndingRound.id.in_(select(EndingLetter.round_id).where(EndingLetter.state == ItemState.WAITING)))
    .order_by(EndingRound.id.desc())
    .limit(1)
)
_ROUND_LINES = (
    select(
        Application.public_id,
        Person.name,
        func.coalesce(Address.email, ""),
        EndingLetter.state,
        EndingLetter.why,
        ApplicationEvent.public_id,
        Delivery.attempts,
    )
    .select_from(EndingLetter)
    .join(EndingRound, EndingRound.id == EndingLetter.round_id)
    .join(Application, Application.id == EndingLetter.application_id)
    .join(Person, Person.id == Application.person_id)
    .outerjoin(Address, (Address.person_id == Person.id) & Address.is_primary)
    .outerjoin(
        Delivery,
        (Delivery.cause == "application:" + Application.public_id) & (Delivery.state == DeliveryState.QUEUED),
    )
    .outerjoin(
        ApplicationEvent,
        (ApplicationEvent.delivery_id == Delivery.id)
        & (ApplicationEvent.application_id == Application.id)
        & (ApplicationEvent.status == EndingRound.outcome)
        & (ApplicationEvent.actor_id == EndingRound.actor_id)
        & (ApplicationEvent.created_at >= EndingRound.created_at),
    )
    .where(EndingLetter.round_id == bindparam("round_id"))
    .order_by(EndingLetter.id)
)
_TO_WRITE = (
    select(
        EndingLetter.id,
        Application.public_id,
        Application.person_id,
        Person.name,
        EndingLetter.seen_event_id,
        EndingRound.actor_id,
        EndingRound.outcome,
        EndingRound.end_reason,
        EndingRound.internal_reason,
        EndingRound.message,
    )
    .join(EndingRound, EndingRound.id == EndingLetter.round_id)
    .join(Application, Application.id == EndingLetter.application_id)
    .join(Person, Person.id == Application.person_id)
)
_TOLD_THERE = (
    select(Application.public_id)
    .where(Application.source_tells_from <= bindparam("now", type_=UTCDateTime()))
    .order_by(Application.id)
)
_SOURCE_SAYS = select(Application.source_ending, Application.source_tells_from, Application.change_reported_at).where(
    Application.id == bindparam("application_id")
)


def find_opening_to_finish(public_id: str) -> OpeningToFinish | None:
    """The opening with this public id."""
    row = fetch(_OPENING, {"public_id": public_id}).one_or_none()
    return OpeningToFinish(*row) if row else None


def in_opening(opening_id: int, scope: StaffScope) -> list[InOpening]:
    """Everybody who applied to an opening, as far as the asker may see them, the oldest promise first."""
    statement = _IN_OPENING.where(is_in_scope(scope.person_id, scope.role))
    return [InOpening(*row) for row in fetch(statement, {"opening_id": opening_id})]


def find_round(public_id: str) -> RoundView | None:
    """The ending for many with this public id."""
    row = fetch(_ROUND, {"public_id": public_id}).one_or_none()
    return RoundView(*row) if row else None


def round_under_way(opening_id: int) -> str | None:
    """The public id of the newest ending for many of an opening that is still being written."""
    found: str | None = fetch(_UNDER_WAY, {"opening_id": opening_id}).scalar()
    return found


def round_lines(round_id: int) -> list[RoundLine]:
    """Everybody in an ending for many, with the letter of each that still waits."""
    lines: dict[str, RoundLine] = {}
    for row in fetch(_ROUND_LINES, {"round_id": round_id}):
        line = RoundLine(*row)
        before = lines.get(line.application_id)
        # Another message about the same application may wait beside it.
        if before is None or before.waiting_event_id is None:
            lines[line.application_id] = line
    return list(lines.values())


def letters_to_write() -> list[LetterToWrite]:
    """The letters of endings for many that no job has written yet, the oldest first."""
    waiting = _TO_WRITE.where(EndingLetter.state == ItemState.WAITING).order_by(EndingLetter.id)
    return [LetterToWrite(*row) for row in fetch(waiting)]


def told_there(now: datetime) -> list[str]:
    """Public ids of applications whose candidates another system has told, and whose pages are to say so now."""
    return list(fetch(_TOLD_THERE, {"now": now}).scalars())


@dataclass(frozen=True)
class SourceSays:
    """How it ended in the system it came from, and from when their page says so because that system told them."""

    ending: ApplicationStatus | None
    tells_from: datetime | None
    reported_at: datetime | None

    @property
    def drafted(self) -> ApplicationStatus | None:
        """The ending that somebody has to word and send; None when there is none, or they were told already."""
        return self.ending if self.reported_at is not None and self.tells_from is None else None


def source_says(application_id: int) -> SourceSays:
    """What the system that an application came from says of its ending."""
    return SourceSays(*fetch(_SOURCE_SAYS, {"application_id": application_id}).one())
