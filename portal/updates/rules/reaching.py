"""Whom an update reaches by mail now, who is held back, and numbers that could name somebody."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from portal.contact.rules import Go, Verdict
from portal.contact.states import WhyHeld, WhyNot
from portal.core.i18n import format_number
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l

#: Fewer readers than these could be told apart.
FEW: Final = 5

_WHY: Final[dict[WhyHeld | WhyNot, str]] = {
    WhyNot.NO_CONSENT: _l("have not said yes to mail about this"),
    WhyNot.SUPPRESSED: _l("have an address that mail came back from"),
    WhyNot.GONE: _l("have no address with us any more"),
    WhyNot.SURVEYS_OFF: _l("asked for no more surveys"),
    WhyHeld.PAUSED: _l("asked for a pause"),
    WhyHeld.RESTING: _l("were not selected a few days ago, so we leave them in peace"),
    WhyHeld.RHYTHM: _l("chose to hear of this less often"),
    WhyHeld.BUDGET: _l("have heard from us often enough for now"),
    WhyHeld.QUIET_HOURS: _l("have their quiet hours just now, and can have it after them"),
    WhyHeld.OFFICE_HOURS: _l("hear from us in office hours"),
    WhyHeld.RESTORED: _l("wait until an admin lets mail go, because a backup was restored"),
}


@dataclass(frozen=True)
class Reach:
    """Whom an audience holds, and what mail to them would come to now."""

    total: int
    #: Of how many the decision was asked; all of them, unless there are very many.
    asked: int
    #: To how many mail could go now.
    can_have: int
    #: Why mail waits or never goes, and for how many, the most frequent first.
    held: tuple[tuple[str, int], ...]
    #: The same reasons as `reason_of` says them.
    reasons: tuple[str, ...] = ()


def reach_of(total: int, verdicts: Iterable[Verdict]) -> Reach:
    """What the decisions about an audience of `total` come to."""
    counts: Counter[WhyHeld | WhyNot] = Counter()
    can_have = asked = 0
    for verdict in verdicts:
        asked += 1
        if isinstance(verdict, Go):
            can_have += 1
        else:
            counts[verdict.reason] += 1
    found = counts.most_common()
    held = tuple((str(_WHY[reason]), count) for reason, count in found)
    return Reach(total, asked, can_have, held, tuple(str(reason) for reason, _count in found))


#: What `reason_of` says of whoever can have mail now.
CAN_HAVE: Final = "now"


def reason_of(verdict: Verdict) -> str:
    """In a word, as addresses of pages say it: that mail can go now, or why it waits or never goes."""
    return CAN_HAVE if isinstance(verdict, Go) else str(verdict.reason)


_WHY_ONE: Final[dict[str, str]] = {
    CAN_HAVE: _l("Could have it now"),
    WhyNot.NO_CONSENT: _l("Has not said yes to mail about this"),
    WhyNot.SUPPRESSED: _l("Has an address that mail came back from"),
    WhyNot.GONE: _l("Has no address with us any more"),
    WhyNot.SURVEYS_OFF: _l("Asked for no more surveys"),
    WhyHeld.PAUSED: _l("Asked for a pause"),
    WhyHeld.RESTING: _l("Was not selected a few days ago, so we leave them in peace"),
    WhyHeld.RHYTHM: _l("Chose to hear of this less often"),
    WhyHeld.BUDGET: _l("Has heard from us often enough for now"),
    WhyHeld.QUIET_HOURS: _l("Has quiet hours just now, and can have it after them"),
    WhyHeld.OFFICE_HOURS: _l("Hears from us in office hours"),
    WhyHeld.RESTORED: _l("Waits until an admin lets mail go, because a backup was restored"),
}


def reason_about_one(reason: str) -> str:
    """What `reason_of` says, about one person."""
    return str(_WHY_ONE[reason])


def reason_words(reason: str) -> str:
    """What `reason_of` says, about some people; empty for what it never says."""
    if reason == CAN_HAVE:
        return _("can have it by mail now")
    return next((str(words) for known, words in _WHY.items() if known == reason), "")


def shown_count(count: int) -> str:
    """`count` of readers who did something, in words where it could name one of them."""
    if 0 < count < FEW:
        return _("fewer than %(count)s", count=FEW)
    return format_number(count)
