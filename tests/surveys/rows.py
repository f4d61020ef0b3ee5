"""Surveys and invitations as they stand in the database, without anybody having been written to."""

from datetime import timedelta
from typing import Final

from portal.accounts.models import OneTimeToken
from portal.core import clock
from portal.core.clock import day_of
from portal.core.db import transaction
from portal.core.identifiers import new_public_id, new_secret
from portal.core.tokens import TokenKind, token_hash
from portal.surveys.models import Survey, SurveyInvitation, SurveyVersion
from portal.surveys.rules.questions import Content, Option, Question, content_as_json
from portal.surveys.states import QuestionKind, SurveyState, Touchpoint
from tests.factories import ZONE

#: One question of each kind.
CONTENT: Final = Content(
    title="How was your interview?",
    introduction="Eight short questions about how we treated you.",
    questions=(
        Question("q-recommend", QuestionKind.RECOMMEND, is_required=True),
        Question("q-fair", QuestionKind.FAIRNESS, "How fair was it?", "Think of everybody you met."),
        Question("q-happy", QuestionKind.SATISFACTION, "How was the interview?"),
        Question("q-effort", QuestionKind.EFFORT, "How hard was it to find a time?"),
        Question(
            "q-who", QuestionKind.ONE_OF, "Who was clearest?", options=(Option("a", "The team"), Option("b", "HR"))
        ),
        Question(
            "q-what", QuestionKind.SOME_OF, "What helped?", options=(Option("a", "The guide"), Option("b", "A call"))
        ),
        Question("q-word", QuestionKind.SHORT_TEXT, "One word for it?"),
        Question("q-long", QuestionKind.LONG_TEXT, "What should we do otherwise?"),
    ),
    thanks="Thank you. We read every answer.",
)


def make_survey(
    touchpoint: Touchpoint = Touchpoint.INTERVIEWED,
    content: Content = CONTENT,
    state: SurveyState = SurveyState.LIVE,
) -> int:
    """A survey with one published version; its row number."""
    now = clock.now()
    with transaction() as session:
        one = Survey(
            public_id=new_public_id(),
            touchpoint=touchpoint,
            state=state,
            draft=content_as_json(content),
            draft_number=1,
            version_number=1,
            created_at=now,
            closed_at=now if state is SurveyState.CLOSED else None,
        )
        session.add(one)
        session.flush()
        session.add(
            SurveyVersion(
                survey_id=one.id, number=1, content=content_as_json(content), published_by_id=None, published_at=now
            )
        )
        return one.id


def invite(survey_id: int, person_id: int, application_id: int | None = None, *, days: int = 30) -> tuple[str, str]:
    """Ask somebody in the portal; the invitation's public id, and a token that a mail to them could carry."""
    public_id, token, now = new_public_id(), new_secret(), clock.now()
    digest = token_hash(token, TokenKind.SURVEY)
    assert digest is not None
    today = day_of(now, ZONE)
    with transaction() as session:
        session.add(
            SurveyInvitation(
                public_id=public_id,
                survey_id=survey_id,
                person_id=person_id,
                application_id=application_id,
                cause=f"test:{public_id}",
                asked_on=today,
                closes_on=today + timedelta(days=days),
                is_opened=False,
                is_answered=False,
            )
        )
        session.add(
            OneTimeToken(
                kind=TokenKind.SURVEY,
                token_hash=digest,
                subject=public_id,
                person_id=person_id,
                created_at=now,
                expires_at=now + timedelta(days=days),
                tries_left=0,
            )
        )
    return public_id, token
