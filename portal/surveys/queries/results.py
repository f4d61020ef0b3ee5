"""What was released, in numbers and in words, and what was signed; nothing here reads the ballot box.

Numbers come from totals alone, which the release keeps: a page costs the same after a hundred answers and after a
hundred thousand.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final, NamedTuple

from sqlalchemy import Integer, Select, String, and_, bindparam, case, cast, func, literal_column, not_, select

from portal.applications.models import Application
from portal.applications.queries.shown import SHOWN_ID, Shown
from portal.applications.states import ENDINGS, ApplicationStatus
from portal.core.db import fetch
from portal.notes.queries import TagLine
from portal.openings.models import Opening
from portal.openings.rules import search_words
from portal.people.models import Person
from portal.surveys.models import (
    SignedResponse,
    SurveyComment,
    SurveyCommentTag,
    SurveyPart,
    SurveyResponse,
    SurveyTally,
    SurveyTotal,
    SurveyVersion,
)
from portal.surveys.rules.questions import Content, content_from_json
from portal.surveys.rules.results import Narrowed
from portal.surveys.rules.scopes import EVERYTHING, RESPONSES
from portal.surveys.states import BEFORE_THE_DECISION, Touchpoint


class OpeningNamed(NamedTuple):
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

    #: Drawn at the release; what its address is made of.
    key: str
    question_id: str
    area: str
    opening: str
    outcome: ApplicationStatus | None
    words: str
    #: Key and name of each, in order.
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sought:
    """Which texts are looked for: by what they may be shown by, by the question, by words and by a tag."""

    narrowed: Narrowed
    question_id: str = ""
    words: str = ""
    #: The key of a tag; empty: whatever tags they have.
    tag: str = ""


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
    SurveyTotal.question_id == literal_column("''", String),
    SurveyTotal.value == literal_column(f"'{RESPONSES}'", String),
)
_IS_OF_ONE: Final = not_(SurveyTotal.scope.contains("|"))
_OPENING_ID: Final = case(
    # By its own condition again: a database may join before it leaves rows out.
    (and_(SurveyTotal.scope.startswith("opening:"), _IS_OF_ONE), cast(func.substr(SurveyTotal.scope, 9), Integer))
)
_SCOPES: Final = (
    select(SurveyTotal.scope, SurveyTotal.count, Opening.id, Opening.public_id, Opening.title)
    .outerjoin(Opening, Opening.id == _OPENING_ID)
    .where(SurveyTotal.survey_id == _SURVEY)
    .where(*_OF_RESPONSES)
    .where(_IS_OF_ONE)
    .order_by(SurveyTotal.scope)
)
_AMONG: Final = (
    select(SurveyTotal.scope, SurveyTotal.count)
    .where(SurveyTotal.survey_id == _SURVEY)
    .where(*_OF_RESPONSES)
    .where(SurveyTotal.scope.in_(bindparam("scopes", expanding=True)))
    .order_by(SurveyTotal.scope)
)
_COUNTS: Final = (
    select(SurveyTotal.question_id, SurveyTotal.value, SurveyTotal.count)
    .where(SurveyTotal.survey_id == _SURVEY)
    .where(SurveyTotal.scope == bindparam("scope"))
    .order_by(SurveyTotal.question_id, SurveyTotal.value)
)
_MONTHS: Final = (
    select(SurveyTally.month_on, SurveyTally.value, SurveyTally.count)
    .where(SurveyTally.survey_id == _SURVEY)
    .where(SurveyTally.scope == bindparam("scope"))
    .where(SurveyTally.question_id == bindparam("question_id"))
    # Of how many were asked and answered there is nothing to show by month.
    .where(not_(SurveyTally.value.startswith("=")))
    .order_by(SurveyTally.month_on.desc(), SurveyTally.value)
    .limit(bindparam("most"))
)
#: Answers that one month can have at most: numbers from 0 to 10.
_MOST_VALUES: Final = 11
_BESIDE: Final = (
    select(SurveyTotal.scope, SurveyTotal.value, SurveyTotal.count)
    .where(SurveyTotal.survey_id == _SURVEY)
    .where(SurveyTotal.scope.in_(bindparam("scopes", expanding=True)))
    .where(SurveyTotal.question_id == bindparam("question_id"))
    .order_by(SurveyTotal.scope, SurveyTotal.value)
)
_OF_ALL: Final = (
    select(SurveyTotal.survey_id, SurveyTotal.question_id, SurveyTotal.value, SurveyTotal.count)
    .where(SurveyTotal.survey_id.in_(bindparam("surveys", expanding=True)))
    .where(SurveyTotal.scope == EVERYTHING)
    .where(SurveyTotal.question_id.in_(bindparam("questions", expanding=True)))
    .order_by(SurveyTotal.survey_id, SurveyTotal.question_id, SurveyTotal.value)
)
_VERSIONS: Final = (
    select(SurveyVersion.survey_id, SurveyVersion.number, SurveyVersion.content)
    .where(SurveyVersion.survey_id.in_(bindparam("surveys", expanding=True)))
    .order_by(SurveyVersion.survey_id, SurveyVersion.number)
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
        SurveyComment.key,
        SurveyComment.question_id,
        SurveyComment.area,
        func.coalesce(Opening.title, ""),
        SurveyComment.outcome,
        SurveyComment.words,
    )
    .outerjoin(Opening, Opening.id == SurveyComment.opening_id)
    .where(SurveyComment.survey_id == _SURVEY)
)
_KEYS: Final = select(SurveyComment.key).where(SurveyComment.survey_id == _SURVEY)
# Without the openings: SQLite would look each of them up.
_COUNT_COMMENTS: Final = select(func.count()).where(SurveyComment.survey_id == _SURVEY)
_TAGS: Final = (
    select(SurveyCommentTag.comment_key, SurveyCommentTag.key, SurveyCommentTag.name)
    .where(SurveyCommentTag.survey_id == _SURVEY)
    .order_by(SurveyCommentTag.comment_key, SurveyCommentTag.key)
)
_TAG_LINES: Final = (
    select(SurveyCommentTag.key, func.min(SurveyCommentTag.name))
    .where(SurveyCommentTag.survey_id == _SURVEY)
    .group_by(SurveyCommentTag.key)
    .order_by(SurveyCommentTag.key)
)
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


def scopes_released(survey_id: int) -> tuple[dict[str, int], list[OpeningNamed]]:
    """What results can be narrowed to by one thing, as words of `rules.scopes`, with how many responses there are.

    And the openings among them, by title. Where together with how it ended: see `scopes_among`.
    """
    rows = fetch(_SCOPES, {"survey_id": survey_id}).all()
    openings = [OpeningNamed(row[2], row[3], row[4]) for row in rows if row[2] is not None]
    return {row[0]: row[1] for row in rows}, sorted(openings, key=lambda one: (one.title.lower(), one.id))


def scopes_among(survey_id: int, scopes: Collection[str]) -> dict[str, int]:
    """Which of these were released, and how many responses there are in each."""
    values = {"survey_id": survey_id, "scopes": list(scopes)}
    return {scope: count for scope, count in fetch(_AMONG, values)} if scopes else {}


def counts_in(survey_id: int, scope: str) -> dict[str, dict[str, int]]:
    """How often each answer was given, by the id of the question; of whole responses under the empty id."""
    found: dict[str, dict[str, int]] = {}
    for question_id, value, count in fetch(_COUNTS, {"survey_id": survey_id, "scope": scope}):
        found.setdefault(question_id, {})[value] = count
    return found


def counts_by_month(survey_id: int, scope: str, question_id: str, most: int) -> list[tuple[date, str, int]]:
    """How often each number was given as the answer to one question, in the last `most` months of releases.

    Where there are older months, something of them, too.
    """
    rows = most * _MOST_VALUES + 1
    values = {"survey_id": survey_id, "scope": scope, "question_id": question_id, "most": rows}
    return [(row[0], row[1], row[2]) for row in fetch(_MONTHS, values)]


def counts_beside(survey_id: int, scopes: Collection[str], question_id: str) -> dict[str, dict[str, int]]:
    """How often each answer to one question was given, by scope."""
    found: dict[str, dict[str, int]] = {scope: {} for scope in scopes}
    values = {"survey_id": survey_id, "scopes": list(scopes), "question_id": question_id}
    for scope, value, count in fetch(_BESIDE, values) if scopes else ():
        found[scope][value] = count
    return found


def counts_of_surveys(questions: Mapping[int, str]) -> dict[int, dict[str, dict[str, int]]]:
    """Of several surveys how often each answer to one question was given, and how many responses there are."""
    found: dict[int, dict[str, dict[str, int]]] = {survey_id: {} for survey_id in questions}
    values = {"surveys": list(questions), "questions": ["", *sorted(set(questions.values()))]}
    for survey_id, question_id, value, count in fetch(_OF_ALL, values) if questions else ():
        found[survey_id].setdefault(question_id, {})[value] = count
    return found


def contents_of_surveys(surveys: Collection[int]) -> dict[int, dict[int, Content]]:
    """What each version of several surveys asks."""
    found: dict[int, dict[int, Content]] = {survey_id: {} for survey_id in surveys}
    for survey_id, number, content in fetch(_VERSIONS, {"surveys": list(surveys)}) if surveys else ():
        found[survey_id][number] = content_from_json(content)
    return found


def released_rows(survey_id: int, narrowed: Narrowed) -> list[ReleasedRow]:
    """The released responses, in the order of their random keys."""
    statement = _shown_by(_ROWS, SurveyPart, narrowed)
    return [ReleasedRow(*row) for row in fetch(statement, {"survey_id": survey_id})]


def comments_of(survey_id: int, sought: Sought, first: int, count: int) -> tuple[list[CommentRow], int]:
    """What was written and is looked for, in the order of the random keys, with its tags; and how many there are."""
    of_survey = {"survey_id": survey_id}
    # Keys first: else PostgreSQL may sort all texts that fit, with their openings, for the fifty of a page.
    keys = _comments(_KEYS, sought).order_by(SurveyComment.key).offset(first).limit(count)
    chosen = keys.subquery()
    shown = _COMMENTS.join(chosen, chosen.c.key == SurveyComment.key).order_by(SurveyComment.key)
    found = [CommentRow(*row) for row in fetch(shown, of_survey)]
    tags = _TAGS.where(SurveyCommentTag.comment_key.in_([one.key for one in found]))
    found = _tagged(found, fetch(tags, of_survey) if found else ())
    # A page that is not full says how many there are, and all of them need not be searched once more.
    if len(found) < count and (found or not first):
        return found, first + len(found)
    counted = _comments(_COUNT_COMMENTS, sought)
    return found, int(fetch(counted, of_survey).scalar_one())


def all_comments(survey_id: int, sought: Sought) -> list[CommentRow]:
    """All that was written and is looked for, in the order of the random keys, with its tags."""
    of_survey = {"survey_id": survey_id}
    found = [CommentRow(*row) for row in fetch(_comments(_COMMENTS, sought).order_by(SurveyComment.key), of_survey)]
    return _tagged(found, fetch(_TAGS, of_survey))


def tags_of_survey(survey_id: int, sought: Sought) -> list[TagLine]:
    """All tags of a survey's texts, in order, and how many of the texts that are looked for have each, maybe none."""
    statement: Select[Any] = _TAG_LINES.add_columns(func.count())
    if sought != Sought(Narrowed()):
        # Beginning with the tags: a search then reads the texts that have one and no others.
        chosen = _comments(_KEYS, sought).subquery()
        statement = _TAG_LINES.add_columns(func.count(chosen.c.key))
        statement = statement.outerjoin(chosen, chosen.c.key == SurveyCommentTag.comment_key)
    return [TagLine(*row) for row in fetch(statement, {"survey_id": survey_id})]


def _tagged(found: list[CommentRow], tags: Iterable[Any]) -> list[CommentRow]:
    theirs: dict[str, dict[str, str]] = {}
    for comment_key, key, name in tags:
        theirs.setdefault(comment_key, {})[key] = name
    return [replace(one, tags=theirs[one.key]) if one.key in theirs else one for one in found]


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


def _comments(found: Any, sought: Sought) -> Select[Any]:
    statement: Select[Any] = _shown_by(found, SurveyComment, sought.narrowed)
    if sought.question_id:
        statement = statement.where(SurveyComment.question_id == sought.question_id)
    for word in search_words(sought.words):
        statement = statement.where(SurveyComment.search_text.contains(word, autoescape=True))
    if sought.tag:
        of_survey = select(SurveyCommentTag.comment_key).where(SurveyCommentTag.survey_id == _SURVEY)
        statement = statement.where(SurveyComment.key.in_(of_survey.where(SurveyCommentTag.key == sought.tag)))
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
