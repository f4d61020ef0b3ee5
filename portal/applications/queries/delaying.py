"""Whom it concerns when it takes longer."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, select

from portal.applications.models import Application
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
from portal.outbox.states import DeliveryState
from portal.people.models import Address, Person

#: Events that nobody has worded and that give way while they wait.
_GIVES_WAY = {EventKind.MOVED, EventKind.HOLDING_NOTE}
#: Addresses asked for in one statement.
_AT_ONCE = 500


@dataclass(frozen=True)
class Affected:
    """Somebody who waits, and why they are not told that it takes longer; None when they are."""

    id: int
    public_id: str
    newest_event_id: str
    person_name: str
    email: str
    left_out: LeftOut | None


_WHO = with_later(
    with_shown(
        with_people(
            select(
                Application.id,
                Application.public_id,
                func.coalesce(Later.public_id, Shown.public_id),
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
    suppressed = suppressed_among([row[4] for row in rows if row[4]])
    return [
        Affected(row[0], row[1], row[2], row[3], row[4], why_left_out(_standing(row, suppressed), day)) for row in rows
    ]


def _standing(row: Any, suppressed: set[str]) -> Standing:
    email, is_held, status, promised, later_kind, later_status, later_day, state, attempts = row[4:]
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
