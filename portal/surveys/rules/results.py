"""What released answers say: scores with their margin, how often each answer was given, and how many gave one.

All of it is reckoned from counts of the tally, never from answers. Where fewer than five answered a question there are
no figures for it, however many answered the survey.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt
from typing import Final

from portal.applications.states import ApplicationStatus
from portal.core.i18n import format_one_place, format_signed
from portal.core.i18n import gettext as _
from portal.surveys.rules.questions import Content, Question, scale_ends, words_of
from portal.surveys.rules.releasing import FEWEST
from portal.surveys.rules.scopes import ANSWERED, ASKED
from portal.surveys.states import CHOICES, SCALES, QuestionKind

#: The numbers of those who would recommend us, and of those who would not; the others are passive.
PROMOTERS: Final = frozenset({"9", "10"})
DETRACTORS: Final = frozenset({"0", "1", "2", "3", "4", "5", "6"})
#: Half the width of the interval that holds 19 of 20, in standard errors.
_TWO_SIDED_95: Final = 1.96


@dataclass(frozen=True)
class Score:
    """Candidate NPS: promoters less detractors, per hundred answers."""

    promoters: int
    passives: int
    detractors: int

    @property
    def count(self) -> int:
        return self.promoters + self.passives + self.detractors

    @property
    def value(self) -> float:
        return 100 * (self.promoters - self.detractors) / self.count

    @property
    def margin(self) -> float | None:
        """Half the width of its 95 % interval; None where all are of one kind and nothing can be reckoned.

        Normal approximation: of shares p and d in n answers, p - d has the variance (p + d - (p - d)^2) / n, because
        promoters, passives and detractors are drawn from one multinomial distribution (A. Engelhardt, "Net Promoter
        Score confidence intervals 2: maths and stats", 2016,
        https://www.cybaea.net/journal/2016/01/14/NPS-confidence-intervals-stats/).
        """
        p, d = self.promoters / self.count, self.detractors / self.count
        variance = (p + d - (p - d) ** 2) / self.count
        return 100 * _TWO_SIDED_95 * sqrt(variance) if variance > 1e-12 else None


@dataclass(frozen=True)
class Bar:
    """One answer and how often it was given; `share` is of those who answered."""

    value: str
    label: str
    count: int
    share: float

    @property
    def is_promoter(self) -> bool:
        return self.value in PROMOTERS

    @property
    def is_detractor(self) -> bool:
        return self.value in DETRACTORS


@dataclass(frozen=True)
class Asked:
    """A question as results show it: what versions asked under one id, in the words of the newest."""

    question: Question
    words: str
    is_asked_now: bool


@dataclass(frozen=True)
class QuestionResult:
    """What was answered to one question."""

    asked: Asked
    #: How many were asked it, and how many of them answered it.
    asked_count: int
    answered_count: int
    #: Empty where fewer than five answered, or in words.
    bars: tuple[Bar, ...] = ()
    score: Score | None = None
    #: Of answers by a number.
    mean: float | None = None

    @property
    def id(self) -> str:
        return self.asked.question.id

    @property
    def kind(self) -> QuestionKind:
        return self.asked.question.kind

    @property
    def highest(self) -> int:
        return SCALES[self.kind][1] if self.kind in SCALES else 0

    @property
    def answered_share(self) -> float:
        return self.answered_count / self.asked_count if self.asked_count else 0.0


@dataclass(frozen=True)
class MonthResult:
    """One month of releases: how many answered a question, and what came of it where that is five and more."""

    month_on: date
    count: int
    score: Score | None
    mean: float | None

    @property
    def value(self) -> float | None:
        return self.score.value if self.score is not None else self.mean


@dataclass(frozen=True)
class Narrowed:
    """Where and how it ended, as a scope says it: `where` is a word of the scope, empty for anywhere."""

    where: str = ""
    outcome: ApplicationStatus | None = None


def narrowed_by(scope: str) -> Narrowed:
    """What a scope of `rules.scopes` is narrowed to."""
    where, between, outcome = f"|{scope}".rpartition("|outcome:")
    return Narrowed(where.removeprefix("|"), ApplicationStatus(outcome)) if between else Narrowed(scope)


def score_of(counts: Mapping[str, int]) -> Score | None:
    """The candidate NPS of numbers from 0 to 10 by how often they were given; None for fewer than five."""
    promoters = sum(counts.get(value, 0) for value in PROMOTERS)
    detractors = sum(counts.get(value, 0) for value in DETRACTORS)
    passives = counts.get("7", 0) + counts.get("8", 0)
    found = Score(promoters, passives, detractors)
    return found if found.count >= FEWEST else None


def mean_of(counts: Mapping[str, int]) -> float | None:
    """The mean of numbers by how often they were given; None for fewer than five."""
    numbers = {int(value): count for value, count in counts.items() if value.isdecimal()}
    total = sum(numbers.values())
    return sum(number * count for number, count in numbers.items()) / total if total >= FEWEST else None


def asked_in(versions: Mapping[int, Content], org: str) -> list[Asked]:
    """All that was ever asked, each question once: first what is asked now, in its order, then what no longer is.

    A choice that no longer stands is still shown, behind those that do: people chose it.
    """
    found: dict[str, Asked] = {}
    numbers = sorted(versions, reverse=True)
    for number in numbers:
        for question in versions[number].questions:
            known = found.get(question.id)
            if known is None:
                found[question.id] = Asked(question, words_of(question, org), number == numbers[0])
            elif question.kind in CHOICES:
                found[question.id] = _with_choices_of(known, question)
    return list(found.values())


def _with_choices_of(known: Asked, older: Question) -> Asked:
    one = known.question
    have = {option.id for option in one.options}
    options = (*one.options, *(option for option in older.options if option.id not in have))
    both = Question(one.id, one.kind, one.words, one.help, one.is_required, options)
    return Asked(both, known.words, known.is_asked_now)


def results_of(asked: Iterable[Asked], counts: Mapping[str, Mapping[str, int]]) -> list[QuestionResult]:
    """The result of each question that anybody was asked; `counts` by the id of the question."""
    return [_result(one, counts[one.question.id]) for one in asked if one.question.id in counts]


def _result(one: Asked, counts: Mapping[str, int]) -> QuestionResult:
    kind, answered = one.question.kind, counts.get(ANSWERED, 0)
    if answered < FEWEST:
        return QuestionResult(one, counts.get(ASKED, 0), answered)
    return QuestionResult(
        one,
        counts.get(ASKED, 0),
        answered,
        bars=tuple(
            Bar(value, label, counts.get(value, 0), counts.get(value, 0) / answered)
            for value, label in _answers(one.question)
        ),
        score=score_of(counts) if kind is QuestionKind.RECOMMEND else None,
        mean=mean_of(counts) if kind in SCALES else None,
    )


def _answers(question: Question) -> list[tuple[str, str]]:
    """What can be answered, by how the tally has it, in words."""
    if question.kind not in SCALES:
        return [(option.id, option.words) for option in question.options]
    lowest, highest = SCALES[question.kind]
    ends = dict(zip((lowest, highest), scale_ends(question.kind), strict=True))
    return [
        (str(number), _("%(number)s, %(words)s", number=number, words=ends[number]) if number in ends else str(number))
        for number in range(lowest, highest + 1)
    ]


def headline_of(asked: Sequence[Asked]) -> Asked | None:
    """The question whose figure stands for a survey: whether they recommend us, else the first that has a number."""
    scales = [one for one in asked if one.question.kind in SCALES]
    now = [one for one in scales if one.is_asked_now] or scales
    recommend = next((one for one in now if one.question.kind is QuestionKind.RECOMMEND), None)
    return recommend or next(iter(now), None)


def by_month(
    kind: QuestionKind, counts: Iterable[tuple[date, str, int]], *, most: int
) -> tuple[list[MonthResult], bool]:
    """The last months of one question, the oldest first and none left out between; whether there are older ones."""
    found: dict[date, dict[str, int]] = {}
    for month_on, value, count in counts:
        found.setdefault(month_on, {})[value] = count
    if not found:
        return [], False
    months = _months(min(found), max(found))
    shown = [_month(kind, month_on, found.get(month_on, {})) for month_on in months[-most:]]
    return shown, len(months) > most


def _month(kind: QuestionKind, month_on: date, counts: Mapping[str, int]) -> MonthResult:
    is_score = kind is QuestionKind.RECOMMEND
    return MonthResult(
        month_on,
        sum(count for value, count in counts.items() if value.isdecimal()),
        score_of(counts) if is_score else None,
        None if is_score else mean_of(counts),
    )


def _months(first: date, last: date) -> list[date]:
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return [
        date(first.year + (first.month - 1 + one) // 12, (first.month - 1 + one) % 12 + 1, 1) for one in range(count)
    ]


def signed(value: float) -> str:
    """A score as people read it: with its sign, without a fraction."""
    return format_signed(round(value))


def figure_of(kind: QuestionKind, score: Score | None, mean: float | None) -> str:
    """The one figure of a question: a score with its sign, or a mean of how much; empty where there is none."""
    if score is not None:
        return signed(score.value)
    if mean is not None:
        return _("%(mean)s of %(highest)s", mean=format_one_place(mean), highest=SCALES[kind][1])
    return ""
