"""One's own account: name, language, clock, addresses, password, devices."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from portal.accounts.actions import (
    AddressNotPossible,
    allow_code_try,
    allow_mail,
    allow_password_change,
    ask_for_address,
    check_present_password,
    choose_address,
    confirm_new_address_by_code,
    end_all_sessions,
    end_device,
    remove_address,
    set_password,
    stay_with_address,
)
from portal.accounts.forms import (
    AccountForm,
    AddressCodeForm,
    ChangePasswordForm,
    NewAddressForm,
    new_address_words,
)
from portal.accounts.queries import AccountRow, account_of_session, devices_of, own_addresses
from portal.accounts.rules import TokenRefused, TooOften, WrongPassword
from portal.core.clock import now
from portal.core.errors import NotFound
from portal.core.i18n import format_day
from portal.core.i18n import gettext as _
from portal.core.identifiers import new_secret
from portal.people.actions import change_profile
from portal.web.identity import Identity, identity
from portal.web.known_device import known_device
from portal.web.signing_in import client_address, forget

blueprint = Blueprint("accounts", __name__)
Answer = Response | str | tuple[str, int]
_ASKED = "new_address"
#: Those without a password are known well enough for so long after they signed in by mail.
_FRESH = timedelta(minutes=15)


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
        addresses=own_addresses(me.person_id),
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


@dataclass(frozen=True)
class Asked:
    """The address this browser asked for; `secret` makes the code good here and nowhere else."""

    email: str
    secret: str


@blueprint.route("/account/addresses/change", methods=["GET", "POST"])
def change_address() -> Answer:
    return _ask(is_change=True)


@blueprint.route("/account/addresses/add", methods=["GET", "POST"])
def add_address() -> Answer:
    return _ask(is_change=False)


def _ask(*, is_change: bool) -> Answer:
    """Ask for an address; who has no password signs in again by mail before, unless they have just done so."""
    me, at = identity(), now()
    own = account_of_session(me.session_id)
    if own is None:
        raise NotFound
    form = NewAddressForm(has_password=own.password_hash is not None)
    is_known = own.password_hash is not None or _is_fresh(me, at)
    status = 422 if form.is_submitted() else 200
    if is_known and form.validate_on_submit():
        try:
            _send(form, own, is_change=is_change, at=at)
            return redirect(url_for("candidate.accounts.confirm_address"), 303)
        except WrongPassword as error:
            form.put_error("present", error)
        except AddressNotPossible as error:
            form.put_error("email", error)
        except TooOften as error:
            form.put_error("", error)
            status = 429
    page = render_template(
        "candidate/accounts/new_address.html", form=form, is_change=is_change, is_known=is_known, own=own, me=me
    )
    return page, status


def _send(form: NewAddressForm, own: AccountRow, *, is_change: bool, at: datetime) -> None:
    email, secret = form.email.data or "", new_secret()
    if form.present is not None:
        allow_password_change(own.account_id, at)
        check_present_password(own, form.present.data or "")
    allow_mail(email, client_address(), known_device(email), at)
    ask_for_address(own.person_id, email, is_change=is_change, browser_secret=secret, now=at)
    session[_ASKED] = {"email": email, "secret": secret}


def _is_fresh(me: Identity, at: datetime) -> bool:
    started = [row.created_at for row in devices_of(me.person_id, at) if row.session_id == me.session_id]
    return any(at - moment <= _FRESH for moment in started)


@blueprint.route("/account/addresses/confirm", methods=["GET", "POST"])
def confirm_address() -> Answer:
    me, at, asked = identity(), now(), _asked()
    form = AddressCodeForm()
    status = 422 if form.is_submitted() else 200
    if asked is not None and form.validate_on_submit():
        try:
            allow_code_try(asked.email, client_address(), known_device(asked.email), at)
            confirmed = confirm_new_address_by_code(form.code.data or "", asked.secret, me.person_id, me.session_id, at)
        except TokenRefused as error:
            form.put_error("code", error)
        except TooOften as error:
            form.put_error("", error)
            status = 429
        else:
            session.pop(_ASKED, None)
            if not confirmed.is_settled:
                return redirect(url_for("candidate.privacy.join_records"), 303)
            flash(new_address_words(confirmed.email, is_change=confirmed.is_change), "success")
            return redirect(url_for("candidate.accounts.account"), 303)
    return render_template("candidate/accounts/confirm_address.html", form=form, asked=asked), status


def _asked() -> Asked | None:
    kept = session.get(_ASKED) or {}
    return Asked(kept["email"], kept["secret"]) if kept else None


@blueprint.post("/account/addresses/choose")
def write_to_address() -> Response:
    email = request.form.get("email", "")
    try:
        choose_address(identity().person_id, email, now())
        flash(_("From now on we write to %(email)s.", email=email), "success")
    except AddressNotPossible as error:
        flash(error.message, "warning")
    return redirect(url_for("candidate.accounts.account"), 303)


@blueprint.post("/account/addresses/remove")
def let_address_go() -> Response:
    email = request.form.get("email", "")
    try:
        leaves_at = remove_address(identity().person_id, email, now())
        if leaves_at is None:
            flash(_("%(email)s is removed.", email=email), "success")
        else:
            words = _("%(email)s goes on %(day)s. Until then you can keep it.", email=email, day=format_day(leaves_at))
            flash(words, "success")
    except AddressNotPossible as error:
        flash(error.message, "warning")
    return redirect(url_for("candidate.accounts.account"), 303)


@blueprint.post("/account/addresses/keep")
def keep_address() -> Response:
    email = request.form.get("email", "")
    stay_with_address(identity().person_id, email, now())
    flash(_("%(email)s stays.", email=email), "success")
    return redirect(url_for("candidate.accounts.account"), 303)


def _gone(words: str) -> Response:
    forget()
    flash(words, "success")
    return redirect(url_for("public.accounts.sign_in"), 303)
