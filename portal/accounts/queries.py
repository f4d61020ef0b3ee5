"""Reading accounts, device sessions and tokens."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from portal.accounts.models import Account, DeviceSession, OneTimeToken
from portal.accounts.rules import is_live, is_silent
from portal.core.db import fetch, session
from portal.core.permissions import Role
from portal.core.tokens import TokenKind, session_hash, token_hash
from portal.people.models import Address, Person, Staff
from portal.people.queries import StaffRow, all_staff, find_staff


@dataclass(frozen=True)
class SignedIn:
    """Whom a device session stands for; the web makes its Identity of it."""

    session_id: int
    account_id: int
    person_id: int
    public_id: str
    name: str
    email: str
    role: Role
    locale: str
    timezone: str
    last_seen_at: datetime


_IDENTITY = (
    select(
        DeviceSession.id,
        DeviceSession.account_id,
        DeviceSession.created_at,
        DeviceSession.expires_at,
        DeviceSession.ended_at,
        DeviceSession.last_seen_at,
        Person.id.label("person_id"),
        Person.public_id,
        Person.name,
        Person.locale,
        Person.timezone,
        Address.email,
        Staff.role,
        Staff.is_active,
    )
    .join(Account, Account.id == DeviceSession.account_id)
    .join(Address, Address.id == Account.address_id)
    .join(Person, Person.id == DeviceSession.person_id)
    .outerjoin(Staff, Staff.person_id == Person.id)
    .where(DeviceSession.secret_hash == bindparam("secret_hash"))
)


def find_identity(secret: str, now: datetime) -> SignedIn | None:
    """Who is signed in with a device session's secret, in one statement; None when it has ended or run out.

    Staff who no longer work here are candidates like others.
    """
    row = fetch(_IDENTITY, {"secret_hash": session_hash(secret)}).one_or_none()
    if row is None:
        return None
    role = row.role if row.is_active else Role.CANDIDATE
    if not is_live(row.created_at, row.expires_at, row.ended_at, role, now) or is_silent(row.last_seen_at, role, now):
        return None
    return SignedIn(
        session_id=row.id,
        account_id=row.account_id,
        person_id=row.person_id,
        public_id=row.public_id,
        name=row.name,
        email=row.email,
        role=role,
        locale=row.locale,
        timezone=row.timezone,
        last_seen_at=row.last_seen_at,
    )


@dataclass(frozen=True)
class AccountRow:
    """A way to sign in."""

    account_id: int
    person_id: int
    email: str
    password_hash: str | None


_ACCOUNT = select(Account.id, Account.person_id, Address.email, Account.password_hash).join(
    Address, Address.id == Account.address_id
)
_ACCOUNT_BY_EMAIL = _ACCOUNT.where(Address.email == bindparam("email"))
_ACCOUNT_OF_SESSION = _ACCOUNT.join(DeviceSession, DeviceSession.account_id == Account.id).where(
    DeviceSession.id == bindparam("session_id")
)


def find_account(email: str) -> AccountRow | None:
    """The account with this (normalised) address."""
    row = fetch(_ACCOUNT_BY_EMAIL, {"email": email}).one_or_none()
    return AccountRow(*row) if row else None


def account_of_session(session_id: int) -> AccountRow | None:
    """The account that a device session signed in to."""
    row = fetch(_ACCOUNT_OF_SESSION, {"session_id": session_id}).one_or_none()
    return AccountRow(*row) if row else None


@dataclass(frozen=True)
class DeviceRow:
    """A browser that is signed in."""

    session_id: int
    public_id: str
    device: str
    created_at: datetime
    last_seen_at: datetime


def devices_of(person_id: int, now: datetime) -> list[DeviceRow]:
    """Every browser in which this person is signed in, the one used last first."""
    rows = fetch(
        select(
            DeviceSession.id,
            DeviceSession.public_id,
            DeviceSession.device,
            DeviceSession.created_at,
            DeviceSession.last_seen_at,
        )
        .where(DeviceSession.person_id == person_id)
        .where(DeviceSession.ended_at.is_(None))
        .where(DeviceSession.expires_at > now)
        .order_by(DeviceSession.last_seen_at.desc(), DeviceSession.id.desc())
    )
    return [DeviceRow(*row) for row in rows]


@dataclass(frozen=True)
class TokenRow:
    """What a token that works is for."""

    id: int
    subject: str
    person_id: int | None


def find_token(kind: TokenKind, token: str, now: datetime) -> TokenRow | None:
    """Look at a token without using it up: for GET pages and for kinds that work many times."""
    digest = token_hash(token, kind)
    if digest is None:
        return None
    row = fetch(
        select(OneTimeToken.id, OneTimeToken.subject, OneTimeToken.person_id)
        .where(OneTimeToken.kind == kind)
        .where(OneTimeToken.token_hash == digest)
        .where(OneTimeToken.used_at.is_(None))
        .where(OneTimeToken.voided_at.is_(None))
        .where(OneTimeToken.expires_at > now)
    )
    found = row.one_or_none()
    return TokenRow(*found) if found else None


def find_old_token(kind: TokenKind, token: str) -> TokenRow | None:
    """What a token was for that was good once, so that a page can offer a fresh mail to the same person."""
    digest = token_hash(token, kind)
    if digest is None:
        return None
    row = fetch(
        select(OneTimeToken.id, OneTimeToken.subject, OneTimeToken.person_id)
        .where(OneTimeToken.kind == kind)
        .where(OneTimeToken.token_hash == digest)
        .where(OneTimeToken.voided_at.is_(None))
    )
    found = row.one_or_none()
    return TokenRow(*found) if found else None


@dataclass(frozen=True)
class StaffListRow:
    """A member of staff as the admin's list shows them."""

    staff: StaffRow
    lead_name: str
    has_signed_in: bool


def staff_list() -> list[StaffListRow]:
    """Everybody on the staff by name, those who left last."""
    everybody = all_staff()
    names = {row.person_id: row.name for row in everybody}
    claimed = set(session().scalars(select(Staff.person_id).join(Person).where(Person.claimed_at.is_not(None))))
    rows = [
        StaffListRow(row, names.get(row.lead_id, "") if row.lead_id else "", row.person_id in claimed)
        for row in everybody
    ]
    return sorted(rows, key=lambda row: not row.staff.is_active)


def find_staff_by_public_id(public_id: str) -> StaffRow | None:
    """The member of staff with this public id."""
    person_id = session().scalar(select(Person.id).where(Person.public_id == public_id))
    return find_staff(person_id) if person_id is not None else None


def leads_by_person() -> dict[int, int | None]:
    """Who reports to whom."""
    return {row.person_id: row.lead_id for row in all_staff()}
