"""An interview as it is arranged: all that a mail or a calendar says of it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from portal.applications.models import Application
from portal.core.db import fetch
from portal.interviews.models import Interview, PanelMember
from portal.interviews.states import InterviewFormat, InterviewState
from portal.openings.models import Opening
from portal.people.models import Person


@dataclass(frozen=True)
class Arranged:
    """One interview, its application and who takes part."""

    id: int
    public_id: str
    application_id: int
    application_public_id: str
    #: The candidate.
    person_id: int
    owner_id: int
    opening_title: str
    state: InterviewState
    title: str
    format: InterviewFormat
    minutes: int
    place: str
    about: str
    prepare: str
    criteria: str
    arranged_by_id: int | None
    contact_id: int | None
    contact_name: str
    contact_phone: str
    zone: str
    starts_at: datetime | None
    sequence: int
    changed_at: datetime
    #: Ids of the colleagues who take part, in order.
    panel: tuple[int, ...] = ()

    @property
    def answers_id(self) -> int:
        """Who answers about it: whoever arranges it, else whoever looks after the application."""
        return self.arranged_by_id or self.owner_id


_contact = aliased(Person)
_ARRANGED: Final = (
    select(
        Interview.id,
        Interview.public_id,
        Interview.application_id,
        Application.public_id,
        Application.person_id,
        Application.owner_id,
        Opening.title,
        Interview.state,
        Interview.title,
        Interview.format,
        Interview.minutes,
        Interview.place,
        Interview.about,
        Interview.prepare,
        Interview.criteria,
        Interview.arranged_by_id,
        Interview.contact_id,
        func.coalesce(_contact.name, ""),
        Interview.contact_phone,
        Interview.zone,
        Interview.starts_at,
        Interview.sequence,
        Interview.changed_at,
    )
    .join(Application, Application.id == Interview.application_id)
    .join(Opening, Opening.id == Application.opening_id)
    .outerjoin(_contact, _contact.id == Interview.contact_id)
    .where(Interview.id == bindparam("interview_id"))
)
_PANEL: Final = (
    select(PanelMember.staff_id)
    .where(PanelMember.interview_id == bindparam("interview_id"))
    .order_by(PanelMember.staff_id)
)


@dataclass(frozen=True)
class LastOne:
    """The interview that a colleague arranged last for an opening, as much as names it."""

    public_id: str
    title: str
    minutes: int


def last_one(application_id: int, staff_id: int) -> LastOne | None:
    """What this colleague arranged last for the opening of this application; None before the first."""
    opening_id = select(Application.opening_id).where(Application.id == application_id).scalar_subquery()
    row = fetch(
        select(Interview.public_id, Interview.title, Interview.minutes)
        .join(Application, Application.id == Interview.application_id)
        .where(Application.opening_id == opening_id)
        .where(Interview.arranged_by_id == staff_id)
        .order_by(Interview.id.desc())
        .limit(1)
    ).one_or_none()
    return LastOne(*row) if row else None


def find_arranged(interview_id: int) -> Arranged | None:
    """The interview with this row number, for actions and jobs: whoever asks may see it."""
    row = fetch(_ARRANGED, {"interview_id": interview_id}).one_or_none()
    if row is None:
        return None
    panel = fetch(_PANEL, {"interview_id": interview_id}).scalars().all()
    return replace(Arranged(*row), panel=tuple(panel))
