"""Moving an interview, changing it, calling it off, and saying what became of it; each on a page of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.applications.actions.calling import LetterWaits
from portal.applications.queries import find_for_staff
from portal.applications.rules import StaleApplication
from portal.company.queries import company_zone
from portal.core.clock import day_of, now
from portal.core.errors import Busy, NotFound, PortalError
from portal.core.i18n import gettext as _
from portal.core.i18n import reader
from portal.interviews.actions import changing, closing
from portal.interviews.actions.taking_back import find_to_arrange
from portal.interviews.actions.telling import ReadyMail
from portal.interviews.forms.arranging import CallOffForm, CloseForm, DetailsForm, MoveForm, WordForm, details_of
from portal.interviews.queries.arranged import Arranged
from portal.interviews.queries.panel import has_read_guide
from portal.interviews.queries.staff import offered_times
from portal.interviews.recruiter_views.arranging import (
    PREVIEW,
    Preview,
    colleagues_for,
    pointed_out,
    readable,
    unread_hints,
    unread_pointed_out,
)
from portal.interviews.recruiter_views.finding import arranger, blueprint
from portal.interviews.rules.arranging import ArrangementRefused, NotPossible
from portal.interviews.rules.times import TimesRefused, as_lines, moment_in_both, place_of, read_times
from portal.interviews.states import MOVES, OPEN_INTERVIEWS, InterviewState
from portal.people.queries import StaffRow, active_staff
from portal.wording.rules import MissingValue

Answer = Response | tuple[str, int]


@dataclass(frozen=True)
class _Page:
    """One of these pages: its template, its form, and what else it shows."""

    template: str
    one: Arranged
    form: WordForm
    context: dict[str, Any]

    def shown(self, status: int, preview: Preview | None = None, found: list[str] | None = None) -> Answer:
        """The page with this status."""
        view = find_for_staff(self.one.application_public_id, arranger())
        if view is None:
            raise NotFound
        page = render_template(
            self.template,
            one=self.one,
            view=view,
            form=self.form,
            preview=preview,
            found=found or [],
            when=moment_in_both(self.one.starts_at, self.one.zone) if self.one.starts_at else "",
            zone=place_of(reader().zone),
            **self.context,
        )
        return page, status


@dataclass(frozen=True)
class _Doing:
    """What a page does: what the candidate would read of it, what it does, and what is said afterwards."""

    preview: Callable[[], ReadyMail | None]
    carry_out: Callable[[], None]
    done: str
    found: list[str]


@blueprint.route("/interviews/<public_id>/move", methods=["GET", "POST"])
def move(public_id: str) -> Answer:
    """Another time at once, or others to choose from."""
    one, at, scope = _find(public_id), now(), arranger()
    form = MoveForm(has_time=one.starts_at is not None)
    page = _Page("recruiting/interviews/move.html", one, form, {})
    if request.method == "GET":
        form.times.data = as_lines([time for time in offered_times(one.id) if time > at], reader().zone)

    def doing() -> _Doing:
        zone = reader().zone
        times = tuple(read_times(form.times.data or "", zone, at))
        panel = [row for row in active_staff() if row.person_id in one.panel]
        to = changing.Move(times, zone, form.is_set, form.said)
        return _Doing(
            lambda: changing.preview_move(public_id, to, scope=scope, now=at),
            lambda: changing.move_interview(public_id, to, scope=scope, seen=form.seen_at, now=at),
            _("Done. The candidate and the panel hear of it now."),
            pointed_out(times, one.minutes, panel, zone=zone, at=at, except_id=one.id),
        )

    return _answer(page, doing)


@blueprint.route("/interviews/<public_id>/call-off", methods=["GET", "POST"])
def call_off(public_id: str) -> Answer:
    """It does not take place; the candidate reads why."""
    one, at, scope = _find(public_id), now(), arranger()
    form = CallOffForm()

    def doing() -> _Doing:
        return _Doing(
            lambda: changing.preview_call_off(public_id, form.said, scope=scope, now=at),
            lambda: changing.call_off(public_id, form.said, scope=scope, seen=form.seen_at, now=at),
            _("Called off. The candidate and the panel hear of it now."),
            [],
        )

    return _answer(_Page("recruiting/interviews/call_off.html", one, form, {}), doing)


@blueprint.route("/interviews/<public_id>/change", methods=["GET", "POST"])
def change(public_id: str) -> Answer:
    """What it is like, and who takes part."""
    one, at, scope = _find(public_id), now(), arranger()
    staff = _staff_of(one)
    form = DetailsForm(staff, **details_of(one, staff))

    def doing() -> _Doing:
        new = changing.NewDetails(form.details, form.panel_ids, form.contact_id, form.said)
        panel = [row for row in staff if row.person_id in form.panel_ids]
        return _Doing(
            lambda: changing.preview_change(public_id, new, scope=scope, now=at),
            lambda: changing.change_interview(public_id, new, scope=scope, seen=form.seen_at, now=at),
            _("Saved. Whoever has to know hears of it now."),
            _found_by_changing(one, form.details.minutes, panel, at),
        )

    read = has_read_guide([row.person_id for row in staff], day_of(at, company_zone()))
    context = {"panel_hints": unread_hints(staff, read)}
    return _answer(_Page("recruiting/interviews/change.html", one, form, context), doing)


@blueprint.route("/interviews/<public_id>/close", methods=["GET", "POST"])
def close(public_id: str) -> Answer:
    """It took place, or somebody missed it."""
    one, at, scope = _find(public_id), now(), arranger()
    if one.starts_at is None or one.starts_at > at:
        flash(_("Its time has not come yet."), "info")
        return redirect(url_for(".show", public_id=public_id), 303)
    offered = [state for state in closing.OUTCOMES if state in MOVES[one.state]]
    form = CloseForm(offered, _apology())

    def doing() -> _Doing:
        outcome = InterviewState(form.outcome.data)
        return _Doing(
            lambda: closing.preview_close(public_id, outcome, form.said, scope=scope, now=at),
            lambda: closing.close_interview(public_id, outcome, form.said, scope=scope, seen=form.seen_at, now=at),
            _("Noted. Thank you."),
            [],
        )

    context = {"is_put_right": one.state not in OPEN_INTERVIEWS, "is_over": not offered}
    return _answer(_Page("recruiting/interviews/close.html", one, form, context), doing)


def _found_by_changing(one: Arranged, minutes: int, panel: list[StaffRow], at: datetime) -> list[str]:
    """What may have been overlooked, of what changes alone: the rest was looked at when it was arranged."""
    came = [row for row in panel if row.person_id not in one.panel]
    times = [one.starts_at] if one.starts_at is not None else offered_times(one.id)
    looked_at = panel if minutes != one.minutes else came
    found = pointed_out(times, minutes, looked_at, zone=one.zone, at=at, except_id=one.id) if looked_at else []
    return found + unread_pointed_out(came, at)


def _answer(page: _Page, doing: Callable[[], _Doing]) -> Answer:
    """The page, its preview, or the change and the way back; what is refused stands beside its field."""
    form = page.form
    if request.method == "GET":
        form.seen.data = page.one.changed_at.isoformat()
        return page.shown(200)
    if not form.validate():
        return page.shown(422)
    try:
        what = doing()
        is_new = form.is_new(what.found)
        if request.form.get("do") == PREVIEW or is_new:
            return page.shown(200, _preview(what.preview()), what.found)
        what.carry_out()
    except TimesRefused as error:
        form.refuse_times(error)
        return page.shown(422)
    except ArrangementRefused as error:
        form.refuse(error)
        return page.shown(422)
    except MissingValue as error:
        form.put_error("", error)
        return page.shown(422)
    except (LetterWaits, StaleApplication, NotPossible, Busy) as error:
        return _changed_meanwhile(page, error)
    flash(what.done, "success")
    return redirect(url_for(".show", public_id=page.one.public_id, _anchor="main"), 303)


def _preview(mail: ReadyMail | None) -> Preview:
    if mail is None:
        return Preview("", _("They get no mail: their page shows it."), "")
    return Preview(mail.mail.subject, readable(mail.mail), "")


def _changed_meanwhile(page: _Page, error: PortalError) -> Answer:
    """How it stands now, with what was typed; sending it again means having seen that."""
    one = _find(page.one.public_id)
    page.form.put_error("", error)
    page.form.seen.data = one.changed_at.isoformat()
    return _Page(page.template, one, page.form, page.context).shown(409)


def _find(public_id: str) -> Arranged:
    return find_to_arrange(public_id, arranger())


def _staff_of(one: Arranged) -> list[StaffRow]:
    return colleagues_for(one.person_id)


def _apology() -> str:
    """What a letter begins with that says that we did not come; that they name their times stands in the mail."""
    return _(
        "We had agreed to meet, and nobody of us was there. That was our fault, and we are sorry: you kept your side, "
        "and your time is worth as much as ours.\n\nThis says nothing about your application."
    )
