"""A colleague leaves, or becomes a hiring manager: what they look after, to whom it goes, in one step."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.rules import LastAdmin
from portal.accounts.rules import NotPossible as RoleNotPossible
from portal.core.clock import now
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.permissions import Role
from portal.people.queries import StaffRow, find_active_staff
from portal.privacy.actions import NotPossible, let_go, step_down
from portal.privacy.forms import LeavingForm
from portal.privacy.queries import left_when_stepping_down, looked_after_by, receivers_for
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


@blueprint.route("/admin/staff/<public_id>/hiring-manager", methods=["GET", "POST"])
def become_hiring_manager(public_id: str) -> Answer:
    """Hiring managers do not write to candidates: what the colleague looks after goes to somebody who does."""
    row = find_active_staff(public_id)
    if row is None or row.role is Role.HIRING_MANAGER:
        raise NotFound
    left = left_when_stepping_down(row.person_id)
    receivers = receivers_for(row.person_id, row.role)
    chosen = next((one.public_id for one in receivers if one.person_id == row.lead_id), "")
    form = LeavingForm(receivers, is_needed=bool(left), data={"receiver": chosen})
    status = 422 if form.is_submitted() else 200
    lead = _lead()
    if form.validate_on_submit():
        lead_id, me = (lead.person_id if lead else None), identity()
        try:
            step_down(row.person_id, lead_id=lead_id, to_id=form.receiver_id, actor_id=me.person_id, now=now())
        except (LastAdmin, RoleNotPossible, NotPossible) as error:
            form.put_error("", error)
        else:
            flash(_("Saved. Another role counts at once: %(name)s signs in again.", name=row.name), "success")
            return redirect(url_for("recruiting.staff.index"), 303)
    page = render_template(
        "recruiting/privacy/step_down.html", form=form, row=row, left=left, lead=lead, has_receivers=bool(receivers)
    )
    return page, status


def _lead() -> StaffRow | None:
    """Whom they report to from now on, as the address says."""
    return find_active_staff(request.args.get("lead", ""))
