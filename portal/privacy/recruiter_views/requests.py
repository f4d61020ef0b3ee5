"""What an admin does for somebody who asks about their data: a copy, an erasure, a record that the law keeps sealed."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.core.clock import now
from portal.core.errors import Busy, NotFound
from portal.core.i18n import gettext as _
from portal.keeping.actions import ask_for_copy, open_record
from portal.keeping.queries import copies_asked_for, erasures_asked_for, is_to_be_erased, newest_copy
from portal.keeping.queries.sealed import sealed_records
from portal.people.queries import KnownPerson, known_person
from portal.privacy.actions import StillAtWork, leave_for_good
from portal.privacy.forms import CopyReasonForm, EraseReasonForm, FindForm, ReasonForm
from portal.privacy.queries.copies import at_stake
from portal.privacy.queries.people import proofs_of, whose_request
from portal.privacy.rules import survivors
from portal.prospects.queries import erased_hash, erased_on_of
from portal.web.identity import identity

blueprint = Blueprint("privacy_requests", __name__)
Answer = Response | str | tuple[str, int]
_MOST_COPIES = 20


@blueprint.route("/admin/privacy-requests", methods=["GET", "POST"])
def index() -> Answer:
    """What is under way, and one field to find somebody by an address of theirs."""
    form = FindForm()
    status = 422 if form.is_submitted() else 200
    erased_on, sealed = None, []
    if form.validate_on_submit():
        email = form.email.data or ""
        known = known_person(email)
        if known is not None:
            return redirect(url_for(".person", public_id=known.public_id), 303)
        erased_on = erased_on_of([email]).get(email)
        sealed = sealed_records(erased_hash(email))
        status = 200
    page = render_template(
        "recruiting/privacy_requests/index.html",
        form=form,
        is_searched=form.is_submitted() and not form.errors,
        erased_on=erased_on,
        found_sealed=sealed,
        copies=copies_asked_for(_MOST_COPIES),
        erasures=erasures_asked_for(),
        sealed=sealed_records(),
    )
    return page, status


@blueprint.get("/admin/privacy-requests/people/<public_id>")
def person(public_id: str) -> str:
    return _person_page(_find(public_id), CopyReasonForm(formdata=None), EraseReasonForm(formdata=None))


@blueprint.post("/admin/privacy-requests/people/<public_id>/copy")
def copy(public_id: str) -> Answer:
    """The person gets the mail and fetches the copy; nobody here reads it."""
    known, form = _find(public_id), CopyReasonForm()
    if not form.validate_on_submit():
        return _person_page(known, form, EraseReasonForm(formdata=None)), 422
    ask_for_copy(known.person_id, identity().person_id, now(), reason=form.copy_reason.data or "")
    flash(_("The copy is being made. They get a mail when it is ready, and only they can fetch it."), "success")
    return redirect(url_for(".person", public_id=public_id), 303)


@blueprint.post("/admin/privacy-requests/people/<public_id>/erase")
def erase(public_id: str) -> Answer:
    known, form = _find(public_id), EraseReasonForm()
    if form.validate_on_submit():
        try:
            leave_for_good(known.person_id, identity().person_id, now(), reason=form.erase_reason.data or "")
        except (StillAtWork, Busy) as error:
            form.put_error("", error)
        else:
            flash(_("They get one last mail. When it has gone, all is erased: mostly within minutes."), "success")
            return redirect(url_for(".index"), 303)
    return _person_page(known, CopyReasonForm(formdata=None), form), 422


@blueprint.route("/admin/privacy-requests/sealed/<public_id>", methods=["GET", "POST"])
def sealed(public_id: str) -> Answer:
    """A sealed record is opened with a reason, and what it says stands in that one answer and nowhere else."""
    found = next((one for one in sealed_records() if one.public_id == public_id), None)
    if found is None:
        raise NotFound
    form, content = ReasonForm(), None
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        content = open_record(public_id, identity().person_id, form.reason.data or "", now())
        status = 200
    page = render_template("recruiting/privacy_requests/sealed.html", form=form, record=found, content=content)
    return page, status


def _find(public_id: str) -> KnownPerson:
    known = whose_request(public_id)
    if known is None:
        raise NotFound
    return known


def _person_page(known: KnownPerson, copy_form: CopyReasonForm, erase_form: EraseReasonForm) -> str:
    at = now()
    newest = newest_copy(known.person_id)
    return render_template(
        "recruiting/privacy_requests/person.html",
        known=known,
        copy_form=copy_form,
        erase_form=erase_form,
        copy_state=newest.shown_state(at) if newest else None,
        copy_asked_at=newest.asked_at if newest else None,
        is_leaving=is_to_be_erased(known.person_id),
        stake=at_stake(known.person_id, at),
        proofs=proofs_of(known.person_id),
        survivors=survivors(),
    )
