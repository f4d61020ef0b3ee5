"""Invited members of staff set up their account."""

from flask import flash, render_template, request

from portal.accounts.actions import accept_invitation, invited
from portal.accounts.forms import InvitationForm
from portal.accounts.public_views.browser import blueprint, let_in
from portal.accounts.public_views.sign_in import Answer, dead_link
from portal.accounts.rules import TokenRefused
from portal.core.clock import now
from portal.core.i18n import gettext as _
from portal.web.signing_in import device_name


@blueprint.route("/invitation/<token>", methods=["GET", "POST"])
def invitation(token: str) -> Answer:
    at = now()
    try:
        to = invited(token, at)
        form = InvitationForm(to.email, data={"name": to.name})
        if form.validate_on_submit():
            secret = accept_invitation(token, form.name.data or "", form.password.data or "", device_name(), at)
            answer = let_in(secret)
            flash(_("Welcome. Your account is ready."), "success")
            return answer
    except TokenRefused:
        return dead_link("invitation")
    status = 422 if request.method == "POST" else 200
    return render_template("public/accounts/invitation.html", form=form, token=token, email=to.email), status
