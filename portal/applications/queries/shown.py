"""Which event of an application the candidate sees, and what comes after it.

A candidate sees the newest event whose message was accepted by the mail server, or that needs none.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    String,
    column,
    exists,
    func,
    literal_column,
    or_,
    select,
    table,
    type_coerce,
)
from sqlalchemy.orm import aliased

from portal.applications.models import Application, ApplicationEvent
from portal.core.permissions import Role
from portal.openings.models import Opening
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.people.models import Address, Person

Shown = aliased(ApplicationEvent, name="shown")
Later = aliased(ApplicationEvent, name="later")
LaterDelivery = aliased(Delivery, name="later_delivery")
Owner = aliased(Person, name="owner")

#: Messages that the candidate has not got yet and will.
ON_ITS_WAY = (DeliveryState.QUEUED, DeliveryState.LEASED)


def as_constant(word: StrEnum) -> ColumnElement[Any]:
    """`word` written into the statement itself: partial indexes are used and groups told apart by it.

    Unlike a bound value that is written at each run, it costs nothing there.
    """
    return literal_column(f"'{word}'", String)


def is_on_its_way(state: Any) -> ColumnElement[bool]:
    """Of a delivery's state (may be null): see `ON_ITS_WAY`. A fixed list, for statements that are run often."""
    return type_coerce(state, String).in_([as_constant(one) for one in ON_ITS_WAY])


# Offers lie above applications; that one was accepted is read by table.
_offer = table("offer", column("application_id", Integer()), column("state", String()))
#: Whether the candidate of the `Application` around it has accepted our offer.
HAS_SAID_YES = (
    exists()
    .where(_offer.c.application_id == Application.id)
    .where(_offer.c.state == literal_column("'accepted'", String))
    .correlate(Application)
)

_event = aliased(ApplicationEvent)
_delivery = aliased(Delivery)


def is_accepted() -> ColumnElement[bool]:
    """Of a joined event and delivery: the candidate may see it."""
    return or_(ApplicationEvent.delivery_id.is_(None), Delivery.state == DeliveryState.SENT)


def _shown_id(application_id: Any, around: Any) -> Any:
    return (
        select(func.max(_event.id))
        .outerjoin(_delivery, _delivery.id == _event.delivery_id)
        .where(_event.application_id == application_id)
        .where(or_(_event.delivery_id.is_(None), _delivery.state == DeliveryState.SENT))
        .correlate(around)
        .scalar_subquery()
    )


#: The id of the event that the candidate sees, of the `Application` around it, or of that of the `Shown` around it.
SHOWN_ID = _shown_id(Application.id, Application)
SHOWN_OF_EVENT = _shown_id(Shown.application_id, Shown)
_even_later = aliased(ApplicationEvent)


def with_people(statement: Any) -> Any:
    """From the applications, join the opening, the candidate with their address, and the owner."""
    return (
        statement.select_from(Application)
        .join(Opening, Opening.id == Application.opening_id)
        .join(Person, Person.id == Application.person_id)
        .join(Owner, Owner.id == Application.owner_id)
        .outerjoin(Address, (Address.person_id == Application.person_id) & Address.is_primary)
    )


def with_shown(statement: Any) -> Any:
    """Join what the candidate sees as `Shown`."""
    return statement.join(Shown, Shown.id == SHOWN_ID)


def with_later(statement: Any) -> Any:
    """Outer join the newest event that the candidate does not see (yet) as `Later`, its message as `LaterDelivery`."""
    is_newest = ~(
        exists()
        .where(_even_later.application_id == Later.application_id)
        .where(_even_later.id > Later.id)
        .correlate(Later)
    )
    later = (Later.application_id == Application.id) & (Later.id > Shown.id) & is_newest
    return statement.outerjoin(Later, later).outerjoin(LaterDelivery, LaterDelivery.id == Later.delivery_id)


@dataclass(frozen=True)
class StaffScope:
    """Who asks; hiring managers see applications of their own openings only."""

    person_id: int
    role: Role


def is_in_scope(person_id: int | BindParameter[int], role: Role) -> ColumnElement[bool]:
    """What a member of staff may see: hiring managers their own openings, the others everything; nobody their own.

    Whoever applied here and works here reads of their application as every candidate does.
    """
    is_of_another = Application.person_id != person_id
    if role in {Role.RECRUITER, Role.ADMIN}:
        return is_of_another
    return is_of_another & (Opening.hiring_manager_id == person_id)
