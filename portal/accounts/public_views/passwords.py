"""A forgotten password: asking for a link, and choosing a new one by link or code."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.actions import (
    allow_code_try,
    allow_mail,
    ask_to_reset,
    next_secret,
    reset_by_code,
    reset_by_token,
    secret_after,
)
from portal.accounts.forms import AskResetForm, NewPasswordForm, ResetByCodeForm, new_password_words, what_was_sent
from portal.accounts.public_views.browser import Asked, asked_for, blueprint, let_in, note_asking
from portal.accounts.public_views.sign_in import Answer, dead_link, refuse_code
from portal.accounts.queries import find_token
from portal.accounts.rules import TokenRefused, TooOften
from portal.core.clock import now
from portal.core.tokens import TokenKind
from portal.web.known_device import known_device
from portal.web.signing_in import client_address, device_name


@blueprint.route("/reset", methods=["GET", "POST"])
def ask_reset() -> Answer:
    form = AskResetForm()
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        email, at = form.email.data or "", now()
        try:
            allow_mail(email, client_address(), known_device(email), at)
        except TooOften as error:
            form.put_error("", error)
            status = 429
        else:
            ask_to_reset(email, note_asking(TokenKind.RESET, email, None), at)
            return redirect(url_for("public.accounts.reset_with_code"), 303)
    return render_template("public/accounts/ask_reset.html", form=form), status


@blueprint.route("/reset/code", methods=["GET", "POST"])
def reset_with_code() -> Answer:
    asked = asked_for(TokenKind.RESET)
    if asked is None:
        return redirect(url_for("public.accounts.ask_reset"), 303)
    form = ResetByCodeForm(asked.email)
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            return _welcome_back(_reset_by_code(form, asked))
        except (TokenRefused, TooOften) as error:
            status = refuse_code(form, error)
    return render_template("public/accounts/reset_with_code.html", form=form, email=asked.email), status


def _reset_by_code(form: ResetByCodeForm, asked: Asked) -> str:
    """The session's secret, also for a second click on the same button. Raises TokenRefused, TooOften."""
    at, code, password = now(), form.code.data or "", form.password.data or ""
    allow_code_try(asked.email, client_address(), known_device(asked.email), at)
    secret = next_secret(asked.secret, what_was_sent(), at)
    try:
        return reset_by_code(code, asked.email, asked.secret, password, device_name(), at, secret=secret)
    except TokenRefused:
        if again := secret_after(asked.secret, what_was_sent(), at):
            return again
        raise


@blueprint.route("/reset/<token>", methods=["GET", "POST"])
def reset(token: str) -> Answer:
    at = now()
    found = find_token(TokenKind.RESET, token, at)
    if found is None:
        return dead_link("reset")
    form = NewPasswordForm(found.subject)
    if form.validate_on_submit():
        try:
            return _welcome_back(reset_by_token(token, form.password.data or "", device_name(), at))
        except TokenRefused:
            return dead_link("reset")
    status = 422 if request.method == "POST" else 200
    return render_template("public/accounts/reset.html", form=form, token=token, email=found.subject), status


def _welcome_back(secret: str) -> Response:
    answer = let_in(secret)
    flash(new_password_words(), "success")
    return answer
