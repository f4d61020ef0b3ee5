"""Withdrawing an application: a page that says what ends and what stays, and one button."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import TextAreaField

from portal.applications.actions import withdraw_application
from portal.applications.candidate_views.finding import blueprint, find_own
from portal.applications.rules import WHY_LENGTH, AlreadyEnded, may_withdraw
from portal.core.clock import now
from portal.core.errors import Busy
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.web.forms import Form, at_most
from portal.web.identity import identity


class WithdrawForm(Form):
    """Why somebody withdraws, if they like to say so."""

    why = TextAreaField(_l("Why you withdraw"), [at_most(WHY_LENGTH)])


@blueprint.route("/applications/<public_id>/withdraw", methods=["GET", "POST"])
def withdraw(public_id: str) -> Response | tuple[str, int]:
    view = find_own(public_id)
    here = redirect(url_for(".show", public_id=public_id), 303)
    form = WithdrawForm()
    if not may_withdraw(view.status):
        return here
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            withdraw_application(identity().person_id, public_id, why=form.why.data or "", now=now())
        except AlreadyEnded:
            return here
        except Busy as error:
            form.put_error("", error)
            status = 409
        else:
            flash(_("You withdrew this application. A mail confirms it."), "success")
            return here
    return render_template("candidate/applications/withdraw.html", application=view, form=form), status
