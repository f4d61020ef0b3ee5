"""All that is held about one person, what would join it, and what a colleague looks after."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import BindParameter, bindparam, func, or_, select

from portal.accounts.queries import find_account, proven_address, staff_list
from portal.applications.models import Application
from portal.applications.queries import applications_of
from portal.ats.models import Import
from portal.ats.queries import UNFINISHED
from portal.ats.states import ImportState
from portal.core.db import fetch
from portal.core.i18n import gettext as _
from portal.core.permissions import Role
from portal.core.personal_data import ExportSection
from portal.openings.models import Opening
from portal.people.models import Staff, StaffAbsence
from portal.people.queries import StaffRow, find_staff, known_person
from portal.privacy.registry import AS_SHOWN
from portal.tasks.models import Task
from portal.tasks.states import OPEN_STATES


def held_about(person_id: int) -> list[ExportSection]:
    """Every section of every feature, in the order in which a person reads them."""
    return [section for holder in AS_SHOWN for section in holder.export(person_id)]


@dataclass(frozen=True)
class Joining:
    """What belongs to an address that a person has confirmed and that another record has."""

    email: str
    is_change: bool
    #: Titles of the openings that were applied to, as their candidate reads them.
    openings: list[str]
    has_account: bool
    #: It is a colleague's: their rights never come by an address alone.
    is_colleagues: bool


def what_would_join(person_id: int, now: datetime) -> Joining | None:
    """What joins the records of this person if they say so; None when no confirmed address waits for that."""
    asked = proven_address(person_id, now)
    if asked is None:
        return None
    other = known_person(asked.email)
    is_other = other is not None and other.person_id != person_id
    return Joining(
        email=asked.email,
        is_change=asked.is_change,
        openings=[card.opening_title for card in applications_of(other.person_id)] if other and is_other else [],
        has_account=is_other and find_account(asked.email) is not None,
        is_colleagues=other is not None and is_other and find_staff(other.person_id) is not None,
    )


@dataclass(frozen=True)
class LookedAfter:
    """How many of one kind a colleague looks after."""

    kind: str
    label: str
    count: int


_WITH_OWNER = (*UNFINISHED, ImportState.CHECKED, ImportState.FAILED)
_person: BindParameter[int] = bindparam("person_id")
_COUNTS = {
    "applications": select(func.count(Application.id)).where(Application.owner_id == _person),
    "openings": select(func.count(Opening.id)).where(Opening.recruiter_id == _person),
    "hiring": select(func.count(Opening.id)).where(Opening.hiring_manager_id == _person),
    "tasks": select(func.count(Task.id))
    .where(Task.state.in_(OPEN_STATES))
    .where(or_(Task.owner_id == _person, Task.escalated_to_id == _person)),
    "team": select(func.count(Staff.person_id)).where(Staff.lead_id == _person).where(Staff.is_active),
    "absences": select(func.count(StaffAbsence.id)).where(StaffAbsence.stand_in_id == _person),
}


def looked_after_by(person_id: int) -> list[LookedAfter]:
    """What a member of staff looks after, by kind; kinds of which there is nothing are left out."""
    counted = select(*(statement.scalar_subquery().label(kind) for kind, statement in _COUNTS.items()))
    row = fetch(counted, {"person_id": person_id}).one()
    counts = {**row._mapping, "imports": _imports_for(person_id)}
    words = {
        "applications": _("Applications"),
        "openings": _("Openings they recruit for"),
        "hiring": _("Openings they hire for"),
        "tasks": _("Open tasks"),
        "team": _("Colleagues who report to them"),
        "absences": _("Colleagues they stand in for"),
        "imports": _("Imports under way that give applications to them"),
    }
    return [LookedAfter(kind, words[kind], count) for kind, count in counts.items() if count]


def _imports_for(person_id: int) -> int:
    """Imports that are not done yet and are to give applications without a recruiter to this colleague."""
    waiting = fetch(select(Import.options).where(Import.state.in_(_WITH_OWNER)).order_by(Import.id))
    return sum(row.options.get("owner") == person_id for row in waiting)


def receivers_for(person_id: int, role: Role) -> list[StaffRow]:
    """Who can take over from a colleague: others who work here and have signed in, and may do as much."""
    found = [row.staff for row in staff_list(date.min) if row.staff.is_active and row.has_signed_in]
    any_role = role is Role.HIRING_MANAGER
    return [row for row in found if row.person_id != person_id and (any_role or row.role is not Role.HIRING_MANAGER)]
