"""What happened to an application, in words for the staff."""

from dataclasses import dataclass

from portal.applications.queries import StaffEvent, StaffView
from portal.applications.rules import CHANNEL_WAYS
from portal.applications.states import AUTOMATIC, STATUS_LABELS, EventKind
from portal.company.queries import company_name
from portal.core.i18n import format_day
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l


@dataclass(frozen=True)
class Entry:
    """An event of the history: who, and what."""

    who: str
    title: str
    #: Whether a colleague or the candidate did it.
    is_person: bool


_PLAIN = {
    EventKind.APPLIED: _l("Applied here"),
    EventKind.MOVED: _l("Moved, with the standard mail"),
    EventKind.REPLY: _l("Answered in the conversation"),
    EventKind.HOLDING_NOTE: _l("Automatic note"),
    EventKind.ESCALATED: _l("Automatic mail: we have not kept our promise"),
    EventKind.WITHDRAWN: _l("Withdrawn by the candidate"),
    EventKind.TOLD_ELSEWHERE: _l("Told by another system"),
    EventKind.REVERTED: _l("The ending was taken back"),
}
_BY_CANDIDATE = frozenset({EventKind.APPLIED, EventKind.WITHDRAWN})


def entries_of(view: StaffView) -> dict[str, Entry]:
    """Every event of the application by its public id."""
    org = company_name()
    return {event.public_id: _entry(event, view, org) for event in view.events}


def _entry(event: StaffEvent, view: StaffView, org: str) -> Entry:
    title = _title(event, is_first=event is view.events[-1])
    day = event.next_update_by
    if day is not None and event.kind is EventKind.ESCALATED:
        words = _("%(what)s, to be answered or ended by %(day)s", what=title, day=format_day(day))
    elif day is not None:
        words = _("%(what)s, next word by %(day)s", what=title, day=format_day(day))
    else:
        words = title
    return Entry(_who(event, view, org), words, event.actor_name is not None or event.kind in _BY_CANDIDATE)


def _who(event: StaffEvent, view: StaffView, org: str) -> str:
    if event.actor_name:
        return event.actor_name
    if event.kind in _BY_CANDIDATE:
        return view.person_name or _("The candidate")
    return org if event.kind in AUTOMATIC else _("Import")


def _title(event: StaffEvent, *, is_first: bool) -> str:
    status = STATUS_LABELS[event.status]
    if event.kind is EventKind.IMPORTED and not is_first:
        return _("Moved by an import to: %(status)s", status=status)
    if event.kind is EventKind.IMPORTED:
        return _("Came with the import as: %(status)s", status=status)
    if event.kind is EventKind.ENDED_BEFORE_US:
        return _("Had ended before the import: %(status)s", status=status)
    what = _what(event)
    if not what:
        return str(status)
    return what if event.kind is EventKind.WITHDRAWN else _("%(what)s. %(status)s", what=what, status=status)


def _what(event: StaffEvent) -> str:
    """What it was; empty for a letter, whose words say so."""
    if event.kind not in {EventKind.CALL, EventKind.TOLD_HERE}:
        return str(_PLAIN.get(event.kind, ""))
    is_call = event.kind is EventKind.CALL
    if event.channel is None or event.happened_on is None:
        return _("Call") if is_call else _("No mail reached them: their page tells them")
    way, day = CHANNEL_WAYS[event.channel], format_day(event.happened_on)
    if is_call:
        return _("Call on %(day)s, %(way)s", day=day, way=way)
    return _("No mail reached them: told on %(day)s, %(way)s", day=day, way=way)
