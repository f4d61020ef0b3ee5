"""All that is held about one person, what would join it, and what a colleague looks after."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import BindParameter, bindparam, func, or_, select

from portal.accounts.queries import find_account, proven_addresses, staff_list, unproven_addresses
from portal.applications.models import Application
from portal.applications.queries import applications_of
from portal.ats.models import Import
from portal.ats.queries import UNFINISHED
from portal.ats.states import ImportState
from portal.audit.models import AuditRecord
from portal.core.db import fetch
from portal.core.i18n import gettext as _
from portal.core.permissions import Role
from portal.core.personal_data import ExportSection
from portal.interviews.models import Interview
from portal.interviews.queries.panel import takes_part
from portal.interviews.states import OPEN_INTERVIEWS
from portal.openings.models import Opening
from portal.people.models import Person, Staff, StaffAbsence
from portal.people.queries import StaffRow, find_staff, known_person
from portal.privacy.registry import AS_SHOWN
from portal.tasks.models import Task
from portal.tasks.states import OPEN_STATES, PRIVATE


def held_about(person_id: int) -> list[ExportSection]:
    """Every section of every feature, in the order in which a person reads them."""
    return [section for holder in AS_SHOWN for section in holder.export(person_id)]


@dataclass(frozen=True)
class Joining:
    """What belongs to an address that a person has confirmed and that another record has.

    Whoever reads that address could sign in with it and read all of this anyway.
    """

    email: str
    is_change: bool
    #: How the other record calls its person; empty when it does not say, or says the same as the one that asks.
    other_name: str
    #: Since when we know the other record.
    known_since: datetime
    #: Titles of the openings that were applied to, as their candidate reads them.
    openings: list[str]
    has_account: bool
    #: It is a colleague's: their rights never come by an address alone.
    is_colleagues: bool
    #: It has an address that has not been confirmed here: nothing joins before that.
    has_others: bool


def what_would_join(person_id: int, now: datetime) -> Joining | None:
    """What joins the records of this person if they say so; None when no confirmed address waits for that."""
    asked = proven_addresses(person_id, now)
    if not asked:
        return None
    email, is_change = asked[0].email, asked[0].is_change
    other = known_person(email)
    if other is None or other.person_id == person_id:
        return Joining(email, is_change, "", now, [], has_account=False, is_colleagues=False, has_others=False)
    rows = {row.id: row for row in fetch(_CALLED, {"ids": [person_id, other.person_id]})}
    return Joining(
        email=email,
        is_change=is_change,
        other_name=other.name if other.name != rows[person_id].name else "",
        known_since=rows[other.person_id].created_at,
        openings=[card.opening_title for card in applications_of(other.person_id)],
        has_account=find_account(email) is not None,
        is_colleagues=find_staff(other.person_id) is not None,
        has_others=bool(unproven_addresses(other.person_id, [one.email for one in asked])),
    )


_CALLED = select(Person.id, Person.name, Person.created_at).where(Person.id.in_(bindparam("ids", expanding=True)))
#: How the audit log calls it that a record came; what came with it stands beside.
JOINED = "privacy.join_records"


@dataclass(frozen=True)
class JoinedRecord:
    """A record that became part of another, and what came with it."""

    #: Of the row that has been empty since.
    public_id: str
    joined_at: datetime
    address_ids: frozenset[int]
    #: Their public ids.
    applications: tuple[str, ...]
    #: What came about no application, by public id; nothing where an earlier version joined them.
    notes: tuple[str, ...]
    messages: tuple[str, ...]
    #: Rows of tags that came, and of those that both had.
    tag_ids: frozenset[int]
    shared_tag_ids: frozenset[int]


def joined_records(person_id: int, since: datetime) -> list[JoinedRecord]:
    """Records that joined this person's after `since`, as they said themselves; the newest first."""
    rows = fetch(
        select(AuditRecord.details, AuditRecord.occurred_at)
        .where(AuditRecord.person_id == person_id)
        .where(AuditRecord.action == JOINED)
        .where(AuditRecord.occurred_at > since)
        .order_by(AuditRecord.id.desc())
    )
    return [
        JoinedRecord(
            row.details["joined"],
            row.occurred_at,
            frozenset(int(one) for one in _listed(row.details["address_rows"])),
            _listed(row.details["applications"]),
            _listed(row.details.get("notes", "")),
            _listed(row.details.get("messages", "")),
            frozenset(int(one) for one in _listed(row.details.get("tag_rows", ""))),
            frozenset(int(one) for one in _listed(row.details.get("shared_tag_rows", ""))),
        )
        for row in rows
    ]


def _listed(words: str) -> tuple[str, ...]:
    return tuple(words.split(",")) if words else ()


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
    .where(Task.kind.not_in(PRIVATE))
    .where(or_(Task.owner_id == _person, Task.escalated_to_id == _person)),
    "team": select(func.count(Staff.person_id)).where(Staff.lead_id == _person).where(Staff.is_active),
    "absences": select(func.count(StaffAbsence.id)).where(StaffAbsence.stand_in_id == _person),
    "interviews": select(func.count(Interview.id))
    .where(Interview.state.in_(OPEN_INTERVIEWS))
    .where(takes_part(_person)),
    # One of a colleague's own stays with whoever arranged it, as nobody takes over their own.
    "arranging": select(func.count(Interview.id))
    .join(Application, Application.id == Interview.application_id)
    .where(Interview.state.in_(OPEN_INTERVIEWS))
    .where(Interview.arranged_by_id == _person)
    .where(Application.person_id.not_in(select(Staff.person_id))),
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
        "interviews": _("Interviews they take part in"),
        "arranging": _("Interviews they arrange"),
        "imports": _("Imports under way that give applications to them"),
    }
    return [LookedAfter(kind, words[kind], count) for kind, count in counts.items() if count]


def left_when_stepping_down(person_id: int) -> list[LookedAfter]:
    """Of what a colleague looks after, what a hiring manager does not: not the openings they hire for, nor interviews
    that they only take part in."""
    return [one for one in looked_after_by(person_id) if one.kind not in {"hiring", "interviews"}]


def _imports_for(person_id: int) -> int:
    """Imports that are not done yet and are to give applications without a recruiter to this colleague."""
    waiting = fetch(select(Import.options).where(Import.state.in_(_WITH_OWNER)).order_by(Import.id))
    return sum(row.options.get("owner") == person_id for row in waiting)


def receivers_for(person_id: int, role: Role) -> list[StaffRow]:
    """Who can take over from a colleague: others who work here and have signed in, and may do as much."""
    found = [row.staff for row in staff_list(date.min) if row.staff.is_active and row.has_signed_in]
    any_role = role is Role.HIRING_MANAGER
    return [row for row in found if row.person_id != person_id and (any_role or row.role is not Role.HIRING_MANAGER)]
