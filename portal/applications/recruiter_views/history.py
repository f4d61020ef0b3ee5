"""What happened to an application, in words for the staff."""

from typing import NamedTuple

from portal.applications.queries import StaffEvent, StaffView
from portal.applications.rules import CHANNEL_WAYS
from portal.applications.states import AUTOMATIC, STATUS_LABELS, ApplicationStatus, EventKind
from portal.company.queries import company_name
from portal.core.i18n import format_day
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l


class Who(NamedTuple):
    """Who did something: a colleague or the candidate, or else the portal or a system."""

    name: str
    is_person: bool


class Entry(NamedTuple):
    """An event of the history: who, and what."""

    who: str
    title: str
    #: Whether a colleague or the candidate did it.
    is_person: bool
    #: Of all who did something here, the number of this one.
    number: int


_PLAIN = {
    EventKind.APPLIED: _l("Applied here"),
    EventKind.MOVED: _l("Moved, with the standard mail"),
    EventKind.REPLY: _l("Answered in the conversation"),
    EventKind.INTERVIEW: _l("About an interview"),
    EventKind.OFFER: _l("About an offer"),
    EventKind.ACCEPTED: _l("Offer accepted by the candidate"),
    EventKind.HOLDING_NOTE: _l("Automatic note"),
    EventKind.ESCALATED: _l("Automatic mail: we have not kept our promise"),
    EventKind.WITHDRAWN: _l("Withdrawn by the candidate"),
    EventKind.TOLD_ELSEWHERE: _l("Told by another system"),
    EventKind.REVERTED: _l("The ending was taken back"),
}
_BY_CANDIDATE = frozenset({EventKind.APPLIED, EventKind.ACCEPTED, EventKind.WITHDRAWN})


def entries_of(view: StaffView) -> tuple[dict[str, Entry], list[Who]]:
    """Every event of the application by its public id, and everybody who did something, once."""
    org = company_name()
    numbers: dict[Who, int] = {}
    entries = {}
    for event in view.events:
        is_person = event.actor_name is not None or event.kind in _BY_CANDIDATE
        who = Who(_who(event, view, org), is_person)
        number = numbers.setdefault(who, len(numbers))
        title = _with_day(_title(event, view, is_first=event is view.events[-1]), event)
        entries[event.public_id] = Entry(who.name, title, is_person, number)
    return entries, list(numbers)


def _with_day(title: str, event: StaffEvent) -> str:
    day = event.next_update_by
    if day is None:
        return title
    if event.kind is EventKind.ESCALATED:
        return _("%(what)s, to be answered or ended by %(day)s", what=title, day=format_day(day))
    return _("%(what)s, next word by %(day)s", what=title, day=format_day(day))


def _who(event: StaffEvent, view: StaffView, org: str) -> str:
    if event.actor_name:
        return event.actor_name
    if event.kind in _BY_CANDIDATE:
        return view.person_name or _("The candidate")
    if event.kind in AUTOMATIC:
        return org
    return _("Import from %(source)s", source=view.source) if view.source else _("Import")


def _title(event: StaffEvent, view: StaffView, *, is_first: bool) -> str:
    status = STATUS_LABELS[event.status]
    if event.kind is EventKind.IMPORTED and not is_first:
        return _("Moved by an import to: %(status)s", status=status)
    if event.kind is EventKind.IMPORTED:
        return _("Came with the import as: %(status)s", status=status)
    if event.kind is EventKind.ENDED_BEFORE_US:
        return _("Had ended before the import: %(status)s", status=status)
    what = _what(event, view)
    if not what:
        return str(status)
    is_plain = event.kind in {EventKind.WITHDRAWN, EventKind.ACCEPTED}
    return what if is_plain else _("%(what)s. %(status)s", what=what, status=status)


def _what(event: StaffEvent, view: StaffView) -> str:
    """What it was; empty for a letter, whose words say so."""
    if event.kind is EventKind.TOLD_ELSEWHERE and view.source and event.happened_on:
        day = format_day(event.happened_on)
        return _("Told by %(source)s on %(day)s, as an import from there said", source=view.source, day=day)
    if event.kind is EventKind.WITHDRAWN and event.status is ApplicationStatus.OFFER_DECLINED:
        return _("Offer declined by the candidate")
    if event.kind not in {EventKind.CALL, EventKind.TOLD_HERE}:
        return str(_PLAIN.get(event.kind, ""))
    is_call = event.kind is EventKind.CALL
    if event.channel is None or event.happened_on is None:
        return _("Call") if is_call else _("No mail reached them: their page tells them")
    way, day = CHANNEL_WAYS[event.channel], format_day(event.happened_on)
    if is_call:
        return _("Call on %(day)s, %(way)s", day=day, way=way)
    return _("No mail reached them: told on %(day)s, %(way)s", day=day, way=way)
