"""Which ballots are released, and by what their answers may be shown: in parts of five and more that never change.

Suppose that somebody knows of everybody who answered without a name in which part their answers are. Then all that
can be selected, at whatever moments, and all that can be reckoned from selections, is about whole parts; within a part
nothing says whose answers are whose. So it is about five and more at least (decision 0035).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from portal.applications.states import ENDINGS, ApplicationStatus
from portal.surveys.rules.questions import Content, Question
from portal.surveys.states import BEFORE_THE_DECISION, TEXTS, Touchpoint

#: No result is shown for fewer (promise 8).
FEWEST: Final = 5
#: No words are shown for fewer: people are known by how they write.
FEWEST_COMMENTS: Final = 10


@dataclass(frozen=True)
class Cut:
    """What answers can be shown by: their opening, its area, and how the application had ended; none of it is None."""

    opening_id: int | None = None
    area: str = ""
    outcome: ApplicationStatus | None = None


def _nothing(_cut: Cut) -> Cut:
    return Cut()


#: From the finest to all of a survey. An area is known wherever its opening is.
_COARSER: Final[tuple[Callable[[Cut], Cut], ...]] = (
    lambda cut: cut,
    lambda cut: Cut(cut.opening_id, cut.area, None),
    lambda cut: Cut(None, cut.area, cut.outcome),
    lambda cut: Cut(None, cut.area, None),
    lambda cut: Cut(None, "", cut.outcome),
    _nothing,
)


@dataclass(frozen=True)
class Waiting:
    """Something in the box: its key, its questionnaire or question (never mixed), and what it could be shown by."""

    key: str
    apart: str
    cut: Cut


@dataclass(frozen=True)
class Part:
    """What is released together."""

    apart: str
    cut: Cut
    keys: tuple[str, ...]


def parts_of(box: Iterable[Waiting], fewest: int = FEWEST) -> list[Part]:
    """The parts that can be released now, each as fine as it can be; what is in none of them goes on waiting.

    Every part holds `fewest` or more. Who is in which part depends on what they could be shown by and on nothing else,
    least of all on what was answered.
    """
    parts: list[Part] = []
    left = sorted(box, key=lambda one: one.key)
    for coarser in _COARSER:
        found, left = _grouped(left, coarser, fewest)
        parts += found
    return parts


def _grouped(left: Sequence[Waiting], coarser: Callable[[Cut], Cut], fewest: int) -> tuple[list[Part], list[Waiting]]:
    """Parts of those that are alike after `coarser`, and what is left."""

    def shown(one: Waiting) -> tuple[str, int, str, str]:
        cut = coarser(one.cut)
        return one.apart, cut.opening_id or 0, cut.area, str(cut.outcome or "")

    parts: list[Part] = []
    rest: list[Waiting] = []
    for _shown, group in groupby(sorted(left, key=shown), key=shown):
        alike = list(group)
        if len(alike) >= fewest:
            parts.append(Part(alike[0].apart, coarser(alike[0].cut), tuple(one.key for one in alike)))
        else:
            rest += alike
    return parts, rest


def last_part_of(box: Iterable[Waiting], fewest: int = FEWEST) -> Part | None:
    """All that waits, of whatever questionnaires, in one part of which only its survey is known; None when too few.

    For a survey that was closed for good. Of these answers only those to `common_questions` may be kept.
    """
    keys = tuple(sorted(one.key for one in box))
    return Part("", Cut(), keys) if len(keys) >= fewest else None


def counted_beside(signed: Iterable[Waiting], parts: Iterable[Part]) -> dict[str, Cut]:
    """Which signed answers can be counted now, and by what.

    Counted alone, one of them would be the difference between two moments, or two filters. So they are counted five at
    a time, or with a part that is released at the same moment and shown by the very same things.
    """
    box = list(signed)
    groups = parts_of(box)
    found = {key: group.cut for group in groups for key in group.keys}
    together = {(part.apart, part.cut) for part in [*parts, *groups]}
    for one in box:
        if one.key not in found:
            cuts = (coarser(one.cut) for coarser in _COARSER)
            beside = next((cut for cut in cuts if (one.apart, cut) in together), None)
            if beside is not None:
                found[one.key] = beside
    return found


def may_be_released(touchpoint: Touchpoint, status: ApplicationStatus | None) -> bool:
    """Whether answers of this touchpoint may be read while the candidate reads `status` of their application."""
    return touchpoint not in BEFORE_THE_DECISION or status in ENDINGS


def questionnaires(versions: Mapping[int, Content]) -> dict[int, str]:
    """By the number of each version which questionnaire it is.

    Versions that ask the same with other words are one: nothing in an answer tells them apart, so their answers may
    stand in one part, and nobody's wait longer because a spelling was put right.
    """
    first: dict[frozenset[Any], int] = {}
    return {
        number: str(first.setdefault(frozenset(map(_asks, content.questions)), number))
        for number, content in sorted(versions.items())
    }


def common_questions(versions: Iterable[Content]) -> tuple[Question, ...]:
    """The questions that all of these versions ask alike, in the order of the last; none of them tells versions apart.

    What one version asked and another did not would say of an answer which it belongs to.
    """
    asked = list(versions)
    return tuple(
        question
        for question in asked[-1].questions
        if all(_asks(question) in map(_asks, content.questions) for content in asked)
    )


def _asks(question: Question) -> Any:
    # Where one version required an answer and another did not, a missing one would tell them apart.
    return question.id, question.kind, question.is_required, frozenset(option.id for option in question.options)


def numbers_in(questions: Sequence[Question], answers: Mapping[str, Any]) -> dict[str, Any]:
    """What stands in a released row: choices and numbers in the order of the questions, whatever came first."""
    return {
        question.id: _in_order(question, answers[question.id])
        for question in questions
        if question.kind not in TEXTS and question.id in answers
    }


def _in_order(question: Question, answer: Any) -> Any:
    if not isinstance(answer, list):
        return answer
    return [option.id for option in question.options if option.id in answer]


def words_in(questions: Sequence[Question], answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What was written, by the id of the question; it goes on apart from the numbers."""
    return [
        (question.id, str(answers[question.id]))
        for question in questions
        if question.kind in TEXTS and question.id in answers
    ]
