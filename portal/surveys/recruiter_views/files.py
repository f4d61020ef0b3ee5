"""What was released as files: under the same floor as the pages, in an order that says nothing."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from werkzeug.wrappers import Response

from portal.applications.states import STATUS_LABELS, ApplicationStatus
from portal.company.queries import areas
from portal.company.rules.areas import Area
from portal.core.i18n import gettext as _
from portal.core.spreadsheets import BYTE_ORDER_MARK, csv_line
from portal.openings.rules import area_label
from portal.surveys.forms.results import ResultsForm
from portal.surveys.queries.results import CommentRow, all_comments, counts_in, released_rows
from portal.surveys.queries.surveys import SurveyView, contents_of
from portal.surveys.recruiter_views.finding import blueprint, find
from portal.surveys.recruiter_views.showing import comments_form, in_words, org_name, results_form
from portal.surveys.rules.questions import Question
from portal.surveys.rules.results import Asked, QuestionResult, asked_in, results_of
from portal.surveys.states import KIND_LABELS, SCALES, TEXTS

#: What a file says of a question which has no counts of its own.
_NOTHING: Final = ("", "")


@blueprint.get("/surveys/<public_id>/responses.csv")
def responses_csv(public_id: str) -> Response:
    """Each released response without its words, in an order that says nothing."""
    view = find(public_id)
    form, known_areas = results_form(view)
    asked = [one for one in asked_in(contents_of(view.id), org_name()) if one.question.kind not in TEXTS]
    return _file(view, "responses", _response_lines(view.id, form, known_areas, asked))


@blueprint.get("/surveys/<public_id>/numbers.csv")
def numbers_csv(public_id: str) -> Response:
    """The numbers on the page."""
    view = find(public_id)
    form, _areas = results_form(view)
    counts = counts_in(view.id, form.scope) if form.is_released else {}
    found = results_of(asked_in(contents_of(view.id), org_name()), counts)
    return _file(view, "numbers", _number_lines(found, form.in_words or _("All")))


@blueprint.get("/surveys/<public_id>/comments.csv")
def comments_csv(public_id: str) -> Response:
    """What was written, as the page shows it, with its tags, in an order that says nothing."""
    view = find(public_id)
    form, asked = comments_form(view)
    words = {one.question.id: one.words for one in asked}
    return _file(view, "comments", _comment_lines(all_comments(view.id, form.sought), areas(), words))


def _response_lines(survey_id: int, form: ResultsForm, known: Sequence[Area], asked: Sequence[Asked]) -> Iterator[str]:
    head = [_("Week of release"), _("Area"), _("Opening"), _("How it ended")]
    yield csv_line([*head, *(one.words for one in asked)])
    for row in released_rows(survey_id, form.narrowed):
        answers = [
            _cell(one.question, row.answers[one.question.id]) if one.question.id in row.answers else "" for one in asked
        ]
        yield csv_line([row.week_on.isoformat(), *_shown_by(row.area, row.opening, row.outcome, known), *answers])


def _cell(question: Question, answer: Any) -> str:
    return str(answer) if question.kind in SCALES else in_words(question, answer)


def _number_lines(found: Sequence[QuestionResult], whose: str) -> Iterator[str]:
    """`whose`: which responses these are, as two such files are told apart by nothing else."""
    about_all = [_("Question"), _("Kind"), _("Asked"), _("Answered"), _("Figure"), _("Margin")]
    yield csv_line([*about_all, _("Answer"), _("Count"), _("Which responses")])
    for one in found:
        figure = one.score.value if one.score is not None else one.mean
        margin = one.score.margin if one.score is not None else None
        counted = [str(one.asked_count), str(one.answered_count)]
        about = [one.asked.words, str(KIND_LABELS[one.kind]), *counted, _plain(figure), _plain(margin)]
        for bar in one.bars:
            yield csv_line([*about, bar.label, str(bar.count), whose])
        if not one.bars:
            yield csv_line([*about, *_NOTHING, whose])


def _plain(figure: float | None) -> str | Decimal:
    return "" if figure is None else Decimal(f"{figure:.2f}")


def _comment_lines(rows: Sequence[CommentRow], known: Sequence[Area], words: Mapping[str, str]) -> Iterator[str]:
    yield csv_line([_("Question"), _("Area"), _("Opening"), _("How it ended"), _("What was written"), _("Tags")])
    for row in rows:
        shown_by = _shown_by(row.area, row.opening, row.outcome, known)
        yield csv_line([words.get(row.question_id, ""), *shown_by, row.words, ", ".join(row.tags.values())])


def _shown_by(area: str, opening: str, outcome: ApplicationStatus | None, known: Sequence[Area]) -> list[str]:
    return [area_label(area, known) if area else "", opening, str(STATUS_LABELS[outcome]) if outcome else ""]


def _file(view: SurveyView, name: str, lines: Iterator[str]) -> Response:
    response = Response(BYTE_ORDER_MARK + "".join(lines), mimetype="text/csv")
    file = f"survey-{view.touchpoint.value.replace('_', '-')}-{name}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return response
