"""Moving an application without a letter, and saying how somebody was told whom no mail reached."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.applications.actions import (
    AnotherWay,
    latest_promise,
    move_application,
    preview_change,
    tell_another_way,
    untold_letter,
)
from portal.applications.forms import MoveForm, ToldForm
from portal.applications.queries import StaffView
from portal.applications.recruiter_views.finding import blueprint, find, writer
from portal.applications.recruiter_views.showing import (
    NOW,
    PREVIEW,
    Preview,
    days_ahead,
    readable,
    undo_words,
    usual_pace,
    what_happens,
    when_of,
)
from portal.applications.rules import EndingWaits, GoneAlready, ProposalRefused, StaleApplication
from portal.applications.states import OPEN_STATUSES, STATUS_LABELS
from portal.company.queries import company_zone
from portal.core.clock import day_of, now
from portal.core.errors import NotFound, PortalError
from portal.core.i18n import gettext as _
from portal.wording.rules import MissingValue

Answer = Response | tuple[str, int]


@blueprint.route("/applications/<public_id>/move", methods=["GET", "POST"])
def move(public_id: str) -> Answer:
    """Another status or a later date, in the company's standard words."""
    at, scope = now(), writer()
    view = find(public_id, scope)
    today = day_of(at, company_zone())
    form = MoveForm(view.standing, latest_promise(view), days_ahead(today, usual_pace(view.standing)), today)
    if not form.is_submitted():
        form.seen_event_id.data = view.newest_event_id
    if not form.validate_on_submit():
        return _move_page(view, form, 422 if form.is_submitted() else 200)
    wanted = request.form.get("do")
    try:
        if wanted == PREVIEW:
            mail, going = preview_change(public_id, scope=scope, proposal=form.proposal, now=at)
            preview = readable(mail, form.proposal.status, when_of(going, view, at))
            return _move_page(view, form, 200, preview)
        going = move_application(
            public_id,
            scope=scope,
            proposal=form.proposal,
            seen_event_id=form.seen_event_id.data or "",
            now=at,
            is_hurried=wanted == NOW,
        )
    except ProposalRefused as error:
        form.refuse(error)
        return _move_page(view, form, 422)
    except (EndingWaits, StaleApplication, MissingValue) as error:
        return _changed_meanwhile(public_id, form, error)
    flash(what_happens(view.person_name or view.email, going, at), "success")
    return _back(public_id)


def _changed_meanwhile(public_id: str, form: MoveForm, error: PortalError) -> Answer:
    """What is shown is how it stands now, with what was chosen; sending it again means having seen that."""
    view = find(public_id, writer())
    form.put_error("", error)
    form.seen_event_id.data = view.newest_event_id
    return _move_page(view, form, 422 if isinstance(error, MissingValue) else 409)


def _move_page(view: StaffView, form: MoveForm, status: int, preview: Preview | None = None) -> Answer:
    page = render_template(
        "recruiting/applications/move.html",
        view=view,
        form=form,
        preview=preview,
        undo=undo_words(),
        status_labels=STATUS_LABELS,
    )
    return page, status


@blueprint.route("/applications/<public_id>/letters/<event_id>/told", methods=["GET", "POST"])
def told(public_id: str, event_id: str) -> Answer:
    """How they were told what stood in a letter that did not arrive."""
    at, scope = now(), writer()
    view = find(public_id, scope)
    letter = untold_letter(view)
    if letter is None or letter.public_id != event_id:
        if request.method == "POST" and any(one.public_id == event_id for one in view.events):
            flash(_("Something has happened since. Please look at the letters below."), "warning")
            return _back(public_id)
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
            return _back(public_id)
        else:
            flash(_("Noted. It stands on their page from now on."), "success")
            return _back(public_id)
    page = render_template(
        "recruiting/applications/told.html",
        view=view,
        form=form,
        letter=letter,
        is_open=letter.status in OPEN_STATUSES,
        status_labels=STATUS_LABELS,
    )
    return page, 422 if form.is_submitted() else 200


def _back(public_id: str) -> Response:
    return redirect(url_for(".show", public_id=public_id, _anchor="main"), 303)
