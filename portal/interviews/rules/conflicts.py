"""Where the times of an interview meet others that its panel takes part in; told, never forbidden."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.core.i18n import format_moment
from portal.core.i18n import gettext as _


@dataclass(frozen=True)
class Taken:
    """A time at which somebody takes part in another interview; `is_only_offered`: its candidate has not chosen yet."""

    staff_id: int
    staff_name: str
    starts_at: datetime
    minutes: int
    opening_title: str
    is_only_offered: bool


@dataclass(frozen=True)
class Conflict:
    """A time that meets another interview of one colleague."""

    at: datetime
    taken: Taken


def conflicts_of(times: Sequence[datetime], minutes: int, taken: Iterable[Taken]) -> list[Conflict]:
    """Every time that overlaps an interview of somebody on the panel; one that ends as another begins does not."""
    length = timedelta(minutes=minutes)
    found = [
        Conflict(at, one)
        for one in taken
        for at in times
        if at < one.starts_at + timedelta(minutes=one.minutes) and one.starts_at < at + length
    ]
    return sorted(found, key=lambda one: (one.at, one.taken.staff_name, one.taken.starts_at))


def conflict_words(conflict: Conflict) -> str:
    """The conflict in a sentence, on the reader's clock."""
    taken = conflict.taken
    text = _("%(time)s: %(name)s has an interview for %(opening)s then.")
    if taken.is_only_offered:
        text = _("%(time)s: %(name)s may have an interview for %(opening)s then; that candidate has not chosen yet.")
    return text % {"time": format_moment(conflict.at), "name": taken.staff_name, "opening": taken.opening_title}
