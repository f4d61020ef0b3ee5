"""What an opening must say before people may read it, and what may be typed."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from babel import numbers

from portal.community.states import WorkMode
from portal.core.errors import PortalError
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.openings.rules.content import OpeningContent, Pay, Question, Stage
from portal.openings.states import QuestionKind

TITLE_LENGTH: Final = 120
SUMMARY_LENGTH: Final = 300
TEXT_LENGTH: Final = 10_000
LINE_LENGTH: Final = 300
REASON_LENGTH: Final = 500
#: An override is a decision that colleagues can follow later.
SHORTEST_REASON: Final = 10
MOST_STAGES: Final = 12
MOST_QUESTIONS: Final = 15
FEWEST_CHOICES: Final = 2
MOST_CHOICES: Final = 12
#: Days that members see an opening before everybody does.
EARLY_DAYS: Final = 3
MOST_EARLY_DAYS: Final = 30
_HIGHEST_PAY: Final = Decimal(10) ** 12
#: Spaces of every width, apostrophes, and a comma or point before three figures part thousands.
_GROUPED: Final = re.compile(r"\d{1,3}(?:[\s'’.,]\d{3})+")
_PLAIN: Final = re.compile(r"\d+(?:[.,]\d{1,2})?")


class Missing(StrEnum):
    """Something that a reader must find and does not yet; in the order of the page."""

    TITLE = "title"
    SUMMARY = "summary"
    AREA = "area"
    PLACE = "place"
    WORK = "work"
    TEAM = "team"
    HARD = "hard"
    PAY = "pay"
    VACANCY = "vacancy"
    AI = "ai"
    STAGES = "stages"
    DECISION = "decision"
    LAST_DAY = "last_day"
    RECRUITER = "recruiter"
    MANAGER = "manager"


MISSING_WORDS: Final[dict[Missing, str]] = {
    Missing.TITLE: _l("A title"),
    Missing.SUMMARY: _l("A summary for lists and shared links"),
    Missing.AREA: _l("The area it belongs to"),
    Missing.PLACE: _l("At least one place, or that it is remote"),
    Missing.WORK: _l("What the work is"),
    Missing.TEAM: _l("The team, and how it works together"),
    Missing.HARD: _l("What is hard about this role"),
    Missing.PAY: _l("A pay range with both ends and a currency, the lower end first"),
    Missing.VACANCY: _l("Whether it is a real vacancy or a pool"),
    Missing.AI: _l("Whether a machine takes part, and if so, how"),
    Missing.STAGES: _l("At least one stage, each with what happens, with whom and how long it takes"),
    Missing.DECISION: _l("By when you expect to decide, a day to come"),
    Missing.LAST_DAY: _l("A last day to apply that has not passed"),
    Missing.RECRUITER: _l("The recruiter who looks after it"),
    Missing.MANAGER: _l("The hiring manager"),
}


class PublishingBlocked(PortalError):
    """Something is missing, and there is no reason to publish without it."""

    def __init__(self, found: Sequence[Missing]) -> None:
        super().__init__(_("It is not published yet: something is still missing."))
        self.missing = list(found)


class ReasonTooShort(PortalError):
    """Why it is to be published although something is missing was not said in words."""


class InvalidAmount(PortalError):
    """What was typed is not an amount of money."""


class InvalidCurrency(PortalError):
    """What was typed is not a currency."""


class InvalidQuestion(PortalError):
    """A question that nobody could answer; `part` names the field."""

    def __init__(self, part: str, message: str) -> None:
        super().__init__(message)
        self.part = part


def missing(content: OpeningContent, has_recruiter: bool, has_manager: bool, today: date) -> list[Missing]:
    """What is missing before `content` may be published on `today` (in the company's zone), in the page's order."""
    is_there = {
        Missing.TITLE: _is_said(content.title),
        Missing.SUMMARY: _is_said(content.summary),
        Missing.AREA: _is_said(content.area),
        Missing.PLACE: bool(content.places) or WorkMode.REMOTE in content.work_modes,
        Missing.WORK: _is_said(content.work),
        Missing.TEAM: _is_said(content.team),
        Missing.HARD: _is_said(content.hard),
        Missing.PAY: is_range(content.pay),
        Missing.VACANCY: content.is_pool is not None,
        Missing.AI: content.is_ai_used is False or (content.is_ai_used is True and _is_said(content.ai_words)),
        Missing.STAGES: bool(content.stages) and all(is_whole(stage) for stage in content.stages),
        Missing.DECISION: content.decision_by is not None and content.decision_by > today,
        Missing.LAST_DAY: content.closes_on is None or content.closes_on >= today,
        Missing.RECRUITER: has_recruiter,
        Missing.MANAGER: has_manager,
    }
    return [one for one in Missing if not is_there[one]]


def is_range(pay: Pay) -> bool:
    """Whether `pay` says from what to what, and in which currency."""
    return pay.lowest is not None and pay.highest is not None and bool(pay.currency) and pay.lowest <= pay.highest


def is_whole(stage: Stage) -> bool:
    """Whether a stage says all that a candidate wants to know of it."""
    return all(_is_said(text) for text in (stage.name, stage.what_happens, stage.with_whom, stage.how_long))


def check_reason(reason: str) -> str:
    """Why something is published unfinished, tidied; raises ReasonTooShort below ten visible characters."""
    tidied = " ".join(reason.split())
    if sum(not character.isspace() and character.isprintable() for character in tidied) < SHORTEST_REASON:
        raise ReasonTooShort(
            _("Please say in a sentence why it cannot wait. Colleagues read it here and in the audit log.")
        )
    return tidied[:REASON_LENGTH]


def amount_from(text: str) -> Decimal:
    """An amount of money as people type it: 60000, 60,000, 60 000 or 25.50. Raises InvalidAmount."""
    typed = " ".join(text.split())
    if _GROUPED.fullmatch(typed):
        amount = Decimal(re.sub(r"\D", "", typed))
    elif _PLAIN.fullmatch(typed):
        amount = Decimal(typed.replace(",", "."))
    else:
        raise InvalidAmount(_("Please write an amount in figures, such as 60,000 or 25.50."))
    if amount >= _HIGHEST_PAY:
        raise InvalidAmount(_("This amount is too high to be right."))
    return amount


def clean_currency(text: str) -> str:
    """The three letters of a currency, as ISO 4217 has them. Raises InvalidCurrency."""
    code = text.strip().upper()
    if len(code) != 3 or not code.isascii() or not numbers.is_currency(code):
        raise InvalidCurrency(_("Please write the three letters of a currency, such as EUR or PLN."))
    return code


def check_question(question: Question) -> None:
    """Raise InvalidQuestion unless somebody could answer it."""
    if not _is_said(question.words):
        raise InvalidQuestion("words", _("Please write the question, or remove it."))
    if question.kind is not QuestionKind.SINGLE_CHOICE:
        return
    if len(question.choices) < FEWEST_CHOICES:
        raise InvalidQuestion("choices", _("Please give at least two answers to choose from, one a line."))
    if len(question.choices) > MOST_CHOICES:
        message = _("Please keep to %(count)s answers, else nobody reads them.", count=MOST_CHOICES)
        raise InvalidQuestion("choices", message)


def _is_said(text: str) -> bool:
    return any(character.isprintable() and not character.isspace() for character in text)
