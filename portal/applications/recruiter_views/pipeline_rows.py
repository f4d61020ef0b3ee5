"""The rows of a pipeline in words: what many of them say alike is said once, for words cost more than rows."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from typing import NamedTuple

from portal.applications.queries.pipeline import PipelineLine
from portal.applications.rules.pipeline import is_theirs
from portal.applications.states import STATUS_LABELS, ApplicationStatus
from portal.core.i18n import format_day, local, ngettext
from portal.core.i18n import gettext as _


class PromisedDay(NamedTuple):
    """By when somebody hears from us, in words."""

    iso: str
    words: str
    is_late: bool
    #: How late it is, or that it is due; empty before.
    hint: str


class ReadStatus(NamedTuple):
    """What somebody reads of where they stand, and whether it is their turn."""

    words: str
    is_theirs: bool


class PipelineRow(NamedTuple):
    """One application in a pipeline, with its words."""

    line: PipelineLine
    #: Their name, else their address.
    name: str
    #: What choosing them is called.
    choose: str
    last_word: str
    status: ReadStatus
    #: Where they will stand, if the letter on its way changes that.
    later: str
    promise: PromisedDay | None


def rows_of(lines: Sequence[PipelineLine], today: date) -> list[PipelineRow]:
    """`lines` for whoever reads now."""
    choose = _("Choose: %(what)s", what="{}")

    @cache
    def last_word(day: date) -> str:
        return _("Last word: %(day)s", day=format_day(day))

    @cache
    def read(status: ApplicationStatus) -> ReadStatus:
        return ReadStatus(str(STATUS_LABELS[status]), is_theirs(status))

    @cache
    def promised(day: date) -> PromisedDay:
        return _promised(day, today)

    def row_of(line: PipelineLine) -> PipelineRow:
        name = line.person_name or line.email
        return PipelineRow(
            line,
            name,
            choose.replace("{}", name),
            last_word(_day(line.said_at)),
            read(line.status),
            read(line.later_status).words if line.later_status and line.later_status != line.status else "",
            promised(line.next_update_by) if line.next_update_by else None,
        )

    return [row_of(line) for line in lines]


def _day(instant: datetime) -> date:
    return local(instant).date()


def _promised(day: date, today: date) -> PromisedDay:
    hint = _("Due today") if day == today else ""
    if day < today:
        late = (today - day).days
        hint = ngettext("%(num)s day late", "%(num)s days late", late, num=late)
    return PromisedDay(day.isoformat(), format_day(day), day < today, hint)
