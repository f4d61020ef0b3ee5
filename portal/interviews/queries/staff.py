"""What whoever arranges interviews reads: who is taken when, the interviews of an application, and the list of all."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Integer, bindparam, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from portal.applications.models import Application
from portal.applications.queries import StaffScope
from portal.applications.queries.shown import Shown, with_shown
from portal.applications.states import OPEN_STATUSES
from portal.core.db import fetch
from portal.core.permissions import Role
from portal.interviews.models import Interview, InterviewHistory, InterviewTime, InterviewWish, PanelMember
from portal.interviews.queries.panel import may_see_interview
from portal.interviews.rules.arranging import criteria_in
from portal.interviews.rules.conflicts import Taken
from portal.interviews.states import OPEN_INTERVIEWS, HistoryKind, InterviewState, TimeState, WishKind
from portal.openings.models import Opening, OpeningVersion
from portal.openings.rules import from_json
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.people.models import Address, Person

#: Longer than any interview: what began before that is over.
_LONGEST: Final = timedelta(hours=9)
_WITH_TIME: Final = (InterviewState.CONFIRMED, InterviewState.MOVED)
_Candidate = aliased(Person, name="interviewed")
_Colleague = aliased(Person, name="colleague")
_NAME: Final = func.coalesce(func.nullif(_Candidate.name, ""), Address.email, "")


def taken_by(staff_ids: Collection[int], times: Sequence[datetime], except_id: int = 0) -> list[Taken]:
    """When these colleagues take part in other interviews around `times`: set times, and those still offered.

    `except_id`: the interview that is being arranged.
    """
    if not staff_ids or not times:
        return []
    first, last = min(times) - _LONGEST, max(times) + _LONGEST
    columns = (PanelMember.staff_id, _Colleague.name, InterviewTime.starts_at, Interview.minutes, Opening.title)
    rows = fetch(
        select(*columns, InterviewTime.state == TimeState.OFFERED)
        .select_from(InterviewTime)
        .join(Interview, Interview.id == InterviewTime.interview_id)
        .join(PanelMember, PanelMember.interview_id == Interview.id)
        .join(_Colleague, _Colleague.id == PanelMember.staff_id)
        .join(Application, Application.id == Interview.application_id)
        .join(Opening, Opening.id == Application.opening_id)
        .where(Interview.state.in_(OPEN_INTERVIEWS))
        .where(Interview.id != except_id)
        .where(PanelMember.staff_id.in_(staff_ids))
        .where(InterviewTime.starts_at.between(first, last))
        .where(
            or_(
                (InterviewTime.state == TimeState.TAKEN) & (InterviewTime.starts_at == Interview.starts_at),
                (InterviewTime.state == TimeState.OFFERED) & Interview.starts_at.is_(None),
            )
        )
        .order_by(InterviewTime.starts_at, InterviewTime.id, PanelMember.staff_id)
    )
    return [Taken(*row) for row in rows]


def criteria_of_opening(application_id: int) -> str:
    """What the opening asks for, one criterion a line, as it says it today; empty when it says none."""
    said = fetch(
        select(OpeningVersion.content)
        .join(Opening, (Opening.id == OpeningVersion.opening_id) & (Opening.version_number == OpeningVersion.number))
        .join(Application, Application.opening_id == Opening.id)
        .where(Application.id == application_id)
    ).scalar_one_or_none()
    return "\n".join(criteria_in(from_json(said).needed)) if said else ""


def usual_number(staff_id: int) -> str:
    """Under which number this colleague could be called at the interview arranged last; empty before the first."""
    statement = (
        select(Interview.contact_phone).where(Interview.contact_id == staff_id).order_by(Interview.id.desc()).limit(1)
    )
    return str(fetch(statement).scalar_one_or_none() or "")


def find_id(public_id: str) -> int | None:
    """The row number of the interview with this public id, whoever asks."""
    return fetch(select(Interview.id).where(Interview.public_id == public_id)).scalar_one_or_none()


def application_id_of(public_id: str) -> int | None:
    """The row number of the application that an interview with this public id is about, if there is one."""
    return fetch(select(Interview.application_id).where(Interview.public_id == public_id)).scalar_one_or_none()


def offered_times(interview_id: int) -> list[datetime]:
    """The times that its candidate can choose from, the earliest first."""
    statement = (
        select(InterviewTime.starts_at)
        .where(InterviewTime.interview_id == interview_id)
        .where(InterviewTime.state == TimeState.OFFERED)
        .order_by(InterviewTime.starts_at)
    )
    return list(fetch(statement).scalars())


def proposing_delivery(interview_id: int) -> int | None:
    """The mail that proposed it first; None once that is not known any more."""
    statement = (
        select(InterviewHistory.delivery_id)
        .where(InterviewHistory.interview_id == interview_id)
        .where(InterviewHistory.kind == HistoryKind.PROPOSED)
        .order_by(InterviewHistory.id)
        .limit(1)
    )
    return fetch(statement).scalar_one_or_none()


def words_of_proposal(interview_id: int) -> str:
    """What the candidate was written with it."""
    statement = (
        select(InterviewHistory.words)
        .where(InterviewHistory.interview_id == interview_id)
        .where(InterviewHistory.kind == HistoryKind.PROPOSED)
        .order_by(InterviewHistory.id)
        .limit(1)
    )
    return str(fetch(statement).scalar_one_or_none() or "")


@dataclass(frozen=True)
class OfApplication:
    """An interview on the page of its application."""

    id: int
    public_id: str
    title: str
    state: InterviewState
    starts_at: datetime | None
    minutes: int
    changed_at: datetime
    #: How many times its candidate can choose from.
    offered_count: int
    #: What the candidate told us last that nobody has answered.
    wish: WishKind | None
    #: From when the mail that proposes it goes; None when no mail waits that could be taken back.
    goes_from: datetime | None


_OFFERED: Final = (
    select(func.count())
    .select_from(InterviewTime)
    .where(InterviewTime.interview_id == Interview.id)
    .where(InterviewTime.state == TimeState.OFFERED)
    .correlate(Interview)
    .scalar_subquery()
)
_WISH: Final = (
    select(InterviewWish.kind)
    .where(InterviewWish.interview_id == Interview.id)
    .where(InterviewWish.closed_at.is_(None))
    .order_by(InterviewWish.id.desc())
    .limit(1)
    .correlate(Interview)
    .scalar_subquery()
)
_WAITS_UNTIL: Final = (
    select(Delivery.next_try_at)
    .join(InterviewHistory, InterviewHistory.delivery_id == Delivery.id)
    .where(InterviewHistory.interview_id == Interview.id)
    .where(InterviewHistory.kind == HistoryKind.PROPOSED)
    .where(Delivery.state == DeliveryState.QUEUED)
    .where(Delivery.attempts == 0)
    .limit(1)
    .correlate(Interview)
    .scalar_subquery()
)
_ASKED_AT: Final = func.coalesce(
    select(func.max(InterviewHistory.created_at))
    .where(InterviewHistory.interview_id == Interview.id)
    .where(InterviewHistory.kind.in_([HistoryKind.PROPOSED, HistoryKind.MOVED]))
    .correlate(Interview)
    .scalar_subquery(),
    Interview.changed_at,
)
_COLUMNS: Final = (
    Interview.id,
    Interview.public_id,
    Interview.title,
    Interview.state,
    Interview.starts_at,
    Interview.minutes,
    Interview.changed_at,
    _OFFERED,
    _WISH,
    _WAITS_UNTIL,
)
#: With the status that the candidate reads, also where there is no interview.
_ON_PAGE: Final = (
    with_shown(select(Shown.status, *_COLUMNS).select_from(Application))
    .outerjoin(Interview, Interview.application_id == Application.id)
    .where(Application.public_id == bindparam("public_id"))
    .order_by(Interview.id.desc())
)
_BY_PUBLIC_ID: Final = select(*_COLUMNS).where(Interview.public_id == bindparam("public_id"))


def interviews_of(public_id: str) -> tuple[bool, list[OfApplication]]:
    """Whether the application with this public id is open, and its interviews, the newest first; whoever asks."""
    rows = fetch(_ON_PAGE, {"public_id": public_id}).all()
    is_open = any(row[0] in OPEN_STATUSES for row in rows)
    return is_open, [OfApplication(*row[1:]) for row in rows if row[1] is not None]


def interview_line(public_id: str) -> OfApplication | None:
    """The interview with this public id, whoever asks."""
    row = fetch(_BY_PUBLIC_ID, {"public_id": public_id}).one_or_none()
    return OfApplication(*row) if row is not None else None


class Show(StrEnum):
    """A part of the list of interviews."""

    AHEAD = "ahead"
    #: The candidate has to choose.
    THEIRS = "theirs"
    #: We have to answer or to say what became of it.
    OURS = "ours"
    PAST = "past"


@dataclass(frozen=True)
class ListLine:
    """An interview in the list."""

    id: int
    public_id: str
    title: str
    state: InterviewState
    starts_at: datetime | None
    minutes: int
    changed_at: datetime
    person_name: str
    opening_title: str
    application_public_id: str
    offered_count: int
    wish: WishKind | None
    #: Since when the candidate has these times before them.
    asked_at: datetime
    panel: str = ""


@dataclass(frozen=True)
class Counts:
    """How many interviews stand in each part of the list."""

    ahead: int
    theirs: int
    ours: int
    past: int


def _is_open() -> ColumnElement[bool]:
    return Interview.state.in_(OPEN_INTERVIEWS)


def _has_wish() -> ColumnElement[bool]:
    kinds = [kind for kind in WishKind if kind is not WishKind.RUNNING_LATE]
    return (
        exists()
        .where(InterviewWish.interview_id == Interview.id)
        .where(InterviewWish.closed_at.is_(None))
        .where(InterviewWish.kind.in_(kinds))
        .correlate(Interview)
    )


def _is_shown(show: Show) -> ColumnElement[bool]:
    """The parts overlap nowhere; what waits for us outranks the rest."""
    at = bindparam("at", type_=Interview.starts_at.type)
    is_to_close = Interview.state.in_(_WITH_TIME) & (Interview.starts_at <= at)
    has_no_times = Interview.starts_at.is_(None) & (_OFFERED_AHEAD == 0)
    is_ours = _is_open() & or_(is_to_close, _has_wish(), has_no_times)
    conditions = {
        Show.AHEAD: _is_open() & ~is_ours & Interview.starts_at.is_not(None),
        Show.THEIRS: _is_open() & ~is_ours & Interview.starts_at.is_(None),
        Show.OURS: is_ours,
        Show.PAST: ~_is_open(),
    }
    return conditions[show]


_OFFERED_AHEAD: Final = (
    select(func.count())
    .select_from(InterviewTime)
    .where(InterviewTime.interview_id == Interview.id)
    .where(InterviewTime.state == TimeState.OFFERED)
    .where(InterviewTime.starts_at > bindparam("at", type_=InterviewTime.starts_at.type))
    .correlate(Interview)
    .scalar_subquery()
)
_ORDER: Final[dict[Show, tuple[Any, ...]]] = {
    Show.AHEAD: (Interview.starts_at, Interview.id),
    Show.THEIRS: (_ASKED_AT, Interview.id),
    # Somebody who waits for an answer comes first, then what is oldest.
    Show.OURS: (
        case((_has_wish(), 0), else_=1),
        func.coalesce(Interview.starts_at, Interview.changed_at),
        Interview.id,
    ),
    Show.PAST: (func.coalesce(Interview.starts_at, Interview.changed_at).desc(), Interview.id.desc()),
}


def _joined(statement: Any) -> Any:
    return (
        statement.select_from(Interview)
        .join(Application, Application.id == Interview.application_id)
        .join(Opening, Opening.id == Application.opening_id)
    )


def _is_own() -> ColumnElement[bool]:
    """Arranged by the asker, with them on the panel, or about an application that they look after."""
    asker = bindparam("asker_id", type_=Integer)
    takes_part = exists().where(PanelMember.interview_id == Interview.id).where(PanelMember.staff_id == asker)
    return or_(Interview.arranged_by_id == asker, Application.owner_id == asker, takes_part.correlate(Interview))


def _narrowed(statement: Any, role: Role, *, is_own: bool) -> Any:
    statement = statement.where(may_see_interview(bindparam("asker_id", type_=Integer), role))
    return statement.where(_is_own()) if is_own else statement


@cache
def _lines(show: Show, role: Role, *, is_own: bool) -> Any:
    columns = (
        Interview.id,
        Interview.public_id,
        Interview.title,
        Interview.state,
        Interview.starts_at,
        Interview.minutes,
        Interview.changed_at,
        _NAME,
        Opening.title,
        Application.public_id,
        _OFFERED,
        _WISH,
        _ASKED_AT,
    )
    statement = (
        _joined(select(*columns))
        .join(_Candidate, _Candidate.id == Application.person_id)
        .outerjoin(Address, (Address.person_id == Application.person_id) & Address.is_primary)
        .where(_is_shown(show))
        .order_by(*_ORDER[show])
        .limit(bindparam("count"))
        .offset(bindparam("first"))
    )
    return _narrowed(statement, role, is_own=is_own)


@cache
def _counts(role: Role, *, is_own: bool) -> Any:
    counted = [func.count().filter(_is_shown(show)) for show in Show]
    return _narrowed(_joined(select(*counted)), role, is_own=is_own)


def count_interviews(scope: StaffScope, *, is_own: bool, at: datetime) -> Counts:
    """How many interviews that the asker may see stand in each part of the list."""
    return Counts(*fetch(_counts(scope.role, is_own=is_own), {"asker_id": scope.person_id, "at": at}).one())


def list_interviews(
    scope: StaffScope, show: Show, *, is_own: bool, at: datetime, first: int, count: int
) -> list[ListLine]:
    """A page of one part of the list, with who is on each panel: the next first, of what is over the last."""
    values = {"asker_id": scope.person_id, "at": at, "first": first, "count": count}
    lines = [ListLine(*row) for row in fetch(_lines(show, scope.role, is_own=is_own), values)]
    panels = _panels([line.id for line in lines])
    return [replace(line, panel=", ".join(panels.get(line.id, []))) for line in lines]


def _panels(ids: Sequence[int]) -> dict[int, list[str]]:
    """The names of those who take part, by interview."""
    found: dict[int, list[str]] = {}
    rows = fetch(
        select(PanelMember.interview_id, _Colleague.name)
        .join(_Colleague, _Colleague.id == PanelMember.staff_id)
        .where(PanelMember.interview_id.in_(ids))
        .order_by(PanelMember.interview_id, _Colleague.name, _Colleague.id)
    )
    for interview_id, name in rows:
        found.setdefault(interview_id, []).append(name)
    return found
