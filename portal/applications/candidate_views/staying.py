"""Somebody who was told “not yet” says whether they want to hear from us: one button each, nothing to explain."""

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.applications.actions.staying import rather_not as drop_days
from portal.applications.actions.staying import say_yes
from portal.applications.candidate_views.finding import blueprint, find_own
from portal.core.clock import now
from portal.core.i18n import gettext as _
from portal.web.identity import identity

#: Where the ledger says that somebody said yes; no id of theirs, because the ledger outlives it.
_SOURCE = "/me/applications/write-to-me"


@blueprint.post("/applications/<public_id>/write-to-me")
def write_to_me(public_id: str) -> Response:
    """Say yes to the days on which somebody would like to write to them."""
    find_own(public_id)
    if say_yes(identity().person_id, public_id, source=_SOURCE, now=now()):
        flash(_("Thank you. You hear from us around the days below, and you can take it back at any time."), "success")
    else:
        flash(_("No day is left on which we would write, so there was nothing to say yes to."), "info")
    return redirect(url_for(".show", public_id=public_id), 303)


@blueprint.post("/applications/<public_id>/rather-not")
def rather_not(public_id: str) -> Response:
    """Let the days go on which they were to hear from us."""
    find_own(public_id)
    if drop_days(identity().person_id, public_id, now=now()):
        flash(_("Done. We do not write to you about this any more. You can write to us whenever you like."), "success")
    else:
        flash(_("There was nothing left to stop: no day stands on which we would write."), "info")
    return redirect(url_for(".show", public_id=public_id), 303)
