"""The list of interviews, and the part that they have on the page of their application."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.core.clock import now
from portal.core.i18n import format_number, local
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.permissions import Permission
from portal.interviews.forms.arranging import ListForm
from portal.interviews.queries.staff import (
    ListLine,
    OfApplication,
    Show,
    count_interviews,
    interview_line,
    interviews_of,
    list_interviews,
)
from portal.interviews.recruiter_views.finding import asker, blueprint
from portal.interviews.rules.arranging import is_past
from portal.interviews.states import OPEN_INTERVIEWS, WISH_LABELS, InterviewState
from portal.web.identity import identity
from portal.web.paging import PAGE_SIZE, Page, page_number, page_url

#: How an interview stands, as colleagues read it; never "expired".
STATE_LABELS = {
    InterviewState.PROPOSED: _l("They choose a time"),
    InterviewState.CONFIRMED: _l("Confirmed"),
    InterviewState.MOVED: _l("Moved"),
    InterviewState.CANCELLED: _l("Called off"),
    InterviewState.DONE: _l("Took place"),
    InterviewState.MISSED_BY_THEM: _l("They did not come"),
    InterviewState.MISSED_BY_US: _l("We did not come"),
}
SHOW_LABELS = {
    Show.AHEAD: _l("Ahead"),
    Show.THEIRS: _l("Waits for the candidate"),
    Show.OURS: _l("Waits for us"),
    Show.PAST: _l("Past"),
}


#: It did not take place.
_LOST = frozenset({InterviewState.CANCELLED, InterviewState.MISSED_BY_THEM, InterviewState.MISSED_BY_US})


@dataclass(frozen=True)
class _Row:
    """An interview in a list, in words."""

    line: ListLine
    #: Its time on the reader's clock, for example "14:00"; empty while it has none.
    time: str
    state: str
    tone: str
    #: Whether the reader can say at once what became of it.
    to_close: bool


@dataclass(frozen=True)
class _Day:
    """The interviews of one day; None: they have no time, or days do not matter."""

    day: date | None
    rows: list[_Row]


@blueprint.get("/interviews")
def index() -> Response | str:
    """What is ahead by day, what waits for the candidate and for us, and what is over."""
    scope, at = asker(), now()
    sees_all = identity().may(Permission.SEE_CANDIDATES)
    # Whoever sees only what is theirs need not choose.
    is_own = sees_all and request.args.get("whose") != ListForm.ALL
    counts = count_interviews(scope, is_own=is_own, at=at)
    number = {Show.AHEAD: counts.ahead, Show.THEIRS: counts.theirs, Show.OURS: counts.ours, Show.PAST: counts.past}
    asked = request.args.get("show", "")
    show = Show(asked) if asked in set(Show) else Show.AHEAD
    page = page_number()
    lines = list_interviews(scope, show, is_own=is_own, at=at, first=(page - 1) * PAGE_SIZE, count=PAGE_SIZE)
    if number[show] and not lines:
        return redirect(page_url(1), 303)
    return render_template(
        "recruiting/interviews/index.html",
        page=Page(lines, page, number[show]),
        days=_days(lines, show),
        form=_list_form(show, number, is_own=is_own),
        is_narrowed="show" in request.args or "whose" in request.args,
        sees_all=sees_all,
        empty=_empty(show),
        ours_count=number[Show.OURS] if show is not Show.OURS and _may_answer() else 0,
        ours_url=url_for(".index", show=Show.OURS, whose=None if is_own else ListForm.ALL),
    )


def interviews_panel(public_id: str) -> str:
    """The interviews of an application, for whoever may read its page in recruiting, and the way to a new one."""
    at = now()
    may_change = _may_answer()
    is_open, found = interviews_of(public_id)
    if not found and not (may_change and is_open):
        return ""
    return render_template(
        "recruiting/interviews/_of_application.html",
        public_id=public_id,
        interviews=[(one, *_pill(one, is_past(one.starts_at, at)), _can(one, at)) for one in found],
        may_arrange=may_change and is_open,
        may_change=may_change,
    )


@dataclass(frozen=True)
class Can:
    """What can be done with an interview."""

    public_id: str
    is_open: bool
    #: Its time has come, and it was not called off.
    is_past: bool
    #: From when the mail that proposes it goes, while it can be taken back.
    waits_until: datetime | None
    #: It did not take place: it can be proposed anew.
    is_lost: bool


def can_arrange(public_id: str) -> Can | None:
    """What whoever is signed in can do with this interview; None for those who arrange none."""
    one = interview_line(public_id) if _may_answer() else None
    return _can(one, now()) if one is not None else None


def _can(one: OfApplication, at: datetime) -> Can:
    waits = one.goes_from if one.goes_from is not None and one.goes_from > at else None
    over = is_past(one.starts_at, at) and one.state is not InterviewState.CANCELLED
    return Can(one.public_id, one.state in OPEN_INTERVIEWS, over, waits, one.state in _LOST)


def _may_answer() -> bool:
    """Whether whoever is signed in arranges interviews, and so answers what candidates ask for."""
    return identity().may(Permission.WRITE_TO_CANDIDATES)


def _list_form(show: Show, number: dict[Show, int], *, is_own: bool) -> ListForm:
    counted = [
        (str(one), _("%(part)s: %(count)s", part=SHOW_LABELS[one], count=format_number(number[one]))) for one in Show
    ]
    return ListForm(str(show), ListForm.OWN if is_own else ListForm.ALL, counted)


def _pill(one: OfApplication | ListLine, has_passed: bool) -> tuple[str, str]:
    """How it stands in a few words, and in which tone."""
    if one.wish is not None and one.state in OPEN_INTERVIEWS:
        return str(WISH_LABELS[one.wish]), "warning"
    if one.state in OPEN_INTERVIEWS and has_passed:
        return _("Say what became of it"), "warning"
    if one.state is InterviewState.MOVED and one.starts_at is None:
        return str(STATE_LABELS[InterviewState.PROPOSED]), "info"
    tones = {InterviewState.CONFIRMED: "success", InterviewState.MOVED: "success", InterviewState.PROPOSED: "info"}
    return str(STATE_LABELS[one.state]), tones.get(one.state, "neutral")


def _days(lines: list[ListLine], show: Show) -> list[_Day]:
    at, may_close = now(), _may_answer()
    rows = [_row(line, is_past(line.starts_at, at), may_close=may_close) for line in lines]
    if show is not Show.AHEAD:
        return [_Day(None, rows)] if rows else []
    by_day = groupby(rows, key=lambda row: local(row.line.starts_at).date() if row.line.starts_at else None)
    return [_Day(day, list(group)) for day, group in by_day]


def _row(line: ListLine, has_passed: bool, *, may_close: bool) -> _Row:
    time = f"{local(line.starts_at):%H:%M}" if line.starts_at is not None else ""
    to_close = may_close and has_passed and line.wish is None and line.state in OPEN_INTERVIEWS
    return _Row(line, time, *_pill(line, has_passed), to_close)


def _empty(show: Show) -> tuple[str, str]:
    """Why a part is empty, and what would fill it."""
    texts = {
        Show.AHEAD: (_("No interview is ahead"), _("When a candidate has chosen a time, it stands here by day.")),
        Show.THEIRS: (_("No candidate has to choose"), _("Times that you propose wait here until one is chosen.")),
        Show.OURS: (
            _("Nothing waits for you"),
            _("You find here who asks for another time, and what is over and still needs a word on it."),
        ),
        Show.PAST: (_("No interview is over"), _("What took place, was missed or was called off is kept here.")),
    }
    return texts[show]
