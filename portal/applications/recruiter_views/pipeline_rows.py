"""The rows of a pipeline in words: what many of them say alike is said once, for words cost more than rows."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from typing import NamedTuple

from flask import url_for

from portal.applications.queries.pipeline import PipelineLine
from portal.applications.recruiter_views.beside import among_pipeline
from portal.applications.rules.news import NEWS
from portal.applications.rules.pipeline import is_theirs
from portal.applications.states import STATUS_LABELS, ApplicationStatus
from portal.contact.states import Timing
from portal.core.i18n import format_short_day, local, ngettext
from portal.core.i18n import gettext as _
from portal.outbox.states import DeliveryState


class PromisedDay(NamedTuple):
    """By when somebody hears from us, in words."""

    iso: str
    words: str
    is_late: bool
    #: How late it is, or that it is due; empty before.
    hint: str


class Stand(NamedTuple):
    """Where somebody stands: what many in a pipeline have alike."""

    stage: str
    owner_name: str
    #: What the candidate sees.
    status: ApplicationStatus
    next_update_by: date | None
    later_status: ApplicationStatus | None
    delivery_state: DeliveryState | None
    delivery_timing: Timing | None
    has_moved_elsewhere: bool
    is_held: bool


class StandInWords(NamedTuple):
    """A stand as it is read."""

    stage: str
    owner_name: str
    status: str
    #: It is the candidate's turn.
    is_theirs: bool
    promise: PromisedDay | None
    #: What became of our newest letter; empty when it has arrived.
    letter: str
    is_lost: bool
    #: What asks for somebody's look, and what is good to know; empty when nothing does.
    alert: str
    hint: str


class PipelineRow(NamedTuple):
    """One application in a pipeline, with its words."""

    public_id: str
    person_public_id: str
    #: Their name, else their address.
    name: str
    #: What choosing them is called.
    choose: str
    #: When we last said something, and what there is to look at.
    hint: str
    has_question: bool
    is_late: bool
    #: Its place among the stands.
    stand: int
    #: Where the application is opened, from this list.
    url: str


def rows_of(lines: Sequence[PipelineLine], today: date) -> tuple[list[PipelineRow], list[StandInWords]]:
    """`lines` for whoever reads now, and the stands that they have."""
    # One address for all, filled in for each.
    opened = url_for(".show", public_id="{}").replace("%7B%7D", "{}") + among_pipeline()
    choose, cv, marked = _("Choose: %(what)s", what="{}"), _("CV"), _("Near-fit or silver medal")
    stands: dict[Stand, int] = {}

    @cache
    def last_word(day: date, is_ours: bool) -> str:
        if not is_ours:
            return _("No word from us yet; imported %(day)s", day=format_short_day(day))
        return _("Last word: %(day)s", day=format_short_day(day))

    @cache
    def hint(day: date, is_ours: bool, has_cv: bool, has_mark: bool) -> str:
        return " · ".join([last_word(day, is_ours)] + [cv] * has_cv + [marked] * has_mark)

    def row_of(line: PipelineLine) -> PipelineRow:
        name, day = line.person_name or line.email, line.next_update_by
        return PipelineRow(
            line.public_id,
            line.person_public_id,
            name,
            choose.replace("{}", name),
            hint(_day(line.said_at), line.said_kind in NEWS, line.has_cv, line.has_mark),
            line.has_question,
            day is not None and day < today,
            stands.setdefault(_stand_of(line), len(stands)),
            opened.replace("{}", line.public_id),
        )

    rows = [row_of(line) for line in lines]
    return rows, [_in_words(stand, today) for stand in stands]


def _stand_of(line: PipelineLine) -> Stand:
    return Stand(
        line.stage,
        line.owner_name,
        line.status,
        line.next_update_by,
        line.later_status,
        line.delivery_state,
        line.delivery_timing,
        line.change_reported_at is not None,
        line.is_held,
    )


def _in_words(stand: Stand, today: date) -> StandInWords:
    return StandInWords(
        stand.stage or _("None yet"),
        stand.owner_name,
        str(STATUS_LABELS[stand.status]),
        is_theirs(stand.status),
        _promised(stand.next_update_by, today) if stand.next_update_by else None,
        _letter(stand),
        stand.delivery_state is DeliveryState.DEAD,
        _("The import says something changed") if stand.has_moved_elsewhere else "",
        _("Held import") if stand.is_held else "",
    )


def _letter(stand: Stand) -> str:
    if stand.delivery_state is DeliveryState.DEAD:
        return _("Our letter did not arrive")
    if stand.delivery_state not in {DeliveryState.QUEUED, DeliveryState.LEASED}:
        return ""
    what = _("An ending waits to go") if stand.delivery_timing is Timing.OFFICE else _("A letter is on its way")
    if stand.later_status is None or stand.later_status is stand.status:
        return what
    return _("%(what)s: %(status)s", what=what, status=STATUS_LABELS[stand.later_status])


def _day(instant: datetime) -> date:
    return local(instant).date()


def _promised(day: date, today: date) -> PromisedDay:
    hint = _("Due today") if day == today else ""
    if day < today:
        late = (today - day).days
        hint = ngettext("%(num)s day late", "%(num)s days late", late, num=late)
    return PromisedDay(day.isoformat(), format_short_day(day), day < today, hint)
