"""The mail of one update: a test before it goes, how far it has come, what came of it, and pausing or stopping it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.core.clock import now
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.digests.actions import pause_mailing, resume_mailing, send_test, stop_mailing
from portal.digests.queries import UNSUBSCRIBED_WITHIN, aftermath_of, find_mailing, results_of
from portal.digests.rules import MailingRefused
from portal.updates.queries import UpdateView, find_for_staff
from portal.updates.rules import shown_count
from portal.web.identity import identity
from portal.wording.rules import MissingValue

blueprint = Blueprint("digests", __name__)


def _find(public_id: str) -> UpdateView:
    view = find_for_staff(public_id)
    if view is None:
        raise NotFound
    return view


@blueprint.get("/updates/<public_id>/mail")
def show(public_id: str) -> str:
    """How the mail goes, or that it has not begun; looking changes nothing."""
    view = _find(public_id)
    mailing = find_mailing(view.id)
    return render_template(
        "recruiting/digests/show.html",
        view=view,
        mailing=mailing,
        is_new=False,
        results=results_of(view.id),
        aftermath=aftermath_of(view.id) if mailing is not None else None,
        shown_count=shown_count,
        days=UNSUBSCRIBED_WITHIN.days,
    )


@blueprint.get("/updates/<public_id>/mail/progress")
def progress(public_id: str) -> str:
    """The part of that page that changes; `?new=1`: of the page on which no mailing had begun."""
    view = _find(public_id)
    return render_template(
        "recruiting/digests/_progress.html",
        view=view,
        mailing=find_mailing(view.id),
        results=results_of(view.id),
        is_new=bool(request.args.get("new")),
    )


@blueprint.post("/updates/<public_id>/mail/test")
def test(public_id: str) -> Response:
    """The mail as the draft reads now, to whoever asks."""
    view = _find(public_id)
    try:
        address = send_test(public_id, actor_id=identity().person_id, now=now())
    except MissingValue:
        flash(_("Give it a title, a summary and a text first: the mail shows them."), "danger")
    else:
        flash(_("The mail is on its way to %(address)s, as the draft reads now.", address=address), "success")
    return _back(view)


@blueprint.post("/updates/<public_id>/mail/pause")
def pause(public_id: str) -> Response:
    view = _find(public_id)
    try:
        pause_mailing(view.id, actor_id=identity().person_id, now=now())
    except MailingRefused as error:
        flash(error.message, "danger")
    else:
        flash(_("The mailing is paused. What a mail server has taken already has gone."), "success")
    return _back(view)


@blueprint.post("/updates/<public_id>/mail/resume")
def resume(public_id: str) -> Response:
    view = _find(public_id)
    try:
        resume_mailing(view.id, actor_id=identity().person_id, now=now())
    except MailingRefused as error:
        flash(error.message, "danger")
    else:
        flash(_("The mailing goes on."), "success")
    return _back(view)


@blueprint.route("/updates/<public_id>/mail/stop", methods=["GET", "POST"])
def stop(public_id: str) -> Response | str:
    """What stopping does; and then it."""
    view = _find(public_id)
    if find_mailing(view.id) is None:
        raise NotFound
    if request.method == "GET":
        return render_template("recruiting/digests/stop.html", view=view, results=results_of(view.id))
    try:
        stop_mailing(view.id, actor_id=identity().person_id, now=now())
    except MailingRefused as error:
        flash(error.message, "danger")
    else:
        flash(_("The mailing is stopped. What waited is cancelled; what went stays."), "success")
    return _back(view)


def _back(view: UpdateView) -> Response:
    return redirect(url_for(".show", public_id=view.public_id), 303)
