"""Who is signed in where, how they came in, and what they sign in with."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, or_, select

from portal.accounts.models import Account, DeviceSession, RecoveryCode, SecondFactor
from portal.accounts.rules import Step, has_waited_too_long, is_live, is_silent, next_step
from portal.core.db import fetch, session
from portal.core.permissions import Role
from portal.core.settings import current_settings
from portal.core.tokens import session_hash
from portal.people.models import Address, Person, Staff


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
        Staff.invited_at,
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
    Staff who no longer work here, or have not accepted their invitation yet, are candidates like others.
    """
    row = fetch(_IDENTITY, {"secret_hash": session_hash(secret)}).one_or_none()
    if row is None:
        return None
    role = row.role if row.is_active and row.invited_at is None else Role.CANDIDATE
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
    codes_put_away_at: datetime | None
    codes_left: int


_CODES_LEFT = (
    select(func.count(RecoveryCode.id))
    .where(RecoveryCode.person_id == SecondFactor.person_id)
    .where(RecoveryCode.used_at.is_(None))
    .correlate(SecondFactor)
    .scalar_subquery()
)
_FACTOR = select(
    SecondFactor.trust_key,
    SecondFactor.created_at,
    SecondFactor.codes_made_at,
    SecondFactor.codes_put_away_at,
    _CODES_LEFT.label("codes_left"),
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
class Beginning:
    """When and how somebody came in on a device."""

    at: datetime
    is_by_mail: bool


def beginning_of(session_id: int) -> Beginning:
    """How a device session that is there began."""
    row = fetch(select(DeviceSession.created_at, DeviceSession.is_by_mail).where(DeviceSession.id == session_id)).one()
    return Beginning(*row)


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
