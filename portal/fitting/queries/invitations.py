"""Reading invitations to apply: of an opening, of a person, of those invited together."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Integer, and_, bindparam, exists, func, literal, or_, select
from sqlalchemy.orm import aliased

from portal.applications.models import Application
from portal.company.queries import company_zone
from portal.contact.rules import Hold, why_for_staff
from portal.contact.states import WhyHeld
from portal.core.clock import day_of
from portal.core.db import UTCDateTime, fetch, session
from portal.fitting.models import Invitation, InvitationRound
from portal.fitting.rules import OpeningFacts, Outcome, outcome_of
from portal.fitting.states import STANDING, InvitationState, LeftOut
from portal.openings.models import Opening, OpeningVersion
from portal.openings.rules import from_json
from portal.openings.states import OpeningState
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.people.models import Address, Person
from portal.tasks.models import Task
from portal.tasks.states import OPEN_STATES, TaskKind

_Actor = aliased(Person, name="inviting")
_ASKED_KEY: Final = "fit:"


@dataclass(frozen=True)
class InvitationLine:
    """An invitation to apply, with what came of it."""

    public_id: str
    person_public_id: str
    name: str
    email: str
    opening_public_id: str
    opening_title: str
    actor_name: str
    state: InvitationState
    why: str
    left_out: LeftOut | None
    created_at: datetime
    not_now_at: datetime | None
    delivery_state: DeliveryState | None
    sent_at: datetime | None
    held_reason: WhyHeld | None
    held_until: datetime | None
    applied_at: datetime | None

    @property
    def label(self) -> str:
        """As colleagues call them."""
        return self.name or self.email

    @property
    def outcome(self) -> Outcome:
        return outcome_of(self.state, self.delivery_state, self.applied_at, self.not_now_at)

    @property
    def held_words(self) -> str:
        """Why its mail waits, for colleagues; empty when it does not."""
        if self.held_reason is None or self.held_until is None:
            return ""
        return why_for_staff(Hold(self.held_reason, self.held_until))


@dataclass(frozen=True)
class RoundView:
    """What a colleague wrote to those they invited together, and how far it has come."""

    id: int
    public_id: str
    opening_id: int
    message: str
    created_at: datetime
    taken_back_at: datetime | None
    lines: list[InvitationLine] = field(default_factory=list)
    #: Public ids of those that no mail server was given yet.
    undoable: frozenset[str] = frozenset()
    goes_at: datetime | None = None

    def having(self, *states: InvitationState) -> list[InvitationLine]:
        """Those that stand there."""
        return [one for one in self.lines if one.state in states]


@dataclass(frozen=True)
class CameOf:
    """What came of the invitations to an opening, in numbers."""

    invited: int
    applied: int
    not_now: int


_APPLIED_AT: Final = (
    select(func.min(Application.created_at, type_=UTCDateTime()))
    .where(Application.person_id == Invitation.person_id)
    .where(Application.opening_id == Invitation.opening_id)
    .correlate(Invitation)
    .scalar_subquery()
)
_LINE_COLUMNS: Final = (
    Invitation.public_id,
    Person.public_id,
    Person.name,
    func.coalesce(Address.email, ""),
    Opening.public_id,
    Opening.title,
    _Actor.name,
    Invitation.state,
    Invitation.why,
    Invitation.left_out,
    Invitation.created_at,
    Invitation.not_now_at,
    Delivery.state,
    Delivery.sent_at,
    Delivery.held_reason,
    Delivery.held_until,
    _APPLIED_AT,
)


def _joined(statement: Any) -> Any:
    return (
        statement.select_from(Invitation)
        .join(Person, Person.id == Invitation.person_id)
        .join(Opening, Opening.id == Invitation.opening_id)
        .join(_Actor, _Actor.id == Invitation.actor_id)
        .outerjoin(Address, and_(Address.person_id == Person.id, Address.is_primary))
        .outerjoin(Delivery, Delivery.id == Invitation.delivery_id)
    )


def _is_standing() -> ColumnElement[bool]:
    return Invitation.state.in_(STANDING)


_OF_OPENING = (
    _joined(select(*_LINE_COLUMNS))
    .where(Invitation.opening_id == bindparam("opening_id", type_=Integer))
    .where(Invitation.person_id != bindparam("asker_id", type_=Integer))
    .where(_is_standing())
    .order_by(Invitation.id.desc())
    .limit(bindparam("count", type_=Integer))
    .offset(bindparam("first", type_=Integer))
)
_OF_PERSON = (
    _joined(select(*_LINE_COLUMNS))
    .where(Invitation.person_id == bindparam("person_id", type_=Integer))
    .where(_is_standing())
    .order_by(Invitation.id.desc())
)
_CAME_OF = (
    select(
        func.count(Invitation.id),
        func.count(_APPLIED_AT),
        func.count(Invitation.not_now_at).filter(_APPLIED_AT.is_(None)),
    )
    .where(Invitation.opening_id == bindparam("opening_id", type_=Integer))
    .where(Invitation.person_id != bindparam("asker_id", type_=Integer))
    .where(_is_standing())
)
_ROUND = (
    select(
        InvitationRound.id,
        InvitationRound.public_id,
        InvitationRound.opening_id,
        InvitationRound.message,
        InvitationRound.created_at,
        InvitationRound.taken_back_at,
    )
    .join(Opening, Opening.id == InvitationRound.opening_id)
    .where(InvitationRound.public_id == bindparam("public_id"))
    .where(InvitationRound.actor_id == bindparam("actor_id"))
    .where(Opening.public_id == bindparam("opening_public_id"))
)
_IN_ROUND = (
    _joined(select(*_LINE_COLUMNS, Delivery.attempts, Delivery.next_try_at))
    .where(Invitation.round_id == bindparam("round_id", type_=Integer))
    .order_by(Invitation.id)
)
_FACTS = (
    select(
        Opening.id,
        Opening.public_id,
        Opening.title,
        Opening.slug,
        Opening.version_number,
        Opening.state,
        Opening.published_at,
        Opening.public_at,
        Opening.closes_on,
        Opening.area,
        OpeningVersion.content,
    )
    .join(
        OpeningVersion,
        and_(OpeningVersion.opening_id == Opening.id, OpeningVersion.number == Opening.version_number),
    )
    .where(Opening.published_at.is_not(None))
    .where(Opening.public_at.is_not(None))
    .where(Opening.slug.is_not(None))
)
_UNFINISHED = (
    select(InvitationRound.id)
    .join(Invitation, Invitation.round_id == InvitationRound.id)
    .where(Invitation.state == InvitationState.WAITING)
    .distinct()
    .order_by(InvitationRound.id)
)
#: Written, and no mail server was given them yet: what they rest on can still fall away.
_NOT_GONE = (
    select(Invitation.id)
    .join(Delivery, Delivery.id == Invitation.delivery_id)
    .where(Invitation.state == InvitationState.WRITTEN)
    .where(Delivery.state == DeliveryState.QUEUED)
    .where(Delivery.attempts == 0)
    .order_by(Invitation.id)
)


def opening_facts(public_id: str) -> OpeningFacts | None:
    """An opening that was published at some time, by its public id."""
    return _facts(fetch(_FACTS.where(Opening.public_id == public_id)).one_or_none())


def opening_facts_of(opening_id: int) -> OpeningFacts | None:
    """As `opening_facts`, by its id."""
    return _facts(fetch(_FACTS.where(Opening.id == opening_id)).one_or_none())


def _facts(row: Any) -> OpeningFacts | None:
    return OpeningFacts(*[*row[:-1], from_json(row[-1])]) if row else None


def invitations_to(opening_id: int, asker_id: int, first: int, count: int) -> list[InvitationLine]:
    """`count` of those who were invited to an opening, from number `first`, the newest on top."""
    values = {"opening_id": opening_id, "asker_id": asker_id, "first": first, "count": count}
    return [InvitationLine(*row) for row in fetch(_OF_OPENING, values)]


def invitations_of(person_id: int) -> list[InvitationLine]:
    """To which openings a person was invited, the newest on top."""
    return [InvitationLine(*row) for row in fetch(_OF_PERSON, {"person_id": person_id})]


def came_of(opening_id: int, asker_id: int) -> CameOf:
    """What came of the invitations to an opening."""
    return CameOf(*fetch(_CAME_OF, {"opening_id": opening_id, "asker_id": asker_id}).one())


def find_round(public_id: str, opening_public_id: str, actor_id: int) -> RoundView | None:
    """Those whom this colleague invited together, with how far each has come."""
    values = {"public_id": public_id, "opening_public_id": opening_public_id, "actor_id": actor_id}
    row = fetch(_ROUND, values).one_or_none()
    if row is None:
        return None
    found = fetch(_IN_ROUND, {"round_id": row[0]}).all()
    lines = [InvitationLine(*one[:-2]) for one in found]
    waiting = [
        (line.public_id, goes_at)
        for line, (*_known, attempts, goes_at) in zip(lines, found, strict=True)
        if line.state is InvitationState.WRITTEN and line.delivery_state is DeliveryState.QUEUED and not attempts
    ]
    undoable = frozenset(public_id for public_id, _goes_at in waiting)
    goes_at = max((goes_at for _public_id, goes_at in waiting), default=None)
    return RoundView(*[*row, lines, undoable, goes_at])


def unfinished_rounds() -> list[int]:
    """Ids of rounds in which somebody has not been written to, the oldest first."""
    return list(session().scalars(_UNFINISHED))


def not_gone_yet() -> list[int]:
    """Ids of invitations that wait in the outbox and that no mail server was given, the oldest first."""
    return list(session().scalars(_NOT_GONE))


def newly_published(since: datetime, now: datetime) -> list[int]:
    """Ids of openings that people can apply to, first published since then, whose recruiter was not asked to look."""
    today = day_of(now, company_zone())
    statement = (
        select(Opening.id)
        .where(Opening.state == OpeningState.PUBLISHED)
        .where(Opening.published_at >= since)
        .where(_is_before_end(today))
        .where(~exists().where(Task.dedupe_key == literal(_ASKED_KEY) + Opening.public_id))
        .order_by(Opening.id)
    )
    return list(session().scalars(statement))


def _is_before_end(today: date) -> ColumnElement[bool]:
    return or_(Opening.closes_on.is_(None), Opening.closes_on >= today)


def asked_key(opening_public_id: str) -> str:
    """What keeps the task about an opening single, and what it was brought about by."""
    return f"{_ASKED_KEY}{opening_public_id}"


def tasks_about(opening_public_id: str) -> list[int]:
    """The open tasks to see who may fit this opening."""
    statement = select(Task.id).where(Task.cause == asked_key(opening_public_id)).where(Task.state.in_(OPEN_STATES))
    return list(session().scalars(statement.where(Task.kind == TaskKind.WHO_MAY_FIT).order_by(Task.id)))


def outdated_tasks(today: date) -> list[int]:
    """The open tasks about openings that nobody can apply to any more."""
    is_open = exists().where(
        Opening.public_id == Task.about, Opening.state == OpeningState.PUBLISHED, _is_before_end(today)
    )
    statement = select(Task.id).where(Task.kind == TaskKind.WHO_MAY_FIT).where(Task.state.in_(OPEN_STATES))
    return list(session().scalars(statement.where(~is_open).order_by(Task.id)))
