"""Links in mails about addresses: confirming a new one, objecting to a change; and signing in again before one."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.actions import (
    allow_mail,
    ask_to_sign_in,
    confirm_new_address,
    keep_removed_address,
    renew_session,
)
from portal.accounts.forms import new_address_words
from portal.accounts.public_views.browser import blueprint, note_asking
from portal.accounts.queries import account_of_session, asked_address, find_token
from portal.accounts.rules import TokenRefused, TooOften
from portal.core.clock import now
from portal.core.i18n import gettext as _
from portal.core.logs import log
from portal.core.tokens import TokenKind
from portal.web.audiences import local_path
from portal.web.identity import maybe_identity
from portal.web.known_device import known_device
from portal.web.signing_in import client_address, remember

Answer = Response | str | tuple[str, int]


@blueprint.route("/address/<token>", methods=["GET", "POST"])
def confirm_new(token: str) -> Answer:
    """Confirming takes both: the mail, and being signed in as the person who asked."""
    at, me = now(), maybe_identity()
    found = find_token(TokenKind.NEW_ADDRESS, token, at)
    asked = asked_address(found.id, at) if found else None
    if asked is None:
        return _dead_link("confirm")
    is_asker = me is not None and me.person_id == asked.person_id
    if request.method == "POST" and me is not None and is_asker:
        try:
            confirmed = confirm_new_address(token, me.person_id, me.session_id, at)
        except TokenRefused:
            return _dead_link("confirm")
        if not confirmed.is_settled:
            return redirect(url_for("candidate.privacy.join_records"), 303)
        if confirmed.is_change:
            remember(renew_session(me.session_id, me.person_id, at))
        flash(new_address_words(confirmed.email, is_change=confirmed.is_change), "success")
        return redirect(url_for("candidate.accounts.account"), 303)
    status = 422 if request.method == "POST" else 200
    page = render_template(
        "public/accounts/confirm_new.html", token=token, asked=asked, me=me, is_asker=is_asker, status=status
    )
    return page, status


@blueprint.route("/keep-address/stay/<token>", methods=["GET", "POST"])
def keep_removed(token: str) -> Answer:
    """Open to whoever reads an address that is to go: it stays, and nothing else changes."""
    at = now()
    if request.method == "POST":
        try:
            email = keep_removed_address(token, at)
        except TokenRefused:
            log.info("address_refused", reason="link")
            return _dead_link("keep")
        words = _("%(email)s stays. Was it not you who removed it? Then sign in, and sign out everywhere.", email=email)
        flash(words, "success")
        return redirect(url_for("public.accounts.sign_in"), 303)
    found = find_token(TokenKind.KEEP_REMOVED, token, at)
    if found is None:
        return _dead_link("keep")
    return render_template("public/accounts/keep_removed.html", token=token, email=found.subject)


@blueprint.post("/sign-in/again")
def sign_in_again() -> Response:
    """Mail a link and a code to somebody who is signed in, before something that needs to be sure who asks."""
    me, at = maybe_identity(), now()
    own = account_of_session(me.session_id) if me else None
    wanted = local_path(request.args.get("next", ""))
    if own is None:
        return redirect(url_for("public.accounts.sign_in", next=wanted), 303)
    try:
        allow_mail(own.email, client_address(), known_device(own.email), at)
    except TooOften as error:
        flash(error.message, "error")
        return redirect(wanted or url_for("candidate.accounts.account"), 303)
    ask_to_sign_in(own.email, note_asking(TokenKind.SIGN_IN, own.email, wanted), at)
    return redirect(url_for("public.accounts.check_mail"), 303)


def _dead_link(what: str) -> Answer:
    return render_template("public/accounts/dead_address_link.html", what=what, me=maybe_identity()), 404
