"""Changes of many: what was to be done, how far each has come, and which are not finished."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, exists, func, select

from portal.applications.models import Application, ApplicationEvent, ChangeItem, ChangeOfMany
from portal.applications.states import ItemState, ManyKind
from portal.core.db import fetch, session
from portal.openings.models import Opening
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.people.models import Address, Person


@dataclass(frozen=True)
class ItemLine:
    """One application of a change of many."""

    id: int
    public_id: str
    label: str
    state: ItemState
    why: str
    event_id: str | None
    delivery_state: DeliveryState | None
    attempts: int | None
    goes_from: datetime | None

    @property
    def may_be_taken_back(self) -> bool:
        """Whether it was done and no mail server was given the mail that tells of it."""
        if self.state is not ItemState.DONE:
            return False
        return self.delivery_state is None or (self.delivery_state is DeliveryState.QUEUED and self.attempts == 0)


@dataclass(frozen=True)
class ChangeView:
    """A change of many, whole."""

    id: int
    public_id: str
    opening_public_id: str
    opening_title: str
    kind: ManyKind
    stage: str
    message: str
    next_update_by: date | None
    date_reason: str
    taken_back_at: datetime | None
    items: list[ItemLine]

    def having(self, state: ItemState) -> list[ItemLine]:
        """Those that have come so far."""
        return [item for item in self.items if item.state is state]

    @property
    def undoable(self) -> list[ItemLine]:
        """Those that can still be taken back."""
        return [item for item in self.items if item.may_be_taken_back]

    @property
    def told_count(self) -> int:
        """How many of them are told by a mail."""
        return sum(item.event_id is not None for item in self.items)

    @property
    def goes_at(self) -> datetime | None:
        """When the last mail goes that waits; None when none does."""
        return max((item.goes_from for item in self.undoable if item.goes_from is not None), default=None)


_CHANGE = (
    select(
        ChangeOfMany.id,
        ChangeOfMany.public_id,
        Opening.public_id,
        Opening.title,
        ChangeOfMany.kind,
        ChangeOfMany.stage,
        ChangeOfMany.message,
        ChangeOfMany.next_update_by,
        ChangeOfMany.date_reason,
        ChangeOfMany.taken_back_at,
    )
    .join(Opening, Opening.id == ChangeOfMany.opening_id)
    .where(ChangeOfMany.public_id == bindparam("public_id"))
    .where(ChangeOfMany.actor_id == bindparam("actor_id"))
)
_ITEMS = (
    select(
        ChangeItem.id,
        Application.public_id,
        func.coalesce(func.nullif(Person.name, ""), Address.email, ""),
        ChangeItem.state,
        ChangeItem.why,
        ApplicationEvent.public_id,
        Delivery.state,
        Delivery.attempts,
        Delivery.next_try_at,
    )
    .join(Application, Application.id == ChangeItem.application_id)
    .join(Person, Person.id == Application.person_id)
    .outerjoin(Address, (Address.person_id == Person.id) & Address.is_primary)
    .outerjoin(ApplicationEvent, ApplicationEvent.id == ChangeItem.event_id)
    .outerjoin(Delivery, Delivery.id == ApplicationEvent.delivery_id)
    .where(ChangeItem.change_id == bindparam("change_id"))
    .order_by(ChangeItem.id)
)
_UNFINISHED = (
    select(ChangeOfMany.id)
    .where(ChangeOfMany.taken_back_at.is_(None))
    .where(
        exists()
        .where(ChangeItem.change_id == ChangeOfMany.id)
        .where(ChangeItem.state == ItemState.WAITING)
        .correlate(ChangeOfMany)
    )
    .order_by(ChangeOfMany.id)
)


def find_change(public_id: str, actor_id: int) -> ChangeView | None:
    """The change of many with this public id, if this colleague made it."""
    row = fetch(_CHANGE, {"public_id": public_id, "actor_id": actor_id}).one_or_none()
    if row is None:
        return None
    items = [ItemLine(*item) for item in fetch(_ITEMS, {"change_id": row[0]})]
    return ChangeView(*[*row, items])


def unfinished_changes() -> list[int]:
    """Ids of changes of many that are not done with everybody, the oldest first."""
    return list(session().scalars(_UNFINISHED))
