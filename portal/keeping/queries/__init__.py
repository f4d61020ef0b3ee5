"""Copies and erasures that were asked for."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from portal.core.db import fetch
from portal.core.settings import current_settings
from portal.keeping.models import ErasureRequest, PersonalCopy
from portal.keeping.states import CopyState
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.people.models import Address, Person


@dataclass(frozen=True)
class CopyRow:
    """A copy somebody asked for, as they see it."""

    public_id: str
    person_id: int
    state: CopyState
    asked_at: datetime
    ready_at: datetime | None
    good_until: datetime | None
    size: int

    def can_be_fetched(self, now: datetime) -> bool:
        return self.state is CopyState.READY and self.good_until is not None and now < self.good_until

    def shown_state(self, now: datetime) -> CopyState:
        """Its state for people: one whose day is over has expired, whether or not a job has deleted it yet."""
        if self.state is CopyState.READY and not self.can_be_fetched(now):
            return CopyState.EXPIRED
        return self.state


_COPY = select(
    PersonalCopy.public_id,
    PersonalCopy.person_id,
    PersonalCopy.state,
    PersonalCopy.asked_at,
    PersonalCopy.ready_at,
    PersonalCopy.good_until,
    PersonalCopy.size,
)


def newest_copy(person_id: int) -> CopyRow | None:
    """The copy that a person asked for last."""
    row = fetch(_COPY.where(PersonalCopy.person_id == person_id).order_by(PersonalCopy.id.desc()).limit(1)).first()
    return CopyRow(*row) if row else None


def find_copy(person_id: int, public_id: str) -> CopyRow | None:
    """A copy of this person's own."""
    found = _COPY.where(PersonalCopy.person_id == person_id).where(PersonalCopy.public_id == public_id)
    row = fetch(found).one_or_none()
    return CopyRow(*row) if row else None


def copies_folder() -> Path:
    """Where copies lie: outside the web root, seen by every web machine and the worker."""
    return current_settings().data_dir / "copies"


def copy_path(public_id: str) -> Path:
    """Where the file of a copy lies, or will."""
    return copies_folder() / f"{public_id}.zip"


@dataclass(frozen=True)
class ErasureRow:
    """Somebody who is to be erased; `is_on_its_way`: their last mail still waits for the mail server."""

    person_id: int
    public_id: str
    asked_at: datetime
    is_on_its_way: bool
    email: str = ""
    asked_by: str = ""


_WAITING = (DeliveryState.QUEUED, DeliveryState.LEASED)


def erasures_asked_for() -> list[ErasureRow]:
    """Everybody who is to be erased, by when that was asked."""
    asker = aliased(Person)
    rows = fetch(
        select(
            ErasureRequest.person_id,
            Person.public_id,
            ErasureRequest.asked_at,
            func.coalesce(Delivery.state.in_(_WAITING), False),
            func.coalesce(Address.email, ""),
            func.coalesce(asker.name, ""),
        )
        .join(Person, Person.id == ErasureRequest.person_id)
        .outerjoin(Delivery, Delivery.id == ErasureRequest.delivery_id)
        .outerjoin(Address, (Address.person_id == Person.id) & Address.is_primary)
        .outerjoin(asker, asker.id == ErasureRequest.asked_by_id)
        .order_by(ErasureRequest.asked_at, ErasureRequest.person_id)
    )
    return [ErasureRow(row[0], row[1], row[2], bool(row[3]), row[4], row[5]) for row in rows]


def is_to_be_erased(person_id: int) -> bool:
    """Whether this person is to be erased as soon as their last mail has gone."""
    return bool(fetch(select(ErasureRequest.person_id).where(ErasureRequest.person_id == person_id)).first())


@dataclass(frozen=True)
class CopyAsked:
    """A copy that somebody asked for, for the list of an admin."""

    person_public_id: str
    email: str
    state: CopyState
    asked_at: datetime


def copies_asked_for(count: int) -> list[CopyAsked]:
    """The newest copies that were asked for, at most `count`."""
    rows = fetch(
        select(Person.public_id, func.coalesce(Address.email, ""), PersonalCopy.state, PersonalCopy.asked_at)
        .join(Person, Person.id == PersonalCopy.person_id)
        .outerjoin(Address, (Address.person_id == Person.id) & Address.is_primary)
        .order_by(PersonalCopy.id.desc())
        .limit(count)
    )
    return [CopyAsked(*row) for row in rows]
