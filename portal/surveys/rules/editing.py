"""How a survey is written and published: ids that stay, what must be said before, and what a new version changes."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from portal.core.errors import PortalError
from portal.core.i18n import gettext as _
from portal.surveys.rules.questions import Content, Option, Question
from portal.surveys.states import CHOICES, MOVES, QuestionKind, SurveyState

T = TypeVar("T")

TITLE_LENGTH: Final = 80
#: Of the sentences before and after the questions.
TEXT_LENGTH: Final = 400
WORDS_LENGTH: Final = 200
HELP_LENGTH: Final = 200
OPTION_LENGTH: Final = 80
MOST_QUESTIONS: Final = 20
FEWEST_OPTIONS: Final = 2
MOST_OPTIONS: Final = 12
_ID: Final = re.compile(r"[A-Za-z0-9-]{1,24}")


@dataclass(frozen=True)
class Lack:
    """Something without which a survey is not published: the id of its field where it is written, and in words."""

    field: str
    words: str


class PublishingBlocked(PortalError):
    """Something is missing."""

    def __init__(self, found: Sequence[Lack]) -> None:
        super().__init__(_("It is not published yet: something is still missing."))
        self.lacking = list(found)


class MoveRefused(PortalError):
    """The survey cannot go from where it stands to there."""


class StaleDraft(PortalError):
    """A colleague saved the draft in between; nothing has been saved over it."""


class NothingChanged(PortalError):
    """What is to be published says the same as what is published."""


def check_move(before: SurveyState, after: SurveyState, *, is_publishing: bool = False) -> None:
    """Raise MoveRefused unless a survey may go from `before` to `after`; a draft goes live only by being published."""
    if after in MOVES[before] and (is_publishing or before is not SurveyState.DRAFT):
        return
    if before is SurveyState.CLOSED:
        raise MoveRefused(_("This survey is closed for good. Publish another for the same moment."))
    if before is SurveyState.DRAFT:
        raise MoveRefused(_("This survey was never published, so nobody is asked."))
    if before is SurveyState.PAUSED:
        raise MoveRefused(_("This survey is paused already."))
    raise MoveRefused(_("This survey is live already."))


def rearranged(rows: Sequence[T], verb: str, number: int) -> list[T]:
    """`rows` with the one at `number` moved `up` or `down` by one, or without it for `remove`; else as they were."""
    found = list(rows)
    if not 0 <= number < len(found):
        return found
    one = found.pop(number)
    if verb == "remove":
        return found
    place = {"up": number - 1, "down": number + 1}.get(verb, number)
    found.insert(max(0, place), one)
    return found


def with_ids(content: Content, fresh: Callable[[], str]) -> Content:
    """`content` in which every question, and every option within its question, has an id of its own.

    Who has one keeps it; of several with the same the first does. `fresh` makes ids that nobody has.
    """
    ids = _unique((one.id for one in content.questions), fresh)
    questions = (
        replace(one, id=own, options=_options(one.options, fresh))
        for one, own in zip(content.questions, ids, strict=True)
    )
    return replace(content, questions=tuple(questions))


def with_results_apart(content: Content, earlier: Iterable[Content], fresh: Callable[[], str]) -> Content:
    """`content` in which a question that is answered otherwise than in an `earlier` version has a new id.

    Results join versions by the ids of questions, and numbers of two kinds do not add up.
    """
    kinds: dict[str, set[QuestionKind]] = {}
    for version in earlier:
        for one in version.questions:
            kinds.setdefault(one.id, set()).add(one.kind)
    questions = (
        one if kinds.get(one.id, {one.kind}) == {one.kind} else replace(one, id=fresh()) for one in content.questions
    )
    return replace(content, questions=tuple(questions))


def lacking(content: Content) -> list[Lack]:
    """What is missing before anybody may be asked this, in the order of the page."""
    found = [] if content.title else [Lack("title", _("A title"))]
    if not content.questions:
        found.append(Lack("add_kind", _("At least one question")))
    for place, one in enumerate(content.questions):
        found += _lacking_of(one, place, content)
    return found


def _lacking_of(question: Question, place: int, content: Content) -> list[Lack]:
    number, field = place + 1, f"questions-{place}"
    if question.kind is QuestionKind.RECOMMEND:
        first = next(one for one in content.questions if one.kind is QuestionKind.RECOMMEND)
        words = _(
            "Question %(number)s: whether they would recommend us is asked once; remove one of them", number=number
        )
        return [] if first is question else [Lack(f"{field}-kind", words)]
    found = []
    if not question.words:
        found.append(Lack(f"{field}-words", _("Question %(number)s: its words", number=number)))
    if question.kind in CHOICES:
        answers = [option.words for option in question.options]
        if len(answers) < FEWEST_OPTIONS:
            message = _("Question %(number)s: at least two answers to choose from", number=number)
            found.append(Lack(f"{field}-kind", message))
        elif len(set(answers)) < len(answers):
            message = _("Question %(number)s: two of its answers say the same", number=number)
            found.append(Lack(f"{field}-options-0-words", message))
    return found


def _options(options: Sequence[Option], fresh: Callable[[], str]) -> tuple[Option, ...]:
    ids = _unique((one.id for one in options), fresh)
    return tuple(Option(own, one.words) for own, one in zip(ids, options, strict=True))


def _unique(ids: Iterable[str], fresh: Callable[[], str]) -> list[str]:
    given: list[str] = []
    for one in ids:
        given.append(fresh() if one in given or not _ID.fullmatch(one) else one)
    return given
