"""Whom it concerns when it takes longer, and what has been told so already."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, func, select

from portal.applications.models import Application, ApplicationEvent
from portal.applications.queries.shown import (
    ON_ITS_WAY,
    Later,
    LaterDelivery,
    Shown,
    StaffScope,
    with_later,
    with_people,
    with_shown,
)
from portal.applications.queries.staff import StaffFilter, narrowed
from portal.applications.rules import LeftOut, Standing, why_left_out
from portal.applications.states import EventKind
from portal.contact.models import Suppression
from portal.contact.queries import address_hash
from portal.core.db import fetch
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.people.models import Address, Person

#: Events that nobody has worded and that give way while they wait.
_GIVES_WAY = {EventKind.MOVED, EventKind.HOLDING_NOTE}
#: Addresses asked for in one statement.
_AT_ONCE = 500


@dataclass(frozen=True)
class Affected:
    """Somebody who waits, and why they are not told that it takes longer; None when they are."""

    public_id: str
    person_name: str
    email: str
    left_out: LeftOut | None


@dataclass(frozen=True)
class Notice:
    """One notice among those that one colleague sent with the same day and reason."""

    event_id: str
    application_id: str
    state: DeliveryState
    goes_from: datetime
    may_be_taken_back: bool


@dataclass(frozen=True)
class Notices:
    """What one colleague told many: until when it takes and why, and how each notice stands."""

    next_update_by: date
    date_reason: str
    notices: list[Notice]

    @property
    def waiting(self) -> list[Notice]:
        """Those that can still be taken back."""
        return [one for one in self.notices if one.may_be_taken_back]

    @property
    def sent_count(self) -> int:
        """How many the mail server has accepted."""
        return sum(one.state is DeliveryState.SENT for one in self.notices)

    @property
    def lost_count(self) -> int:
        """How many never reach anybody."""
        return sum(one.state in {DeliveryState.DEAD, DeliveryState.CANCELLED} for one in self.notices)

    @property
    def goes_at(self) -> datetime | None:
        """When the last of them goes; None when nothing waits."""
        return max((one.goes_from for one in self.waiting), default=None)


_WHO = with_later(
    with_shown(
        with_people(
            select(
                Application.public_id,
                Person.name,
                func.coalesce(Address.email, ""),
                Application.is_held,
                Shown.status,
                Shown.next_update_by,
                Later.kind,
                Later.status,
                Later.next_update_by,
                LaterDelivery.state,
                LaterDelivery.attempts,
            )
        )
    )
)
_SUPPRESSED = (
    select(Suppression.address_hash)
    .where(Suppression.address_hash.in_(bindparam("hashes", expanding=True)))
    .where(Suppression.lifted_at.is_(None))
)
_MODEL = (
    select(
        ApplicationEvent.actor_id,
        ApplicationEvent.next_update_by,
        ApplicationEvent.date_reason,
        ApplicationEvent.created_at,
    )
    .where(ApplicationEvent.public_id == bindparam("event_id"))
    .where(ApplicationEvent.actor_id == bindparam("actor_id"))
    .where(ApplicationEvent.kind == EventKind.MOVED)
    .where(ApplicationEvent.date_reason != "")
)
_LIKE_IT = (
    select(
        ApplicationEvent.public_id,
        Application.public_id,
        Delivery.state,
        Delivery.next_try_at,
        Delivery.attempts,
    )
    .join(Application, Application.id == ApplicationEvent.application_id)
    .join(Delivery, Delivery.id == ApplicationEvent.delivery_id)
    .where(ApplicationEvent.kind == EventKind.MOVED)
    .where(ApplicationEvent.actor_id == bindparam("actor_id"))
    .where(ApplicationEvent.next_update_by == bindparam("day", type_=ApplicationEvent.next_update_by.type))
    .where(ApplicationEvent.date_reason == bindparam("reason"))
    .where(ApplicationEvent.created_at >= bindparam("since", type_=ApplicationEvent.created_at.type))
    .order_by(ApplicationEvent.id)
)


def affected_by_delay(
    wanted: StaffFilter, scope: StaffScope, today: date, day: date | None, only: str = ""
) -> list[Affected]:
    """Everybody in a list, the oldest promise first, with why some are not told that it takes until `day`.

    `only`: the public id of the one application it is about; empty for all that `wanted` finds.
    """
    statement = narrowed(_WHO, wanted, scope, today)
    if only:
        statement = statement.where(Application.public_id == only)
    rows = fetch(statement.order_by(Shown.next_update_by.is_(None), Shown.next_update_by, Application.id)).all()
    suppressed = suppressed_among([row[2] for row in rows if row[2]])
    return [Affected(row[0], row[1], row[2], why_left_out(_standing(row, suppressed), day)) for row in rows]


def _standing(row: Any, suppressed: set[str]) -> Standing:
    email, is_held, status, promised, later_kind, later_status, later_day, state, attempts = row[2:]
    gives_way = later_kind in _GIVES_WAY and state is DeliveryState.QUEUED and attempts == 0
    if gives_way and later_kind is EventKind.MOVED:
        promised = max(promised, later_day) if promised and later_day else promised
    return Standing(
        status=status,
        promised=promised,
        is_held=is_held,
        has_address=bool(email),
        is_suppressed=email in suppressed,
        status_on_its_way=later_status if state in ON_ITS_WAY and not gives_way else None,
    )


def suppressed_among(emails: list[str]) -> set[str]:
    """Those of the addresses to which nothing may be sent because mail to them came back."""
    by_hash = {address_hash(email): email for email in emails}
    hashes = list(by_hash)
    found: set[str] = set()
    for first in range(0, len(hashes), _AT_ONCE):
        part = fetch(_SUPPRESSED, {"hashes": hashes[first : first + _AT_ONCE]}).scalars()
        found |= {by_hash[one] for one in part}
    return found


def notices_like(event_id: str, actor_id: int) -> Notices | None:
    """What this colleague told with the same day and reason, from this notice on; None when it is none of theirs."""
    model = fetch(_MODEL, {"event_id": event_id, "actor_id": actor_id}).one_or_none()
    if model is None:
        return None
    values = {"actor_id": actor_id, "day": model[1], "reason": model[2], "since": model[3]}
    notices = [
        Notice(public_id, application_id, state, goes_from, state is DeliveryState.QUEUED and attempts == 0)
        for public_id, application_id, state, goes_from, attempts in fetch(_LIKE_IT, values)
    ]
    return Notices(model[1], model[2], notices)
