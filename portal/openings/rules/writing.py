"""What an opening says, in the words and the order in which people read it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from babel import numbers

from portal.community.states import WORK_MODE_LABELS
from portal.company.rules import Area, Block, blocks_of
from portal.core.i18n import babel_locale, format_day, join_words
from portal.core.i18n import gettext as _
from portal.openings.rules.content import OpeningContent, Pay, Stage
from portal.openings.states import EMPLOYMENT_LABELS, PAY_PERIOD_LABELS, SENIORITY_LABELS


@dataclass(frozen=True)
class Section:
    """A long text of the page under its heading; `id` is its anchor."""

    id: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class ShownContent:
    """What an opening says, ready for `templates/public/openings/_content.html`."""

    summary: str
    #: Area, experience, contract, places, pay and dates, as pairs of label and value; what is not said is left out.
    facts: tuple[tuple[str, str], ...]
    #: "€55,000 to €70,000 a year"; empty when there is no whole range.
    pay: str
    pay_note: str
    sections: tuple[Section, ...]
    #: A real vacancy or a pool, as a heading and a sentence; both empty while nobody has said.
    vacancy_title: str
    vacancy: str
    #: Whether a machine takes part, as a sentence; empty while nobody has said.
    ai: str
    ai_words: str
    stages: tuple[Stage, ...]
    decision_by: date | None
    #: That day has passed, and people can still apply.
    is_decision_late: bool
    closes_on: date | None
    #: What people are asked when they apply.
    asked: tuple[str, ...]


def content_in_words(content: OpeningContent, areas: Collection[Area], today: date | None = None) -> ShownContent:
    """`content` as its readers see it, in their language; `areas` are the company's.

    `today` for what is open now; None where somebody reads what it said at another time.
    """
    pay = pay_in_words(content.pay)
    vacancy_title, vacancy = _vacancy(content)
    return ShownContent(
        summary=content.summary,
        facts=_facts(content, areas, pay),
        pay=pay,
        pay_note=content.pay.note,
        sections=_sections(content),
        vacancy_title=vacancy_title,
        vacancy=vacancy,
        ai=_ai(content),
        ai_words=content.ai_words if content.is_ai_used else "",
        stages=content.stages,
        decision_by=content.decision_by,
        is_decision_late=bool(content.decision_by and today and is_decision_late(content.decision_by, today)),
        closes_on=content.closes_on,
        asked=_asked(content),
    )


def is_decision_late(decision_by: date, today: date) -> bool:
    """Whether the day by which a decision was expected has passed; on that day itself it has not."""
    return decision_by < today


def pay_in_words(pay: Pay) -> str:
    """A pay range as a sentence has it: "€55,000 to €70,000 a year"; empty unless it has both ends."""
    if pay.lowest is None or pay.highest is None or not pay.currency:
        return ""
    period = str(PAY_PERIOD_LABELS[pay.period])
    lowest, highest = money(pay.lowest, pay.currency), money(pay.highest, pay.currency)
    if pay.lowest == pay.highest:
        return _("%(amount)s %(period)s", amount=lowest, period=period)
    return _("%(lowest)s to %(highest)s %(period)s", lowest=lowest, highest=highest, period=period)


def money(amount: Decimal, currency: str) -> str:
    """An amount in the reader's way, without cents when there are none."""
    locale = babel_locale()
    pattern, is_whole = str(locale.currency_formats["standard"].pattern), amount == amount.to_integral_value()
    if is_whole:
        pattern = pattern.replace(".00", "")
    return numbers.format_currency(amount, currency, pattern, locale=locale, currency_digits=not is_whole)


def area_label(key: str, areas: Collection[Area]) -> str:
    """What an area is called; its key when the company has struck it from its list."""
    return next((area.label for area in areas if area.key == key), key)


def places_in_words(content: OpeningContent) -> str:
    """Where the work is and how: "Warsaw, Poland; Berlin, Germany"."""
    return "; ".join(place.label for place in content.places)


def _facts(content: OpeningContent, areas: Collection[Area], pay: str) -> tuple[tuple[str, str], ...]:
    modes = join_words([str(WORK_MODE_LABELS[mode]) for mode in content.work_modes])
    facts = (
        (_("Pay before tax"), pay),
        (_("Where"), places_in_words(content)),
        (_("Way of working"), modes),
        (_("Contract"), str(EMPLOYMENT_LABELS[content.employment]) if content.employment else ""),
        (_("Experience"), str(SENIORITY_LABELS[content.seniority]) if content.seniority else ""),
        (_("Area"), area_label(content.area, areas) if content.area else ""),
        (_("Decision expected by"), format_day(content.decision_by) if content.decision_by else ""),
        (_("Last day to apply"), format_day(content.closes_on) if content.closes_on else ""),
    )
    return tuple(fact for fact in facts if fact[1])


def _sections(content: OpeningContent) -> tuple[Section, ...]:
    texts = (
        ("work", _("What the work is"), content.work),
        ("needed", _("What you need to know or be able to do"), content.needed),
        ("team", _("The team, and how it works together"), content.team),
        ("hard", _("What is hard about this role"), content.hard),
        ("offered", _("What we give besides pay"), content.offered),
    )
    return tuple(Section(key, title, tuple(blocks_of(text))) for key, title, text in texts if text.strip())


def _vacancy(content: OpeningContent) -> tuple[str, str]:
    if content.is_pool is None:
        return "", ""
    if content.is_pool:
        return _("A pool for later"), _("There is no free place today. We get to know people for the next one.")
    return _("A real vacancy"), _("The place is free, and we want to fill it.")


def _ai(content: OpeningContent) -> str:
    if content.is_ai_used is None:
        return ""
    if content.is_ai_used:
        return _("A machine takes part in reading or choosing. This is how:")
    return _("People read and choose. No machine takes part in it.")


def _asked(content: OpeningContent) -> tuple[str, ...]:
    cv = (_("A CV, which you can also add later"),) if content.is_cv_asked else ()
    return (*cv, *(question.words for question in content.questions))
