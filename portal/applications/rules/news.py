"""What has come lately about an application, in a few words for the candidate's home."""

from datetime import date

from portal.applications.states import STATUS_LABELS, ApplicationStatus, EventKind
from portal.core.i18n import format_day
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l

#: What counts as news: everything but where an application stood when it came here.
NEWS = frozenset(EventKind) - {EventKind.IMPORTED, EventKind.ENDED_BEFORE_US}
_BY_THEM = frozenset({EventKind.APPLIED, EventKind.ACCEPTED, EventKind.WITHDRAWN})
_PLAIN = {
    EventKind.APPLIED: _l("You sent your application."),
    EventKind.ACCEPTED: _l("You accepted our offer."),
    EventKind.WITHDRAWN: _l("You withdrew this application."),
    EventKind.ESCALATED: _l("We had not kept our promise, so somebody else was asked to write to you."),
    EventKind.HOLDING_NOTE: _l("There is no news yet."),
    EventKind.REVERTED: _l("Your application is open again."),
}


def news_words(
    kind: EventKind, status: ApplicationStatus, next_update_by: date | None, date_reason: str, message: str
) -> str:
    """What a person wrote; of what nobody worded, what it says."""
    if message and kind not in _BY_THEM:
        return message
    words = str(_PLAIN.get(kind) or _("Where it stands: %(status)s.", status=STATUS_LABELS[status]))
    if kind is EventKind.WITHDRAWN and status is ApplicationStatus.OFFER_DECLINED:
        words = _("You declined our offer.")
    # Of an escalated one nobody dares to name a day.
    if next_update_by and kind is not EventKind.ESCALATED:
        words += " " + _("You hear from us next by %(day)s.", day=format_day(next_update_by))
    return words + " " + _("Why the date is later: %(reason)s", reason=date_reason) if date_reason else words
