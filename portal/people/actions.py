"""Adding and changing people and staff; called by the features through which they come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from portal.audit.actions import record
from portal.company.queries import company_zone
from portal.core.db import transaction
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.identifiers import new_public_id
from portal.core.permissions import Role
from portal.people.models import Address, Person, Staff, StaffAbsence, StaffPicture
from portal.people.queries import has_said_profile
from portal.people.rules import AbsenceRefused, check_absence, clean_line, clean_lines, is_zone_assumed

#: How long it is remembered that a colleague was away.
_ABSENCES_KEPT = timedelta(days=92)


@dataclass(frozen=True)
class NewPerson:
    """Somebody whom an import brings; `email` is normalised, name and telephone may be empty."""

    email: str
    name: str
    phone: str


def add_person(name: str, email: str, locale: str, timezone: str, now: datetime, *, phone: str = "") -> Person:
    """A new person with one address that nobody has confirmed yet; part of the caller's transaction."""
    with transaction() as session:
        person = Person(
            public_id=new_public_id(), name=name, locale=locale, timezone=timezone, phone=phone, created_at=now
        )
        session.add(person)
        session.flush()
        session.add(Address(person_id=person.id, email=email, is_primary=True, created_at=now))
        session.flush()
        return person


def add_people_many(newcomers: Sequence[NewPerson], locale: str, timezone: str, now: datetime) -> dict[str, int]:
    """As `add_person` for many at once; their ids by address; part of the caller's transaction.

    Addresses must differ and be new, else the database refuses all of them.
    """
    if not newcomers:
        return {}
    with transaction() as session:
        common = {"locale": locale, "timezone": timezone, "created_at": now}
        rows = [{"public_id": new_public_id(), "name": one.name, "phone": one.phone, **common} for one in newcomers]
        session.execute(insert(Person), rows)
        # Asked for afterwards: RETURNING in the order of the rows would insert them one by one on SQLite.
        found = session.execute(
            select(Person.public_id, Person.id).where(Person.public_id.in_([row["public_id"] for row in rows]))
        )
        by_public_id: dict[object, int] = {public_id: person_id for public_id, person_id in found}
        ids = {one.email: by_public_id[row["public_id"]] for one, row in zip(newcomers, rows, strict=True)}
        session.execute(
            insert(Address),
            [
                {"person_id": person_id, "email": email, "is_primary": True, "created_at": now}
                for email, person_id in ids.items()
            ],
        )
        return ids


def correct_unclaimed(person_id: int, *, name: str, phone: str) -> None:
    """Take over what an import says of somebody who has not confirmed an address yet; empty means no news.

    What a claimed person says of themselves is left alone. Part of the caller's transaction.
    """
    with transaction() as session:
        person = session.get_one(Person, person_id, with_for_update=True)
        if person.claimed_at is not None:
            return
        person.name = name or person.name
        person.phone = phone or person.phone


def add_staff(person_id: int, role: Role, lead_id: int | None, now: datetime, *, introduction: str = "") -> None:
    """Make a person a member of staff, who is here at once unless `note_invitation` follows; part of the caller's
    transaction.
    """
    with transaction() as session:
        session.add(
            Staff(
                person_id=person_id,
                role=role,
                lead_id=lead_id,
                is_active=True,
                introduction=introduction,
                created_at=now,
            )
        )
        session.flush()


@dataclass(frozen=True)
class ClaimedAddress:
    """An address that its owner has just confirmed."""

    person_id: int
    public_id: str
    address_id: int


def claim_address(email: str, *, name: str, locale: str, timezone: str, now: datetime) -> ClaimedAddress:
    """Note that whoever reads `email` is here: the person is made when unknown, else claimed.

    An empty name is filled in; a name that is there stays. Part of the caller's transaction.
    """
    with transaction() as session:
        address = _address_for_update(email)
        if address is None:
            try:
                with session.begin_nested():
                    add_person(name, email, locale, timezone, now)
            except IntegrityError:
                pass  # another request has just added the same address: it is claimed below
            address = _address_for_update(email)
        if address is None:
            raise NotFound
        person = session.get_one(Person, address.person_id, with_for_update=True)
        if address.confirmed_at is None:
            address.confirmed_at = now
        if person.claimed_at is None:
            person.claimed_at = now
            record(
                "people.claim_address", f"person:{person.public_id}", actor_id=person.id, now=now, person_id=person.id
            )
        if not person.name:
            person.name = name
        session.flush()
        return ClaimedAddress(person.id, person.public_id, address.id)


def _address_for_update(email: str) -> Address | None:
    with transaction() as session:
        return session.scalar(select(Address).where(Address.email == email).with_for_update())


def change_profile(
    person_id: int, *, name: str, locale: str, timezone: str, actor_id: int | None, now: datetime
) -> None:
    """Change how a person is called, their language and their IANA time zone; recorded when something changed."""
    with transaction() as session:
        person = session.get(Person, person_id, with_for_update=True)
        if person is None:
            raise NotFound
        if (person.name, person.locale, person.timezone) == (name, locale, timezone):
            return
        person.name, person.locale, person.timezone = name, locale, timezone
        record("people.change_profile", f"person:{person.public_id}", actor_id=actor_id, now=now, person_id=person_id)


def take_browser_zone(person_id: int, zone: str, now: datetime) -> bool:
    """Let somebody read on the clock of their browser, the IANA `zone`, where nobody has said another; whether it was.

    Staff choose theirs: the times that they propose are read on it. Recorded; part of the caller's transaction.
    """
    with transaction() as session:
        person = session.get(Person, person_id, with_for_update=True)
        if person is None or person.timezone == zone:
            return False
        staff = session.get(Staff, person_id)
        if not is_zone_assumed(person.timezone, company_zone(), has_said=has_said_profile(person_id)):
            return False
        if staff is not None and staff.is_active:
            return False
        person.timezone = zone
        record("people.take_browser_zone", f"person:{person.public_id}", actor_id=None, now=now, person_id=person_id)
        return True


def change_staff(person_id: int, *, role: Role, lead_id: int | None, is_active: bool) -> None:
    """Set role, lead and whether a member of staff works here; part of the caller's transaction, who records it."""
    with transaction() as session:
        staff = session.get(Staff, person_id, with_for_update=True)
        if staff is None:
            raise NotFound
        staff.role, staff.lead_id, staff.is_active = role, lead_id, is_active
        session.flush()


def note_invitation(person_id: int, email: str, now: datetime) -> None:
    """A member of staff was invited by this address and has no access before they accept. Part of the caller's
    transaction, as is the next.
    """
    with transaction():
        staff = _active_staff(person_id)
        staff.invited_email, staff.invited_at = email, now


def note_acceptance(person_id: int) -> None:
    """Whoever was invited is here now. Raises NotFound."""
    with transaction():
        _active_staff(person_id).invited_at = None


@dataclass(frozen=True)
class ProfileWords:
    """What a member of staff says of themselves to candidates; each part may be empty, talks are one a line."""

    introduction: str
    say_name: str
    school: str
    talks: str


def change_words(person_id: int, words: ProfileWords, actor_id: int, now: datetime) -> None:
    """Set what candidates read about a member of staff; recorded when something changed. Raises NotFound."""
    wanted = {
        "introduction": clean_line(words.introduction),
        "say_name": clean_line(words.say_name),
        "school": clean_line(words.school),
        "talks": clean_lines(words.talks),
    }
    with transaction():
        staff = _active_staff(person_id)
        changed = [name for name, text in wanted.items() if getattr(staff, name) != text]
        for name in changed:
            setattr(staff, name, wanted[name])
        if changed:
            _record("people.change_words", person_id, actor_id, now, names=", ".join(changed))


def set_picture(person_id: int, content: bytes, media_type: str, actor_id: int, now: datetime) -> None:
    """Give a member of staff a picture that `adapters.read_picture` has made; the one before goes. Recorded."""
    with transaction() as session:
        _active_staff(person_id)
        session.execute(delete(StaffPicture).where(StaffPicture.person_id == person_id))
        session.add(
            StaffPicture(
                person_id=person_id,
                public_id=new_public_id(),
                content=content,
                media_type=media_type,
                created_at=now,
            )
        )
        _record("people.set_picture", person_id, actor_id, now)


def remove_picture(person_id: int, actor_id: int, now: datetime) -> None:
    """Take the picture of a member of staff away; harmless when there is none. Recorded."""
    with transaction() as session:
        _active_staff(person_id)
        if session.get(StaffPicture, person_id) is not None:
            session.execute(delete(StaffPicture).where(StaffPicture.person_id == person_id))
            _record("people.remove_picture", person_id, actor_id, now)


def note_absence(
    person_id: int, stand_in_id: int, from_on: date, until_on: date, *, actor_id: int, today: date, now: datetime
) -> None:
    """Note that a member of staff is away from one day until another, both included, and who stands in. Recorded.

    Raises AbsenceRefused, NotFound.
    """
    with transaction() as session:
        for one in sorted({person_id, stand_in_id}):
            session.get(Staff, one, with_for_update=True)
        _active_staff(person_id)
        stand_in = session.get(Staff, stand_in_id)
        # A hiring manager sees only what belongs to their own openings; who was only invited sees nothing yet.
        is_here = stand_in is not None and stand_in.is_active and stand_in.invited_at is None
        if stand_in is None or not is_here or stand_in.role is Role.HIRING_MANAGER:
            raise AbsenceRefused(_("Please choose a recruiter or an admin who works here."))
        check_absence(person_id, stand_in_id, from_on, until_on, today, _away_between(from_on, until_on))
        session.add(
            StaffAbsence(
                public_id=new_public_id(),
                person_id=person_id,
                stand_in_id=stand_in_id,
                from_on=from_on,
                until_on=until_on,
                created_at=now,
            )
        )
        facts = {"from_on": from_on.isoformat(), "until_on": until_on.isoformat()}
        _record("people.note_absence", person_id, actor_id, now, **facts)


def _away_between(from_on: date, until_on: date) -> dict[int, set[int]]:
    with transaction() as session:
        rows = session.execute(
            select(StaffAbsence.person_id, StaffAbsence.stand_in_id)
            .join(Staff, Staff.person_id == StaffAbsence.person_id)
            .where(Staff.is_active)
            .where(StaffAbsence.from_on <= until_on)
            .where(StaffAbsence.until_on >= from_on)
            .order_by(StaffAbsence.id)
        )
        away: dict[int, set[int]] = {}
        for row in rows:
            away.setdefault(row.person_id, set()).add(row.stand_in_id)
        return away


def remove_absence(public_id: str, person_id: int, actor_id: int, now: datetime) -> None:
    """Strike out one absence of this member of staff. Recorded. Raises NotFound when it is not theirs."""
    with transaction() as session:
        row = session.scalar(
            select(StaffAbsence)
            .where(StaffAbsence.public_id == public_id)
            .where(StaffAbsence.person_id == person_id)
            .with_for_update()
        )
        if row is None:
            raise NotFound
        session.delete(row)
        _record("people.remove_absence", person_id, actor_id, now)


def forget_old_absences(now: datetime) -> None:
    """Delete absences that ended three months ago."""
    with transaction() as session:
        session.execute(delete(StaffAbsence).where(StaffAbsence.until_on < (now - _ABSENCES_KEPT).date()))


def take_off_staff(person_id: int) -> None:
    """Somebody no longer works here: no access, nobody's lead or stand-in, no picture. Part of the caller's
    transaction, who records it and has handed over what they looked after.
    """
    with transaction() as session:
        staff = session.get(Staff, person_id, with_for_update=True)
        if staff is None:
            raise NotFound
        staff.is_active, staff.lead_id = False, None
        staff.invited_email, staff.invited_at = None, None
        session.execute(delete(StaffPicture).where(StaffPicture.person_id == person_id))
        session.execute(delete(StaffAbsence).where(StaffAbsence.person_id == person_id))
        session.flush()


def _active_staff(person_id: int) -> Staff:
    with transaction() as session:
        staff = session.get(Staff, person_id, with_for_update=True)
        if staff is None or not staff.is_active:
            raise NotFound
        return staff


def _record(action: str, person_id: int, actor_id: int, now: datetime, **details: str | int | bool | None) -> None:
    with transaction() as session:
        person = session.get_one(Person, person_id)
        record(action, f"person:{person.public_id}", actor_id=actor_id, now=now, person_id=person_id, **details)
