"""Moving an application without a letter of one's own."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.applications.actions import latest_promise, move_application, preview_change
from portal.applications.forms import MoveForm
from portal.applications.queries import StaffView
from portal.applications.queries.imported import source_move
from portal.applications.recruiter_views.finding import blueprint, find, writer
from portal.applications.recruiter_views.showing import (
    NOW,
    PREVIEW,
    Preview,
    days_ahead,
    readable,
    say_what_it_replaces,
    undo_words,
    usual_pace,
    what_happens,
    when_of,
)
from portal.applications.rules import EndingWaits, ProposalRefused, StaleApplication
from portal.applications.states import STATUS_LABELS
from portal.company.queries import company_zone
from portal.core.clock import day_of, now
from portal.core.errors import PortalError
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
        replaced = source_move(view.id)
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
    say_what_it_replaces(view, replaced, form.proposal.status)
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


def _back(public_id: str) -> Response:
    return redirect(url_for(".show", public_id=public_id, _anchor="main"), 303)
