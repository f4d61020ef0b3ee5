"""People who answer surveys without a name or with it, and what is released of that."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from portal.applications.states import ApplicationStatus, EventKind
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.openings.models import Opening
from portal.surveys.actions.answering import answer_survey
from portal.surveys.jobs import release_ballots
from portal.surveys.models import (
    Ballot,
    Survey,
    SurveyComment,
    SurveyInvitation,
    SurveyPart,
    SurveyResponse,
    SurveyTally,
    SurveyVersion,
)
from portal.surveys.rules.questions import Content, content_as_json
from portal.surveys.rules.scopes import RESPONSES
from portal.surveys.states import SurveyState
from tests.factories import Made, add_event, make_application, make_opening, make_staff
from tests.surveys.rows import invite


@dataclass
class Asking:
    """A survey, and openings in two areas about whose applications people are asked."""

    survey_id: int
    owner_id: int = field(default_factory=lambda: make_staff())
    openings: dict[str, int] = field(default_factory=dict)

    def opening(self, title: str, area: str = "data") -> int:
        """The opening with this title, made when first asked for."""
        if title not in self.openings:
            made = make_opening(title)
            with transaction() as own:
                own.get_one(Opening, made).area = area
            self.openings[title] = made
        return self.openings[title]

    def ask(
        self, title: str = "Analyst", area: str = "data", status: ApplicationStatus = ApplicationStatus.NOT_SELECTED
    ) -> tuple[Made, int]:
        """Somebody who reads `status` of their application, and the row of their invitation."""
        made = make_application(self.opening(title, area), self.owner_id, status=status)
        return made, row_of(invite(self.survey_id, made.person_id, made.id)[0])

    def answered(
        self,
        title: str = "Analyst",
        area: str = "data",
        status: ApplicationStatus = ApplicationStatus.NOT_SELECTED,
        *,
        score: int = 7,
        words: str = "",
        is_signed: bool = False,
    ) -> Made:
        """Somebody who was asked and answered."""
        made, invitation_id = self.ask(title, area, status)
        answer(invitation_id, score=score, words=words, is_signed=is_signed)
        return made


def answer(invitation_id: int, *, score: int = 7, words: str = "", is_signed: bool = False) -> None:
    """Send an answer with a number, and a word or two."""
    given = {"q-recommend": [str(score)], "q-long": [words]}
    answer_survey(invitation_id, is_signed=is_signed, given=given, now=clock.now())


def row_of(public_id: str) -> int:
    """The row of an invitation."""
    end_reading()
    return session().scalars(select(SurveyInvitation.id).where(SurveyInvitation.public_id == public_id)).one()


def tell(made: Made, status: ApplicationStatus = ApplicationStatus.NOT_SELECTED, **facts: Any) -> None:
    """Let an application end, and its candidate know."""
    add_event(made.id, EventKind.MESSAGE, status=status, **facts)


def publish(survey_id: int, content: Content) -> None:
    """The next version of a survey."""
    with transaction() as own:
        survey = own.get_one(Survey, survey_id)
        survey.version_number += 1
        own.add(
            SurveyVersion(
                survey_id=survey_id,
                number=survey.version_number,
                content=content_as_json(content),
                published_by_id=None,
                published_at=clock.now(),
            )
        )


def close(survey_id: int) -> None:
    """Close a survey for good."""
    with transaction() as own:
        survey = own.get_one(Survey, survey_id)
        survey.state, survey.closed_at = SurveyState.CLOSED, clock.now()


def release() -> None:
    """What the worker does every ten minutes."""
    release_ballots(clock.now())
    end_reading()


def waiting() -> int:
    """How many ballots are in the box."""
    end_reading()
    return session().scalar(select(func.count()).select_from(Ballot)) or 0


def parts() -> list[SurveyPart]:
    end_reading()
    return list(session().scalars(select(SurveyPart).order_by(SurveyPart.opening_id, SurveyPart.response_count)))


def responses() -> list[Mapping[str, Any]]:
    end_reading()
    return list(session().scalars(select(SurveyResponse.answers).order_by(SurveyResponse.key)))


def comments() -> list[str]:
    end_reading()
    return sorted(session().scalars(select(SurveyComment.words)))


def totals(question_id: str = "", value: str = RESPONSES) -> Counter[str]:
    """By scope, how often this was answered."""
    end_reading()
    found = select(SurveyTally.scope, func.sum(SurveyTally.count)).where(SurveyTally.question_id == question_id)
    rows = session().execute(found.where(SurveyTally.value == value).group_by(SurveyTally.scope))
    return Counter({scope: int(count) for scope, count in rows})
