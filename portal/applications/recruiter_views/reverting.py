"""Taking back an ending that the candidate was told of, and an ending from an import that does not hold."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.applications.actions.elsewhere import refuse_told_elsewhere
from portal.applications.actions.following_source import refuse_move
from portal.applications.actions.reverting import preview_reverting, revert_ending
from portal.applications.forms import LetterForm
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
from portal.applications.rules import EndingWaits, ProposalRefused, StaleApplication
from portal.applications.rules.finishing import CannotRevert, check_reverting
from portal.applications.states import ENDINGS, OPEN_STATUSES, STATUS_LABELS, STEPS, ApplicationStatus
from portal.company.queries import company_zone
from portal.core.clock import day_of, now
from portal.core.errors import PortalError
from portal.core.i18n import gettext as _
from portal.web.forms import options
from portal.wording.rules import MissingValue

Answer = Response | tuple[str, int]


@blueprint.route("/applications/<public_id>/revert", methods=["GET", "POST"])
def revert(public_id: str) -> Answer:
    """Open an ended application again: where it stands from now on, why, and by when they hear."""
    at, scope = now(), writer()
    view = find(public_id, scope)
    try:
        check_reverting(view.status, view.kind)
    except CannotRevert as error:
        return _nothing_to_revert(view, error)
    form = _form(view)
    if not form.validate_on_submit():
        return _page(view, form, 422 if form.is_submitted() else 200)
    wanted = request.form.get("do")
    try:
        if wanted == PREVIEW:
            mail, going = preview_reverting(public_id, scope=scope, proposal=form.proposal, now=at)
            return _page(view, form, 200, readable(mail, form.proposal.status, when_of(going, view, at)))
        going = revert_ending(
            public_id,
            scope=scope,
            proposal=form.proposal,
            seen_event_id=form.seen_event_id.data or "",
            now=at,
            is_hurried=wanted == NOW,
        )
    except ProposalRefused as error:
        form.refuse(error)
        return _page(view, form, 422)
    except CannotRevert as error:
        form.put_error("", error)
        return _page(view, form, 409)
    except (EndingWaits, StaleApplication, MissingValue) as error:
        return _changed_meanwhile(public_id, form, error)
    flash(what_happens(view.person_name or view.email, going, at), "success")
    return _back(public_id)


def _nothing_to_revert(view: StaffView, error: CannotRevert) -> Answer:
    page = render_template("recruiting/applications/revert_refused.html", view=view, refusal=error.message)
    return page, 200 if request.method == "GET" else 409


@blueprint.post("/applications/<public_id>/not-ended")
def not_ended(public_id: str) -> Response:
    """What an import says of its ending does not hold: the page does not say so."""
    if refuse_told_elsewhere(public_id, scope=writer(), now=now()):
        flash(_("Their page says nothing of it. Please write to them about where it stands."), "success")
    return _back(public_id)


@blueprint.post("/applications/<public_id>/not-moved")
def not_moved(public_id: str) -> Response:
    """What an import says of its move does not hold: the page does not say so."""
    if refuse_move(public_id, scope=writer(), now=now()):
        flash(_("Their page stays as it is."), "success")
    return _back(public_id)


def _form(view: StaffView) -> LetterForm:
    today = day_of(now(), company_zone())
    stood = _stood(view)
    form = LetterForm(stood, None, days_ahead(today, usual_pace(stood)), today)
    form.status.choices = options([(str(one), str(STATUS_LABELS[one])) for one in STEPS])
    if not form.is_submitted():
        form.seen_event_id.data = view.newest_event_id
        form.when.data = str(usual_pace(stood) or "")
    return form


def _stood(view: StaffView) -> ApplicationStatus:
    """Where it stood before it ended."""
    return next((one.status for one in view.events if one.status in OPEN_STATUSES), ApplicationStatus.IN_REVIEW)


def _changed_meanwhile(public_id: str, form: LetterForm, error: PortalError) -> Answer:
    """How it stands now, with what was typed; sending it again means having seen that."""
    view = find(public_id, writer())
    form.put_error("", error)
    form.seen_event_id.data = view.newest_event_id
    return _page(view, form, 422 if isinstance(error, MissingValue) else 409)


def _page(view: StaffView, form: LetterForm, status: int, preview: Preview | None = None) -> Answer:
    ending = next((one for one in view.events if one.status in ENDINGS and one.status is view.status), None)
    page = render_template(
        "recruiting/applications/revert.html",
        view=view,
        form=form,
        preview=preview,
        ending=ending,
        undo=undo_words(),
        status_labels=STATUS_LABELS,
    )
    return page, status


def _back(public_id: str) -> Response:
    return redirect(url_for(".show", public_id=public_id, _anchor="main"), 303)
