"""Low scores with leave to write: which have no task yet, whom they are about, one as who gets in touch reads it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, bindparam, case, exists, func, literal, select

from portal.applications.models import Application
from portal.applications.queries.shown import SHOWN_ID, Shown
from portal.applications.states import ENDINGS
from portal.conversations.models import ConversationMessage
from portal.core.db import fetch
from portal.core.permissions import Role
from portal.interviews.models import Interview, PanelMember
from portal.openings.models import Opening
from portal.people.models import Address, Person
from portal.people.queries import active_staff, away_on
from portal.surveys.models import SignedResponse, Survey, SurveyVersion
from portal.surveys.rules.loop import Colleague, HiringTeam
from portal.surveys.rules.questions import Content, content_from_json
from portal.surveys.states import Touchpoint
from portal.tasks.models import Task, TaskEvent
from portal.tasks.rules import can_do
from portal.tasks.states import OPEN_STATES, TaskEventKind, TaskKind, TaskState

_CAUSE: Final = "signed_response:"


def cause_of(public_id: str) -> str:
    """What the task about these answers is brought about by, and what keeps it single."""
    return f"{_CAUSE}{public_id}"


@dataclass(frozen=True)
class Signed:
    """Answers of somebody who may be written to, without a task yet."""

    public_id: str
    person_id: int
    application_id: int | None
    opening_title: str
    content: Content
    answers: Mapping[str, Any]


@dataclass(frozen=True)
class OpenLowScore:
    """An open task about a low score."""

    task_id: int
    owner_id: int
    #: Whose name the task says, and who gave the score: another record once it was parted or joined.
    named_id: int | None
    person_id: int
    application_id: int | None
    #: Whether its owner has written to them since.
    is_written_to: bool
    due_on: date
    #: When somebody said last that it is not done after all.
    opened_again_at: datetime | None


@dataclass(frozen=True)
class LowScore:
    """A low score as who gets in touch reads it."""

    public_id: str
    person_id: int
    person_public_id: str
    #: As colleagues call them, and how they are reached.
    name: str
    email: str
    touchpoint: Touchpoint
    opening_title: str
    application_id: int | None
    application_public_id: str
    #: Whether they have been told how their application ended; those who decide must not know before.
    is_decided: bool
    content: Content
    answers: Mapping[str, Any]
    signed_on: date
    task_id: int
    task_public_id: str
    task_state: TaskState
    owner_id: int
    due_on: date
    closed_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether somebody is still to get in touch."""
        return self.task_state in OPEN_STATES


def _is_of_task() -> ColumnElement[bool]:
    return and_(Task.kind == TaskKind.LOW_SCORE, Task.cause == literal(_CAUSE) + SignedResponse.public_id)


_is_version = and_(
    SurveyVersion.survey_id == SignedResponse.survey_id, SurveyVersion.number == SignedResponse.version_number
)
_WITHOUT_TASK: Final = (
    select(
        SignedResponse.public_id,
        SignedResponse.person_id,
        SignedResponse.application_id,
        func.coalesce(Opening.title, ""),
        SurveyVersion.content,
        SignedResponse.answers,
    )
    .join(SurveyVersion, _is_version)
    .outerjoin(Application, Application.id == SignedResponse.application_id)
    .outerjoin(Opening, Opening.id == Application.opening_id)
    .where(SignedResponse.may_contact)
    .where(SignedResponse.signed_on >= bindparam("since"))
    .where(~exists().where(_is_of_task()))
    .order_by(SignedResponse.id)
)
_opened_again_at = (
    select(func.max(TaskEvent.created_at))
    .where(TaskEvent.task_id == Task.id)
    .where(TaskEvent.kind == TaskEventKind.REOPENED)
    .correlate(Task)
    .scalar_subquery()
)
_is_written_to = (
    exists()
    .where(ConversationMessage.person_id == SignedResponse.person_id)
    .where(ConversationMessage.author_id == Task.owner_id)
    .where(ConversationMessage.created_at > func.coalesce(_opened_again_at, Task.created_at))
)
_OPEN: Final = (
    select(
        Task.id,
        Task.owner_id,
        Task.person_id,
        SignedResponse.person_id,
        SignedResponse.application_id,
        _is_written_to,
        Task.due_on,
        _opened_again_at,
    )
    .join(SignedResponse, _is_of_task())
    .where(Task.state.in_(OPEN_STATES))
    .order_by(Task.id)
)
_HANDED_TO: Final = (
    select(TaskEvent.to_id)
    .where(TaskEvent.task_id == bindparam("task_id"))
    .where(TaskEvent.kind == TaskEventKind.HANDED_OVER)
)
_EMAIL: Final = func.coalesce(Address.email, "")
_ONE: Final = (
    select(
        SignedResponse.public_id,
        SignedResponse.person_id,
        Person.public_id,
        case((Person.name != "", Person.name), else_=_EMAIL),
        _EMAIL,
        Survey.touchpoint,
        func.coalesce(Opening.title, ""),
        SignedResponse.application_id,
        func.coalesce(Application.public_id, ""),
        Shown.status,
        SurveyVersion.content,
        SignedResponse.answers,
        SignedResponse.signed_on,
        Task.id,
        Task.public_id,
        Task.state,
        Task.owner_id,
        Task.due_on,
        Task.closed_at,
    )
    .join(Task, _is_of_task())
    .join(Survey, Survey.id == SignedResponse.survey_id)
    .join(SurveyVersion, _is_version)
    .join(Person, Person.id == SignedResponse.person_id)
    .outerjoin(Address, and_(Address.person_id == Person.id, Address.is_primary))
    .outerjoin(Application, Application.id == SignedResponse.application_id)
    .outerjoin(Opening, Opening.id == Application.opening_id)
    .outerjoin(Shown, Shown.id == SHOWN_ID)
    .where(SignedResponse.public_id == bindparam("public_id"))
    .where(Task.owner_id == bindparam("asker_id"))
)
_about: Final = Application.id == bindparam("application_id")
_TEAM: Final = (
    select(Application.owner_id, Opening.hiring_manager_id, Opening.recruiter_id)
    .join(Opening, Opening.id == Application.opening_id)
    .where(_about)
)
_PANELS: Final = (
    select(PanelMember.staff_id)
    .join(Interview, Interview.id == PanelMember.interview_id)
    .where(Interview.application_id == bindparam("application_id"))
    .distinct()
    .order_by(PanelMember.staff_id)
)


def signed_without_task(since: date) -> list[Signed]:
    """Answers with leave to write, signed `since` then, that nobody was asked to see to; not all of them are low."""
    rows = fetch(_WITHOUT_TASK, {"since": since})
    return [Signed(*(*row[:4], content_from_json(row[4]), row[5])) for row in rows]


def open_low_scores() -> list[OpenLowScore]:
    """What somebody is still to see to."""
    return [OpenLowScore(*row) for row in fetch(_OPEN)]


def handed_to(task_id: int) -> frozenset[int]:
    """To whom this task was handed over so far."""
    return frozenset(one for one in fetch(_HANDED_TO, {"task_id": task_id}).scalars() if one is not None)


def find_low_score(public_id: str, asker_id: int) -> LowScore | None:
    """The low score with this public id, for whom it came to and nobody else."""
    row = fetch(_ONE, {"public_id": public_id, "asker_id": asker_id}).one_or_none()
    if row is None:
        return None
    is_decided = row.application_id is None or row.status in ENDINGS
    return LowScore(*(*row[:9], is_decided, content_from_json(row[10]), *row[11:]))


def hiring_team(application_id: int | None) -> HiringTeam:
    """Who decides about this application or is rated by what its candidate says; nobody where it is about none."""
    values = {"application_id": application_id}
    row = fetch(_TEAM, values).one_or_none() if application_id is not None else None
    if row is None:
        return HiringTeam(None, frozenset())
    panels = fetch(_PANELS, values).scalars()
    return HiringTeam(row.owner_id, frozenset(one for one in (*row, *panels) if one is not None))


def colleagues_on(day: date) -> list[Colleague]:
    """Everybody who works here, and whether they are away on this day."""
    away = away_on(day)
    return [
        Colleague(
            person_id=row.person_id,
            lead_id=row.lead_id,
            is_admin=row.role is Role.ADMIN,
            may_write=can_do(TaskKind.LOW_SCORE, row.role),
            is_away=row.person_id in away,
        )
        for row in active_staff()
    ]
