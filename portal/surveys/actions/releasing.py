"""The ballot box is opened: five and more answers at a time become numbers that nobody in particular gave.

This happens later than any of the answers was given, in one transaction: ballots go, and what they said comes back
shuffled under new random keys, the words apart from the numbers. A crash leaves all of it or nothing.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from secrets import SystemRandom
from typing import Any, Final

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from portal.company.queries import company_zone
from portal.core.clock import day_of
from portal.core.db import Model, insert_into, one_at_a_time, transaction
from portal.core.identifiers import new_public_id
from portal.openings.rules import fold_search
from portal.surveys.models import (
    Ballot,
    PartialAnswers,
    SignedResponse,
    Survey,
    SurveyComment,
    SurveyPart,
    SurveyResponse,
    SurveyTally,
    SurveyTotal,
    WaitingComment,
)
from portal.surveys.queries.releasing import (
    Answers,
    WaitingWords,
    ballots_in_box,
    partial_answers_over,
    signed_to_count,
    versions_of,
    words_in_box,
)
from portal.surveys.rules.questions import Content, Question
from portal.surveys.rules.releasing import (
    FEWEST_COMMENTS,
    Cut,
    Part,
    Waiting,
    common_questions,
    counted_beside,
    last_part_of,
    numbers_in,
    parts_of,
    questionnaires,
    words_in,
)
from portal.surveys.rules.scopes import RESPONSES, SIGNED, scopes_of, tally_of
from portal.surveys.states import SurveyState

#: Keys that are named in one statement.
_AT_ONCE: Final = 500
_random: Final = SystemRandom()


@dataclass
class _Batch:
    """What one release writes."""

    survey_id: int
    week_on: date
    month_on: date
    parts: list[dict[str, Any]] = field(default_factory=list)
    responses: list[dict[str, Any]] = field(default_factory=list)
    words: list[dict[str, Any]] = field(default_factory=list)
    #: By scope, question and value.
    tally: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def add_part(self, cut: Cut, questions: Sequence[Question], ballots: Sequence[Answers]) -> None:
        """Answers that can be shown by `cut`, and of these questions only."""
        key = _new_key()
        self.parts.append(
            {
                **_shown_by(key, self.survey_id, cut),
                "version_number": max(one.version_number for one in ballots),
                "week_on": self.week_on,
                "response_count": len(ballots),
            }
        )
        for one in ballots:
            numbers = numbers_in(questions, one.answers)
            self.responses.append({"key": _new_key(), "part_key": key, "answers": numbers})
            self.words += [
                {**_shown_by(_new_key(), self.survey_id, cut), "question_id": question_id, "words": words}
                for question_id, words in words_in(questions, one.answers)
            ]
        self.count(cut, tally_of(questions, [one.answers for one in ballots]))

    def count(self, cut: Cut, counts: Mapping[tuple[str, str], int]) -> None:
        """Let the totals go up by `counts` wherever something with this cut is shown."""
        for scope in scopes_of(cut):
            for (question_id, value), count in counts.items():
                self.tally[scope, question_id, value] += count


def release_ballots(survey_id: int, now: datetime) -> bool:
    """Release what can be released of one survey; whether anything was.

    Of a survey that is closed for good, what waits for no decision is then gone: as one last part of which only the
    survey is known, or destroyed where that would be fewer than five.
    """
    with transaction() as session:
        one_at_a_time(f"release of survey {survey_id}")
        survey = session.get(Survey, survey_id)
        if survey is None:
            return False
        today = day_of(now, company_zone())
        batch = _Batch(survey_id, today - timedelta(days=today.weekday()), today.replace(day=1))
        versions = versions_of(survey_id)
        ballots, held_count = ballots_in_box(survey_id)
        is_last = survey.state is SurveyState.CLOSED and held_count == 0
        parts, gone = _release(batch, versions, ballots, is_last=is_last)
        counted = _count_signed(batch, versions, signed_to_count(survey_id, survey.touchpoint), parts)
        _delete(session, Ballot, gone)
        _write(session, batch)
        for some in _some(counted):
            session.execute(update(SignedResponse).where(SignedResponse.id.in_(some)).values(is_counted=True))
        released_words = _release_words(session, batch, is_last=is_last)
    return bool(gone or counted or released_words)


def forget_partial_answers(now: datetime) -> bool:
    """Destroy saved answers that were not sent in their time, or whose survey takes none any more; whether any were."""
    with transaction() as session:
        over = partial_answers_over(day_of(now, company_zone()))
        for some in _some(over):
            session.execute(delete(PartialAnswers).where(PartialAnswers.invitation_id.in_(some)))
    return bool(over)


def _release(
    batch: _Batch, versions: Mapping[int, Content], ballots: Sequence[Answers], *, is_last: bool
) -> tuple[list[Part], list[str]]:
    """The parts that these ballots make, and the keys of those that leave the box."""
    apart = questionnaires(versions)
    known = {one.key: one for one in ballots}
    parts = parts_of(_waiting(ballots, apart))
    for part in parts:
        some = [known.pop(key) for key in part.keys]
        batch.add_part(part.cut, versions[max(one.version_number for one in some)].questions, some)
    gone = [key for part in parts for key in part.keys]
    if is_last:
        gone += known
        _release_last(batch, versions, list(known.values()), apart)
    return parts, gone


def _release_last(
    batch: _Batch, versions: Mapping[int, Content], left: Sequence[Answers], apart: Mapping[int, str]
) -> None:
    """What is left of a survey that is over, in one part; what says nothing to what all were asked is left out.

    An empty row would say that its version asked something else, too.
    """
    numbers = sorted({one.version_number for one in left})
    questions = common_questions(versions[number] for number in numbers) if left else ()
    said = [one for one in left if any(question.id in one.answers for question in questions)]
    if last_part_of(_waiting(said, apart)) is not None:
        batch.add_part(Cut(), questions, said)


def _count_signed(
    batch: _Batch, versions: Mapping[int, Content], signed: Sequence[Answers], parts: Sequence[Part]
) -> list[int]:
    """Let the totals count signed answers; the rows of those that are counted from now on."""
    cuts = counted_beside(_waiting(signed, questionnaires(versions)), parts)
    for one in signed:
        if one.key in cuts:
            counts = tally_of(versions[one.version_number].questions, [one.answers])
            counts["", SIGNED] = counts["", RESPONSES]
            batch.count(cuts[one.key], counts)
    return [int(key) for key in cuts]


def _release_words(session: Session, batch: _Batch, *, is_last: bool) -> bool:
    """Let words be read where there are ten and more to one question; the rest is destroyed when the survey is over."""
    words = {one.key: one for one in words_in_box(batch.survey_id)}
    parts = parts_of([Waiting(one.key, one.question_id, one.cut) for one in words.values()], FEWEST_COMMENTS)
    gone = {key for part in parts for key in part.keys}
    if is_last:
        left = [one for one in words.values() if one.key not in gone]
        parts += _last_words(left)
        gone = set(words)
    rows = [
        {
            **_shown_by(_new_key(), batch.survey_id, part.cut),
            "question_id": words[key].question_id,
            "week_on": batch.week_on,
            "words": words[key].words,
            "search_text": fold_search(words[key].words),
        }
        for part in parts
        for key in part.keys
    ]
    _delete(session, WaitingComment, sorted(gone))
    _insert(session, SurveyComment, rows)
    return bool(gone)


def _last_words(left: Sequence[WaitingWords]) -> Iterator[Part]:
    for question_id in sorted({one.question_id for one in left}):
        asked = [Waiting(one.key, question_id, one.cut) for one in left if one.question_id == question_id]
        if (part := last_part_of(asked, FEWEST_COMMENTS)) is not None:
            yield part


def _write(session: Session, batch: _Batch) -> None:
    _insert(session, SurveyPart, batch.parts)
    _insert(session, SurveyResponse, batch.responses)
    _insert(session, WaitingComment, batch.words)
    totals = [
        {"survey_id": batch.survey_id, "scope": scope, "question_id": question_id, "value": value, "count": count}
        for (scope, question_id, value), count in sorted(batch.tally.items())
    ]
    _add(session, SurveyTally, [{**row, "month_on": batch.month_on} for row in totals])
    _add(session, SurveyTotal, totals)


def _add(session: Session, model: type[SurveyTally] | type[SurveyTotal], rows: list[dict[str, Any]]) -> None:
    """Let counts go up."""
    if rows:
        made = insert_into(model, session.connection().dialect.name)
        adding = made.on_conflict_do_update(
            index_elements=list(model.__table__.primary_key), set_={"count": model.count + made.excluded.count}
        )
        session.execute(adding, rows)


def _insert(session: Session, model: type[Model], rows: list[dict[str, Any]]) -> None:
    """Write rows in an order that says nothing."""
    if rows:
        _random.shuffle(rows)
        session.execute(insert(model), rows)


def _delete(session: Session, model: type[Ballot] | type[WaitingComment], keys: Sequence[str]) -> None:
    for some in _some(keys):
        session.execute(delete(model).where(model.key.in_(some)).execution_options(synchronize_session=False))


def _some(keys: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (keys[first : first + _AT_ONCE] for first in range(0, len(keys), _AT_ONCE))


def _waiting(answers: Iterable[Answers], apart: Mapping[int, str]) -> list[Waiting]:
    return [Waiting(one.key, apart[one.version_number], one.cut) for one in answers]


def _shown_by(key: str, survey_id: int, cut: Cut) -> dict[str, Any]:
    return {
        "key": key,
        "survey_id": survey_id,
        "opening_id": cut.opening_id,
        "area": cut.area,
        "outcome": cut.outcome,
    }


def _new_key() -> str:
    return new_public_id() + new_public_id()
