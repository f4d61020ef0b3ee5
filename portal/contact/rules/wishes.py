"""How often and when: the choices, which of two lets us write less, and what a link without signing in may change."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from portal.contact.rules.permission import Preferences
from portal.contact.states import Budget, Purpose, Rhythm
from portal.core.i18n import lazy_gettext as _l

RHYTHM_LABELS: Final[dict[Rhythm, str]] = {
    Rhythm.AS_IT_HAPPENS: _l("As it happens"),
    Rhythm.WEEKLY: _l("At most once a week"),
    Rhythm.MONTHLY: _l("At most once a month"),
}
BUDGET_LABELS: Final[dict[Budget, str]] = {
    Budget.NONE: _l("no allowance"),
    Budget.COMMUNITY: _l("community mail"),
    Budget.CHECK_IN: _l("check-ins"),
    Budget.JOB_ALERTS: _l("job alerts"),
}
#: Topics that come often enough to choose a rhythm for; the others come once in a season or a year.
TOPICS_WITH_RHYTHM: Final = (Purpose.INSIDER_UPDATES, Purpose.JOB_ALERTS, Purpose.EVENTS)
_FROM_OFTEN_TO_RARE: Final = (Rhythm.AS_IT_HAPPENS, Rhythm.WEEKLY, Rhythm.MONTHLY)

#: Whether there is a pause, and the first day of mail after it; None: until the person says.
Pause = tuple[bool, date | None]


def slower(one: Rhythm, other: Rhythm) -> Rhythm:
    """The one of two rhythms by which less is written."""
    return max(one, other, key=_FROM_OFTEN_TO_RARE.index)


def slower_choices(purpose: Purpose, rhythms: Mapping[Purpose, Rhythm]) -> list[Rhythm]:
    """The rhythms by which less is written about `purpose` than now.

    Without a choice, job alerts come daily at most, and of the rest two a month: only once a month is less than that.
    """
    now = rhythms.get(purpose)
    if now is None:
        now = Rhythm.AS_IT_HAPPENS if purpose is Purpose.JOB_ALERTS else Rhythm.WEEKLY
    return list(_FROM_OFTEN_TO_RARE[_FROM_OFTEN_TO_RARE.index(now) + 1 :])


def merged_pause(one: Pause, other: Pause) -> Pause:
    """The longer of two pauses."""
    pauses = [pause for pause in (one, other) if pause[0]]
    if not pauses:
        return (False, None)
    ends = [end for _is_paused, end in pauses]
    return (True, None if None in ends else max(end for end in ends if end is not None))


@dataclass(frozen=True)
class Less:
    """What somebody asks for by a link from a mail, without signing in: it can only let us write less."""

    stop: frozenset[Purpose] = frozenset()
    rhythms: Mapping[Purpose, Rhythm] = field(default_factory=dict)
    pause: Pause = (False, None)
    is_without_surveys: bool = False


def reduced(chosen: Preferences, less: Less) -> Preferences:
    """What holds after `less` was asked: nothing in it ever lets us write more than `chosen` did."""
    rhythms = dict(chosen.rhythms)
    for purpose, rhythm in less.rhythms.items():
        if rhythm in slower_choices(purpose, chosen.rhythms):
            rhythms[purpose] = rhythm
    is_paused, until = merged_pause((chosen.is_paused, chosen.paused_until_on), less.pause)
    return replace(
        chosen,
        rhythms=rhythms,
        is_paused=is_paused,
        paused_until_on=until,
        is_without_surveys=chosen.is_without_surveys or less.is_without_surveys,
    )
