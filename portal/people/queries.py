"""Reading people and staff."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, bindparam, case, exists, func, select
from sqlalchemy.orm import aliased

from portal.audit.models import AuditRecord
from portal.core.db import fetch, session
from portal.core.permissions import Role
from portal.people.models import Address, Person, Staff, StaffAbsence, StaffPicture
from portal.people.rules import all_covered_by, sort_key


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
    #: The name of their picture in URLs; empty when they have none.
    picture_id: str = ""
    #: Where their invitation went, while they have not accepted it; empty for those who are here.
    invited_email: str = ""

    @property
    def is_here(self) -> bool:
        """Whether they work here and have accepted their invitation: only then are they given work or told of any."""
        return self.is_active and not self.invited_email


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


#: In no order: to have it in that of names, SQLite would begin with everybody's.
_STAFF = (
    select(
        Staff.person_id,
        Person.public_id,
        Person.name,
        # By an outer join: a condition on the address lets SQLite begin with everybody's.
        func.coalesce(Address.email, ""),
        Staff.role,
        Staff.introduction,
        Staff.is_active,
        Staff.lead_id,
        func.coalesce(StaffPicture.public_id, ""),
        case((Staff.invited_at.is_not(None), func.coalesce(Staff.invited_email, Address.email)), else_=""),
    )
    .join(Person, Person.id == Staff.person_id)
    .outerjoin(Address, and_(Address.person_id == Person.id, Address.is_primary))
    .outerjoin(StaffPicture, StaffPicture.person_id == Staff.person_id)
)


def all_staff() -> list[StaffRow]:
    """Everybody on the staff, by name; accents and letter case make no difference."""
    return sorted((StaffRow(*row) for row in fetch(_STAFF)), key=lambda row: (sort_key(row.name), row.person_id))


def active_staff() -> list[StaffRow]:
    """Everybody who works here now and has accepted their invitation, by name."""
    return [row for row in all_staff() if row.is_here]


def active_recruiters() -> list[StaffRow]:
    """Who can own applications, lead others and stand in for them: recruiters and admins who are here, by name."""
    return [row for row in active_staff() if row.role in {Role.RECRUITER, Role.ADMIN}]


def find_staff(person_id: int) -> StaffRow | None:
    """The member of staff who is this person."""
    row = fetch(_STAFF.where(Staff.person_id == person_id)).one_or_none()
    return StaffRow(*row) if row else None


def find_active_staff(public_id: str) -> StaffRow | None:
    """The member of staff with this public id, if they work here now."""
    row = fetch(_STAFF.where(Person.public_id == public_id).where(Staff.is_active)).one_or_none()
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


_HAS_SAID = select(
    exists()
    .where(AuditRecord.person_id == bindparam("person_id"))
    .where(AuditRecord.actor_id == bindparam("person_id"))
    .where(AuditRecord.action == "people.change_profile")
)


def has_said_profile(person_id: int) -> bool:
    """Whether a person has set name, language and time zone themselves, which is one form."""
    return bool(session().scalar(_HAS_SAID, {"person_id": person_id}))


def addresses_of(person_id: int) -> list[AddressRow]:
    """All addresses of a person, the one we write to first."""
    rows = fetch(
        select(Address.email, Address.is_primary, Address.confirmed_at)
        .where(Address.person_id == person_id)
        .order_by(Address.is_primary.desc(), Address.id)
    )
    return [AddressRow(*row) for row in rows]


_AWAY = (
    select(StaffAbsence.person_id, StaffAbsence.stand_in_id)
    .join(Staff, Staff.person_id == StaffAbsence.person_id)
    .where(Staff.is_active)
    .where(StaffAbsence.from_on <= bindparam("day"))
    .where(StaffAbsence.until_on >= bindparam("day"))
    .order_by(StaffAbsence.person_id)
)


def stands_in_for(person_id: int, day: date) -> list[int]:
    """The ids of those who are away on `day` and whose work this colleague looks after, in order.

    Whoever stands in and is away as well passes on what they stand in for.
    """
    away = {row.person_id: row.stand_in_id for row in fetch(_AWAY, {"day": day})}
    return all_covered_by(person_id, away)


@dataclass(frozen=True)
class Profile:
    """What candidates read of a member of staff; each part may be empty."""

    person_id: int
    public_id: str
    name: str
    introduction: str
    say_name: str
    school: str
    talks: str
    picture_id: str


_PROFILE = (
    select(
        Staff.person_id,
        Person.public_id,
        Person.name,
        Staff.introduction,
        Staff.say_name,
        Staff.school,
        Staff.talks,
        func.coalesce(StaffPicture.public_id, ""),
    )
    .join(Person, Person.id == Staff.person_id)
    .outerjoin(StaffPicture, StaffPicture.person_id == Staff.person_id)
)
_PROFILE_OF = _PROFILE.where(Staff.person_id == bindparam("person_id"))
_PROFILE_AT = _PROFILE.join(Address, Address.person_id == Person.id).where(Address.email == bindparam("email"))


def profile_of(person_id: int) -> Profile | None:
    """The profile of a member of staff; None for anybody else."""
    row = fetch(_PROFILE_OF, {"person_id": person_id}).one_or_none()
    return Profile(*row) if row else None


def profile_at(email: str) -> Profile | None:
    """The profile of the member of staff with this (normalised) address; None for anybody else."""
    row = fetch(_PROFILE_AT, {"email": email}).one_or_none()
    return Profile(*row) if row else None


@dataclass(frozen=True)
class Picture:
    """A picture as it is served."""

    content: bytes
    media_type: str


def find_picture(public_id: str) -> Picture | None:
    """The picture with this name in URLs, as long as whom it shows works here."""
    row = fetch(
        select(StaffPicture.content, StaffPicture.media_type)
        .join(Staff, Staff.person_id == StaffPicture.person_id)
        .where(StaffPicture.public_id == public_id)
        .where(Staff.is_active)
    ).one_or_none()
    return Picture(*row) if row else None


@dataclass(frozen=True)
class AbsenceRow:
    """Days on which a member of staff is away, both included, and who stands in."""

    public_id: str
    person_id: int
    from_on: date
    until_on: date
    stand_in_id: int
    stand_in_name: str


_stand_in = aliased(Person)
_ABSENCES = (
    select(
        StaffAbsence.public_id,
        StaffAbsence.person_id,
        StaffAbsence.from_on,
        StaffAbsence.until_on,
        StaffAbsence.stand_in_id,
        _stand_in.name,
    )
    .join(_stand_in, _stand_in.id == StaffAbsence.stand_in_id)
    .order_by(StaffAbsence.from_on, StaffAbsence.id)
)


def absences_of(person_id: int, today: date) -> list[AbsenceRow]:
    """When a member of staff is away, today or later, the next first."""
    rows = fetch(_ABSENCES.where(StaffAbsence.person_id == person_id).where(StaffAbsence.until_on >= today))
    return [AbsenceRow(*row) for row in rows]


def away_on(day: date) -> dict[int, AbsenceRow]:
    """Everybody who is away on `day`, by person."""
    rows = fetch(_ABSENCES.where(StaffAbsence.from_on <= day).where(StaffAbsence.until_on >= day))
    return {row.person_id: AbsenceRow(*row) for row in rows}
