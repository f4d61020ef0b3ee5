"""What has come lately about an application, in a few words for the candidate's home."""

from datetime import date

from portal.applications.states import STATUS_LABELS, ApplicationStatus, EventKind
from portal.core.i18n import format_day
from portal.core.i18n import gettext as _

#: What counts as news; an escalation stands in the sentence above them.
NEWS = frozenset({EventKind.MESSAGE, EventKind.REPLY, EventKind.MOVED, EventKind.HOLDING_NOTE})


def news_words(
    kind: EventKind, status: ApplicationStatus, next_update_by: date | None, date_reason: str, message: str
) -> str:
    """What a person wrote; of what nobody worded, what it says."""
    if message:
        return message
    day = format_day(next_update_by) if next_update_by else ""
    if kind is EventKind.HOLDING_NOTE:
        return _("There is no news yet. You hear from us next by %(day)s.", day=day)
    words = _("Where it stands: %(status)s.", status=STATUS_LABELS[status])
    if day:
        words += " " + _("You hear from us next by %(day)s.", day=day)
    return words + " " + _("Why the date is later: %(reason)s", reason=date_reason) if date_reason else words
