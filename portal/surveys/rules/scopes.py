"""What results can be narrowed to, as words of the tally: an area or an opening, an outcome, both, or nothing."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from portal.applications.states import ApplicationStatus
from portal.surveys.rules.questions import Question
from portal.surveys.rules.releasing import Cut
from portal.surveys.states import CHOICES, SCALES, QuestionKind

EVERYTHING: Final = ""
#: Counts of whole responses, under no question; of them that were signed.
RESPONSES: Final = "=responses"
SIGNED: Final = "=signed"
#: How many were asked a question, and how many answered it.
ASKED: Final = "=asked"
ANSWERED: Final = "=answered"


def scope_of(*, opening_id: int | None = None, area: str = "", outcome: ApplicationStatus | None = None) -> str:
    """The word for results narrowed to these; an opening says its area by itself."""
    where = f"opening:{opening_id}" if opening_id is not None else f"area:{area}" if area else ""
    return "|".join(part for part in (where, f"outcome:{outcome}" if outcome else "") if part)


def scopes_of(cut: Cut) -> tuple[str, ...]:
    """Every scope in which something with this cut counts, each once."""
    wheres: list[dict[str, Any]] = [{}]
    if cut.area:
        wheres.append({"area": cut.area})
    if cut.opening_id is not None:
        wheres.append({"opening_id": cut.opening_id})
    found = [scope_of(**where) for where in wheres]
    if cut.outcome is not None:
        found += [scope_of(**where, outcome=cut.outcome) for where in wheres]
    return tuple(found)


def tally_of(questions: Sequence[Question], responses: Iterable[Mapping[str, Any]]) -> Counter[tuple[str, str]]:
    """Counts by (question id, value) of `responses` to these questions; whole responses under the empty id.

    Words that were written are counted as answered and nothing else.
    """
    counts: Counter[tuple[str, str]] = Counter()
    for answers in responses:
        counts["", RESPONSES] += 1
        for question in questions:
            counts[question.id, ASKED] += 1
            if question.id in answers:
                counts[question.id, ANSWERED] += 1
                for value in _values(question.kind, answers[question.id]):
                    counts[question.id, value] += 1
    return counts


def _values(kind: QuestionKind, answer: Any) -> tuple[str, ...]:
    if kind in SCALES or kind is QuestionKind.ONE_OF:
        return (str(answer),)
    return tuple(answer) if kind in CHOICES else ()
