"""A stranger who applied shows that the address is theirs, and the application is made."""

from flask import flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from portal.accounts.actions import allow_code_try, allow_mail, end_session
from portal.accounts.queries import find_old_token, find_token
from portal.accounts.rules import TokenRefused, TooOften
from portal.applications.actions.applying import (
    Confirmed,
    confirm_application,
    confirm_application_by_code,
)
from portal.applications.actions.asking import send_apply_link_again
from portal.applications.public_views.applying import APPLYING, SENT_JUST_NOW
from portal.applications.public_views.fields import CodeForm
from portal.applications.public_views.following import blueprint
from portal.applications.public_views.kept import Kept, read_kept, sign_kept
from portal.applications.queries.applying import Asked, apply_request_of
from portal.applications.rules.applying import NotAccepting
from portal.core.clock import now
from portal.core.i18n import gettext as _
from portal.core.identifiers import new_secret
from portal.core.logs import log
from portal.core.tokens import TokenKind
from portal.web.browser_zone import browser_zone
from portal.web.identity import maybe_identity
from portal.web.known_device import known_device
from portal.web.signing_in import client_address, device_name, remember

Answer = Response | str | tuple[str, int]


@blueprint.route("/apply/code", methods=["GET", "POST"])
def check_mail() -> Answer:
    asked = session.get(APPLYING) or {}
    if not asked:
        return redirect(url_for("public.community.home"), 303)
    form, email, at = CodeForm(), asked["email"], now()
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            allow_code_try(email, client_address(), known_device(email), at)
            code, secret = form.code.data or "", asked["secret"]
            return _welcome(confirm_application_by_code(code, secret, device_name(), at, zone=browser_zone()))
        except TokenRefused as error:
            log.info("apply_refused", reason="code")
            form.put_error("code", error)
        except TooOften as error:
            log.info("apply_refused", reason="too often")
            form.put_error("", error)
            status = 429
        except NotAccepting as error:
            return _closed(error)
    kept = sign_kept(_just_sent(asked["slug"]), asked["slug"])
    return render_template("public/applications/check_mail.html", form=form, asked=asked, kept=kept), status


def _just_sent(slug: str) -> Kept:
    """The request that this page may still change: known to the page after sending, and handed on by that page only."""
    if request.method == "POST":
        return Kept(instead=read_kept(request.form.get("kept", ""), slug).instead)
    return Kept(instead=session.pop(SENT_JUST_NOW, None))


@blueprint.route("/apply/<token>", methods=["GET", "POST"])
def confirm(token: str) -> Answer:
    at = now()
    if request.method == "POST":
        try:
            return _welcome(confirm_application(token, device_name(), at, zone=browser_zone()))
        except TokenRefused:
            log.info("apply_refused", reason="link")
            return _old_link(token) if _kept_for(token) else _dead_link()
        except NotAccepting as error:
            return _closed(error)
    found = find_token(TokenKind.APPLY, token, at)
    asked = apply_request_of(found.id) if found else None
    if asked is None:
        return _old_link(token) if _kept_for(token) else _dead_link()
    return render_template("public/applications/confirm.html", token=token, asked=asked)


@blueprint.post("/apply/<token>/fresh")
def confirm_again(token: str) -> Answer:
    """Mail a fresh link for what was typed; nothing of it is shown before that link is opened."""
    at, kept = now(), _kept_for(token)
    if kept is None:
        return _dead_link()
    own = session.get(APPLYING) or {}
    # The code in the mail is good in the browser that asked; in any other one nobody has its secret.
    secret = own["secret"] if own.get("email") == kept.email else new_secret()
    try:
        allow_mail(kept.email, client_address(), known_device(kept.email), at)
        send_apply_link_again(kept.token_id, secret, at)
    except TooOften as error:
        log.info("apply_refused", reason="too often")
        return _old_link(token, error.message, 429)
    except TokenRefused:
        return _dead_link()
    flash(_("A fresh link is on its way to the address you applied with. It is good for one hour."), "success")
    return redirect(url_for(".check_mail") if own.get("email") == kept.email else url_for("public.community.home"), 303)


def _kept_for(token: str) -> Asked | None:
    """What still waits for a link that has become too old."""
    old = find_old_token(TokenKind.APPLY, token)
    return apply_request_of(old.id) if old else None


def _old_link(token: str, error: str = "", status: int = 410) -> Answer:
    return render_template("public/applications/_old_link.html", token=token, error=error), status


def _dead_link() -> Answer:
    """The page for a link that does not work; who pressed its button twice is in already."""
    if request.method == "POST" and maybe_identity() is not None:
        return redirect(url_for("candidate.applications.index"), 303)
    slug = (session.get(APPLYING) or {}).get("slug", "")
    return render_template("public/applications/_dead_link.html", slug=slug), 404


def _closed(error: NotAccepting) -> Answer:
    return render_template("public/applications/_closed.html", why=error.message), 410


def _welcome(done: Confirmed) -> Response:
    """Sign this browser in with its new device session; whoever was signed in here before is signed out."""
    session.pop(APPLYING, None)
    session.pop(SENT_JUST_NOW, None)
    before = maybe_identity()
    if before is not None:
        end_session(before.session_id, before.person_id, now())
    remember(done.secret)
    if done.is_new:
        return redirect(url_for("candidate.sent.receipt", public_id=done.public_id), 303)
    flash(done.why_not, "info")
    flash(_("What you typed now was not added. This is your application."), "info")
    return redirect(url_for("candidate.applications.show", public_id=done.public_id), 303)
