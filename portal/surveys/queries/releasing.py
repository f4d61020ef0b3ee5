"""What waits to be released, and what it may not be released before. Nothing here reads who answered what."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import bindparam, exists, func, or_, select

from portal.applications.models import Application
from portal.applications.queries.shown import SHOWN_ID, Shown
from portal.applications.states import ENDINGS, ApplicationStatus
from portal.core.db import fetch
from portal.openings.models import Opening
from portal.surveys.models import (
    Ballot,
    PartialAnswers,
    SignedResponse,
    Survey,
    SurveyInvitation,
    SurveyVersion,
    WaitingComment,
)
from portal.surveys.rules.questions import Content, content_from_json
from portal.surveys.rules.releasing import Cut, may_be_released
from portal.surveys.states import SurveyState, Touchpoint


@dataclass(frozen=True)
class Answers:
    """Answers to one version, by a random key or by the row of those who signed, and what they could be shown by."""

    key: str
    version_number: int
    cut: Cut
    answers: Mapping[str, Any]


@dataclass(frozen=True)
class WaitingWords:
    """Something that was written, until there are ten."""

    key: str
    question_id: str
    cut: Cut
    words: str


_TO_RELEASE: Final = (
    select(Survey.id)
    .where(
        or_(
            exists().where(Ballot.survey_id == Survey.id),
            exists().where(SignedResponse.survey_id == Survey.id).where(SignedResponse.is_counted.is_(False)),
            exists().where(WaitingComment.survey_id == Survey.id),
        )
    )
    .order_by(Survey.id)
)
_BALLOTS: Final = (
    select(
        Ballot.key,
        Ballot.version_number,
        Ballot.lot,
        Ballot.opening_id,
        Ballot.area,
        Ballot.outcome,
        Ballot.answers,
    )
    .where(Ballot.survey_id == bindparam("survey_id"))
    .order_by(Ballot.key)
)
#: Lots among which somebody's application is still open to them; whoever was erased is not waited for.
_UNDECIDED: Final = (
    select(SurveyInvitation.lot)
    .join(Application, Application.id == SurveyInvitation.application_id)
    .outerjoin(Shown, Shown.id == SHOWN_ID)
    .where(
        SurveyInvitation.lot.in_(
            select(Ballot.lot).where(Ballot.survey_id == bindparam("survey_id")).where(Ballot.lot != "")
        )
    )
    .where(or_(Shown.id.is_(None), Shown.status.not_in(sorted(ENDINGS))))
    .distinct()
)
_SIGNED: Final = (
    select(
        SignedResponse.id,
        SignedResponse.version_number,
        SignedResponse.answers,
        Application.opening_id,
        func.coalesce(Opening.area, "").label("area"),
        Shown.status,
    )
    .outerjoin(Application, Application.id == SignedResponse.application_id)
    .outerjoin(Opening, Opening.id == Application.opening_id)
    .outerjoin(Shown, Shown.id == SHOWN_ID)
    .where(SignedResponse.survey_id == bindparam("survey_id"))
    .where(SignedResponse.is_counted.is_(False))
    .order_by(SignedResponse.id)
)
_WORDS: Final = (
    select(
        WaitingComment.key,
        WaitingComment.question_id,
        WaitingComment.opening_id,
        WaitingComment.area,
        WaitingComment.outcome,
        WaitingComment.words,
    )
    .where(WaitingComment.survey_id == bindparam("survey_id"))
    .order_by(WaitingComment.key)
)
_VERSIONS: Final = (
    select(SurveyVersion.number, SurveyVersion.content)
    .where(SurveyVersion.survey_id == bindparam("survey_id"))
    .order_by(SurveyVersion.number)
)
_OVER: Final = (
    select(PartialAnswers.invitation_id)
    .join(SurveyInvitation, SurveyInvitation.id == PartialAnswers.invitation_id)
    .join(Survey, Survey.id == SurveyInvitation.survey_id)
    .where(or_(PartialAnswers.delete_on <= bindparam("today"), Survey.state == SurveyState.CLOSED))
    .order_by(PartialAnswers.invitation_id)
)
_WAITING: Final = select(func.count()).select_from(Ballot).where(Ballot.survey_id == bindparam("survey_id"))


def surveys_to_release() -> list[int]:
    """Ids of surveys of which something waits."""
    return list(fetch(_TO_RELEASE).scalars())


def ballots_in_box(survey_id: int) -> tuple[list[Answers], int]:
    """The ballots whose decisions are made, and how many others there are."""
    # The ballots first: whoever is added to a lot meanwhile keeps it closed, and is not missed.
    rows = fetch(_BALLOTS, {"survey_id": survey_id}).all()
    undecided = set(fetch(_UNDECIDED, {"survey_id": survey_id}).scalars())
    ready = [row for row in rows if row.lot not in undecided]
    return [_answers(row.key, row, row.outcome) for row in ready], len(rows) - len(ready)


def signed_to_count(survey_id: int, touchpoint: Touchpoint) -> list[Answers]:
    """Signed answers that no total counts yet and the hiring team may read; their keys are their rows' ids."""
    return [
        _answers(str(row.id), row, row.status if row.status in ENDINGS else None)
        for row in fetch(_SIGNED, {"survey_id": survey_id})
        if may_be_released(touchpoint, row.status)
    ]


def words_in_box(survey_id: int) -> list[WaitingWords]:
    """What was written and waits for more."""
    return [
        WaitingWords(row.key, row.question_id, Cut(row.opening_id, row.area, row.outcome), row.words)
        for row in fetch(_WORDS, {"survey_id": survey_id})
    ]


def versions_of(survey_id: int) -> dict[int, Content]:
    """What each version of a survey asks."""
    return {row.number: content_from_json(row.content) for row in fetch(_VERSIONS, {"survey_id": survey_id})}


def waiting_count(survey_id: int) -> int:
    """How many ballots wait for others, or for a decision: "3 of 5"."""
    return int(fetch(_WAITING, {"survey_id": survey_id}).scalar_one())


def partial_answers_over(today: date) -> list[int]:
    """Ids of invitations whose saved answers are to be destroyed."""
    return list(fetch(_OVER, {"today": today}).scalars())


def _answers(key: str, row: Any, outcome: ApplicationStatus | None) -> Answers:
    return Answers(key, row.version_number, Cut(row.opening_id, row.area, outcome), row.answers)
