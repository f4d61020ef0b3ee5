"""One's own addresses, and those that were asked for."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from portal.accounts.models import AddressRequest, LeavingAddress
from portal.core.db import fetch
from portal.people.models import Address


@dataclass(frozen=True)
class OwnAddress:
    """An address of somebody, as their account page shows it; `leaves_at` when it goes."""

    email: str
    is_primary: bool
    confirmed_at: datetime | None
    leaves_at: datetime | None

    @property
    def may_be_written_to(self) -> bool:
        """Whether it can become the one we write to."""
        return self.confirmed_at is not None and not self.is_primary


def own_addresses(person_id: int) -> list[OwnAddress]:
    """All addresses of a person, the one we write to first."""
    rows = fetch(
        select(Address.email, Address.is_primary, Address.confirmed_at, LeavingAddress.leaves_at)
        .outerjoin(LeavingAddress, LeavingAddress.address_id == Address.id)
        .where(Address.person_id == person_id)
        .order_by(Address.is_primary.desc(), Address.id)
    )
    return [OwnAddress(*row) for row in rows]


@dataclass(frozen=True)
class AskedAddress:
    """An address that somebody asked to have, confirmed or not."""

    request_id: int
    person_id: int
    email: str
    is_change: bool


_ASKED_ADDRESS = select(
    AddressRequest.id, AddressRequest.person_id, AddressRequest.email, AddressRequest.is_change
).where(AddressRequest.expires_at > bindparam("now"))


def asked_address(token_id: int, now: datetime) -> AskedAddress | None:
    """What waits for this confirmation token; only for whoever holds the token."""
    statement = _ASKED_ADDRESS.where(AddressRequest.token_id == token_id).where(AddressRequest.proven_at.is_(None))
    row = fetch(statement, {"now": now}).one_or_none()
    return AskedAddress(*row) if row else None


def proven_addresses(person_id: int, now: datetime) -> list[AskedAddress]:
    """The addresses of other records that this person has confirmed lately, and can join; the newest first."""
    statement = (
        _ASKED_ADDRESS.where(AddressRequest.person_id == person_id)
        .where(AddressRequest.proven_at.is_not(None))
        .order_by(AddressRequest.id.desc())
    )
    return [AskedAddress(*row) for row in fetch(statement, {"now": now})]


def unproven_addresses(person_id: int, proven: Collection[str]) -> list[str]:
    """Of a record, the addresses that somebody must confirm besides those `proven` to join it to theirs.

    Each that its owner has confirmed or that we write to; so nobody joins a record by one address of several.
    """
    own = [one for one in own_addresses(person_id) if one.confirmed_at is not None or one.is_primary]
    return [one.email for one in own if one.email not in proven]
