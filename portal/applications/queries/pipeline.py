"""The pipeline of an opening: who is in which stage, how many, and what becomes of those that were chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Date, Integer, bindparam, case, exists, func, null, select
from sqlalchemy.orm import aliased

from portal.applications.models import Application, ApplicationEvent, Mark, Submission
from portal.applications.queries.delaying import suppressed_among
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
from portal.applications.queries.staff import StaffFilter, narrowed
from portal.applications.rules import Standing
from portal.applications.rules.pipeline import OneOfMany, StageOf, stages_of, with_stood_in
from portal.applications.states import ENDINGS, ApplicationStatus, EventKind
from portal.contact.states import Timing
from portal.core.db import fetch, session
from portal.core.permissions import Role
from portal.openings.models import Opening, OpeningVersion
from portal.openings.rules import from_json
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.people.models import Address, Person
from portal.tasks.models import Task
from portal.tasks.states import OPEN_STATES, TaskKind

#: Stands for applications that are in no stage yet, in the address of a page.
NO_STAGE: Final = "-"
#: Ids asked for in one statement.
_AT_ONCE: Final = 500
#: Statements for so many pages of pipelines are made once.
_KEPT_STATEMENTS: Final = 64
_GIVES_WAY: Final = {EventKind.MOVED, EventKind.HOLDING_NOTE}


@dataclass(frozen=True)
class PipelineFilter:
    """What a pipeline is narrowed to; empty means all that are open."""

    rest: StaffFilter
    #: A name; `NO_STAGE` for those in none.
    stage: str = ""
    is_asked_only: bool = False
    is_marked_only: bool = False
    is_ended: bool = False


@dataclass(frozen=True)
class PipelineOpening:
    """The opening of a pipeline, with the stages of its newest version."""

    id: int
    public_id: str
    title: str
    stages: list[StageOf]


class PipelineLine(NamedTuple):
    """One application in a pipeline."""

    public_id: str
    person_public_id: str
    person_name: str
    email: str
    stage: str
    owner_name: str
    #: What the candidate sees.
    status: ApplicationStatus
    #: Of what they read last, or were brought in with.
    said_at: datetime
    said_kind: EventKind
    next_update_by: date | None
    change_reported_at: datetime | None
    is_held: bool
    later_status: ApplicationStatus | None
    delivery_state: DeliveryState | None
    delivery_timing: Timing | None
    has_cv: bool
    has_question: bool
    has_mark: bool


@dataclass(frozen=True)
class Chosen:
    """One of those that a colleague has chosen."""

    id: int
    public_id: str
    person_id: int
    owner_id: int
    newest_event_id: str
    one: OneOfMany
    email: str

    @property
    def label(self) -> str:
        """Their name, else their address."""
        return self.one.name or self.email


#: An import's own word counts until somebody has put it into a stage of ours.
stage_now = case((Application.stage != "", Application.stage), else_=Application.source_stage)
_TODAY: Final = bindparam("today", type_=Date)
_ASKER: Final = bindparam("person_id", type_=Integer)
_NEWEST = (OpeningVersion.opening_id == Opening.id) & (OpeningVersion.number == Opening.version_number)
_OPENING = select(Opening.id, Opening.public_id, Opening.title, OpeningVersion.content).outerjoin(
    OpeningVersion, _NEWEST
)
_HAS_CV = (
    exists()
    .where(Submission.application_id == Application.id)
    .where(Submission.cv_id.is_not(None))
    .correlate(Application)
)
_IS_ASKED = (
    exists()
    .where(Task.person_id == Application.person_id)
    .where(Task.kind == TaskKind.QUESTION)
    .where(Task.state.in_(OPEN_STATES))
    .correlate(Application)
)
_COLUMNS: tuple[Any, ...] = (
    Application.public_id,
    Person.public_id,
    Person.name,
    func.coalesce(Address.email, ""),
    stage_now,
    Owner.name,
    Shown.status,
    Shown.created_at,
    Shown.kind,
    Shown.next_update_by,
    Application.change_reported_at,
    Application.is_held,
    Later.status,
    LaterDelivery.state,
    LaterDelivery.timing,
    _HAS_CV,
    _IS_ASKED,
)
_Kept = aliased(ApplicationEvent, name="kept")
_KeptDelivery = aliased(Delivery, name="kept_delivery")
_gives_way = _Kept.kind.in_(_GIVES_WAY) & (_KeptDelivery.state == DeliveryState.QUEUED) & (_KeptDelivery.attempts == 0)
#: What the newest says that waits and does not give way: a letter stays although a move was written after it.
_STAYS = (
    select(_Kept.status)
    .join(_KeptDelivery, _KeptDelivery.id == _Kept.delivery_id)
    .where(_Kept.application_id == Application.id)
    .where(_Kept.id > Shown.id)
    .where(_KeptDelivery.state.in_(ON_ITS_WAY))
    .where(~_gives_way)
    .order_by(_Kept.id.desc())
    .limit(1)
    .correlate(Application, Shown)
    .scalar_subquery()
)
_CHOSEN = with_later(
    with_shown(
        with_people(
            select(
                Application.id,
                Application.public_id,
                Application.person_id,
                Application.owner_id,
                func.coalesce(Later.public_id, Shown.public_id),
                func.coalesce(Address.email, ""),
                Person.name,
                stage_now,
                Application.is_held,
                Shown.status,
                Shown.next_update_by,
                Later.kind,
                Later.status,
                Later.next_update_by,
                LaterDelivery.state,
                LaterDelivery.attempts,
                _STAYS,
            )
        )
    )
)
_OLDEST_PROMISE = (Shown.next_update_by.is_(None), Shown.next_update_by, Application.id)


#: An opening of another system has people in the stages of that system, whether or not its page says anything.
_STOOD_IN = (
    with_shown(select(stage_now, Shown.status, func.count()).select_from(Application))
    .where(Application.opening_id == bindparam("opening_id", type_=Integer))
    .where(Shown.status.not_in(ENDINGS))
    .group_by(stage_now, Shown.status)
    .order_by(stage_now, Shown.status)
)


def find_pipeline(public_id: str, scope: StaffScope) -> PipelineOpening | None:
    """The opening with this public id and its stages, if the asker may see its applications."""
    values = {"public_id": public_id, "person_id": scope.person_id}
    row = fetch(_opening_statement(scope.role is Role.HIRING_MANAGER), values).one_or_none()
    if row is None:
        return None
    content = from_json(row[3]) if row[3] else None
    said = [(stage.name, stage.status) for stage in content.stages] if content else []
    return PipelineOpening(row[0], row[1], row[2], stages_of(said))


@cache
def _opening_statement(is_manager: bool) -> Any:
    statement = _OPENING.where(Opening.public_id == bindparam("public_id"))
    return statement.where(Opening.hiring_manager_id == _ASKER) if is_manager else statement


def stages_offered(opening_id: int, stages: Sequence[StageOf]) -> list[StageOf]:
    """Where somebody can be: the stages of the opening, and those that people whose application is open are in."""
    rows = fetch(_STOOD_IN, {"opening_id": opening_id})
    return with_stood_in(stages, [(name, status, count) for name, status, count in rows])


def list_pipeline(
    wanted: PipelineFilter, scope: StaffScope, today: date, first: int, count: int, total: int | None = None
) -> tuple[list[PipelineLine], int]:
    """`count` applications from number `first`, the oldest promise on top, and how many there are in all.

    `total`: how many there are, where that is known.
    """
    # What somebody looked for is not kept.
    make = _lines_statement if wanted.rest.q else _kept_lines_statement
    rows = fetch(make(wanted, scope, today, total is None), {"first": first, "count": count}).all()
    if total is None and rows:
        total = rows[0][-1]
    elif total is None and first:
        # Behind the last page no row says how many there are.
        total = session().scalar(found_in_pipeline(select(func.count()), wanted, scope, today)) or 0
    return [PipelineLine._make(row[:-1]) for row in rows], total or 0


def _lines_statement(wanted: PipelineFilter, scope: StaffScope, today: date, is_counted: bool) -> Any:
    """A page of a pipeline: who is on it is found first, so that the rest is looked up for them only.

    Last in each row stands how many there are in all, else nothing.
    """
    total = func.count().over() if is_counted else null()
    ids = select(Application.id.label("application_id"), Shown.id.label("shown_id"), total.label("total"))
    page = (
        found_in_pipeline(ids, wanted, scope, today)
        .order_by(*_OLDEST_PROMISE)
        .offset(bindparam("first", type_=Integer))
        .limit(bindparam("count", type_=Integer))
        .subquery("page")
    )
    lines = with_people(select(*_COLUMNS, _is_marked(today), page.c.total))
    lines = lines.join(page, page.c.application_id == Application.id)
    return with_later(lines.join(Shown, Shown.id == page.c.shown_id)).order_by(*_OLDEST_PROMISE)


_kept_lines_statement = lru_cache(maxsize=_KEPT_STATEMENTS)(_lines_statement)


def found_in_pipeline(statement: Any, wanted: PipelineFilter, scope: StaffScope, today: date) -> Any:
    """Of a statement without a FROM: who is in a pipeline, with no more joined than what it is narrowed by."""
    if wanted.rest.q or wanted.rest.owner:
        joined = with_people(statement)
    else:
        joined = statement.select_from(Application).join(Opening, Opening.id == Application.opening_id)
    shown = with_shown(joined)
    return _narrowed(with_later(shown) if wanted.rest.is_due_only else shown, wanted, scope, today)


def chosen(
    wanted: PipelineFilter | None, ids: Sequence[str], opening_id: int, scope: StaffScope, today: date
) -> list[Chosen]:
    """Those of an opening with these public ids, or all that `wanted` finds; the oldest promise first."""
    statement = _CHOSEN if wanted is None else _narrowed(_CHOSEN, wanted, scope, today)
    if wanted is None:
        statement = statement.where(Application.public_id.in_(bindparam("ids", expanding=True)))
    statement = statement.where(Application.opening_id == opening_id).where(is_in_scope(scope.person_id, scope.role))
    statement = statement.order_by(*_OLDEST_PROMISE)
    rows = fetch(statement, {"ids": list(ids)[:_AT_ONCE]} if wanted is None else None).all()
    suppressed = suppressed_among([row[5] for row in rows if row[5]])
    return [_chosen(row, suppressed) for row in rows]


def _chosen(row: Any, suppressed: set[str]) -> Chosen:
    email, name, stage, is_held, status, promised, later_kind, later_status, later_day, state, attempts, stays = row[5:]
    is_waiting = state in ON_ITS_WAY
    gives_way = later_kind in _GIVES_WAY and state is DeliveryState.QUEUED and attempts == 0
    delay_day = promised
    if gives_way and later_kind is EventKind.MOVED and promised and later_day:
        delay_day = max(promised, later_day)
    standing = Standing(
        status=status,
        promised=delay_day,
        is_held=is_held,
        has_address=bool(email),
        is_suppressed=email in suppressed,
        status_on_its_way=stays,
    )
    promise = promised
    if is_waiting and not gives_way and later_day and promised:
        promise = min(promised, later_day)
    one = OneOfMany(
        name=name,
        stage=stage,
        standing=later_status if is_waiting else status,
        standing_without=stays or status,
        promised=promise,
        delay=standing,
        has_changed=False,
    )
    id_, public_id, person_id, owner_id, newest = row[:5]
    return Chosen(id_, public_id, person_id, owner_id, newest, one, email)


def _is_marked(today: date) -> ColumnElement[bool]:
    return (
        exists()
        .where(Mark.application_id == Application.id)
        .where(Mark.removed_at.is_(None))
        .where(Mark.expires_on > today)
        .correlate(Application)
    )


def _narrowed(statement: Any, wanted: PipelineFilter, scope: StaffScope, today: date) -> Any:
    statement = narrowed(statement, wanted.rest, scope, today)
    if wanted.stage:
        statement = statement.where(stage_now == ("" if wanted.stage == NO_STAGE else wanted.stage))
    if wanted.is_asked_only:
        statement = statement.where(_IS_ASKED)
    if wanted.is_marked_only:
        statement = statement.where(_is_marked(today))
    if not wanted.rest.status:
        ended = Shown.status.in_(ENDINGS)
        statement = statement.where(ended if wanted.is_ended else ~ended)
    return statement
