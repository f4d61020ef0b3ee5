"""What a survey asks: questions with ids that stay, so that results join versions where a question kept its id."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.surveys.states import QuestionKind

#: What the two ends of a scale mean, the lowest number first.
_ENDS: Final[dict[QuestionKind, tuple[str, str]]] = {
    QuestionKind.RECOMMEND: (_l("Not at all likely"), _l("Extremely likely")),
    QuestionKind.FAIRNESS: (_l("Not at all fair"), _l("Completely fair")),
    QuestionKind.SATISFACTION: (_l("Very dissatisfied"), _l("Very satisfied")),
    QuestionKind.EFFORT: (_l("Very easy"), _l("Very hard")),
}


@dataclass(frozen=True)
class Option:
    """One choice of a question."""

    id: str
    words: str


@dataclass(frozen=True)
class Question:
    """One question. Of `RECOMMEND` the words are fixed, and `words` is empty."""

    #: Given once and kept through all versions; see `rules.editing`.
    id: str
    kind: QuestionKind
    words: str = ""
    help: str = ""
    is_required: bool = False
    options: tuple[Option, ...] = ()


@dataclass(frozen=True)
class Content:
    """What one version says: a title, a sentence before the questions, the questions in order, thanks after them."""

    title: str
    introduction: str
    questions: tuple[Question, ...]
    thanks: str

    def question(self, question_id: str) -> Question | None:
        """The question with this id; None when it is not asked."""
        return next((one for one in self.questions if one.id == question_id), None)


def words_of(question: Question, org: str) -> str:
    """What a question asks; `org` is the company's name.

    The question whether they would recommend us is the same in every survey and version: its scores compare only so
    (F. Reichheld, "The One Number You Need to Grow", Harvard Business Review, December 2003, asks it of a company to
    "a friend or colleague", from 0 "not at all likely" to 10 "extremely likely").
    """
    if question.kind is QuestionKind.RECOMMEND:
        return _("How likely are you to recommend applying to %(org)s to a friend or colleague?", org=org)
    return question.words


def scale_ends(kind: QuestionKind) -> tuple[str, str]:
    """What the lowest and the highest number mean of a kind that is answered by one.

    Effort is asked as how easy or hard it was, five points with both ends named: people understand "how much effort
    did you put forth" in more than one way (M. Dixon and others, "Stop Trying to Delight Your Customers", Harvard
    Business Review, July 2010, asked that; their later wording asks how easy it was made).
    """
    lowest, highest = _ENDS[kind]
    return str(lowest), str(highest)


def content_as_json(content: Content) -> dict[str, Any]:
    """As it is stored."""
    return {
        "title": content.title,
        "introduction": content.introduction,
        "thanks": content.thanks,
        "questions": [
            {
                "id": one.id,
                "kind": str(one.kind),
                "words": one.words,
                "help": one.help,
                "required": one.is_required,
                "options": [[option.id, option.words] for option in one.options],
            }
            for one in content.questions
        ],
    }


def content_from_json(stored: Mapping[str, Any]) -> Content:
    """What `content_as_json` wrote."""
    return Content(
        title=stored["title"],
        introduction=stored["introduction"],
        thanks=stored["thanks"],
        questions=tuple(_question(one) for one in stored["questions"]),
    )


def _question(stored: Mapping[str, Any]) -> Question:
    options: Sequence[Sequence[str]] = stored["options"]
    return Question(
        id=stored["id"],
        kind=QuestionKind(stored["kind"]),
        words=stored["words"],
        help=stored["help"],
        is_required=stored["required"],
        options=tuple(Option(option[0], option[1]) for option in options),
    )
