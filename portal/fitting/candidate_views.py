"""Saying "not now" to an invitation to apply on one's own page."""

from flask import Blueprint, flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.core.clock import now
from portal.core.i18n import gettext as _
from portal.fitting.actions import say_not_now
from portal.web.identity import identity

blueprint = Blueprint("fitting", __name__)


@blueprint.post("/invitations/<public_id>/not-now")
def not_now(public_id: str) -> Response:
    say_not_now(identity().person_id, public_id, now=now(), is_by_link=False)
    flash(_("Thank you for telling us. You may still apply."), "success")
    return redirect(url_for("candidate.journey.home"), 303)
