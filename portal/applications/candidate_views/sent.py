"""What somebody has sent, shown back to them: the receipt and the CV. Only for who is signed in."""

from flask import Blueprint, flash, redirect, render_template, send_file, url_for
from flask_wtf.file import FileField, FileRequired
from werkzeug.wrappers import Response

from portal.applications.actions.documents import put_cv, remove_cv
from portal.applications.queries import ApplicationView, find_application_of
from portal.applications.queries.applying import Received, find_own_received
from portal.applications.rules.applying import NotAccepting
from portal.applications.rules.documents import MAX_CV, MEDIA_TYPES, DocumentRefused
from portal.applications.states import OPEN_STATUSES
from portal.community.queries import is_member
from portal.core.clock import now
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.files.queries import path_of
from portal.web.audiences import accepts_upload
from portal.web.forms import Form
from portal.web.identity import identity
from portal.web.panels import Spot, panels_at

Answer = Response | str | tuple[str, int]

blueprint = Blueprint("sent", __name__)
_LARGEST = 16 * 1024 * 1024


class CvForm(Form):
    """A CV for an application that was sent before."""

    cv = FileField(_l("CV"), [FileRequired(_l("Please choose a file first."))])


@blueprint.get("/applications/<public_id>/received")
def receipt(public_id: str) -> str:
    me = identity()
    view, received = _find(public_id)
    return render_template(
        "candidate/applications/receipt.html",
        application=view,
        received=received,
        owner=view.owner,
        is_open=view.status in OPEN_STATUSES,
        is_member=is_member(me.person_id),
        panels=panels_at(Spot.RECEIPT, view.public_id),
        keys=[f"apply:{received.slug}:{who}" for who in ("", me.public_id)],
    )


@blueprint.route("/applications/<public_id>/cv", methods=["GET", "POST"])
@accepts_upload(_LARGEST)
def cv(public_id: str) -> Answer:
    view, received = _find(public_id)
    form = CvForm()
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        upload = form.cv.data
        try:
            put_cv(identity().person_id, public_id, upload.stream.read(MAX_CV + 1), upload.filename, now())
        except DocumentRefused as error:
            form.put_error("cv", error)
        except NotAccepting as error:
            form.put_error("", error)
        else:
            flash(_("Your CV is with your application now."), "success")
            return redirect(url_for(".receipt", public_id=public_id, _anchor="sent"), 303)
    is_open = view.status in OPEN_STATUSES
    page = render_template(
        "candidate/applications/cv.html", application=view, received=received, form=form, is_open=is_open
    )
    return page, status


@blueprint.post("/applications/<public_id>/cv/remove")
def take_cv_away(public_id: str) -> Response:
    try:
        remove_cv(identity().person_id, public_id, now())
        flash(_("The CV is gone. You can add another one."), "success")
    except NotAccepting as error:
        flash(error.message, "warning")
    return redirect(url_for(".cv", public_id=public_id), 303)


@blueprint.get("/applications/<public_id>/cv/file")
def cv_file(public_id: str) -> Response:
    _view, received = _find(public_id)
    if received.cv is None:
        raise NotFound
    path = path_of(received.cv.id)
    if path is None:
        raise NotFound
    # `nosniff` comes with every answer.
    kind = received.cv.kind
    return send_file(path, mimetype=MEDIA_TYPES[kind], as_attachment=True, download_name=received.cv.name)


def _find(public_id: str) -> tuple[ApplicationView, Received]:
    """One's own application that was made here; raises NotFound for anybody else's."""
    person_id = identity().person_id
    view, received = find_application_of(person_id, public_id), find_own_received(person_id, public_id)
    if view is None or received is None:
        raise NotFound
    return view, received
