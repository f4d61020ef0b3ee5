"""Everything that happened to an application, in plain words, with who and when."""

from typing import NamedTuple

from portal.applications.queries import ApplicationView, EventLine
from portal.applications.rules import CHANNEL_WAYS
from portal.applications.states import AUTOMATIC, STATUS_LABELS, ApplicationStatus, EventKind
from portal.company.queries import company_name
from portal.core.i18n import format_day, format_moment
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l

_BY_NOBODY = AUTOMATIC | {EventKind.IMPORTED, EventKind.ENDED_BEFORE_US}


class HistoryEntry(NamedTuple):
    """Something that happened, in words."""

    who: str
    #: When, for machines and in words.
    iso: str
    words: str
    title: str
    body: str
    #: Whether a person did it, and nothing automatic.
    is_person: bool


def history_of(view: ApplicationView) -> list[HistoryEntry]:
    """What happened, the newest first; that they applied comes last."""
    org = company_name()
    before: list[EventLine | None] = [*view.events[1:], None]
    entries = [_entry(event, earlier, org) for event, earlier in zip(view.events, before, strict=True)]
    if view.applied_on is not None and all(event.kind is not EventKind.APPLIED for event in view.events):
        day = view.applied_on
        entries.append(HistoryEntry(_("You"), day.isoformat(), format_day(day), _("Sent the application."), "", True))
    return entries


def _entry(event: EventLine, earlier: EventLine | None, org: str) -> HistoryEntry:
    """One entry; `earlier` is what stood before it."""
    return HistoryEntry(
        who=_("You") if event.is_by_candidate else event.actor_name or org,
        iso=event.since.isoformat(timespec="seconds"),
        words=format_moment(event.since),
        title=" ".join(part for part in (_what_happened(event), _where_it_stands(event, earlier)) if part),
        body=_said(event),
        is_person=event.is_by_candidate or (event.actor_name is not None and event.kind not in _BY_NOBODY),
    )


_PLAIN = {
    EventKind.APPLIED: _l("Sent the application."),
    EventKind.WITHDRAWN: _l("Withdrew the application."),
    EventKind.REPLY: _l("Answered you in the conversation."),
    EventKind.INTERVIEW: _l("Wrote to you about an interview."),
    EventKind.OFFER: _l("Wrote to you about an offer."),
    EventKind.ACCEPTED: _l("Accepted the offer."),
    EventKind.ESCALATED: _l("We had not kept our promise, so somebody else was asked to write to you."),
    EventKind.REVERTED: _l("Took back the ending."),
}


def _what_happened(event: EventLine) -> str:
    """What it was, where the words and the date do not say so by themselves."""
    if event.kind is EventKind.CALL:
        return _spoke(event)
    if event.kind is EventKind.HOLDING_NOTE:
        return _note(event)
    if event.kind in {EventKind.TOLD_HERE, EventKind.TOLD_ELSEWHERE}:
        return _told(event)
    if event.kind is EventKind.WITHDRAWN and event.status is ApplicationStatus.OFFER_DECLINED:
        return _("Declined the offer.")
    return str(_PLAIN.get(event.kind, ""))


def _spoke(event: EventLine) -> str:
    way = CHANNEL_WAYS[event.channel] if event.channel else ""
    if not way or event.happened_on is None:
        return _("Spoke with you.")
    return _("Spoke with you %(way)s on %(day)s.", way=way, day=format_day(event.happened_on))


def _note(event: EventLine) -> str:
    if event.missed_on is None:
        return _("Automatic note: there was no news yet.")
    day = format_day(event.missed_on)
    return _("Automatic note: we had promised word by %(day)s, and there was none.", day=day)


def _told(event: EventLine) -> str:
    if event.kind is EventKind.TOLD_ELSEWHERE:
        if event.happened_on is None:
            return _("The system in which you applied told you, so there is no second letter.")
        day = format_day(event.happened_on)
        return _("The system in which you applied told you on %(day)s, so there is no second letter.", day=day)
    if event.channel is None:
        return _("Our mail did not reach you, so this page tells you.")
    way = CHANNEL_WAYS[event.channel]
    if event.happened_on is None:
        return _("Our mail did not reach you, so you were told %(way)s.", way=way)
    day = format_day(event.happened_on)
    return _("Our mail did not reach you, so you were told %(way)s on %(day)s.", way=way, day=day)


def _where_it_stands(event: EventLine, earlier: EventLine | None) -> str:
    """Where it stands since then and by when they hear next, as far as that is new."""
    status = STATUS_LABELS[event.status]
    if event.kind is EventKind.ENDED_BEFORE_US:
        return _("It had ended before this page existed: %(status)s.", status=status)
    if event.kind in {EventKind.ESCALATED, EventKind.WITHDRAWN}:
        return ""
    is_new = earlier is None or earlier.status != event.status
    if event.next_update_by is None:
        return _("It ended: %(status)s.", status=status) if is_new else ""
    day = format_day(event.next_update_by)
    if event.kind is EventKind.IMPORTED and earlier is None:
        return _("Your application came to this page. %(status)s, next word by %(day)s.", status=status, day=day)
    if is_new:
        return _("%(status)s from now on, next word by %(day)s.", status=status, day=day)
    return _("Next word by %(day)s.", day=day)


def _said(event: EventLine) -> str:
    if not event.date_reason:
        return event.message
    why = _("Why the date is later: %(reason)s", reason=event.date_reason)
    return f"{event.message}\n\n{why}" if event.message else why
