"""What happened to a task, in words."""

from typing import Final

from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.tasks.states import TaskEventKind

#: What happened to a task, as its history says it.
EVENT_LABELS: Final[dict[TaskEventKind, str]] = {
    TaskEventKind.NOTED: _l("Noted."),
    TaskEventKind.HANDED_OVER: _l("Handed over to %(name)s."),
    TaskEventKind.ESCALATED: _l("Two working days late: %(name)s looks after it too."),
    TaskEventKind.DONE: _l("Said that it is done."),
    TaskEventKind.SETTLED: _l("Its reason has gone, so it is done."),
    TaskEventKind.CANCELLED: _l("What it was about is no more, so nothing is left to do."),
    TaskEventKind.REOPENED: _l("Opened it again."),
}


def event_words(kind: TaskEventKind, to_name: str) -> str:
    """What happened, as a sentence; `to_name`: who got it."""
    words = str(EVENT_LABELS[kind])
    return words % {"name": to_name or _("a colleague")} if "%(name)s" in words else words
