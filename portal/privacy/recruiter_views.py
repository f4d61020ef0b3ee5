"""A colleague leaves: what they look after, to whom it goes, in one step."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.accounts.rules import LastAdmin
from portal.core.clock import now
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.people.queries import find_active_staff
from portal.privacy.actions import NotPossible, let_go
from portal.privacy.forms import LeavingForm
from portal.privacy.queries import looked_after_by, receivers_for
from portal.web.identity import identity

blueprint = Blueprint("leaving", __name__)
Answer = Response | str | tuple[str, int]


@blueprint.route("/admin/staff/<public_id>/leave", methods=["GET", "POST"])
def leave(public_id: str) -> Answer:
    row = find_active_staff(public_id)
    if row is None:
        raise NotFound
    left = looked_after_by(row.person_id)
    receivers = receivers_for(row.person_id, row.role)
    lead = next((one.public_id for one in receivers if one.person_id == row.lead_id), "")
    form = LeavingForm(receivers, is_needed=bool(left), data={"receiver": lead})
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            let_go(row.person_id, form.receiver_id, identity().person_id, now())
        except (LastAdmin, NotPossible) as error:
            form.put_error("", error)
        else:
            flash(_("%(name)s is signed out everywhere and can no longer come in.", name=row.name), "success")
            return redirect(url_for("recruiting.staff.index"), 303)
    page = render_template(
        "recruiting/privacy/hand_over.html", form=form, row=row, left=left, has_receivers=bool(receivers)
    )
    return page, status
