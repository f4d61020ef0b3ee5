"""Segments that are there from the first day; each can be used as a start for one of one's own."""

from dataclasses import dataclass
from typing import Final

from portal.applications.states import ApplicationStatus, MarkKind
from portal.community.states import CareerStage
from portal.core.i18n import lazy_gettext as _l
from portal.segments.rules.tree import Chosen, Condition, Group
from portal.segments.states import Field, Match, Operator


@dataclass(frozen=True)
class ReadyMade:
    """One of them: how addresses call it, its name, what it is good for, and its rules."""

    key: str
    name: str
    good_for: str
    tree: Group


def _all(*parts: Group | Condition) -> Group:
    return Group(Match.ALL, parts)


def _with(field: Field, operator: Operator, *keys: str) -> Condition:
    return Condition(field, operator, tuple(Chosen(str(key)) for key in keys))


#: Days after which somebody has not heard from us for long.
_LONG: Final = 90
READY_MADE: Final[dict[str, ReadyMade]] = {
    one.key: one
    for one in (
        ReadyMade(
            "finalists",
            _l("Finalists"),
            _l("They got to the decision and were not hired. They know us, and we know them."),
            _all(
                _with(Field.REACHED, Operator.AT_LEAST, ApplicationStatus.DECISION_PENDING),
                _with(Field.ENDING, Operator.NONE_OF, ApplicationStatus.HIRED),
            ),
        ),
        ReadyMade(
            "silver-medalists",
            _l("Silver medalists"),
            _l("They were close to getting the job, and a colleague said so."),
            _all(_with(Field.MARK, Operator.ANY_OF, MarkKind.SILVER_MEDAL)),
        ),
        ReadyMade(
            "near-fits",
            _l("Near-fits"),
            _l("Not right for that opening, and perhaps right for another."),
            _all(_with(Field.MARK, Operator.ANY_OF, MarkKind.NEAR_FIT)),
        ),
        ReadyMade(
            "declined-offers",
            _l("Declined offers"),
            _l("We wanted them, and the time or the terms were not right."),
            _all(_with(Field.ENDING, Operator.ANY_OF, ApplicationStatus.OFFER_DECLINED)),
        ),
        ReadyMade(
            "withdrawn",
            _l("Withdrawn"),
            _l("They took their application back. Perhaps they would look again."),
            _all(_with(Field.ENDING, Operator.ANY_OF, ApplicationStatus.WITHDRAWN)),
        ),
        ReadyMade(
            "passive-members",
            _l("Passive members"),
            _l("Members who are not looking actively and have not heard from us for a while."),
            _all(
                Condition(Field.MEMBER, Operator.YES),
                _with(Field.CAREER_STAGE, Operator.ANY_OF, CareerStage.OPEN_TO_IT, CareerStage.NOT_LOOKING_NOW),
                Condition(Field.LAST_CONTACT, Operator.NOT_WITHIN, days=_LONG),
            ),
        ),
    )
}
