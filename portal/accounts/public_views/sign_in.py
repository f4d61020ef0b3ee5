"""Signing in by link, code or password, and signing out."""

from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.actions import (
    allow_code_try,
    allow_mail,
    allow_password_try,
    ask_to_sign_in,
    end_session,
    next_secret,
    secret_after,
    sign_in_by_code,
    sign_in_by_password,
    sign_in_by_token,
)
from portal.accounts.forms import CodeForm, SignInForm, what_was_sent
from portal.accounts.public_views.browser import Asked, asked_for, blueprint, halfway, let_in, note_asking, way_on
from portal.accounts.queries import find_token
from portal.accounts.rules import TokenRefused, TooOften, WrongPassword
from portal.core.clock import now
from portal.core.i18n import gettext as _
from portal.core.logs import log
from portal.core.tokens import TokenKind
from portal.web.audiences import local_path
from portal.web.forms import Form
from portal.web.identity import maybe_identity
from portal.web.known_device import known_device
from portal.web.signing_in import client_address, device_name, forget

Answer = Response | str | tuple[str, int]


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Answer:
    wanted = local_path(request.args.get("next", ""))
    if maybe_identity() is not None:
        return redirect(way_on(wanted), 303)
    if halfway() is not None:
        return redirect(url_for("public.accounts.second_factor", next=wanted), 303)
    form = SignInForm()
    if not form.validate_on_submit():
        _fill_in_address(form)
        return _sign_in_page(form, wanted, 422 if form.is_submitted() else 200)
    try:
        return _by_password(form, wanted) if form.password.data else _by_mail(form.email.data or "", wanted)
    except WrongPassword as error:
        log.info("sign_in_refused", reason="password")
        form.put_error("password", error)
        return _sign_in_page(form, wanted, 422)
    except TooOften as error:
        log.info("sign_in_refused", reason="too often")
        form.put_error("", error)
        return _sign_in_page(form, wanted, 429)


def _fill_in_address(form: SignInForm) -> None:
    asked = asked_for(TokenKind.SIGN_IN)
    if not form.is_submitted() and asked is not None:
        form.email.data = asked.email


def _sign_in_page(form: SignInForm, wanted: str | None, status: int) -> tuple[str, int]:
    return render_template("public/accounts/sign_in.html", form=form, wanted=wanted), status


def _by_password(form: SignInForm, wanted: str | None) -> Response:
    email, at = form.email.data or "", now()
    allow_password_try(email, client_address(), known_device(email), at)
    return let_in(sign_in_by_password(email, form.password.data or "", device_name(), at), wanted)


def _by_mail(email: str, wanted: str | None) -> Response:
    at = now()
    allow_mail(email, client_address(), known_device(email), at)
    ask_to_sign_in(email, note_asking(TokenKind.SIGN_IN, email, wanted), at)
    return redirect(url_for("public.accounts.check_mail"), 303)


@blueprint.route("/sign-in/code", methods=["GET", "POST"])
def check_mail() -> Answer:
    asked = asked_for(TokenKind.SIGN_IN)
    if asked is None:
        return redirect(url_for("public.accounts.sign_in"), 303)
    form = CodeForm()
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        at = now()
        try:
            allow_code_try(asked.email, client_address(), known_device(asked.email), at)
            secret = _by_code(form.code.data or "", asked, at)
        except (TokenRefused, TooOften) as error:
            status = refuse_code(form, error)
        else:
            return let_in(secret, asked.wanted)
    return render_template("public/accounts/check_mail.html", form=form, email=asked.email), status


def _by_code(code: str, asked: Asked, at: datetime) -> str:
    """The session's secret, also for a second click on the same button. Raises TokenRefused."""
    sent = what_was_sent()
    try:
        secret = next_secret(asked.secret, sent, at)
        return sign_in_by_code(code, asked.secret, device_name(), at, secret=secret)
    except TokenRefused:
        if again := secret_after(asked.secret, sent, at):
            return again
        raise


def refuse_code(form: Form, error: TokenRefused | TooOften) -> int:
    """Say what is wrong with a code; the status of the page."""
    log.info("sign_in_refused", reason="code")
    form.put_error("" if isinstance(error, TooOften) else "code", error)
    return 429 if isinstance(error, TooOften) else 422


@blueprint.route("/sign-in/<token>", methods=["GET", "POST"])
def open_link(token: str) -> Answer:
    at = now()
    asked = asked_for(TokenKind.SIGN_IN)
    if request.method == "POST":
        try:
            return let_in(sign_in_by_token(token, device_name(), at), asked.wanted if asked else None)
        except TokenRefused:
            log.info("sign_in_refused", reason="link")
            return dead_link("sign_in")
    found = find_token(TokenKind.SIGN_IN, token, at)
    if found is None:
        return dead_link("sign_in")
    return render_template("public/accounts/open_link.html", token=token, email=found.subject)


def dead_link(what: str) -> Answer:
    """The page for a link that does not work; who pressed its button twice is in already."""
    if request.method == "POST" and what == "sign_in":
        if maybe_identity() is not None:
            return redirect(way_on(None), 303)
        if halfway() is not None:
            return redirect(url_for("public.accounts.second_factor"), 303)
    return render_template("public/accounts/_dead_link.html", what=what), 404


@blueprint.post("/sign-out")
def sign_out() -> Response:
    found = maybe_identity() or halfway()
    if found is not None:
        end_session(found.session_id, found.person_id, now())
    forget()
    if found is not None:
        flash(_("You are signed out."), "success")
    else:
        flash(_("This browser has forgotten what it kept of you."), "success")
    return redirect(url_for("public.community.home"), 303)
