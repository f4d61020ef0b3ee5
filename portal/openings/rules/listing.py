"""An opening as lists show it, and how long only members see it, in the reader's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

from portal.community.states import WORK_MODE_LABELS
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import ngettext, reader
from portal.openings.rules.content import OpeningContent, Pay
from portal.openings.rules.visibility import TimeLeft, TimeUnit, is_public, time_left
from portal.openings.rules.writing import pay_in_words
from portal.openings.states import SENIORITY_LABELS

#: Said in place of the time left when there is none any more, and around it as long as there is.
EARLY_OVER: Final = _l("Everybody can see it now")
#: Pay ranges that are kept in words.
_KEPT_PAY: Final = 2048


@dataclass(frozen=True)
class Early:
    """Until when only members see an opening."""

    until: datetime
    #: Whole seconds until then.
    seconds: int
    #: "2 days left".
    left: str


@dataclass(frozen=True)
class ShownLine:
    """One opening in a list."""

    slug: str
    title: str
    summary: str
    #: Area, places, way of working, experience and pay, as far as they are said.
    facts: tuple[str, ...]
    #: None once everybody sees it.
    early: Early | None


def line_in_words(
    slug: str, content: OpeningContent, public_at: datetime, areas: Mapping[str, str], now: datetime
) -> ShownLine:
    """An opening in a list; `areas` are the company's labels by key."""
    facts = (
        areas.get(content.area, content.area),
        "; ".join(place.label for place in content.places),
        ", ".join(str(WORK_MODE_LABELS[mode]) for mode in content.work_modes),
        str(SENIORITY_LABELS[content.seniority]) if content.seniority else "",
        _pay_line(content.pay, reader().locale),
        _("A pool for later") if content.is_pool else "",
    )
    return ShownLine(
        slug, content.title, content.summary, tuple(fact for fact in facts if fact), early_in_words(public_at, now)
    )


@lru_cache(maxsize=_KEPT_PAY)
def _pay_line(pay: Pay, locale: str) -> str:
    """A pay range for a reader of `locale`, kept: writing an amount costs as much as the rest of the line."""
    return pay_in_words(pay)


def early_in_words(public_at: datetime, now: datetime) -> Early | None:
    """How long only members still see what is public from `public_at`; None when everybody does."""
    if is_public(public_at, now):
        return None
    left = public_at - now
    return Early(public_at, int(left.total_seconds()), time_left_in_words(time_left(left)))


def time_left_in_words(left: TimeLeft) -> str:
    """ "2 days left"."""
    return _("%(time)s left", time=_amount(left))


def _amount(left: TimeLeft) -> str:
    if left.unit is TimeUnit.DAY:
        return ngettext("%(count)s day", "%(count)s days", left.count)
    if left.unit is TimeUnit.HOUR:
        return ngettext("%(count)s hour", "%(count)s hours", left.count)
    if left.unit is TimeUnit.MINUTE:
        return ngettext("%(count)s minute", "%(count)s minutes", left.count)
    return ngettext("%(count)s second", "%(count)s seconds", left.count)
