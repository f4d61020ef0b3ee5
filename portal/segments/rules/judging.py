"""Whether a person is in a segment, and why, from what we know of them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from portal.applications.states import STEPS, ApplicationStatus
from portal.segments.rules.tree import Condition, Group
from portal.segments.states import Field, Match, Operator

#: Whoever ended so had an offer.
_HAD_OFFER: Final = (ApplicationStatus.OFFER_MADE, ApplicationStatus.HIRED, ApplicationStatus.OFFER_DECLINED)
REMOTE: Final = "remote"


@dataclass(frozen=True)
class Known:
    """What we know of one person, as far as a segment can ask; several values of a field as keys."""

    is_member: bool = False
    #: Of fields with values: what they have, keys with what each is called.
    having: dict[Field, dict[str, str]] = field(default_factory=dict)
    #: Every status that an application of theirs has read so far.
    passed: frozenset[ApplicationStatus] = frozenset()
    #: Calendar days in the company's zone; None: never.
    last_contact_on: date | None = None
    last_response_on: date | None = None

    def keys(self, of: Field) -> frozenset[str]:
        """The values of a field."""
        return frozenset(self.having.get(of, {}))


def statuses_from(step: str) -> list[ApplicationStatus]:
    """The statuses that show that an application got at least as far as `step`."""
    known = ApplicationStatus(step)
    if known not in STEPS:
        return [known]
    further = STEPS[STEPS.index(known) :]
    return [*further, *(one for one in _HAD_OFFER if one not in further)]


def first_day(days: int, today: date) -> date:
    """The earliest day that is "in the last `days` days"."""
    return today - timedelta(days=days)


def is_in(tree: Group, known: Known, today: date) -> bool:
    """Whether somebody of whom this is `known` is in the segment on `today`, a day in the company's zone."""
    held = (is_in(part, known, today) if isinstance(part, Group) else is_met(part, known, today) for part in tree.of)
    if tree.match is Match.ALL:
        return all(held)
    return any(held) is (tree.match is Match.ANY)


def is_met(condition: Condition, known: Known, today: date) -> bool:
    """Whether one condition holds."""
    meets, must_hold = _MEETS[condition.operator]
    return meets(condition, known, today) is must_hold


def _any_of(condition: Condition, known: Known, today: date) -> bool:
    return bool(known.keys(condition.field) & set(condition.keys))


def _or_remote(condition: Condition, known: Known, today: date) -> bool:
    return _any_of(condition, known, today) or REMOTE in known.keys(Field.WORK_MODE)


def _within(condition: Condition, known: Known, today: date) -> bool:
    last = day_known(condition.field, known)
    return last is not None and last >= first_day(condition.days or 0, today)


def day_known(of: Field, known: Known) -> date | None:
    """The day that a field about days compares."""
    return known.last_contact_on if of is Field.LAST_CONTACT else known.last_response_on


def _is_member(condition: Condition, known: Known, today: date) -> bool:
    return known.is_member


def _all_of(condition: Condition, known: Known, today: date) -> bool:
    return known.keys(condition.field) >= set(condition.keys)


def _got_so_far(condition: Condition, known: Known, today: date) -> bool:
    return bool(known.passed & set(statuses_from(condition.keys[0])))


def _ever(condition: Condition, known: Known, today: date) -> bool:
    return day_known(condition.field, known) is not None


#: How each operator is met: what must hold, and whether it must or must not.
_MEETS: Final[dict[Operator, tuple[Callable[[Condition, Known, date], bool], bool]]] = {
    Operator.YES: (_is_member, True),
    Operator.NO: (_is_member, False),
    Operator.ANY_OF: (_any_of, True),
    Operator.ALL_OF: (_all_of, True),
    Operator.NONE_OF: (_any_of, False),
    Operator.OR_REMOTE: (_or_remote, True),
    Operator.AT_LEAST: (_got_so_far, True),
    Operator.WITHIN: (_within, True),
    Operator.NOT_WITHIN: (_within, False),
    Operator.NEVER: (_ever, False),
}
