"""A survey as whoever was asked answers it: what it says, what they have answered so far, whether they still can."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Row, bindparam, func, or_, select

from portal.applications.models import Application
from portal.applications.queries.shown import Shown, with_shown
from portal.applications.states import ENDINGS, ApplicationStatus
from portal.company.queries import company_zone
from portal.core.clock import day_of
from portal.core.db import fetch
from portal.openings.models import Opening
from portal.surveys.models import PartialAnswers, Survey, SurveyInvitation, SurveyVersion
from portal.surveys.rules.answers import Stand, stand_of
from portal.surveys.rules.questions import Content, content_from_json
from portal.surveys.states import BEFORE_THE_DECISION, SurveyState, Touchpoint


@dataclass(frozen=True)
class OwnSurvey:
    """One survey that somebody was asked to answer."""

    invitation_id: int
    public_id: str
    person_id: int
    survey_id: int
    touchpoint: Touchpoint
    #: Which version they answer: the newest, until they have saved something.
    version_number: int
    content: Content
    #: Saved and not sent; see `rules.answers`.
    answers: Mapping[str, Any]
    #: When that is destroyed; None: nothing is saved.
    delete_on: date | None
    stand: Stand
    #: The last day on which an answer is taken.
    closes_on: date
    #: When the survey was closed for everybody; None: it was not.
    closed_at: datetime | None
    application_id: int | None
    #: Empty: it is about the community.
    application_public_id: str
    opening_id: int | None
    opening_title: str
    area: str

    @property
    def is_before_the_decision(self) -> bool:
        """Whether it may be answered while the decision is open."""
        return self.touchpoint in BEFORE_THE_DECISION

    @property
    def answered_count(self) -> int:
        """How many of the questions have an answer."""
        return sum(one.id in self.answers for one in self.content.questions)


_OWN: Final = (
    select(
        SurveyInvitation.id,
        SurveyInvitation.public_id,
        SurveyInvitation.person_id,
        SurveyInvitation.survey_id,
        Survey.touchpoint,
        SurveyVersion.number,
        SurveyVersion.content,
        PartialAnswers.answers,
        PartialAnswers.delete_on,
        SurveyInvitation.closes_on,
        Survey.closed_at,
        SurveyInvitation.application_id,
        func.coalesce(Application.public_id, "").label("application_public_id"),
        Opening.id.label("opening_id"),
        func.coalesce(Opening.title, "").label("opening_title"),
        func.coalesce(Opening.area, "").label("area"),
        SurveyInvitation.why_not,
        SurveyInvitation.is_answered,
        Survey.state,
        or_(Application.id.is_(None), Application.person_id == SurveyInvitation.person_id).label("is_theirs"),
    )
    .select_from(SurveyInvitation)
    .join(Survey, Survey.id == SurveyInvitation.survey_id)
    .join(
        SurveyVersion,
        (SurveyVersion.survey_id == Survey.id)
        & (SurveyVersion.number == func.coalesce(SurveyInvitation.version_number, Survey.version_number)),
    )
    .outerjoin(PartialAnswers, PartialAnswers.invitation_id == SurveyInvitation.id)
    .outerjoin(Application, Application.id == SurveyInvitation.application_id)
    .outerjoin(Opening, Opening.id == Application.opening_id)
)
_BY_PUBLIC_ID: Final = _OWN.where(SurveyInvitation.public_id == bindparam("public_id")).where(
    SurveyInvitation.person_id == bindparam("person_id")
)
_BY_ID: Final = _OWN.where(SurveyInvitation.id == bindparam("invitation_id"))
#: In the order in which they were asked, which says nothing of when they answered.
_OF_PERSON: Final = (
    _OWN.where(SurveyInvitation.person_id == bindparam("person_id"))
    .where(SurveyInvitation.why_not.is_(None))
    .order_by(SurveyInvitation.id.desc())
)
_WAITING: Final = _OF_PERSON.where(SurveyInvitation.is_answered.is_(False)).where(Survey.state != SurveyState.CLOSED)
_OUTCOME: Final = with_shown(
    select(Shown.status).select_from(Application).where(Application.id == bindparam("application_id"))
)


def find_own_survey(person_id: int | None, public_id: str, now: datetime) -> OwnSurvey | None:
    """What this person was asked under this public id; None where it is somebody else's, or there is none."""
    row = fetch(_BY_PUBLIC_ID, {"person_id": person_id, "public_id": public_id}).one_or_none()
    return _own(row, day_of(now, company_zone())) if row is not None else None


def own_survey(invitation_id: int, now: datetime) -> OwnSurvey | None:
    """The same by the invitation's row."""
    row = fetch(_BY_ID, {"invitation_id": invitation_id}).one_or_none()
    return _own(row, day_of(now, company_zone())) if row is not None else None


def own_surveys(person_id: int, now: datetime) -> list[OwnSurvey]:
    """All that this person was asked and can answer, or has answered; what they were asked last first."""
    today = day_of(now, company_zone())
    found = [_own(row, today) for row in fetch(_OF_PERSON, {"person_id": person_id})]
    return [one for one in found if one.stand in {Stand.OPEN, Stand.ANSWERED}]


def waiting_surveys(person_id: int, now: datetime) -> list[OwnSurvey]:
    """What this person can answer and has not."""
    today = day_of(now, company_zone())
    found = [_own(row, today) for row in fetch(_WAITING, {"person_id": person_id})]
    return [one for one in found if one.stand is Stand.OPEN]


def outcome_of(application_id: int) -> ApplicationStatus | None:
    """How an application ended, as its candidate reads it; None while it is open to them."""
    status = fetch(_OUTCOME, {"application_id": application_id}).scalar_one_or_none()
    return status if status in ENDINGS else None


def _own(row: Row[Any], today: date) -> OwnSurvey:
    return OwnSurvey(
        invitation_id=row.id,
        public_id=row.public_id,
        person_id=row.person_id,
        survey_id=row.survey_id,
        touchpoint=row.touchpoint,
        version_number=row.number,
        content=content_from_json(row.content),
        answers=row.answers or {},
        delete_on=row.delete_on,
        stand=stand_of(
            why_not=row.why_not,
            is_theirs=row.is_theirs,
            is_answered=row.is_answered,
            state=row.state,
            closes_on=row.closes_on,
            today=today,
        ),
        closes_on=row.closes_on,
        closed_at=row.closed_at,
        application_id=row.application_id,
        application_public_id=row.application_public_id,
        opening_id=row.opening_id,
        opening_title=row.opening_title,
        area=row.area,
    )
