"""What was released, in numbers and in words, and what was signed; nothing here reads the ballot box.

Numbers come from the tally alone, which the release keeps: a page costs the same after a hundred answers and after a
hundred thousand.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Integer, Select, String, bindparam, func, literal_column, select

from portal.applications.models import Application
from portal.applications.queries.shown import SHOWN_ID, Shown
from portal.applications.states import ENDINGS, ApplicationStatus
from portal.core.db import fetch
from portal.openings.models import Opening
from portal.people.models import Person
from portal.surveys.models import (
    SignedResponse,
    SurveyComment,
    SurveyPart,
    SurveyResponse,
    SurveyTally,
    SurveyVersion,
)
from portal.surveys.rules.questions import Content, content_from_json
from portal.surveys.rules.results import Narrowed
from portal.surveys.rules.scopes import EVERYTHING, RESPONSES
from portal.surveys.states import BEFORE_THE_DECISION, Touchpoint


@dataclass(frozen=True)
class OpeningNamed:
    """An opening by which results can be shown."""

    id: int
    public_id: str
    title: str


@dataclass(frozen=True)
class ReleasedRow:
    """One released response: choices and numbers, and what it can be shown by."""

    week_on: date
    area: str
    opening: str
    outcome: ApplicationStatus | None
    answers: Mapping[str, Any]


@dataclass(frozen=True)
class CommentRow:
    """Something that was written, and what it can be shown by."""

    question_id: str
    area: str
    opening: str
    outcome: ApplicationStatus | None
    words: str


@dataclass(frozen=True)
class SignedRow:
    """Answers with a name."""

    public_id: str
    name: str
    person_public_id: str
    #: Empty: it is about the community.
    application_public_id: str
    opening: str
    version_number: int
    answers: Mapping[str, Any]
    may_contact: bool
    signed_on: date


_SURVEY: Final = bindparam("survey_id", type_=Integer)
# Written into the statement, or the index of exactly these rows would not be used.
_OF_RESPONSES: Final = (
    SurveyTally.question_id == literal_column("''", String),
    SurveyTally.value == literal_column(f"'{RESPONSES}'", String),
)
_SCOPES: Final = (
    select(SurveyTally.scope, func.sum(SurveyTally.count))
    .where(SurveyTally.survey_id == _SURVEY)
    .where(*_OF_RESPONSES)
    .group_by(SurveyTally.scope)
    .order_by(SurveyTally.scope)
)
_COUNTS: Final = (
    select(SurveyTally.question_id, SurveyTally.value, func.sum(SurveyTally.count))
    .where(SurveyTally.survey_id == _SURVEY)
    .where(SurveyTally.scope == bindparam("scope"))
    .group_by(SurveyTally.question_id, SurveyTally.value)
    .order_by(SurveyTally.question_id, SurveyTally.value)
)
_MONTHS: Final = (
    select(SurveyTally.month_on, SurveyTally.value, SurveyTally.count)
    .where(SurveyTally.survey_id == _SURVEY)
    .where(SurveyTally.scope == bindparam("scope"))
    .where(SurveyTally.question_id == bindparam("question_id"))
    .order_by(SurveyTally.month_on, SurveyTally.value)
)
_BESIDE: Final = (
    select(SurveyTally.scope, SurveyTally.value, func.sum(SurveyTally.count))
    .where(SurveyTally.survey_id == _SURVEY)
    .where(SurveyTally.scope.in_(bindparam("scopes", expanding=True)))
    .where(SurveyTally.question_id == bindparam("question_id"))
    .group_by(SurveyTally.scope, SurveyTally.value)
    .order_by(SurveyTally.scope, SurveyTally.value)
)
_OF_ALL: Final = (
    select(SurveyTally.survey_id, SurveyTally.question_id, SurveyTally.value, func.sum(SurveyTally.count))
    .where(SurveyTally.survey_id.in_(bindparam("surveys", expanding=True)))
    .where(SurveyTally.scope == EVERYTHING)
    .where(SurveyTally.question_id.in_(bindparam("questions", expanding=True)))
    .group_by(SurveyTally.survey_id, SurveyTally.question_id, SurveyTally.value)
    .order_by(SurveyTally.survey_id, SurveyTally.question_id, SurveyTally.value)
)
_VERSIONS: Final = (
    select(SurveyVersion.survey_id, SurveyVersion.number, SurveyVersion.content)
    .where(SurveyVersion.survey_id.in_(bindparam("surveys", expanding=True)))
    .order_by(SurveyVersion.survey_id, SurveyVersion.number)
)
_OPENINGS: Final = (
    select(Opening.id, Opening.public_id, Opening.title)
    .where(Opening.id.in_(bindparam("ids", expanding=True)))
    .order_by(func.lower(Opening.title), Opening.id)
)
_ROWS: Final = (
    select(
        SurveyPart.week_on,
        SurveyPart.area,
        func.coalesce(Opening.title, ""),
        SurveyPart.outcome,
        SurveyResponse.answers,
    )
    .join(SurveyResponse, SurveyResponse.part_key == SurveyPart.key)
    .outerjoin(Opening, Opening.id == SurveyPart.opening_id)
    .where(SurveyPart.survey_id == _SURVEY)
    .order_by(SurveyResponse.key)
)
_COMMENTS: Final = (
    select(
        SurveyComment.question_id,
        SurveyComment.area,
        func.coalesce(Opening.title, ""),
        SurveyComment.outcome,
        SurveyComment.words,
    )
    .outerjoin(Opening, Opening.id == SurveyComment.opening_id)
    .where(SurveyComment.survey_id == _SURVEY)
)
# Without the openings: SQLite would look each of them up.
_COUNT_COMMENTS: Final = select(func.count()).where(SurveyComment.survey_id == _SURVEY)
_SIGNED: Final = (
    select(
        SignedResponse.public_id,
        Person.name,
        Person.public_id,
        func.coalesce(Application.public_id, ""),
        func.coalesce(Opening.title, ""),
        SignedResponse.version_number,
        SignedResponse.answers,
        SignedResponse.may_contact,
        SignedResponse.signed_on,
    )
    .join(Person, Person.id == SignedResponse.person_id)
    .outerjoin(Application, Application.id == SignedResponse.application_id)
    .outerjoin(Opening, Opening.id == Application.opening_id)
    .where(SignedResponse.survey_id == _SURVEY)
)


def scopes_released(survey_id: int) -> dict[str, int]:
    """What results can be narrowed to, as words of `rules.scopes`, and how many responses there are in each."""
    return {scope: int(count) for scope, count in fetch(_SCOPES, {"survey_id": survey_id})}


def counts_in(survey_id: int, scope: str) -> dict[str, dict[str, int]]:
    """How often each answer was given, by the id of the question; of whole responses under the empty id."""
    found: dict[str, dict[str, int]] = {}
    for question_id, value, count in fetch(_COUNTS, {"survey_id": survey_id, "scope": scope}):
        found.setdefault(question_id, {})[value] = int(count)
    return found


def counts_by_month(survey_id: int, scope: str, question_id: str) -> list[tuple[date, str, int]]:
    """How often each answer to one question was given in each month of releases."""
    values = {"survey_id": survey_id, "scope": scope, "question_id": question_id}
    return [(row[0], row[1], row[2]) for row in fetch(_MONTHS, values)]


def counts_beside(survey_id: int, scopes: Collection[str], question_id: str) -> dict[str, dict[str, int]]:
    """How often each answer to one question was given, by scope."""
    found: dict[str, dict[str, int]] = {scope: {} for scope in scopes}
    values = {"survey_id": survey_id, "scopes": list(scopes), "question_id": question_id}
    for scope, value, count in fetch(_BESIDE, values) if scopes else ():
        found[scope][value] = int(count)
    return found


def counts_of_surveys(questions: Mapping[int, str]) -> dict[int, dict[str, dict[str, int]]]:
    """Of several surveys how often each answer to one question was given, and how many responses there are."""
    found: dict[int, dict[str, dict[str, int]]] = {survey_id: {} for survey_id in questions}
    values = {"surveys": list(questions), "questions": ["", *sorted(set(questions.values()))]}
    for survey_id, question_id, value, count in fetch(_OF_ALL, values) if questions else ():
        found[survey_id].setdefault(question_id, {})[value] = int(count)
    return found


def contents_of_surveys(surveys: Collection[int]) -> dict[int, dict[int, Content]]:
    """What each version of several surveys asks."""
    found: dict[int, dict[int, Content]] = {survey_id: {} for survey_id in surveys}
    for survey_id, number, content in fetch(_VERSIONS, {"surveys": list(surveys)}) if surveys else ():
        found[survey_id][number] = content_from_json(content)
    return found


def openings_named(ids: Collection[int]) -> list[OpeningNamed]:
    """The openings in these rows, by title."""
    return [OpeningNamed(*row) for row in fetch(_OPENINGS, {"ids": sorted(ids)})] if ids else []


def released_rows(survey_id: int, narrowed: Narrowed) -> list[ReleasedRow]:
    """The released responses, in the order of their random keys."""
    statement = _shown_by(_ROWS, SurveyPart, narrowed)
    return [ReleasedRow(*row) for row in fetch(statement, {"survey_id": survey_id})]


def comments_of(
    survey_id: int, narrowed: Narrowed, *, question_id: str, words: str, first: int, count: int
) -> tuple[list[CommentRow], int]:
    """What was written and holds all of these words, in the order of the random keys; and how many there are."""
    counted = _comments(_COUNT_COMMENTS, narrowed, question_id, words)
    total = fetch(counted, {"survey_id": survey_id}).scalar_one()
    if not total:
        return [], 0
    shown = _comments(_COMMENTS, narrowed, question_id, words).order_by(SurveyComment.key).offset(first).limit(count)
    return [CommentRow(*row) for row in fetch(shown, {"survey_id": survey_id})], int(total)


def all_comments(survey_id: int, narrowed: Narrowed) -> list[CommentRow]:
    """All that was written, in the order of the random keys."""
    statement = _comments(_COMMENTS, narrowed, "", "").order_by(SurveyComment.key)
    return [CommentRow(*row) for row in fetch(statement, {"survey_id": survey_id})]


def signed_responses(survey_id: int, touchpoint: Touchpoint, first: int, count: int) -> tuple[list[SignedRow], int]:
    """Answers with a name that the hiring team may read, the newest first; and how many there are.

    What was said before a decision is shown to nobody here until the candidate knows of it.
    """
    statement = _SIGNED
    if touchpoint in BEFORE_THE_DECISION:
        statement = statement.join(Shown, Shown.id == SHOWN_ID).where(Shown.status.in_(sorted(ENDINGS)))
    total = fetch(statement.with_only_columns(func.count()), {"survey_id": survey_id}).scalar_one()
    shown = statement.order_by(SignedResponse.signed_on.desc(), SignedResponse.id.desc()).offset(first).limit(count)
    return [SignedRow(*row) for row in fetch(shown, {"survey_id": survey_id})], int(total)


def _comments(found: Any, narrowed: Narrowed, question_id: str, words: str) -> Select[Any]:
    statement: Select[Any] = _shown_by(found, SurveyComment, narrowed)
    if question_id:
        statement = statement.where(SurveyComment.question_id == question_id)
    for word in words.lower().split():
        statement = statement.where(func.lower(SurveyComment.words).contains(word, autoescape=True))
    return statement


def _shown_by(statement: Any, table: type[SurveyPart] | type[SurveyComment], narrowed: Narrowed) -> Select[Any]:
    found: Select[Any] = statement
    kind, _colon, key = narrowed.where.partition(":")
    if kind == "area":
        found = found.where(table.area == key)
    elif kind == "opening":
        found = found.where(table.opening_id == int(key))
    if narrowed.outcome is not None:
        found = found.where(table.outcome == narrowed.outcome)
    return found
