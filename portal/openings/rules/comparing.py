"""Where two contents of an opening differ, in words."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from portal.community.states import WORK_MODE_LABELS
from portal.company.rules import Area
from portal.company.states import FEEDBACK_WAY_LABELS, PACE_LABELS
from portal.core.i18n import format_day, join_words
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.openings.rules.content import OpeningContent, Question, Stage
from portal.openings.rules.writing import area_label
from portal.openings.states import EMPLOYMENT_LABELS, PAY_PERIOD_LABELS, QUESTION_KIND_LABELS, SENIORITY_LABELS

PART_LABELS: Final[dict[str, str]] = {
    "title": _l("Title"),
    "summary": _l("Summary"),
    "area": _l("Area"),
    "seniority": _l("Experience"),
    "employment": _l("Contract"),
    "places": _l("Places"),
    "work_modes": _l("Way of working"),
    "work": _l("What the work is"),
    "needed": _l("What somebody needs to know or be able to do"),
    "team": _l("The team, and how it works together"),
    "hard": _l("What is hard about this role"),
    "offered": _l("What we give besides pay"),
    "pay": _l("Pay before tax"),
    "is_pool": _l("Vacancy or pool"),
    "is_ai_used": _l("Whether a machine takes part"),
    "ai_words": _l("How the machine takes part"),
    "stages": _l("Stages"),
    "decision_by": _l("Decision expected by"),
    "closes_on": _l("Last day to apply"),
    "questions": _l("Questions"),
    "is_cv_asked": _l("A CV is asked for"),
    "feedback": _l("Feedback after interviews"),
}


@dataclass(frozen=True)
class Difference:
    """A part of two contents that is not the same."""

    part: str
    label: str
    before: str
    after: str


def differences(before: OpeningContent, after: OpeningContent, areas: Collection[Area]) -> list[Difference]:
    """What differs from `before` to `after`, in the order of the page; `areas` are the company's."""
    return [
        Difference(part, str(label), _in_words(part, before, areas), _in_words(part, after, areas))
        for part, label in PART_LABELS.items()
        if getattr(before, part) != getattr(after, part)
    ]


def _in_words(part: str, content: OpeningContent, areas: Collection[Area]) -> str:
    value = getattr(content, part)
    if part == "area" and value:
        return area_label(value, areas)
    text = value if isinstance(value, str) and part not in _WORDS else _WORDS[part](content)
    return text or _("Nothing")


def _pay(content: OpeningContent) -> str:
    pay = content.pay
    ends = _("%(lowest)s to %(highest)s", lowest=_amount(pay.lowest), highest=_amount(pay.highest))
    if pay.lowest is None and pay.highest is None:
        return pay.note
    words = f"{ends} {pay.currency} {PAY_PERIOD_LABELS[pay.period]}"
    return f"{words}\n{pay.note}" if pay.note else words


def _amount(amount: Decimal | None) -> str:
    return _("not said") if amount is None else f"{amount.normalize():f}"


def _pool(content: OpeningContent) -> str:
    if content.is_pool is None:
        return ""
    return _("A pool for later") if content.is_pool else _("A real vacancy")


def _yes_no(value: bool | None) -> str:
    if value is None:
        return ""
    return _("yes") if value else _("no")


def _stage(stage: Stage) -> str:
    status = str(PACE_LABELS.get(stage.status, stage.status))
    return "\n".join(text for text in (stage.name, stage.what_happens, stage.with_whom, stage.how_long, status) if text)


def _question(question: Question) -> str:
    kind = str(QUESTION_KIND_LABELS[question.kind])
    needed = _("must be answered") if question.is_required else _("may stay empty")
    parts = (question.words, question.help, f"{kind}, {needed}", *question.choices)
    return "\n".join(text for text in parts if text)


_WORDS: Final[dict[str, Callable[[OpeningContent], str]]] = {
    "seniority": lambda content: str(SENIORITY_LABELS[content.seniority]) if content.seniority else "",
    "employment": lambda content: str(EMPLOYMENT_LABELS[content.employment]) if content.employment else "",
    "places": lambda content: "; ".join(place.label for place in content.places),
    "work_modes": lambda content: join_words([str(WORK_MODE_LABELS[mode]) for mode in content.work_modes]),
    "pay": _pay,
    "is_pool": _pool,
    "is_ai_used": lambda content: _yes_no(content.is_ai_used),
    "stages": lambda content: "\n\n".join(_stage(stage) for stage in content.stages),
    "decision_by": lambda content: format_day(content.decision_by) if content.decision_by else "",
    "closes_on": lambda content: format_day(content.closes_on) if content.closes_on else "",
    "questions": lambda content: "\n\n".join(_question(question) for question in content.questions),
    "is_cv_asked": lambda content: _yes_no(content.is_cv_asked),
    "feedback": lambda content: (
        str(FEEDBACK_WAY_LABELS[content.feedback]) if content.feedback else _("As the company decides")
    ),
}
