"""Surveys as they stand: one by its public id, the one that asks at a touchpoint, and what a version says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, bindparam, func, select

from portal.core.db import fetch
from portal.people.models import Person
from portal.surveys.models import Survey, SurveyVersion
from portal.surveys.rules.questions import Content, content_from_json
from portal.surveys.states import SurveyState, Touchpoint


@dataclass(frozen=True)
class SurveyView:
    """One survey."""

    id: int
    public_id: str
    touchpoint: Touchpoint
    state: SurveyState
    #: What the next version will say, and how often it was saved.
    draft: Content
    draft_number: int
    #: Number of the newest version; 0: none was published.
    version_number: int
    created_at: datetime
    closed_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether those who were asked can answer."""
        return self.state in {SurveyState.LIVE, SurveyState.PAUSED}


@dataclass(frozen=True)
class VersionLine:
    """One version in the list of all."""

    number: int
    published_at: datetime
    #: Empty: it came with the program, or whoever published it was erased.
    published_by_name: str


_SURVEY: Final = select(
    Survey.id,
    Survey.public_id,
    Survey.touchpoint,
    Survey.state,
    Survey.draft,
    Survey.draft_number,
    Survey.version_number,
    Survey.created_at,
    Survey.closed_at,
)
_BY_PUBLIC_ID: Final = _SURVEY.where(Survey.public_id == bindparam("public_id"))
_AT: Final = _SURVEY.where(Survey.touchpoint == bindparam("touchpoint")).where(Survey.state != SurveyState.CLOSED)
_ALL: Final = _SURVEY.order_by(Survey.closed_at.is_(None).desc(), Survey.closed_at.desc(), Survey.id.desc())
_CONTENT: Final = (
    select(SurveyVersion.content)
    .where(SurveyVersion.survey_id == bindparam("survey_id"))
    .where(SurveyVersion.number == bindparam("number"))
)
_CONTENTS: Final = (
    select(SurveyVersion.number, SurveyVersion.content)
    .where(SurveyVersion.survey_id == bindparam("survey_id"))
    .order_by(SurveyVersion.number)
)
_LINES: Final = (
    select(SurveyVersion.number, SurveyVersion.published_at, func.coalesce(Person.name, ""))
    .outerjoin(Person, Person.id == SurveyVersion.published_by_id)
    .where(SurveyVersion.survey_id == bindparam("survey_id"))
    .order_by(SurveyVersion.number.desc())
)


def find_survey(public_id: str) -> SurveyView | None:
    """The survey with this public id, in whatever state."""
    return _one(_BY_PUBLIC_ID, {"public_id": public_id})


def survey_at(touchpoint: Touchpoint) -> SurveyView | None:
    """The survey of a touchpoint that is not closed, perhaps a draft; None: nobody published or changed one."""
    return _one(_AT, {"touchpoint": touchpoint})


def survey_asked_at(touchpoint: Touchpoint) -> SurveyView | None:
    """The survey of a touchpoint that was published and is not closed; who is asked anew only while it is live."""
    found = survey_at(touchpoint)
    return found if found is not None and found.is_open else None


def surveys_listed() -> list[SurveyView]:
    """All of them: those that are not closed, then those that are, the last one first."""
    return [_view(row) for row in fetch(_ALL)]


def content_of(survey_id: int, number: int) -> Content | None:
    """What version `number` says, if there is one; it never changes."""
    stored = fetch(_CONTENT, {"survey_id": survey_id, "number": number}).scalar_one_or_none()
    return content_from_json(stored) if stored is not None else None


def contents_of(survey_id: int) -> dict[int, Content]:
    """What each version says, by its number, the first one first."""
    return {number: content_from_json(stored) for number, stored in fetch(_CONTENTS, {"survey_id": survey_id})}


def versions_of(survey_id: int) -> list[VersionLine]:
    """The versions, the newest first."""
    return [VersionLine(*row) for row in fetch(_LINES, {"survey_id": survey_id})]


def _one(statement: Select[Any], values: dict[str, Any]) -> SurveyView | None:
    row = fetch(statement, values).one_or_none()
    return _view(row) if row is not None else None


def _view(row: Sequence[Any]) -> SurveyView:
    return SurveyView(*(*row[:4], content_from_json(row[4]), *row[5:]))
