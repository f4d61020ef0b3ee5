"""What somebody may answer to a survey, and when: answers as they are stored, and the words where one is not good.

Stored is, by the id of the question: a number, the id of an option, a list of them in the order of the question, or
words. A question without an answer is not there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from math import ceil
from typing import Any, Final

from portal.applications.rules import clean_text
from portal.core.errors import PortalError
from portal.core.i18n import gettext as _
from portal.surveys.rules.questions import Content, Option, Question, scale_ends, words_of
from portal.surveys.states import SCALES, QuestionKind, SurveyState, WhyNotAsked

#: Most characters of what is written.
LONGEST: Final[dict[QuestionKind, int]] = {QuestionKind.SHORT_TEXT: 200, QuestionKind.LONG_TEXT: 4000}
#: Days after which answers that were not sent are destroyed.
KEPT_DAYS: Final = 30
#: Seconds that people take for one question, reading it included; generous, for the minutes must be true.
_SECONDS: Final[dict[QuestionKind, int]] = {
    **dict.fromkeys(SCALES, 12),
    QuestionKind.ONE_OF: 15,
    QuestionKind.SOME_OF: 20,
    QuestionKind.SHORT_TEXT: 25,
    QuestionKind.LONG_TEXT: 60,
}
#: The first screen and the last two steps.
_SECONDS_AROUND: Final = 40


class Stand(StrEnum):
    """Whether answers are taken."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"
    #: They are not asked any more, or what it was about is not theirs.
    NOT_FOR_YOU = "not_for_you"


class NotOpen(PortalError):
    """No answer is taken (any more)."""


class NotComplete(PortalError):
    """Something that is asked for is missing, or there is nothing to send."""


class NotGood(PortalError):
    """An answer that was given on the way to sending is none to its question."""


@dataclass(frozen=True)
class Cleaned:
    """What was given, question by question: answers that can be stored, and what is wrong with the others."""

    answers: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    #: Asked on the form and left empty.
    empty: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Asked:
    """A question as it is put to somebody: what the component `survey_question` shows."""

    id: str
    kind: QuestionKind
    words: str
    help: str
    is_required: bool
    options: tuple[Option, ...]
    #: The numbers to choose from, and what the first and the last of them mean.
    numbers: tuple[int, ...] = ()
    lowest: str = ""
    highest: str = ""
    #: Most characters of an answer in words.
    longest: int = 0


def asked_of(question: Question, org: str) -> Asked:
    """The question as people read it; `org` is the company's name."""
    numbers: tuple[int, ...] = ()
    lowest = highest = ""
    if question.kind in SCALES:
        first, last = SCALES[question.kind]
        numbers = tuple(range(first, last + 1))
        lowest, highest = scale_ends(question.kind)
    return Asked(
        id=question.id,
        kind=question.kind,
        words=words_of(question, org),
        help=question.help,
        is_required=question.is_required,
        options=question.options,
        numbers=numbers,
        lowest=lowest,
        highest=highest,
        longest=LONGEST.get(question.kind, 0),
    )


def stand_of(
    *, why_not: WhyNotAsked | None, is_theirs: bool, is_answered: bool, state: SurveyState, closes_on: date, today: date
) -> Stand:
    """Whether somebody who was asked can answer. A paused survey asks nobody anew, and takes answers."""
    if why_not is not None or not is_theirs:
        return Stand.NOT_FOR_YOU
    if is_answered:
        return Stand.ANSWERED
    return Stand.CLOSED if state is SurveyState.CLOSED or today > closes_on else Stand.OPEN


def must_be_open(stand: Stand) -> None:
    """Raise NotOpen where no answer is taken."""
    if stand is Stand.ANSWERED:
        raise NotOpen(_("You have answered this survey already. Nothing was added."))
    if stand is not Stand.OPEN:
        raise NotOpen(_("This survey takes no answers any more. Nothing was saved."))


def clean_answers(content: Content, given: Mapping[str, Sequence[str]]) -> Cleaned:
    """What was given to some questions, as a form sends it, made into answers; what is asked nowhere is left out."""
    answers: dict[str, Any] = {}
    errors: dict[str, str] = {}
    empty: set[str] = set()
    for question in content.questions:
        if question.id not in given:
            continue
        values = [value for value in map(clean_text, given[question.id]) if value]
        if not values:
            empty.add(question.id)
            continue
        try:
            answers[question.id] = _answer(question, values)
        except NotGood as error:
            errors[question.id] = error.message
    return Cleaned(answers, errors, frozenset(empty))


def still_missing(content: Content, answers: Mapping[str, Any]) -> list[Question]:
    """The required questions without an answer, in their order."""
    return [one for one in content.questions if one.is_required and one.id not in answers]


def must_be_complete(content: Content, answers: Mapping[str, Any]) -> None:
    """Raise NotComplete where something required is missing, or everything."""
    if still_missing(content, answers):
        raise NotComplete(_("A question or two still wait for your answer. Nothing was sent yet."))
    if not answers:
        raise NotComplete(_("There is nothing to send yet: no question has an answer."))


def first_open(content: Content, answers: Mapping[str, Any]) -> Question | None:
    """The question after the last that has an answer, where somebody goes on; None when that was the end."""
    answered = [place for place, one in enumerate(content.questions) if one.id in answers]
    place = answered[-1] + 1 if answered else 0
    return content.questions[place] if place < len(content.questions) else None


def minutes_for(content: Content) -> int:
    """How many minutes it takes, rounded up."""
    return ceil((_SECONDS_AROUND + sum(_SECONDS[one.kind] for one in content.questions)) / 60)


def _answer(question: Question, values: list[str]) -> Any:
    if question.kind in SCALES:
        return _number(values, *SCALES[question.kind])
    if question.kind in LONGEST:
        return _words(values[0], LONGEST[question.kind])
    known = [option.id for option in question.options]
    if not set(values) <= set(known) or (question.kind is QuestionKind.ONE_OF and len(values) > 1):
        raise NotGood(_("Please choose from what is offered here."))
    return values[0] if question.kind is QuestionKind.ONE_OF else [one for one in known if one in values]


def _number(values: list[str], first: int, last: int) -> int:
    allowed = {str(number): number for number in range(first, last + 1)}
    if len(values) > 1 or values[0] not in allowed:
        raise NotGood(_("Please choose a number from %(first)s to %(last)s.", first=first, last=last))
    return allowed[values[0]]


def _words(words: str, longest: int) -> str:
    if len(words) > longest:
        raise NotGood(
            _(
                "This has %(count)s characters, and there is room for %(longest)s. Please shorten it a little.",
                count=len(words),
                longest=longest,
            )
        )
    return words
