"""Saying how people were told whom no mail reached: one by one, or many whose pages tell them."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.applications.actions import AnotherWay, tell_another_way, untold_letter
from portal.applications.actions.telling_another_way import let_pages_tell
from portal.applications.forms import ToldForm
from portal.applications.queries.untold import UntoldLetter, untold_letters
from portal.applications.recruiter_views.finding import blueprint, find, writer
from portal.applications.recruiter_views.showing import days_ahead
from portal.applications.rules import GoneAlready, ProposalRefused
from portal.applications.states import OPEN_STATUSES, STATUS_LABELS
from portal.company.queries import company_zone
from portal.core.clock import day_of, now
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.i18n import ngettext
from portal.web.audiences import local_path
from portal.web.paging import PAGE_SIZE

Answer = Response | tuple[str, int]


@blueprint.get("/applications/<public_id>/told")
def how_told(public_id: str) -> Response:
    """To the page that asks about the letter that did not arrive; to the application when none is left to ask about."""
    letter = untold_letter(find(public_id, writer()))
    if letter is None:
        return redirect(url_for(".show", public_id=public_id), 303)
    return redirect(url_for(".told", public_id=public_id, event_id=letter.public_id, back=_way_back()), 303)


def _way_back() -> str | None:
    """Where somebody came from, to go on with the next."""
    return local_path(request.args.get("back", ""))


@blueprint.route("/applications/<public_id>/letters/<event_id>/told", methods=["GET", "POST"])
def told(public_id: str, event_id: str) -> Answer:
    """How they were told what stood in a letter that did not arrive."""
    at, scope = now(), writer()
    view = find(public_id, scope)
    letter = untold_letter(view)
    if letter is None or letter.public_id != event_id:
        if request.method == "POST" and any(one.public_id == event_id for one in view.events):
            flash(_("Something has happened since. Please look at the letters below."), "warning")
            return _to_application(public_id)
        raise NotFound
    today = day_of(at, company_zone())
    form = ToldForm(letter.next_update_by, letter.date_reason, days_ahead(today), today)
    if form.validate_on_submit():
        way = AnotherWay(form.channel, form.happened_on.data, form.day, form.date_reason.data or "")
        try:
            tell_another_way(public_id, event_id, way, scope=scope, now=at)
        except ProposalRefused as error:
            form.refuse(error)
        except GoneAlready as error:
            flash(error.message, "warning")
            return _to_application(public_id)
        else:
            return _noted(public_id, view.person_name or view.email)
    page = render_template(
        "recruiting/applications/told.html",
        view=view,
        form=form,
        letter=letter,
        is_open=letter.status in OPEN_STATUSES,
        status_labels=STATUS_LABELS,
        back=_way_back() or url_for(".show", public_id=public_id),
    )
    return page, 422 if form.is_submitted() else 200


def _noted(public_id: str, name: str) -> Response:
    """Back to the list they came from, where the next one stands; else to the application."""
    back = _way_back()
    if back is None:
        flash(_("Noted. It stands on their page from now on."), "success")
        return _to_application(public_id)
    flash(_("Noted. What it said stands on the page of %(name)s from now on.", name=name), "success")
    return redirect(back, 303)


def _to_application(public_id: str) -> Response:
    return redirect(url_for(".show", public_id=public_id, _anchor="main"), 303)


@blueprint.route("/applications/told-here", methods=["GET", "POST"])
def told_here() -> Answer:
    """Several people whose letters did not arrive, of whom somebody says that their page itself tells them."""
    at, scope = now(), writer()
    today = day_of(at, company_zone())
    found = untold_letters(request.args.getlist("application")[:PAGE_SIZE], scope)
    fitting = [letter for letter in found if not letter.needs_a_day(today)]
    wanted = set(request.form.getlist("letter")) if request.method == "POST" else {one.key for one in fitting}
    chosen = [letter for letter in fitting if letter.key in wanted]
    back = _way_back() or "/recruiting/tasks?kind=dead_letter"
    if request.method == "POST" and (chosen or wanted):
        _say_how_many(let_pages_tell(chosen, scope=scope, now=at), len(wanted))
        return redirect(back, 303)
    page = render_template(
        "recruiting/applications/told_here.html",
        fitting=fitting,
        to_ask=[letter for letter in found if letter.needs_a_day(today)],
        chosen={letter.key for letter in chosen},
        here=_here(found),
        back=back,
        today=today,
        status_labels=STATUS_LABELS,
        has_nobody=request.method == "POST",
    )
    return page, 422 if request.method == "POST" else 200


def _here(found: Sequence[UntoldLetter]) -> str:
    """This page with those who are left, to come back to from one of them."""
    return url_for(".told_here", application=[letter.public_id for letter in found], back=_way_back())


def _say_how_many(count: int, wanted_count: int) -> None:
    if count:
        flash(
            ngettext(
                "The page of %(count)s person tells them now.", "The pages of %(count)s people tell them now.", count
            ),
            "success",
        )
    if count < wanted_count:
        flash(_("Something has happened since with the others. Those who are left stand below."), "warning")
