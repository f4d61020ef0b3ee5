"""A stranger who applied shows that the address is theirs, and the application is made."""

from flask import flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from portal.accounts.actions import allow_code_try, end_session
from portal.accounts.queries import find_token
from portal.accounts.rules import TokenRefused, TooOften
from portal.applications.actions.applying import Confirmed, confirm_application, confirm_application_by_code
from portal.applications.public_views.applying import APPLYING
from portal.applications.public_views.fields import CodeForm
from portal.applications.public_views.following import blueprint
from portal.applications.queries.applying import apply_request_of
from portal.applications.rules.applying import NotAccepting
from portal.core.clock import now
from portal.core.i18n import gettext as _
from portal.core.logs import log
from portal.core.tokens import TokenKind
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
            return _welcome(confirm_application_by_code(form.code.data or "", asked["secret"], device_name(), at))
        except TokenRefused as error:
            log.info("apply_refused", reason="code")
            form.put_error("code", error)
        except TooOften as error:
            log.info("apply_refused", reason="too often")
            form.put_error("", error)
            status = 429
        except NotAccepting as error:
            return _closed(error)
    return render_template("public/applications/check_mail.html", form=form, asked=asked), status


@blueprint.route("/apply/<token>", methods=["GET", "POST"])
def confirm(token: str) -> Answer:
    at = now()
    if request.method == "POST":
        try:
            return _welcome(confirm_application(token, device_name(), at))
        except TokenRefused:
            log.info("apply_refused", reason="link")
            return _dead_link()
        except NotAccepting as error:
            return _closed(error)
    found = find_token(TokenKind.APPLY, token, at)
    asked = apply_request_of(found.id) if found else None
    if asked is None:
        return _dead_link()
    return render_template("public/applications/confirm.html", token=token, asked=asked)


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
    before = maybe_identity()
    if before is not None:
        end_session(before.session_id, before.person_id, now())
    remember(done.secret)
    if done.is_new:
        return redirect(url_for("candidate.sent.receipt", public_id=done.public_id), 303)
    flash(_("You had applied for this already. What you typed now was not added; this is your application."), "info")
    return redirect(url_for("candidate.applications.show", public_id=done.public_id), 303)
