"""Interviews that something has to be done about by itself: those whose time passed, and whose application ended."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, func, or_, select

from portal.applications.models import Application
from portal.applications.queries.shown import Shown, with_shown
from portal.applications.states import ENDINGS
from portal.core.db import fetch
from portal.interviews.models import Interview, PanelMember
from portal.interviews.states import OPEN_INTERVIEWS, InterviewState
from portal.openings.models import Opening

#: So long after an interview began somebody is asked what became of it.
ASKED_AFTER: Final = timedelta(hours=2)
_ENDED: Final = (
    with_shown(
        select(Interview.id, Interview.public_id, Application.person_id).join(
            Application, Application.id == Interview.application_id
        )
    )
    .where(Interview.state.in_(OPEN_INTERVIEWS))
    .where(or_(Interview.starts_at.is_(None), Interview.starts_at > bindparam("now", type_=Interview.starts_at.type)))
    .where(Shown.status.in_(ENDINGS))
    .order_by(Interview.id)
)
_SHOWN_STATUS: Final = with_shown(select(Shown.status).select_from(Application)).where(
    Application.id == bindparam("application_id")
)
_TO_CLOSE: Final = (
    select(
        Interview.public_id,
        func.coalesce(Interview.arranged_by_id, Application.owner_id),
        Application.person_id,
        Opening.title,
        Interview.starts_at,
    )
    .join(Application, Application.id == Interview.application_id)
    .join(Opening, Opening.id == Application.opening_id)
    .where(Interview.state.in_([InterviewState.CONFIRMED, InterviewState.MOVED]))
    .where(Interview.starts_at <= bindparam("before", type_=Interview.starts_at.type))
    .order_by(Interview.starts_at, Interview.id)
)


@dataclass(frozen=True)
class ToClose:
    """An interview of which nobody has said what became of it."""

    public_id: str
    #: Who arranged it, else who looks after the application.
    answers_id: int
    #: The candidate.
    person_id: int
    opening_title: str
    starts_at: datetime


def to_close(now: datetime) -> list[ToClose]:
    """What began two hours ago or earlier and is neither done nor missed."""
    return [ToClose(*row) for row in fetch(_TO_CLOSE, {"before": now - ASKED_AFTER})]


@dataclass(frozen=True)
class Ended:
    """An interview to come whose application has ended."""

    id: int
    public_id: str
    #: The candidate.
    person_id: int


def ended_with_application(now: datetime) -> list[Ended]:
    """Interviews to come whose application has ended, as its candidate reads it."""
    return [Ended(*row) for row in fetch(_ENDED, {"now": now})]


def is_application_over(application_id: int) -> bool:
    """Whether the application has ended, as its candidate reads it."""
    status = fetch(_SHOWN_STATUS, {"application_id": application_id}).scalar_one_or_none()
    return status in ENDINGS


def to_come_of(person_id: int, now: datetime) -> list[tuple[int, str]]:
    """Row numbers and public ids of this candidate's interviews that have a time ahead."""
    rows = fetch(
        select(Interview.id, Interview.public_id)
        .join(Application, Application.id == Interview.application_id)
        .where(Application.person_id == person_id)
        .where(Interview.state.in_([InterviewState.CONFIRMED, InterviewState.MOVED]))
        .where(Interview.starts_at > now)
        .order_by(Interview.id)
    )
    return [(interview_id, public_id) for interview_id, public_id in rows]


def seats_to_come_of(staff_id: int, now: datetime) -> list[tuple[int, str]]:
    """Row numbers and public ids of the interviews with a time ahead in which this colleague takes part."""
    rows = fetch(
        select(Interview.id, Interview.public_id)
        .join(PanelMember, PanelMember.interview_id == Interview.id)
        .where(PanelMember.staff_id == staff_id)
        .where(Interview.state.in_([InterviewState.CONFIRMED, InterviewState.MOVED]))
        .where(Interview.starts_at > now)
        .order_by(Interview.id)
    )
    return [(interview_id, public_id) for interview_id, public_id in rows]
