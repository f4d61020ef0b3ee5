"""Reading who is a member, and what was typed at /join."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select

from portal.community.models import JoinRequest, Membership, PersonArea
from portal.core.db import fetch
from portal.outbox.models import Delivery
from portal.outbox.queries import is_waiting
from portal.people.models import Address


@dataclass(frozen=True)
class PendingConsent:
    """A box that was ticked at /join, with the words beside it."""

    purpose: str
    words: str
    text_version: str


@dataclass(frozen=True)
class JoinRequestRow:
    """What was typed at /join and waits for its address to be confirmed."""

    email: str
    name: str
    areas: tuple[str, ...]
    consents: tuple[PendingConsent, ...]
    created_at: datetime
    expires_at: datetime


_IS_MEMBER = (
    select(Membership.person_id)
    .where(Membership.person_id == bindparam("person_id"))
    .where(Membership.left_at.is_(None))
)
#: One row with no area for a member without any.
_AREAS_OF_MEMBER = (
    select(PersonArea.area)
    .select_from(Membership)
    .outerjoin(PersonArea, PersonArea.person_id == Membership.person_id)
    .where(Membership.person_id == bindparam("person_id"))
    .where(Membership.left_at.is_(None))
)
_MAIL_OF = select(func.count().filter(is_waiting()).label("waiting"), func.max(Delivery.sent_at).label("newest")).where(
    Delivery.cause == bindparam("cause")
)
_JOIN_REQUEST = select(
    JoinRequest.email,
    JoinRequest.name,
    JoinRequest.areas,
    JoinRequest.consents,
    JoinRequest.created_at,
    JoinRequest.expires_at,
)


def is_member(person_id: int) -> bool:
    """Whether a person has joined the community and not left."""
    return fetch(_IS_MEMBER, {"person_id": person_id}).one_or_none() is not None


def member_areas(person_id: int) -> frozenset[str] | None:
    """The areas of interest of a member, by key; None for who is not a member. One statement."""
    found = [area for (area,) in fetch(_AREAS_OF_MEMBER, {"person_id": person_id})]
    return frozenset(area for area in found if area) if found else None


def mail_of(cause: str) -> tuple[bool, datetime | None]:
    """Whether mail with this `cause` still waits to be sent, and when the newest that was sent went."""
    found = fetch(_MAIL_OF, {"cause": cause}).one()
    return bool(found.waiting), found.newest


def join_request_of(token_id: int) -> JoinRequestRow | None:
    """What waits for this confirmation token; only for whoever holds the token."""
    row = fetch(_JOIN_REQUEST.where(JoinRequest.token_id == token_id)).one_or_none()
    return _as_request(*row) if row else None


def join_requests_to(person_id: int) -> list[JoinRequestRow]:
    """What was typed at /join with one of this person's addresses and is not confirmed, oldest first."""
    rows = fetch(
        _JOIN_REQUEST.join(Address, Address.email == JoinRequest.email)
        .where(Address.person_id == person_id)
        .order_by(JoinRequest.id)
    )
    return [_as_request(*row) for row in rows]


def _as_request(
    email: str,
    name: str,
    areas: list[str],
    consents: list[dict[str, str]],
    created_at: datetime,
    expires_at: datetime,
) -> JoinRequestRow:
    boxes = tuple(PendingConsent(box["purpose"], box["words"], box["text_version"]) for box in consents)
    return JoinRequestRow(email, name, tuple(areas), boxes, created_at, expires_at)
