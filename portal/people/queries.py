"""Reading people and staff."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from portal.core.db import fetch, session
from portal.core.permissions import Role
from portal.people.models import Address, Person, Staff


@dataclass(frozen=True)
class Recipient:
    """Whom a message goes to."""

    person_id: int
    public_id: str
    name: str
    email: str
    locale: str
    timezone: str


@dataclass(frozen=True)
class StaffRow:
    """A member of staff, as lists and choices need them."""

    person_id: int
    public_id: str
    name: str
    email: str
    role: Role
    introduction: str
    is_active: bool
    lead_id: int | None


def find_by_email(email: str) -> Person | None:
    """The person with this (normalised) address, confirmed or not."""
    return session().scalar(select(Person).join(Address).where(Address.email == email))


def recipient(person_id: int) -> Recipient:
    """Name, primary address and language of a person; the person must exist and have an address."""
    row = fetch(
        select(Person.id, Person.public_id, Person.name, Address.email, Person.locale, Person.timezone)
        .join(Address)
        .where(Person.id == person_id)
        .order_by(Address.is_primary.desc(), Address.id)
        .limit(1)
    )
    return Recipient(*row.one())


_STAFF = (
    select(
        Staff.person_id,
        Person.public_id,
        Person.name,
        Address.email,
        Staff.role,
        Staff.introduction,
        Staff.is_active,
        Staff.lead_id,
    )
    .join(Person, Person.id == Staff.person_id)
    .join(Address, Address.person_id == Person.id)
    .where(Address.is_primary)
    .order_by(Person.name, Person.id)
)


def all_staff() -> list[StaffRow]:
    """Everybody on the staff, by name."""
    return [StaffRow(*row) for row in fetch(_STAFF)]


def active_recruiters() -> list[StaffRow]:
    """Who can own applications: active recruiters and admins, by name."""
    return [row for row in all_staff() if row.is_active and row.role in {Role.RECRUITER, Role.ADMIN}]


def find_staff(person_id: int) -> StaffRow | None:
    """The member of staff who is this person."""
    row = fetch(_STAFF.where(Staff.person_id == person_id)).one_or_none()
    return StaffRow(*row) if row else None


def find_staff_by_email(email: str) -> StaffRow | None:
    """The member of staff with this (normalised) primary address."""
    row = fetch(_STAFF.where(Address.email == email)).one_or_none()
    return StaffRow(*row) if row else None


def staff_name(person_id: int) -> str:
    """How candidates and colleagues read a member of staff; empty for somebody we do not know."""
    return session().scalar(select(Person.name).where(Person.id == person_id)) or ""


@dataclass(frozen=True)
class AddressRow:
    """One mail address of a person."""

    email: str
    is_primary: bool
    confirmed_at: datetime | None


@dataclass(frozen=True)
class KnownPerson:
    """Who an address belongs to, as far as writing to them needs it."""

    person_id: int
    public_id: str
    name: str
    locale: str
    timezone: str


_KNOWN = (
    select(Person.id, Person.public_id, Person.name, Person.locale, Person.timezone)
    .join(Address)
    .where(Address.email == bindparam("email"))
)


def known_person(email: str) -> KnownPerson | None:
    """Who has this (normalised) address, confirmed or not; one statement, rows only."""
    row = fetch(_KNOWN, {"email": email}).one_or_none()
    return KnownPerson(*row) if row else None


def addresses_of(person_id: int) -> list[AddressRow]:
    """All addresses of a person, the one we write to first."""
    rows = fetch(
        select(Address.email, Address.is_primary, Address.confirmed_at)
        .where(Address.person_id == person_id)
        .order_by(Address.is_primary.desc(), Address.id)
    )
    return [AddressRow(*row) for row in rows]
