"""One's own account: name, language, clock, password, devices."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.accounts.actions import (
    allow_password_change,
    check_present_password,
    end_all_sessions,
    end_device,
    set_password,
)
from portal.accounts.forms import AccountForm, ChangePasswordForm
from portal.accounts.queries import account_of_session, devices_of
from portal.accounts.rules import TooOften, WrongPassword
from portal.core.clock import now
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.people.actions import change_profile
from portal.people.queries import addresses_of
from portal.web.identity import identity
from portal.web.signing_in import forget

blueprint = Blueprint("accounts", __name__)
Answer = Response | str | tuple[str, int]


@blueprint.route("/account", methods=["GET", "POST"])
def account() -> Answer:
    me = identity()
    at = now()
    form = AccountForm(name=me.name, locale=me.locale, timezone=me.timezone)
    if form.validate_on_submit():
        change_profile(
            me.person_id,
            name=form.name.data or "",
            locale=form.locale.data,
            timezone=form.timezone.data,
            actor_id=me.person_id,
            now=at,
        )
        flash(_("Saved."), "success")
        return redirect(url_for("candidate.accounts.account"), 303)
    own = account_of_session(me.session_id)
    page = render_template(
        "candidate/accounts/account.html",
        form=form,
        addresses=addresses_of(me.person_id),
        devices=devices_of(me.person_id, at),
        this_device=me.session_id,
        has_password=own is not None and own.password_hash is not None,
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/account/password", methods=["GET", "POST"])
def change_password() -> Answer:
    me = identity()
    own = account_of_session(me.session_id)
    if own is None:
        raise NotFound
    form = ChangePasswordForm(own.email)
    if own.password_hash is None:
        del form.present
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        at = now()
        try:
            if form.present is not None:
                allow_password_change(own.account_id, at)
                check_present_password(own, form.present.data or "")
        except WrongPassword as error:
            form.put_error("present", error)
        except TooOften as error:
            form.put_error("", error)
            status = 429
        else:
            set_password(own, form.password.data or "", at, except_session=me.session_id)
            flash(_("Your new password counts from now on. Every other device was signed out."), "success")
            return redirect(url_for("candidate.accounts.account"), 303)
    return render_template("candidate/accounts/change_password.html", form=form, email=own.email), status


@blueprint.post("/account/devices/<public_id>/sign-out")
def sign_out_device(public_id: str) -> Response:
    me = identity()
    ended = end_device(public_id, me.person_id, now())
    if ended == me.session_id:
        return _gone(_("You are signed out."))
    flash(_("That device is signed out."), "success")
    return redirect(url_for("candidate.accounts.account"), 303)


@blueprint.post("/account/sign-out-everywhere")
def sign_out_everywhere() -> Response:
    me = identity()
    end_all_sessions(me.person_id, now(), actor_id=me.person_id)
    return _gone(_("You are signed out on every device."))


def _gone(words: str) -> Response:
    forget()
    flash(words, "success")
    return redirect(url_for("public.accounts.sign_in"), 303)
