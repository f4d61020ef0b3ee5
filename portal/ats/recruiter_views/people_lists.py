"""A list of people without an opening: uploaded, looked at, and added as a whole."""

import tempfile
from pathlib import Path

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from portal.applications.queries import StaffScope
from portal.ats.actions import FileTooLarge, UnreadableFile, keep_for_now
from portal.ats.actions.errors import DatesNeeded
from portal.ats.actions.people_lists import ListPreview, add_list, check_list
from portal.ats.forms import AboutListForm, PeopleUploadForm
from portal.ats.queries import find_kept_file
from portal.ats.rules.people_lists import MOST_PEOPLE, NoAddresses
from portal.company.queries import company_zone
from portal.core.clock import day_of, now
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.i18n import ngettext
from portal.prospects.actions import Added
from portal.prospects.rules import KEPT_DAYS, ProspectRefused
from portal.web.audiences import accepts_upload
from portal.web.identity import identity

blueprint = Blueprint("people_lists", __name__)
Answer = Response | tuple[str, int]

#: Bytes of a request; a thousand people take far less.
_MAX_UPLOAD = 8 * 1024 * 1024
#: Rows of each kind that are shown; the others are counted.
_SHOWN = 100


@blueprint.route("/imports/people", methods=["GET", "POST"])
@accepts_upload(_MAX_UPLOAD)
def upload() -> Answer:
    form = PeopleUploadForm(day_of(now(), company_zone()))
    if form.validate_on_submit():
        kept = _keep(form)
        if kept is not None:
            return redirect(url_for(".check", file_id=kept, **form.arguments), 303)
    page = render_template("recruiting/people_lists/upload.html", form=form, most=MOST_PEOPLE, kept_days=KEPT_DAYS)
    return page, 422 if form.is_submitted() else 200


def _keep(form: PeopleUploadForm) -> str | None:
    """Keep the file for a day; None with the reason in the form where it is no list."""
    sent: FileStorage = form.file.data
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "upload"
        sent.save(path)
        try:
            check_list(path, form.about, now())
            return _kept(path, sent)
        except DatesNeeded:
            return _kept(path, sent)
        except (UnreadableFile, NoAddresses, FileTooLarge) as error:
            form.put_error("file", error)
    return None


def _kept(path: Path, sent: FileStorage) -> str:
    name = Path(sent.filename or "").name or _("File")
    return keep_for_now(path, name, owner_id=identity().person_id, now=now())


@blueprint.route("/imports/people/<file_id>", methods=["GET", "POST"])
def check(file_id: str) -> Answer:
    """What would happen; sending it does it."""
    me, at = identity(), now()
    kept = find_kept_file(file_id, me.person_id)
    if kept is None:
        raise NotFound
    form = AboutListForm(day_of(at, company_zone()))
    preview, status = None, 200
    if form.validate():
        try:
            if request.method == "POST":
                scope = StaffScope(me.person_id, me.role)
                return _done(add_list(kept.path, form.about, scope=scope, now=at))
            preview = check_list(kept.path, form.about, at)
        except DatesNeeded as error:
            form.put_error("dates", error)
        except (UnreadableFile, NoAddresses, ProspectRefused) as error:
            form.put_error("", error)
    if request.method == "POST":
        status = 422
    return _page(form, kept.name, file_id, preview), status


def _page(form: AboutListForm, name: str, file_id: str, preview: ListPreview | None) -> str:
    return render_template(
        "recruiting/people_lists/check.html",
        form=form,
        file_name=name,
        file_id=file_id,
        preview=preview,
        counts=_counts(preview) if preview else [],
        shown=_SHOWN,
        kept_days=KEPT_DAYS,
        here=request.full_path if request.query_string else request.path,
    )


def _counts(preview: ListPreview) -> list[tuple[str, int, str]]:
    return [
        (_("Would be added"), len(preview.new), "success" if preview.new else ""),
        (_("Known already"), len(preview.known), ""),
        (_("Bring a yes with its proof"), preview.consent_count, ""),
        (_("Rows that add nobody"), len(preview.refused), "danger" if preview.refused else ""),
        (_("To look at"), len(preview.warned), "warning" if preview.warned else ""),
    ]


def _done(done: Added) -> Response:
    words = ngettext("%(count)s person was added.", "%(count)s people were added.", done.added)
    flash(words + " " + _("Nothing has been sent yet."), "success")
    if done.known:
        known = ngettext("%(count)s was known already.", "%(count)s were known already.", done.known)
        flash(known, "info")
    if done.consents:
        taken = ngettext("%(count)s yes was taken over.", "%(count)s yeses were taken over.", done.consents)
        flash(taken, "info")
    return redirect(url_for("recruiting.prospects.index"), 303)
