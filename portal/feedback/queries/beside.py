"""What stands beside feedback while it is written: the criteria, the panel's notes, and who could approve it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, exists, func, select

from portal.applications.models import Application
from portal.applications.queries.shown import StaffScope
from portal.core.db import fetch
from portal.feedback.queries.staff import MET, FeedbackSubject
from portal.feedback.rules.writing import Circle, Colleague
from portal.interviews.models import Interview, PanelMember, PanelNote
from portal.interviews.queries.panel import close_to
from portal.interviews.rules.panel import criteria_of, may_read_notes
from portal.openings.models import Opening, OpeningVersion
from portal.openings.rules import from_json
from portal.people.models import Person
from portal.people.queries import active_staff


@dataclass(frozen=True)
class NoteBeside:
    """What somebody on the panel noted, beside the page on which feedback is written."""

    interview_id: str
    interview_title: str
    author_name: str
    criterion: str
    words: str


_CRITERIA = (
    select(Interview.criteria)
    .where(Interview.application_id == bindparam("application_id"))
    .where(Interview.state.in_(MET))
    .order_by(Interview.id)
)
_NEEDED = (
    select(OpeningVersion.content)
    .join(Application, Application.opening_id == OpeningVersion.opening_id)
    .join(Opening, Opening.id == Application.opening_id)
    .where(Application.id == bindparam("application_id"))
    .where(OpeningVersion.number == func.coalesce(Application.opening_version, Opening.version_number))
)


def criteria_about(application_id: int) -> list[str]:
    """The criteria that the candidate could know: of their interviews, then of the opening as they applied to it."""
    values = {"application_id": application_id}
    content: Mapping[str, Any] | None = fetch(_NEEDED, values).scalar_one_or_none()
    needed = from_json(dict(content)).needed if content else ""
    return criteria_of("\n".join([*fetch(_CRITERIA, values).scalars(), needed]))


_NOTES = (
    select(Interview.public_id, Interview.title, Person.name, PanelNote.criterion, PanelNote.words, PanelNote.author_id)
    .join(Interview, Interview.id == PanelNote.interview_id)
    .join(Person, Person.id == PanelNote.author_id)
    .where(Interview.application_id == bindparam("application_id"))
    .order_by(Interview.id, PanelNote.id)
)
_MEETINGS = select(
    Interview.public_id,
    exists()
    .where(PanelMember.interview_id == Interview.id)
    .where(PanelMember.staff_id == bindparam("asker_id"))
    .correlate(Interview),
).where(Interview.application_id == bindparam("application_id"))


def notes_beside(subject: FeedbackSubject, scope: StaffScope) -> list[NoteBeside]:
    """The panel's notes as far as the asker reads them on the page of each interview."""
    values = {"application_id": subject.application_id, "asker_id": scope.person_id}
    rows = fetch(_NOTES, {"application_id": subject.application_id}).all()
    if not rows:
        return []
    is_member = {public_id: bool(takes_part) for public_id, takes_part in fetch(_MEETINGS, values)}
    wrote = {row[0] for row in rows if row[-1] == scope.person_id}
    return [
        NoteBeside(*row[:-1])
        for row in rows
        if row[-1] == scope.person_id or _may_read(row[0], is_member, wrote, subject)
    ]


def _may_read(interview_id: str, is_member: Mapping[str, bool], wrote: set[str], subject: FeedbackSubject) -> bool:
    return may_read_notes(
        is_on_panel=is_member.get(interview_id, False),
        has_written=interview_id in wrote,
        may_see_application=subject.is_in_scope,
    )


def circle_of(subject: FeedbackSubject) -> Circle:
    """Whom it concerns who approves feedback about this application."""
    close = close_to(subject.application_id)
    return Circle(subject.person_id, subject.owner_id, subject.manager_id, close)


def colleagues_here() -> Sequence[Colleague]:
    """Everybody who works here, as far as approving needs it, by name."""
    return [Colleague(one.person_id, one.role, one.lead_id) for one in active_staff()]
