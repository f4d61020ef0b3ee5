"""Promises to come, and what became of those that were made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Date, Integer, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import aliased

from portal.applications.models import Application, ApplicationEvent, Promise
from portal.applications.queries.due import name_or_address, promised_from
from portal.applications.queries.shown import (
    SHOWN_OF_EVENT,
    LaterDelivery,
    Shown,
    StaffScope,
    is_accepted,
    is_in_scope,
    is_on_its_way,
    with_later,
)
from portal.applications.rules.promises import Said
from portal.applications.states import ApplicationStatus, EventKind
from portal.core.db import UTCDateTime, fetch
from portal.core.permissions import Role
from portal.openings.models import Opening
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.people.models import Address, Person


@dataclass(frozen=True)
class NextPromise:
    """The nearest promise to come."""

    public_id: str
    person_name: str
    email: str
    next_update_by: date


#: Walks the index on the promised day and stops at the first that a candidate sees.
_NEXT_PROMISE = (
    select(Application.public_id, Person.name, func.coalesce(Address.email, ""), Shown.next_update_by)
    .select_from(Shown)
    .join(Application, Application.id == Shown.application_id)
    .join(Opening, Opening.id == Application.opening_id)
    .join(Person, Person.id == Application.person_id)
    .outerjoin(Address, (Address.person_id == Application.person_id) & Address.is_primary)
    .where(Shown.id == SHOWN_OF_EVENT)
    # The day by which an escalated application is answered is no promise.
    .where(Shown.kind != EventKind.ESCALATED)
    .order_by(Shown.next_update_by, Shown.id)
    .limit(1)
)


def next_promise(scope: StaffScope, today: date, owner_id: int | None) -> NextPromise | None:
    """The nearest promise after `today` among the applications of one owner, or of all that the asker may see."""
    statement = _NEXT_PROMISE.where(Shown.next_update_by > today).where(is_in_scope(scope.person_id, scope.role))
    if owner_id is not None:
        # The sum keeps SQLite from taking all of the owner's applications and sorting them.
        statement = statement.where(Application.owner_id + 0 == owner_id)
    row: Any = fetch(statement).one_or_none()
    return NextPromise(*row) if row else None


class ComingLine(NamedTuple):
    """Applications that are promised word soon and alike: the same opening, status and day; often a single one."""

    #: Of the application, if it is a single one; else of one of them.
    public_id: str
    #: The first and the last of their names; the address of somebody without one.
    first_name: str
    last_name: str
    opening_public_id: str
    opening_title: str
    status: ApplicationStatus
    next_update_by: date
    alike_count: int
    #: How many are promised word soon in all, on this line and all others.
    total: int


def coming_up(scope: StaffScope, today: date, until: date, owner_id: int | None, count: int) -> list[ComingLine]:
    """Who is promised word after `today` and by `until`, the nearest first: at most `count` lines.

    Of one owner, or of all that the asker may see; nobody to whom a message is on its way.
    """
    values = {"asker_id": scope.person_id, "today": today, "until": until, "owner_id": owner_id, "count": count}
    return [ComingLine._make(row) for row in fetch(_coming_lines(scope.role, owner_id is not None), values)]


@cache
def _coming_lines(role: Role, is_of_one_owner: bool) -> Any:
    """Built once: building it costs as much as running it."""
    today, until = bindparam("today", type_=Date), bindparam("until", type_=Date)
    owner_id = bindparam("owner_id", type_=Integer) if is_of_one_owner else None
    name = name_or_address()
    lines = with_later(
        select(
            func.min(Application.public_id),
            func.min(name),
            func.max(name),
            Opening.public_id,
            Opening.title,
            Shown.status,
            Shown.next_update_by,
            func.count(),
            func.sum(func.count()).over(),
        )
        .select_from(Shown)
        .join(Application, Application.id == Shown.application_id)
        .join(Opening, Opening.id == Application.opening_id)
        .join(Person, Person.id == Application.person_id)
    )
    lines = (
        lines.where(Application.id.in_(promised_from(today, until, owner_id)))
        .where(Shown.next_update_by > today)
        .where(Shown.next_update_by <= until)
        .where(Shown.id == SHOWN_OF_EVENT)
        .where(Shown.kind != EventKind.ESCALATED)
        .where(Application.change_reported_at.is_(None))
        .where(LaterDelivery.state.is_(None) | ~is_on_its_way(LaterDelivery.state))
        .where(is_in_scope(bindparam("asker_id", type_=Integer), role))
    )
    if is_of_one_owner:
        lines = lines.where(Application.owner_id == owner_id)
    return (
        lines.group_by(Opening.id, Opening.public_id, Opening.title, Shown.status, Shown.next_update_by)
        .order_by(Shown.next_update_by, Opening.title, Opening.id, Shown.status)
        .limit(bindparam("count", type_=Integer))
    )


_Newer = aliased(ApplicationEvent)
_NewerDelivery = aliased(Delivery)
_Earlier = aliased(ApplicationEvent)
#: Another system moved it: that is no new promise, and settles none.
_is_moved_there = (ApplicationEvent.kind == EventKind.IMPORTED) & exists().where(
    _Earlier.application_id == ApplicationEvent.application_id
).where(_Earlier.id < ApplicationEvent.id).correlate(ApplicationEvent)
#: Promises that nobody has noted yet.
_NEW = (
    select(ApplicationEvent.application_id)
    .join(Application, Application.id == ApplicationEvent.application_id)
    .outerjoin(Delivery, Delivery.id == ApplicationEvent.delivery_id)
    .outerjoin(Promise, Promise.event_id == ApplicationEvent.id)
    .where(Promise.id.is_(None))
    .where(ApplicationEvent.next_update_by.is_not(None))
    .where(ApplicationEvent.kind != EventKind.ESCALATED)
    .where(~_is_moved_there)
    .where(Application.is_held.is_(False))
    .where(is_accepted())
)
#: Open promises after which something has reached the candidate.
_SETTLED_SINCE = (
    select(Promise.application_id)
    .where(Promise.settled_at.is_(None))
    .where(
        exists()
        .where(_Newer.application_id == Promise.application_id)
        .where(_Newer.id > Promise.event_id)
        .where(_Newer.kind != EventKind.IMPORTED)
        .where(
            or_(
                _Newer.delivery_id.is_(None),
                exists()
                .where(_NewerDelivery.id == _Newer.delivery_id)
                .where(_NewerDelivery.sent_at.is_not(None))
                .correlate(_Newer),
            )
        )
        .correlate(Promise)
    )
)
_Lost = aliased(ApplicationEvent)
_LostDelivery = aliased(Delivery)
_is_lost = or_(
    _LostDelivery.state == bindparam("dead", DeliveryState.DEAD, literal_execute=True),
    # It came back and is tried once more.
    and_(
        _LostDelivery.first_tried_at.is_not(None),
        _LostDelivery.state.in_(
            bindparam("waiting", [DeliveryState.QUEUED, DeliveryState.LEASED], expanding=True, literal_execute=True)
        ),
    ),
)
#: Promises that are noted as made or settled by something that came back after all.
_UNSAID_SINCE = (
    select(Promise.application_id)
    .join(_Lost, _Lost.application_id == Promise.application_id)
    .join(_LostDelivery, _LostDelivery.id == _Lost.delivery_id)
    .where(_is_lost)
    .where(
        or_(
            Promise.event_id == _Lost.id,
            and_(
                Promise.event_id < _Lost.id,
                Promise.settled_by == _Lost.kind,
                ~exists()
                .where(_Newer.application_id == Promise.application_id)
                .where(_Newer.id > Promise.event_id)
                .where(
                    or_(
                        and_(_Newer.delivery_id.is_(None), _Newer.created_at == Promise.settled_at),
                        exists()
                        .where(_NewerDelivery.id == _Newer.delivery_id)
                        .where(_NewerDelivery.sent_at == Promise.settled_at)
                        .correlate(_Newer, Promise),
                    )
                )
                .correlate(Promise),
            ),
        )
    )
)
_SAID = (
    select(
        ApplicationEvent.application_id,
        ApplicationEvent.id,
        ApplicationEvent.kind,
        ApplicationEvent.status,
        ApplicationEvent.next_update_by,
        func.coalesce(Delivery.sent_at, ApplicationEvent.created_at, type_=UTCDateTime()),
        ApplicationEvent.happened_on,
    )
    .outerjoin(Delivery, Delivery.id == ApplicationEvent.delivery_id)
    .where(ApplicationEvent.application_id.in_(bindparam("ids", expanding=True, type_=Integer)))
    .where(is_accepted())
    .order_by(ApplicationEvent.application_id, ApplicationEvent.id)
)


def unfolded() -> list[int]:
    """Ids of applications with promises that are not noted as they are.

    Not yet; or as open although something came after; or as made or settled by what came back after all.
    """
    return sorted({*fetch(_NEW).scalars(), *fetch(_SETTLED_SINCE).scalars(), *fetch(_UNSAID_SINCE).scalars()})


def said_about(application_ids: Sequence[int]) -> dict[int, list[Said]]:
    """What each candidate has got, the oldest first, by application."""
    rows = fetch(_SAID, {"ids": list(application_ids)})
    return {key: [Said(*row[1:]) for row in said] for key, said in groupby(rows, lambda row: row[0])}
