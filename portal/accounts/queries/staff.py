"""Who works here, and with which address they come in."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from portal.accounts.models import SecondFactor
from portal.accounts.queries.addresses import own_addresses
from portal.core.db import session
from portal.people.models import Person, Staff
from portal.people.queries import AbsenceRow, StaffRow, all_staff, away_on, find_staff


@dataclass(frozen=True)
class StaffListRow:
    """A member of staff as the admin's list shows them."""

    staff: StaffRow
    lead_name: str
    #: And has accepted their invitation.
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
            row.person_id in claimed and not row.invited_email,
            row.person_id in protected,
            away.get(row.person_id) if row.is_active else None,
        )
        for row in everybody
    ]
    return sorted(rows, key=lambda row: not row.staff.is_active)


def find_staff_by_public_id(public_id: str) -> StaffRow | None:
    """The member of staff with this public id."""
    person_id = person_id_of(public_id)
    return find_staff(person_id) if person_id is not None else None


def person_id_of(public_id: str) -> int | None:
    """The person with this public id."""
    return session().scalar(select(Person.id).where(Person.public_id == public_id))


def leads_by_person() -> dict[int, int | None]:
    """Who reports to whom."""
    return {row.person_id: row.lead_id for row in all_staff()}


def entry_address(person_id: int) -> str:
    """The address of a member of staff by which they set their second factor up: the one they were invited with, even
    where it is not theirs any more, for then no other is good either. Who was never invited has the one we write to.
    """
    invited = session().scalar(select(Staff.invited_email).where(Staff.person_id == person_id))
    return invited or own_addresses(person_id)[0].email
