"""One's own account: name, language, clock, addresses, password, devices."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from portal.accounts.actions import (
    AddressNotPossible,
    allow_code_try,
    allow_mail,
    allow_password_change,
    ask_for_address,
    change_own_password,
    change_own_profile,
    check_present_password,
    choose_address,
    confirm_new_address_by_code,
    end_all_sessions,
    end_device,
    next_secret,
    remove_address,
    renew_session,
    secret_after,
    stay_with_address,
)
from portal.accounts.forms import (
    AccountForm,
    AddressCodeForm,
    ChangePasswordForm,
    ChooseAddressForm,
    NewAddressForm,
    new_address_words,
    new_password_words,
    what_was_sent,
)
from portal.accounts.queries import (
    AccountRow,
    account_of_session,
    beginning_of,
    devices_of,
    own_addresses,
    proven_addresses,
)
from portal.accounts.rules import TokenRefused, TooOften, WrongPassword, is_fresh
from portal.contact.queries import is_suppressed
from portal.core.clock import now
from portal.core.errors import NotFound
from portal.core.i18n import format_day
from portal.core.i18n import gettext as _
from portal.core.identifiers import new_secret
from portal.web.identity import Identity, identity
from portal.web.known_device import known_device
from portal.web.signing_in import client_address, forget, remember

blueprint = Blueprint("accounts", __name__)
Answer = Response | str | tuple[str, int]
_ASKED = "new_address"


@blueprint.route("/account", methods=["GET", "POST"])
def account() -> Answer:
    me = identity()
    at = now()
    form = AccountForm(name=me.name, locale=me.locale, timezone=me.timezone)
    if form.validate_on_submit():
        change_own_profile(
            me.person_id, name=form.name.data or "", locale=form.locale.data, timezone=form.timezone.data, now=at
        )
        flash(_("Saved."), "success")
        return redirect(url_for("candidate.accounts.account"), 303)
    own = account_of_session(me.session_id)
    addresses = own_addresses(me.person_id)
    page = render_template(
        "candidate/accounts/account.html",
        form=form,
        addresses=addresses,
        dead_address=next((one.email for one in addresses if one.is_primary and is_suppressed(one.email)), ""),
        devices=devices_of(me.person_id, at),
        this_device=me.session_id,
        has_password=own is not None and own.password_hash is not None,
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/account/password", methods=["GET", "POST"])
def change_password() -> Answer:
    """Who has no password yet signs in again by mail before, unless they have just done so."""
    me, at = identity(), now()
    own = account_of_session(me.session_id)
    if own is None:
        raise NotFound
    form = ChangePasswordForm(own.email)
    if own.password_hash is None:
        del form.present
    is_known = own.password_hash is not None or _is_fresh(me, at)
    status = 422 if form.is_submitted() else 200
    if is_known and form.validate_on_submit():
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
            secret = next_secret(me.session_secret, what_was_sent(), at)
            remember(change_own_password(own, form.password.data or "", me.session_id, at, secret=secret))
            flash(new_password_words(), "success")
            return redirect(url_for("candidate.accounts.account"), 303)
    page = render_template("candidate/accounts/change_password.html", form=form, email=own.email, is_known=is_known)
    return page, status


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
    return is_fresh(beginning_of(me.session_id).at, at)


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
            if answer := _confirmed_before(me, asked.email, at):
                return answer
            form.put_error("code", error)
        except TooOften as error:
            form.put_error("", error)
            status = 429
        else:
            session.pop(_ASKED, None)
            if not confirmed.is_settled:
                return redirect(url_for("candidate.privacy.join_records"), 303)
            if confirmed.is_change:
                secret = next_secret(me.session_secret, what_was_sent(), at)
                remember(renew_session(me.session_id, me.person_id, at, secret=secret))
            flash(new_address_words(confirmed.email, is_change=confirmed.is_change), "success")
            return redirect(url_for("candidate.accounts.account"), 303)
    return render_template("candidate/accounts/confirm_address.html", form=form, asked=asked), status


def _confirmed_before(me: Identity, email: str, at: datetime) -> Response | None:
    """For the second click on the same button: as the first was answered; None when none has confirmed it."""
    own = own_addresses(me.person_id)
    if email in [one.email for one in proven_addresses(me.person_id, at)]:
        return redirect(url_for("candidate.privacy.join_records"), 303)
    if email not in [one.email for one in own if one.confirmed_at is not None]:
        return None
    if secret := secret_after(me.session_secret, what_was_sent(), at):
        remember(secret)
    session.pop(_ASKED, None)
    flash(new_address_words(email, is_change=own[0].email == email), "success")
    return redirect(url_for("candidate.accounts.account"), 303)


def _asked() -> Asked | None:
    kept = session.get(_ASKED) or {}
    return Asked(kept["email"], kept["secret"]) if kept else None


@blueprint.route("/account/addresses/choose", methods=["GET", "POST"])
def write_to_address() -> Answer:
    """Who has been signed in for a while shows first that it is them: the button of the account page leads to that."""
    me, at, email = identity(), now(), request.values.get("email", "")
    own = account_of_session(me.session_id)
    is_own = email in [one.email for one in own_addresses(me.person_id)]
    if own is None or (not is_own and request.method == "POST"):
        raise NotFound
    form = ChooseAddressForm(has_password=own.password_hash is not None)
    is_known, has_said = _is_fresh(me, at), form.present is not None and "present" in request.form
    if request.method == "POST" and is_known:
        return _choose(me, email, at)
    if request.method == "POST" and not has_said:
        return redirect(url_for("candidate.accounts.write_to_address", email=email), 303)
    status = 422 if has_said else 200
    if has_said and form.validate_on_submit():
        try:
            allow_password_change(own.account_id, at)
            check_present_password(own, form.present.data or "")
            return _choose(me, email, at)
        except WrongPassword as error:
            form.put_error("present", error)
        except TooOften as error:
            form.put_error("", error)
            status = 429
    page = render_template("candidate/accounts/choose_address.html", form=form, email=email, own=own, is_known=is_known)
    return page, status


def _choose(me: Identity, email: str, at: datetime) -> Response:
    try:
        choose_address(me.person_id, email, at)
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
            day = format_day(leaves_at)
            flash(_("%(email)s is removed on %(day)s. Until then you can keep it.", email=email, day=day), "success")
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
