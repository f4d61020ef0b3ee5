"""The staff list: who works here, with which role, and who is invited."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.actions import change_role, invite_staff, renew_invitation, reset_second_factor
from portal.accounts.forms import ROLE_WORDS, InviteForm, StaffForm
from portal.accounts.queries import find_staff_by_public_id, second_factor_of, staff_list
from portal.accounts.rules import LastAdmin, NotPossible
from portal.company.queries import company_zone
from portal.core.clock import day_of, now
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.permissions import Role
from portal.people.queries import StaffRow, active_recruiters, all_staff
from portal.web.identity import identity

blueprint = Blueprint("staff", __name__)
Answer = Response | str | tuple[str, int]


@blueprint.get("/admin/staff")
def index() -> str:
    return render_template(
        "recruiting/staff/index.html", rows=staff_list(day_of(now(), company_zone())), role_words=ROLE_WORDS
    )


@blueprint.route("/admin/staff/new", methods=["GET", "POST"])
def invite() -> Answer:
    form = InviteForm(active_recruiters(), data={"role": str(Role.RECRUITER)})
    if form.validate_on_submit():
        me = identity()
        try:
            invite_staff(
                form.email.data or "",
                form.name.data or "",
                Role(form.role.data),
                lead_id=form.lead_id,
                actor_id=me.person_id,
                now=now(),
            )
        except NotPossible as error:
            form.put_error("email", error)
        else:
            flash(_("The invitation is on its way to %(email)s.", email=form.email.data or ""), "success")
            return _list()
    return render_template("recruiting/staff/invite.html", form=form), 422 if form.is_submitted() else 200


@blueprint.route("/admin/staff/<public_id>", methods=["GET", "POST"])
def edit(public_id: str) -> Answer:
    row = _active(public_id)
    leads = _leads_for(row)
    chosen = next((other.public_id for other in leads if other.person_id == row.lead_id), "")
    form = StaffForm(leads, data={"role": str(row.role), "lead": chosen})
    if form.validate_on_submit():
        me = identity()
        if form.role.data == Role.HIRING_MANAGER and row.role is not Role.HIRING_MANAGER:
            # Who takes over what they look after is asked there.
            lead = form.lead.data or None
            return redirect(url_for("recruiting.leaving.become_hiring_manager", public_id=public_id, lead=lead), 303)
        try:
            change_role(row.person_id, Role(form.role.data), form.lead_id, me.person_id, now())
        except LastAdmin as error:
            form.put_error("role", error)
        except NotPossible as error:
            form.put_error("lead", error)
        else:
            flash(_("Saved. Another role counts at once: %(name)s signs in again.", name=row.name), "success")
            return _list()
    has_factor = second_factor_of(row.person_id) is not None
    page = render_template("recruiting/staff/edit.html", form=form, row=row, has_factor=has_factor)
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/admin/staff/<public_id>/invitation")
def renew(public_id: str) -> Response:
    row = _active(public_id)
    try:
        renew_invitation(row.person_id, identity().person_id, now())
    except NotPossible as error:
        flash(error.message, "warning")
    else:
        email = row.invited_email or row.email
        flash(_("A new invitation is on its way to %(email)s.", email=email), "success")
    return _list()


@blueprint.route("/admin/staff/<public_id>/second-factor", methods=["GET", "POST"])
def reset_factor(public_id: str) -> Answer:
    """For a colleague who has lost their app and their recovery codes; nobody does it to themselves."""
    row, me = _active(public_id), identity()
    if row.person_id == me.person_id or second_factor_of(row.person_id) is None:
        return redirect(url_for("recruiting.staff.edit", public_id=public_id), 303)
    if request.method == "GET":
        return render_template("recruiting/staff/reset_factor.html", row=row)
    try:
        reset_second_factor(row.person_id, me.person_id, now())
    except NotPossible as error:
        flash(error.message, "warning")
    else:
        flash(_("Reset. %(name)s was told by mail and sets it up anew.", name=row.name), "success")
    return _list()


def _leads_for(row: StaffRow) -> list[StaffRow]:
    """Who can be chosen as their lead; whoever is it already stays, also before accepting an invitation."""
    can = {other.person_id for other in active_recruiters()} | {row.lead_id}
    return [other for other in all_staff() if other.person_id in can and other.person_id != row.person_id]


def _active(public_id: str) -> StaffRow:
    row = find_staff_by_public_id(public_id)
    if row is None or not row.is_active:
        raise NotFound
    return row


def _list() -> Response:
    return redirect(url_for("recruiting.staff.index"), 303)
