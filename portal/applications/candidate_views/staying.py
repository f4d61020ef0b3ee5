"""Somebody who was told “not yet” says whether they want to hear from us: one button each, nothing to explain.

A browser that follows the application with the link from a mail may say it, too.
"""

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from portal.applications.actions.staying import rather_not as drop_days
from portal.applications.actions.staying import say_yes, say_yes_by_link
from portal.applications.candidate_views.finding import blueprint, find_to_read
from portal.applications.rules.keeping_touch import SignInToSayYes
from portal.core.clock import now
from portal.core.i18n import gettext as _
from portal.web.audiences import ask_to_sign_in, open_to_followers

#: Where the ledger says that somebody said yes; no id of theirs, because the ledger outlives it.
_SOURCE = "/me/applications/write-to-me"


@blueprint.post("/applications/<public_id>/write-to-me")
@open_to_followers
def write_to_me(public_id: str) -> Response:
    """Say yes to the days on which somebody would like to write to them."""
    found = find_to_read(public_id)
    if isinstance(found, Response):
        return found
    view, is_own = found
    try:
        if is_own:
            is_said = say_yes(view.person_id, public_id, source=_SOURCE, now=now())
        else:
            is_said = say_yes_by_link(public_id, now=now())
    except SignInToSayYes as error:
        flash(error.message, "info")
        return ask_to_sign_in()
    if is_said:
        flash(_("Thank you. You hear from us around the days below, and you can take it back at any time."), "success")
    else:
        flash(_("No day is left on which we would write, so there was nothing to say yes to."), "info")
    return redirect(url_for(".show", public_id=public_id), 303)


@blueprint.post("/applications/<public_id>/rather-not")
@open_to_followers
def rather_not(public_id: str) -> Response:
    """Let the days go on which they were to hear from us."""
    found = find_to_read(public_id)
    if isinstance(found, Response):
        return found
    view, is_own = found
    if drop_days(view.person_id, public_id, now=now(), by_link=not is_own):
        flash(_("Done. We do not write to you about this any more. You can write to us whenever you like."), "success")
    else:
        flash(_("There was nothing left to stop: no day stands on which we would write."), "info")
    return redirect(url_for(".show", public_id=public_id), 303)
