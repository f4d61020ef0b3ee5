"""Where two contents of an update differ, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from portal.core.i18n import format_day, join_words
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.updates.rules.content import UpdateContent
from portal.updates.states import AUDIENCE_LABELS, KIND_LABELS, Audience, UpdateKind

PART_LABELS: Final[dict[str, str]] = {
    "title": _l("Title"),
    "kind": _l("Kind"),
    "summary": _l("Summary"),
    "body": _l("Text"),
    "source": _l("Source"),
    "source_on": _l("Figures of"),
    "event_on": _l("Day of the event"),
    "event_where": _l("When and where"),
    "opening": _l("Opening"),
    "audience": _l("Audience"),
    "areas": _l("Interests"),
    "segment": _l("Segment"),
}


@dataclass(frozen=True)
class Difference:
    """A part of two contents that is not the same."""

    part: str
    label: str
    before: str
    after: str


def differences(before: UpdateContent, after: UpdateContent, names: Mapping[str, str]) -> list[Difference]:
    """What differs from `before` to `after`, in the order of the page.

    `names`: what areas, openings and segments are called, by what stands for them.
    """
    return [
        Difference(part, str(label), _in_words(getattr(before, part), names), _in_words(getattr(after, part), names))
        for part, label in PART_LABELS.items()
        if getattr(before, part) != getattr(after, part)
    ]


def _in_words(value: Any, names: Mapping[str, str]) -> str:
    if isinstance(value, UpdateKind):
        return str(KIND_LABELS[value])
    if isinstance(value, Audience):
        return str(AUDIENCE_LABELS[value])
    if isinstance(value, date):
        return format_day(value)
    if isinstance(value, tuple):
        value = join_words([names.get(one, one) for one in value])
    return names.get(value, value) if value else _("Nothing")
