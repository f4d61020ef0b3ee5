"""Following an application with the link from a mail."""

from flask import Blueprint, flash, redirect, render_template, session, url_for
from werkzeug.wrappers import Response

from portal.accounts.queries import find_old_token, find_token
from portal.applications.actions import note_following, send_fresh_link
from portal.applications.rules import FOLLOWING, follow_more
from portal.core.clock import now
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.tokens import RULES, TokenKind

blueprint = Blueprint("applications", __name__)


@blueprint.get("/follow/<token>")
def follow(token: str) -> Response | str | tuple[str, int]:
    """A page with one button and nothing of the application: mail gets forwarded, and scanners follow links."""
    if find_token(TokenKind.FOLLOW, token, now()) is not None:
        return render_template("public/applications/follow.html", token=token, is_old=False)
    if find_old_token(TokenKind.FOLLOW, token) is not None:
        return render_template("public/applications/follow.html", token=token, is_old=True), 410
    raise NotFound


@blueprint.post("/follow/<token>")
def begin_following(token: str) -> Response:
    found = find_token(TokenKind.FOLLOW, token, now())
    if found is None:
        if find_old_token(TokenKind.FOLLOW, token) is None:
            raise NotFound
        return redirect(url_for(".follow", token=token), 303)
    at = now()
    note_following(found.subject, at)
    session.permanent = True
    session[FOLLOWING] = follow_more(session.get(FOLLOWING), found.subject, at, at + RULES[TokenKind.FOLLOW].lifetime)
    return redirect(url_for("candidate.applications.show", public_id=found.subject), 303)


@blueprint.post("/follow/<token>/fresh")
def fresh_link(token: str) -> Response:
    found = find_old_token(TokenKind.FOLLOW, token)
    if found is None:
        raise NotFound
    send_fresh_link(found.subject, now())
    flash(_("A fresh link is on its way to the address the application was made with."), "success")
    return redirect(url_for("public.accounts.sign_in"), 303)
