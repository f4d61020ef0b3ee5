"""Reading accounts, device sessions and tokens."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, func, or_, select

from portal.accounts.models import (
    Account,
    AddressRequest,
    DeviceSession,
    LeavingAddress,
    OneTimeToken,
    RecoveryCode,
    SecondFactor,
)
from portal.accounts.rules import Step, has_waited_too_long, is_live, is_silent, next_step
from portal.core.db import fetch, session
from portal.core.permissions import Role
from portal.core.settings import current_settings
from portal.core.tokens import TokenKind, session_hash, token_hash
from portal.people.models import Address, Person, Staff
from portal.people.queries import AbsenceRow, StaffRow, all_staff, away_on, find_staff


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
    #: Anything but IN: this browser is nobody until the second factor is given.
    step: Step


_IDENTITY = (
    select(
        DeviceSession.id,
        DeviceSession.account_id,
        DeviceSession.created_at,
        DeviceSession.expires_at,
        DeviceSession.ended_at,
        DeviceSession.last_seen_at,
        DeviceSession.second_factor_at,
        SecondFactor.trust_key,
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
    .outerjoin(SecondFactor, SecondFactor.person_id == Person.id)
    .where(DeviceSession.secret_hash == bindparam("secret_hash"))
)


def find_identity(secret: str, now: datetime) -> SignedIn | None:
    """Who is signed in with a device session's secret, in one statement; None when it has ended or run out.

    Its `step` says whether the second factor is still to be given.
    Staff who no longer work here are candidates like others.
    """
    row = fetch(_IDENTITY, {"secret_hash": session_hash(secret)}).one_or_none()
    if row is None:
        return None
    role = row.role if row.is_active else Role.CANDIDATE
    if not is_live(row.created_at, row.expires_at, row.ended_at, role, now) or is_silent(row.last_seen_at, role, now):
        return None
    step = next_step(
        role,
        has_factor=row.trust_key is not None,
        is_required=current_settings().is_production,
        is_given=row.second_factor_at is not None,
    )
    if step is not Step.IN and has_waited_too_long(row.created_at, now):
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
        step=step,
    )


@dataclass(frozen=True)
class FactorRow:
    """The second factor of a member of staff."""

    trust_key: str
    created_at: datetime
    codes_made_at: datetime
    codes_left: int


_CODES_LEFT = (
    select(func.count(RecoveryCode.id))
    .where(RecoveryCode.person_id == SecondFactor.person_id)
    .where(RecoveryCode.used_at.is_(None))
    .correlate(SecondFactor)
    .scalar_subquery()
)
_FACTOR = select(
    SecondFactor.trust_key, SecondFactor.created_at, SecondFactor.codes_made_at, _CODES_LEFT.label("codes_left")
).where(SecondFactor.person_id == bindparam("person_id"))


def second_factor_of(person_id: int) -> FactorRow | None:
    """The second factor of a person; None when none is set up."""
    row = fetch(_FACTOR, {"person_id": person_id}).one_or_none()
    return FactorRow(*row) if row else None


def open_recovery_codes(person_id: int) -> set[str]:
    """The hashes of the recovery codes that are still good."""
    return set(
        session().scalars(
            select(RecoveryCode.code_hash)
            .where(RecoveryCode.person_id == person_id)
            .where(RecoveryCode.used_at.is_(None))
        )
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


#: Who has not given their second factor is not signed in there.
_has_factor = (
    select(SecondFactor.person_id)
    .where(SecondFactor.person_id == DeviceSession.person_id)
    .correlate(DeviceSession)
    .exists()
)


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
        .where(or_(DeviceSession.second_factor_at.is_not(None), ~_has_factor))
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
    has_second_factor: bool
    #: Set while they are away.
    absence: AbsenceRow | None


def staff_list(today: date) -> list[StaffListRow]:
    """Everybody on the staff by name, those who left last; `today` decides who is away."""
    everybody, away = all_staff(), away_on(today)
    names = {row.person_id: row.name for row in everybody}
    claimed = set(session().scalars(select(Staff.person_id).join(Person).where(Person.claimed_at.is_not(None))))
    protected = set(session().scalars(select(SecondFactor.person_id)))
    rows = [
        StaffListRow(
            row,
            names.get(row.lead_id, "") if row.lead_id else "",
            row.person_id in claimed,
            row.person_id in protected,
            away.get(row.person_id) if row.is_active else None,
        )
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


def proven_address(person_id: int, now: datetime) -> AskedAddress | None:
    """The address that this person has confirmed and that belongs to another record, so that both can be joined."""
    statement = (
        _ASKED_ADDRESS.where(AddressRequest.person_id == person_id)
        .where(AddressRequest.proven_at.is_not(None))
        .order_by(AddressRequest.id.desc())
        .limit(1)
    )
    row = fetch(statement, {"now": now}).one_or_none()
    return AskedAddress(*row) if row else None
