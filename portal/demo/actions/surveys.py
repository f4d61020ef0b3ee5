"""Surveys of the demo: seven months of answers, who is asked now, somebody whom it went badly for, what was done."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil
from random import Random
from typing import Any, Final

from sqlalchemy import select

from portal.applications.states import ApplicationStatus
from portal.core.db import end_reading, session, transaction
from portal.core.errors import PortalError
from portal.core.identifiers import new_public_id
from portal.demo import data
from portal.demo.actions.story import Story, at, deliver, person_at
from portal.demo.actions.work import ABOUT_SURVEYS, WHO_IS_ASKED, WHOM_IT_WENT_BADLY_FOR, let_work
from portal.demo.data import surveyed
from portal.demo.data.surveyed import Asked
from portal.openings.models import Opening
from portal.surveys.actions.answering import answer_survey
from portal.surveys.actions.editing import publish_ready
from portal.surveys.actions.posts import publish_post, write_post
from portal.surveys.actions.reaching import add_to_reach
from portal.surveys.actions.releasing import release_ballots
from portal.surveys.models import Ballot, SurveyInvitation
from portal.surveys.queries.posts import find_post
from portal.surveys.queries.surveys import SurveyView, survey_at
from portal.surveys.rules.questions import Question
from portal.surveys.rules.reaching import ASKED, BEGAN
from portal.surveys.states import SCALES, TEXTS, Touchpoint

#: Of its own, so that the rest of the story does not change with it.
_SEED: Final = 20261123
_MORNING, _NOON, _EVENING = 9, 12, 19
#: Working days before today on which the worker looked whom to ask.
_ASKED_FOR_DAYS: Final = 6
#: How many of ten leave out what they need not answer.
_LEFT_OUT: Final = 0.15
#: How far answers lie from their mean, in parts of the scale.
_SPREAD: Final = 0.24
#: For each of those who answered: how many were asked, and how many began.
_ASKED_FOR_EACH, _BEGAN_FOR_EACH = 2.4, 1.12


def publish_surveys(story: Story) -> None:
    """Three of those that are ready, by the admin, and what was answered until a week ago."""
    random = Random(_SEED)  # noqa: S311 - answers of nobody
    with at(story.moment(story.today - timedelta(days=surveyed.PUBLISHED_DAYS_AGO), _MORNING)) as moment:
        for asked in surveyed.ASKED:
            publish_ready(asked.touchpoint, actor_id=story.staff["admin"], now=moment)
    for asked in surveyed.ASKED:
        _answer_for_months(story, asked, random)


def _answer_for_months(story: Story, asked: Asked, random: Random) -> None:
    survey = _survey(asked.touchpoint)
    texts = list(asked.words)
    total = sum(sum(counts) for counts in asked.counts)
    random.shuffle(texts)
    for number, (days, counts) in enumerate(zip(surveyed.RELEASED_DAYS_AGO, asked.counts, strict=True)):
        progress = number / (len(asked.counts) - 1)
        wanted = round(len(asked.words) * sum(counts) / total) if progress < 1 else len(texts)
        said, texts = texts[:wanted], texts[wanted:]
        rows = [
            {**cut, "answers": _answers(survey, asked, progress, random)}
            for cut, count in zip(_cuts(asked, progress), counts, strict=True)
            for _each in range(count)
        ]
        for row, words in zip(random.sample(rows, len(said)), said, strict=True):
            row["answers"]["words"] = words
        with at(story.moment(story.today - timedelta(days=days), _EVENING)) as moment:
            _drop(survey, rows)
            release_ballots(survey.id, moment)
            end_reading()
    cut = _cuts(asked, 1)[0]
    _drop(survey, [{**cut, "answers": _answers(survey, asked, 1, random)} for _each in range(asked.waiting)])


def _survey(touchpoint: Touchpoint) -> SurveyView:
    found = survey_at(touchpoint)
    if found is None:
        raise PortalError("The demo lost one of its surveys.")
    return found


def _cuts(asked: Asked, progress: float) -> Sequence[dict[str, Any]]:
    """What the answers of a month can be shown by: in the last one the openings of today, before that the area."""
    outcome = ApplicationStatus(asked.outcome) if asked.outcome else None
    if progress < 1:
        return [{"opening_id": None, "area": area, "outcome": outcome} for area in surveyed.AREAS]
    keys = select(Opening).where(Opening.external_key.in_(surveyed.OPENINGS)).order_by(Opening.external_key)
    return [{"opening_id": one.id, "area": one.area, "outcome": outcome} for one in session().scalars(keys)]


def _answers(survey: SurveyView, asked: Asked, progress: float, random: Random) -> dict[str, Any]:
    """What somebody answers while the means are on their way from the first to the last."""
    found: dict[str, Any] = {}
    for question in survey.draft.questions:
        if question.kind in TEXTS or (not question.is_required and random.random() < _LEFT_OUT):
            continue
        first, last = asked.means[question.id]
        found[question.id] = _number(question, first + (last - first) * progress, random)
    return found


def _number(question: Question, mean: float, random: Random) -> int:
    lowest, highest = SCALES[question.kind]
    return min(highest, max(lowest, round(random.gauss(mean, (highest - lowest) * _SPREAD))))


def _drop(survey: SurveyView, rows: Sequence[dict[str, Any]]) -> None:
    """Into the box, as answering leaves it there once those who answered have been forgotten, and counted before."""
    with transaction() as own:
        asked, began = (ceil(len(rows) * each) for each in (_ASKED_FOR_EACH, _BEGAN_FOR_EACH))
        add_to_reach(Counter({(survey.id, ASKED): asked, (survey.id, BEGAN): began}))
        for row in rows:
            own.add(
                Ballot(
                    key=new_public_id() + new_public_id(),
                    survey_id=survey.id,
                    version_number=survey.version_number,
                    lot="",
                    **row,
                )
            )


def ask_how_it_was(story: Story) -> None:
    """Those whose moment has come are asked by mail; for one of them it went badly, and a colleague is to write."""
    for days in range(_ASKED_FOR_DAYS, 0, -1):
        with at(story.moment(story.days_ago(days), _NOON)) as moment:
            let_work(WHO_IS_ASKED, moment)
            deliver()
    with at(story.moment(story.days_ago(1), _EVENING)) as moment:
        _say_that_it_went_badly(moment)
        end_reading()
        let_work(WHOM_IT_WENT_BADLY_FOR, moment)
    let_work(ABOUT_SURVEYS, story.at)
    deliver()


def _say_that_it_went_badly(moment: datetime) -> None:
    """Somebody who was not selected, else who applied, and who is none of the accounts that people sign in with."""
    known = [person_at(row[0]) for row in data.CANDIDATES]
    wanted = (
        select(SurveyInvitation.id)
        .where(SurveyInvitation.why_not.is_(None))
        .where(SurveyInvitation.person_id.not_in(known))
        .order_by(SurveyInvitation.survey_id != _survey(Touchpoint.NOT_SELECTED).id, SurveyInvitation.id)
        .limit(1)
    )
    asked = session().scalars(wanted).one()
    end_reading()
    answer_survey(asked, is_signed=True, may_contact=True, given=surveyed.LOW_ANSWERS, now=moment)


def say_back(story: Story) -> None:
    """What was changed because of answers: one is published, one is written."""
    for post in surveyed.POSTS:
        day = story.days_ago(post.days_ago or 1)
        actor_id = story.staff[post.author]
        with at(story.moment(day, _MORNING)) as moment:
            survey_id = _survey(post.touchpoint).id
            public_id = write_post(survey_id, post.said, post.did, actor_id=actor_id, now=moment)
            end_reading()
            found = find_post(public_id)
            if post.days_ago and found is not None:
                publish_post(found.id, actor_id=actor_id, now=moment)
            end_reading()
