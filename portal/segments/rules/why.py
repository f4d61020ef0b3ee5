"""Why somebody is in a segment or not, condition by condition, each with the fact that decides it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from portal.applications.states import ENDINGS, STATUS_LABELS, STEPS, ApplicationStatus
from portal.core.i18n import format_day, join_words
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.segments.rules.judging import Known, day_known, is_in, is_met
from portal.segments.rules.tree import Condition, Group
from portal.segments.rules.words import Labels, label_of, phrase
from portal.segments.states import FIELD_LABELS, MATCH_LABELS, Field, Operator

_NOTHING: Final[dict[Field, str]] = {
    Field.TAG: _l("none"),
    Field.POOL: _l("none"),
    Field.MARK: _l("none"),
    Field.STATUS: _l("no open application"),
    Field.ENDING: _l("no application has ended"),
    Field.PURPOSE: _l("none"),
}


@dataclass(frozen=True)
class WhyLine:
    """One condition or group: how deep it stands, what it asks, whether it holds, and the fact."""

    depth: int
    asks: str
    is_met: bool
    #: What we know; empty for a group.
    fact: str
    is_group: bool


def why(tree: Group, known: Known, labels: Labels, today: date) -> list[WhyLine]:
    """Every part of the segment as one reads it, with how it stands for whom this is `known` on `today`."""
    return list(_lines(tree, known, labels, today, 0))


def _lines(group: Group, known: Known, labels: Labels, today: date, depth: int) -> Iterator[WhyLine]:
    for part in group.of:
        if isinstance(part, Group):
            words = str(MATCH_LABELS[part.match])
            yield WhyLine(depth, words, is_in(part, known, today), "", is_group=True)
            yield from _lines(part, known, labels, today, depth + 1)
        else:
            fact = fact_about(part, known, labels)
            yield WhyLine(depth, phrase(part, labels), is_met(part, known, today), fact, is_group=False)


def fact_about(condition: Condition, known: Known, labels: Labels) -> str:
    """What we know of what a condition asks: "Last time we wrote or called: Monday 3 August 2026"."""
    return _("%(what)s: %(fact)s", what=FIELD_LABELS[condition.field], fact=_fact(condition, known, labels))


def _fact(condition: Condition, known: Known, labels: Labels) -> str:
    field = condition.field
    if field is Field.MEMBER:
        return _("yes") if known.is_member else _("no")
    if field in {Field.LAST_CONTACT, Field.LAST_RESPONSE}:
        day = day_known(field, known)
        return format_day(day) if day else _("never")
    if field is Field.REACHED:
        return _furthest(known)
    values = _told(field, known, labels)
    if condition.operator is Operator.OR_REMOTE:
        values += _told(Field.WORK_MODE, known, labels)
    return join_words(values) or str(_NOTHING.get(field, _("they have not said")))


def _told(field: Field, known: Known, labels: Labels) -> list[str]:
    keys = known.having.get(field, {}).items()
    if field in {Field.STATUS, Field.ENDING}:
        is_asked = {str(one) for one in (ENDINGS if field is Field.ENDING else STEPS)}
        return [label_of(Field(field), value, labels) for value in keys if value[0] in is_asked]
    return [label_of(field, value, labels) for value in keys]


def _furthest(known: Known) -> str:
    passed = [*(one for one in STEPS if one in known.passed)]
    if ApplicationStatus.HIRED in known.passed or ApplicationStatus.OFFER_DECLINED in known.passed:
        passed.append(ApplicationStatus.OFFER_MADE)
    return str(STATUS_LABELS[passed[-1]]) if passed else _("no application we know steps of")
