"""Low scores with leave to write: what counts as low, and who gets in touch, which is never somebody it is about."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from portal.core.errors import PortalError
from portal.core.i18n import gettext as _
from portal.core.i18n import join_words
from portal.surveys.rules.questions import Content, Question
from portal.surveys.states import CHOICES, SCALES, QuestionKind

#: The answers to each kind of question after which somebody gets in touch.
LOW: Final[dict[QuestionKind, range]] = {
    QuestionKind.RECOMMEND: range(7),
    QuestionKind.FAIRNESS: range(5),
    QuestionKind.SATISFACTION: range(1, 3),
    QuestionKind.EFFORT: range(4, 6),
}


class NotYours(PortalError):
    """A low score is with somebody else, or with nobody any more."""


def low_answers(content: Content, answers: Mapping[str, Any]) -> list[Question]:
    """The questions that were answered badly, in their order."""
    return [one for one in content.questions if is_low(one, answers.get(one.id))]


def is_low(question: Question, answer: Any) -> bool:
    """Whether this answer says that something went badly."""
    return question.kind in LOW and isinstance(answer, int) and answer in LOW[question.kind]


def answer_words(question: Question, answer: Any) -> str:
    """An answer as people read it: a number of how many, the words of what was chosen, or what was written."""
    if question.kind in SCALES:
        return _("%(number)s of %(highest)s", number=answer, highest=SCALES[question.kind][1])
    if question.kind not in CHOICES:
        return str(answer)
    chosen = answer if isinstance(answer, list) else [answer]
    return join_words([option.words for option in question.options if option.id in chosen])


@dataclass(frozen=True)
class HiringTeam:
    """Who decides about an application, or is rated by what its candidate says."""

    owner_id: int | None
    #: The owner, the panels, the hiring manager and the recruiter of the opening.
    members: frozenset[int]


@dataclass(frozen=True)
class Colleague:
    """Somebody who works here, as far as they may get in touch."""

    person_id: int
    lead_id: int | None
    is_admin: bool
    may_write: bool
    is_away: bool


def who_gets_in_touch(team: HiringTeam, candidate_id: int, colleagues: Sequence[Colleague]) -> int | None:
    """Who reads a low score and gets in touch; None where everybody is rated by it.

    The lead of who looks after the application, else an admin, else any other recruiter; of these rather somebody who
    is here today. Nobody of the hiring team, and not the candidate, who may be a colleague.
    """
    lead_id = next((one.lead_id for one in colleagues if one.person_id == team.owner_id), None)
    free = [one for one in colleagues if may_get_in_touch(one, team.members, candidate_id)]
    ranked = sorted(free, key=lambda one: (one.is_away, one.person_id != lead_id, not one.is_admin, one.person_id))
    return ranked[0].person_id if ranked else None


def who_takes_over(
    team: HiringTeam, candidate_id: int, colleagues: Sequence[Colleague], had: Collection[int]
) -> int | None:
    """Who gets in touch when whoever was asked has not, in time; None where nobody else who is here today could.

    An admin rather than anybody else, and the lead of who looks after the application last, who was asked first. Nobody
    of `had`, who had their turn; and as before nobody of the hiring team, and not the candidate.
    """
    lead_id = next((one.lead_id for one in colleagues if one.person_id == team.owner_id), None)
    free = [
        one
        for one in colleagues
        if may_get_in_touch(one, team.members, candidate_id) and one.person_id not in had and not one.is_away
    ]
    ranked = sorted(free, key=lambda one: (one.person_id == lead_id, not one.is_admin, one.person_id))
    return ranked[0].person_id if ranked else None


def may_get_in_touch(one: Colleague, rated: Collection[int], candidate_id: int) -> bool:
    """Whether this colleague may know what was answered, and do something about it."""
    return one.may_write and one.person_id != candidate_id and one.person_id not in rated
