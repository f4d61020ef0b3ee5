"""What pages and files of results write of what was released: figures in words, and where charts are drawn."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode

from flask import url_for

from portal.applications.states import STATUS_LABELS
from portal.company.queries import areas
from portal.company.rules.areas import Area
from portal.core.i18n import format_month, format_one_place, format_percent, format_short_month
from portal.core.i18n import gettext as _
from portal.core.settings import current_settings
from portal.openings.rules import area_label
from portal.surveys.forms.results import CommentsForm, ResultsForm
from portal.surveys.queries.results import (
    OpeningNamed,
    contents_of_surveys,
    counts_beside,
    counts_by_month,
    counts_of_surveys,
    scopes_among,
    scopes_released,
    tags_of_survey,
)
from portal.surveys.queries.surveys import SurveyView, contents_of
from portal.surveys.rules.charts import Column, Trend, columns_of, trend_of
from portal.surveys.rules.questions import Content, Question, words_of
from portal.surveys.rules.results import (
    Asked,
    Bar,
    MonthResult,
    QuestionResult,
    Score,
    asked_in,
    by_month,
    figure_of,
    headline_of,
    mean_of,
    narrowed_by,
    score_of,
)
from portal.surveys.rules.scopes import RESPONSES
from portal.surveys.states import CHOICES, KIND_LABELS, SCALES, TEXTS, WHY_NOT_LABELS, QuestionKind, WhyNotAsked

#: Openings that stand beside each other.
_MOST_OPENINGS: Final = 12
#: Months that a trend shows.
_MOST_MONTHS: Final = 12
#: A score goes from -100 to 100.
_OF_SCORES: Final = (-100, 100)


@dataclass(frozen=True)
class Shown:
    """One question on the page, with all that is written of it."""

    result: QuestionResult
    kind: str
    figure: str
    margin: str
    columns: list[tuple[Bar, Column, str]]
    #: Label, count, share and share in words of each answer; of promoters, those between and detractors.
    rows: list[tuple[str, int, float, str]]
    parts: list[tuple[str, int, float, str]]
    answered: str


@dataclass(frozen=True)
class Line:
    """One area or ending beside the others."""

    label: str
    figure: str
    margin: str
    count: int
    href: str


@dataclass(frozen=True)
class Headline:
    """One survey in the list of all: the figure that stands for it, and how many responses were released."""

    figure: str
    margin: str
    count: int
    #: How the question is answered that the figure is of.
    kind: QuestionKind


@dataclass(frozen=True)
class Course:
    """A trend: its months with what is written of each, and where it is drawn."""

    #: With its short name, its name, its figure in words, and the bare figure for the place at its dot.
    months: list[tuple[MonthResult, str, str, str, str]]
    chart: Trend
    has_more: bool


def org_name() -> str:
    """What the company is called in its questions."""
    return current_settings().org_name


def results_form(view: SurveyView) -> tuple[ResultsForm, list[Area]]:
    """How numbers are narrowed, with what was chosen; and the areas that there are."""
    (scopes, openings), known_areas = scopes_released(view.id), areas()
    return ResultsForm(scopes, openings, known_areas, partial(scopes_among, view.id)), known_areas


def comments_form(view: SurveyView) -> tuple[CommentsForm, list[Asked]]:
    """How words are narrowed, with what was chosen; and the questions that are answered in words."""
    scopes, openings = scopes_released(view.id)
    asked = [one for one in asked_in(contents_of(view.id), org_name()) if one.question.kind in TEXTS]
    tags, among = partial(tags_of_survey, view.id), partial(scopes_among, view.id)
    return CommentsForm(asked, tags, scopes, openings, areas(), among), asked


def shown(result: QuestionResult) -> Shown:
    """A question as the page shows it."""
    # Eleven numbers stand side by side, five below each other with what they mean.
    is_long = SCALES.get(result.kind) == SCALES[QuestionKind.RECOMMEND]
    columns = columns_of([bar.share for bar in result.bars]) if is_long else []
    shares = [format_percent(bar.share) for bar in result.bars]
    return Shown(
        result,
        kind=str(KIND_LABELS[result.kind]),
        figure=figure_of(result.kind, result.score, result.mean),
        margin=_margin(result.score),
        columns=list(zip(result.bars, columns, shares, strict=False)),
        rows=[(bar.label, bar.count, bar.share, share) for bar, share in zip(result.bars, shares, strict=True)],
        parts=_parts(result.score) if result.score is not None else [],
        answered=format_percent(result.answered_share),
    )


def _margin(score: Score | None) -> str:
    return format_one_place(score.margin) if score is not None and score.margin is not None else ""


def _parts(score: Score) -> list[tuple[str, int, float, str]]:
    return [
        (label, count, count / score.count, format_percent(count / score.count))
        for label, count in (
            (_("Would recommend us (9, 10)"), score.promoters),
            (_("In between (7, 8)"), score.passives),
            (_("Would not (0 to 6)"), score.detractors),
        )
    ]


def course(survey_id: int, scope: str, head: Asked) -> Course:
    """The trend of the question that stands for the survey."""
    kind = head.question.kind
    months, has_more = by_month(
        kind, counts_by_month(survey_id, scope, head.question.id, _MOST_MONTHS), most=_MOST_MONTHS
    )
    scale = _OF_SCORES if kind is QuestionKind.RECOMMEND else SCALES[kind]
    margins = [one.score.margin if one.score is not None else None for one in months]
    steps = 5 if scale == SCALES[QuestionKind.FAIRNESS] else 4
    return Course(
        [
            (
                one,
                format_short_month(one.month_on),
                format_month(one.month_on),
                figure_of(kind, one.score, one.mean),
                format_one_place(one.mean) if one.mean is not None else figure_of(kind, one.score, None),
            )
            for one in months
        ],
        trend_of([one.value for one in months], margins, scale, steps),
        has_more,
    )


def beside(
    view: SurveyView, form: ResultsForm, head: Asked | None, known: Sequence[Area]
) -> tuple[list[Line], list[Line], list[Line]]:
    """Areas, openings and endings beside each other, in an order that has nothing to do with their figures.

    Of openings those with the most responses; any other is chosen by hand.
    """
    if head is None:
        return [], [], []
    most = sorted(form.openings, key=lambda one: -form.scopes[f"opening:{one.id}"])[:_MOST_OPENINGS]
    openings = {f"opening:{one.id}": one for one in most}
    chosen = [scope for scope in form.scopes if scope.startswith(("area:", "outcome:")) and "|" not in scope]
    chosen += openings
    counts = counts_beside(view.id, chosen, head.question.id)
    here, kind = url_for(".results", public_id=view.public_id), head.question.kind
    lines = []
    for scope in chosen:
        label, narrowed = _named(scope, known, openings)
        href = f"{here}?{urlencode(narrowed, safe=':')}"
        lines.append((scope, Line(label, *_figures(kind, counts[scope]), form.scopes[scope], href)))
    lines.sort(key=lambda one: one[1].label.lower())
    by_area, by_opening, by_outcome = (
        [line for scope, line in lines if scope.startswith(start)] for start in ("area:", "opening:", "outcome:")
    )
    return by_area, by_opening, by_outcome


def _named(scope: str, known: Sequence[Area], openings: Mapping[str, OpeningNamed]) -> tuple[str, dict[str, str]]:
    """What a scope is called, and how it stands in an address."""
    if scope in openings:
        return openings[scope].title, {"where": f"opening:{openings[scope].public_id}"}
    one = narrowed_by(scope)
    if one.outcome is not None:
        return str(STATUS_LABELS[one.outcome]), {"outcome": str(one.outcome)}
    return area_label(one.where[len("area:") :], known), {"where": one.where}


def headlines(surveys: Collection[int]) -> dict[int, Headline]:
    """What the list of surveys says of each of which anything was released."""
    versions = contents_of_surveys(surveys)
    heads = {survey_id: headline_of(asked_in(contents, org_name())) for survey_id, contents in versions.items()}
    found = counts_of_surveys({key: head.question.id if head is not None else "" for key, head in heads.items()})
    lines = {}
    for survey_id, counts in found.items():
        count, head = counts.get("", {}).get(RESPONSES, 0), heads[survey_id]
        if count and head is not None:
            kind = head.question.kind
            lines[survey_id] = Headline(*_figures(kind, counts.get(head.question.id, {})), count, kind)
    return lines


def _figures(kind: QuestionKind, counts: Mapping[str, int]) -> tuple[str, str]:
    """The figure of a question and its margin, in words."""
    is_score = kind is QuestionKind.RECOMMEND
    score = score_of(counts) if is_score else None
    return figure_of(kind, score, None if is_score else mean_of(counts)), _margin(score)


def why_not(counts: Mapping[WhyNotAsked, int]) -> list[tuple[str, int]]:
    """Why people were not asked, and how many; what happened to nobody is left out."""
    return [(str(WHY_NOT_LABELS[why]), counts[why]) for why in WhyNotAsked if counts.get(why)]


def said(content: Content, answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What was asked and what was answered to it, in words; questions without an answer are left out."""
    return [
        (words_of(question, org_name()), in_words(question, answers[question.id]))
        for question in content.questions
        if question.id in answers
    ]


def in_words(question: Question, answer: Any) -> str:
    """An answer as people read it."""
    if question.kind in SCALES:
        return _("%(mean)s of %(highest)s", mean=answer, highest=SCALES[question.kind][1])
    if question.kind not in CHOICES:
        return str(answer)
    words = {option.id: option.words for option in question.options}
    chosen = answer if isinstance(answer, list) else [answer]
    return "; ".join(words.get(one, "") for one in chosen)
