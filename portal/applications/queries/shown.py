"""Which event of an application the candidate sees, and which is the newest.

A candidate sees the newest event whose message was accepted by the mail server, or that needs none.
"""

from typing import Any

from sqlalchemy import BindParameter, ColumnElement, func, or_, select
from sqlalchemy.orm import aliased

from portal.applications.models import Application, ApplicationEvent
from portal.core.permissions import Role
from portal.openings.models import Opening
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.people.models import Person

Shown = aliased(ApplicationEvent, name="shown")
Newest = aliased(ApplicationEvent, name="newest")
NewestDelivery = aliased(Delivery, name="newest_delivery")
Owner = aliased(Person, name="owner")

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
_newest_event = aliased(ApplicationEvent)
_NEWEST_ID = (
    select(func.max(_newest_event.id))
    .where(_newest_event.application_id == Application.id)
    .correlate(Application)
    .scalar_subquery()
)


def with_shown(statement: Any) -> Any:
    """Join what the candidate sees as `Shown`."""
    return statement.join(Shown, Shown.id == SHOWN_ID)


def with_newest(statement: Any) -> Any:
    """Join the newest event as `Newest`, and how its message stands as `NewestDelivery`."""
    joined = statement.join(Newest, Newest.id == _NEWEST_ID)
    return joined.outerjoin(NewestDelivery, NewestDelivery.id == Newest.delivery_id)


def is_in_scope(person_id: int | BindParameter[int], role: Role) -> ColumnElement[bool]:
    """What a member of staff may see: hiring managers their own openings, the others everything."""
    if role in {Role.RECRUITER, Role.ADMIN}:
        return Application.id.is_not(None)
    return Opening.hiring_manager_id == person_id
