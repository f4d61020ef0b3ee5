"""How late something is, how several people are named in one line, and what happened with one, in words."""

from datetime import date
from typing import Final

from portal.applications.states import STATUS_LABELS, ApplicationStatus, EventKind
from portal.contact.states import ConsentAction
from portal.core.i18n import format_number
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l

#: What happened to an application, where its status alone would not say it.
_EVENT_WORDS: Final[dict[EventKind, str]] = {
    EventKind.IMPORTED: _l("Came with an import"),
    EventKind.ENDED_BEFORE_US: _l("Had ended before the import"),
    EventKind.APPLIED: _l("Applied"),
    EventKind.MESSAGE: _l("A letter"),
    EventKind.MOVED: _l("Moved, in standard words"),
    EventKind.INTERVIEW: _l("About an interview"),
    EventKind.OFFER: _l("About an offer"),
    EventKind.ACCEPTED: _l("Accepted our offer"),
    EventKind.CALL: _l("A call"),
    EventKind.HOLDING_NOTE: _l("Automatic note: no news yet"),
    EventKind.ESCALATED: _l("Told that we have not kept our promise"),
    EventKind.WITHDRAWN: _l("Took their application back"),
    EventKind.TOLD_HERE: _l("Told another way"),
    EventKind.TOLD_ELSEWHERE: _l("Told by another system"),
    EventKind.REVERTED: _l("An ending was taken back"),
}


def days_late(promised: date | None, today: date) -> int:
    """Calendar days since the promised day; 0 when it is today, still to come, or was never promised."""
    return max(0, (today - promised).days) if promised is not None else 0


def name_alike(first: str, last: str, count: int) -> str:
    """`count` people in one line, by the first and the last of their names."""
    if count == 1:
        return first
    if count == 2:
        return _("%(first)s and %(last)s", first=first, last=last)
    return _("%(name)s and %(count)s others", name=first, count=format_number(count - 1))


def event_title(kind: EventKind, status: ApplicationStatus) -> str:
    """What happened to an application, and where it stood from then on."""
    what, label = _EVENT_WORDS.get(kind), str(STATUS_LABELS[status])
    if kind is EventKind.WITHDRAWN and status is ApplicationStatus.OFFER_DECLINED:
        return _("Declined our offer")
    if what is None or kind in {EventKind.WITHDRAWN, EventKind.ACCEPTED}:
        return str(what or label)
    return _("%(what)s (%(status)s)", what=str(what), status=label)


def message_title(*, is_own: bool) -> str:
    """What stands above a message of the conversation."""
    return _("Wrote to us") if is_own else _("Answered in the conversation")


def consent_title(action: ConsentAction, label: str) -> str:
    """What somebody agreed to, or no more."""
    if action is ConsentAction.GIVEN:
        return _("Said yes to: %(purpose)s", purpose=label)
    if action is ConsentAction.EXPIRED:
        return _("Their yes ran out: %(purpose)s", purpose=label)
    return _("Said no more to: %(purpose)s", purpose=label)
