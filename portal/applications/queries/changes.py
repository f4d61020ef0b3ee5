"""Changes of many: what was to be done, how far each has come, which are not finished, and which are on their way."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Integer,
    String,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import aliased

from portal.applications.models import (
    Application,
    ApplicationEvent,
    ChangeItem,
    ChangeOfMany,
    EndingLetter,
    EndingRound,
)
from portal.applications.queries.shown import ON_ITS_WAY
from portal.applications.states import ItemState, ManyKind
from portal.core.db import UTCDateTime, fetch, session
from portal.openings.models import Opening
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.people.models import Address, Person

#: What endings of many are called beside the kinds of changes.
ENDING: Final = "end"
#: How long what has gone can still be found.
_FOUND_FOR: Final = timedelta(hours=24)
#: Longer than a letter waits for office hours, over any row of holidays.
_WAITS_AT_MOST: Final = timedelta(days=8)


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
    #: Empty where they are in several openings.
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
    def sent_count(self) -> int:
        """How many the mail server has accepted."""
        return sum(item.delivery_state is DeliveryState.SENT for item in self.items)

    @property
    def lost_count(self) -> int:
        """How many never reach anybody."""
        return sum(item.delivery_state in {DeliveryState.DEAD, DeliveryState.CANCELLED} for item in self.items)

    @property
    def coming_count(self) -> int:
        """How many mails no mail server has accepted yet."""
        return sum(item.delivery_state in ON_ITS_WAY for item in self.items)

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
        func.coalesce(Opening.public_id, ""),
        func.coalesce(Opening.title, ""),
        ChangeOfMany.kind,
        ChangeOfMany.stage,
        ChangeOfMany.message,
        ChangeOfMany.next_update_by,
        ChangeOfMany.date_reason,
        ChangeOfMany.taken_back_at,
    )
    .outerjoin(Opening, Opening.id == ChangeOfMany.opening_id)
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


class OwnAction(NamedTuple):
    """What a colleague did to many at once, and how far it has come."""

    public_id: str
    #: A ManyKind, or ENDING.
    kind: str
    #: The stage they moved to, or the status that ends it; may be empty.
    what: str
    #: Empty where they are in several openings.
    opening_public_id: str
    opening_title: str
    created_at: datetime
    #: How many it was done to or is to be; of them, how many wait for their turn, and how many were taken back.
    total: int
    waiting_count: int
    back_count: int
    #: How many can still be taken back, those that wait for their turn left out.
    undoable_count: int
    #: When the last of its mails goes; None when none of them waits.
    goes_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether there is something left to do or to take back."""
        return bool(self.waiting_count or self.undoable_count)

    @property
    def is_taken_back(self) -> bool:
        """Whether all of it was."""
        return self.back_count == self.total


def own_actions(actor_id: int, now: datetime, opening_id: int | None = None) -> list[OwnAction]:
    """What a colleague did to many in the last 24 hours, or before that and it has not gone yet, the newest first.

    `opening_id`: only what concerns somebody in this opening. What concerns nobody, because all were left out, is none.
    """
    values = {"actor_id": actor_id, "since": now - _WAITS_AT_MOST, "opening_id": opening_id}
    found = [OwnAction._make(row) for row in fetch(_own_actions(opening_id is not None), values)]
    since = now - _FOUND_FOR
    return [one for one in found if one.total and (one.created_at >= since or one.waiting_count or one.goes_at)]


def has_acted() -> ColumnElement[bool]:
    """Whether `:actor_id` did anything to many that may still be on its way, since `:acted_since`."""
    actor, since = bindparam("actor_id", type_=Integer), bindparam("acted_since", type_=UTCDateTime())
    changed = exists().where(ChangeOfMany.actor_id == actor).where(ChangeOfMany.created_at >= since)
    return changed | exists().where(EndingRound.actor_id == actor).where(EndingRound.created_at >= since)


def acted_since(now: datetime) -> datetime:
    """The oldest moment of which something may still be on its way."""
    return now - _WAITS_AT_MOST


@cache
def _own_actions(is_of_one_opening: bool) -> Any:
    """Built once: building it costs as much as running it."""
    changes, endings = _own_changes(), _own_endings()
    if is_of_one_opening:
        opening_id = bindparam("opening_id", type_=Integer)
        item, application = aliased(ChangeItem), aliased(Application)
        is_among = (
            exists()
            .where(item.change_id == ChangeOfMany.id)
            .where(application.id == item.application_id)
            .where(application.opening_id == opening_id)
            .correlate(ChangeOfMany)
        )
        is_in_several = ChangeOfMany.opening_id.is_(None)
        changes = changes.where(or_(ChangeOfMany.opening_id == opening_id, is_in_several & is_among))
        endings = endings.where(EndingRound.opening_id == opening_id)
    found = union_all(changes, endings).subquery()
    return select(found).order_by(found.c.created_at.desc(), found.c.public_id)


def _own_changes() -> Any:
    waits = (Delivery.state == DeliveryState.QUEUED) & (Delivery.attempts == 0)
    is_done = ChangeItem.state == ItemState.DONE
    counted = func.count(ChangeItem.id)
    return (
        select(
            ChangeOfMany.public_id,
            type_coerce(ChangeOfMany.kind, String).label("kind"),
            ChangeOfMany.stage.label("what"),
            func.coalesce(Opening.public_id, "").label("opening_public_id"),
            func.coalesce(Opening.title, "").label("opening_title"),
            ChangeOfMany.created_at,
            counted.filter(ChangeItem.state != ItemState.LEFT_OUT).label("total"),
            counted.filter(ChangeItem.state == ItemState.WAITING).label("waiting_count"),
            counted.filter(ChangeItem.state == ItemState.TAKEN_BACK).label("back_count"),
            counted.filter(is_done & (Delivery.id.is_(None) | waits)).label("undoable_count"),
            func.max(Delivery.next_try_at, type_=UTCDateTime()).filter(is_done & waits).label("goes_at"),
        )
        .join(ChangeItem, ChangeItem.change_id == ChangeOfMany.id)
        .outerjoin(Opening, Opening.id == ChangeOfMany.opening_id)
        .outerjoin(ApplicationEvent, ApplicationEvent.id == ChangeItem.event_id)
        .outerjoin(Delivery, Delivery.id == ApplicationEvent.delivery_id)
        .where(ChangeOfMany.actor_id == bindparam("actor_id", type_=Integer))
        .where(ChangeOfMany.created_at >= bindparam("since", type_=UTCDateTime()))
        .group_by(ChangeOfMany.id, Opening.id)
    )


def _own_endings() -> Any:
    """A letter does not know its event: what the same colleague wrote to end the same application since is meant."""
    waits = (Delivery.state == DeliveryState.QUEUED) & (Delivery.attempts == 0)
    counted = func.count(EndingLetter.id.distinct())
    return (
        select(
            EndingRound.public_id,
            literal(ENDING).label("kind"),
            type_coerce(EndingRound.outcome, String).label("what"),
            Opening.public_id.label("opening_public_id"),
            Opening.title.label("opening_title"),
            EndingRound.created_at,
            counted.filter(EndingLetter.state != ItemState.LEFT_OUT).label("total"),
            counted.filter(EndingLetter.state == ItemState.WAITING).label("waiting_count"),
            counted.filter(EndingLetter.state == ItemState.TAKEN_BACK).label("back_count"),
            counted.filter((EndingLetter.state == ItemState.DONE) & waits).label("undoable_count"),
            func.max(Delivery.next_try_at, type_=UTCDateTime()).filter(waits).label("goes_at"),
        )
        .join(Opening, Opening.id == EndingRound.opening_id)
        .join(EndingLetter, EndingLetter.round_id == EndingRound.id)
        .outerjoin(
            ApplicationEvent,
            (ApplicationEvent.application_id == EndingLetter.application_id)
            & (ApplicationEvent.status == EndingRound.outcome)
            & (ApplicationEvent.actor_id == EndingRound.actor_id)
            & (ApplicationEvent.created_at >= EndingRound.created_at)
            & (EndingLetter.state == ItemState.DONE),
        )
        .outerjoin(Delivery, Delivery.id == ApplicationEvent.delivery_id)
        .where(EndingRound.actor_id == bindparam("actor_id", type_=Integer))
        .where(EndingRound.created_at >= bindparam("since", type_=UTCDateTime()))
        .group_by(EndingRound.id, Opening.id)
    )
