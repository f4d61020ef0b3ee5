"""The second factor of staff: asked for after every way to sign in, set up before anything else is shown."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.actions import (
    allow_factor_try,
    allow_mail,
    allow_password_change,
    ask_to_sign_in,
    check_present_password,
    give_recovery_code,
    give_second_factor,
    next_secret,
    offered_secret,
    put_codes_away,
    secret_after,
    set_up_second_factor,
    shown_recovery_codes,
)
from portal.accounts.adapters import app_address, code_picture
from portal.accounts.forms import EnrolForm, FactorForm, RecoveryCodeForm, what_was_sent
from portal.accounts.public_views.browser import blueprint, halfway, note_asking, waiting_secret, way_on
from portal.accounts.public_views.trusted_device import trust
from portal.accounts.queries import SignedIn, account_of_session, beginning_of, entry_address, second_factor_of
from portal.accounts.rules import (
    Proof,
    Step,
    TooOften,
    WrongCode,
    WrongPassword,
    WrongPresentCode,
    in_fours,
    is_fresh,
    proof_of_newcomer,
    proof_of_owner,
)
from portal.company.queries import company_name
from portal.core.clock import now
from portal.core.errors import NotFound, PortalError
from portal.core.i18n import gettext as _
from portal.core.i18n import ngettext
from portal.core.logs import log
from portal.core.tokens import TokenKind
from portal.web.audiences import local_path
from portal.web.forms import Form
from portal.web.identity import maybe_identity
from portal.web.known_device import known_device
from portal.web.signing_in import client_address, remember

Answer = Response | str | tuple[str, int]
#: Beside which field it is said what does not fit.
_FIELDS: dict[type[PortalError], str] = {WrongCode: "code", WrongPresentCode: "present", WrongPassword: "password"}


@dataclass(frozen=True)
class _Setter:
    """Who may set a second factor up in this browser; `must`: before anything else is shown."""

    person_id: int
    session_id: int
    secret: str
    email: str
    must: bool
    #: What they show besides.
    proof: Proof
    #: Where a mail goes if it takes one.
    ask_at: str


@blueprint.route("/sign-in/second-factor", methods=["GET", "POST"])
def second_factor() -> Answer:
    found, wanted = halfway(), local_path(request.args.get("next", ""))
    if found is None or found.step is not Step.CODE:
        return _elsewhere(found, wanted)
    form = FactorForm()
    status, given = _try_code(
        form, found, partial(give_second_factor, found.person_id, found.session_id, secret=_next())
    )
    if given:
        return come_in(found.person_id, given, wanted, remembers=bool(form.remember.data))
    return render_template("public/accounts/second_factor.html", form=form, email=found.email, wanted=wanted), status


@blueprint.route("/sign-in/recovery-code", methods=["GET", "POST"])
def recovery_code() -> Answer:
    found, wanted = halfway(), local_path(request.args.get("next", ""))
    if found is None or found.step is not Step.CODE:
        return _elsewhere(found, wanted)
    form = RecoveryCodeForm()
    status, given = _try_code(
        form, found, partial(give_recovery_code, found.person_id, found.session_id, secret=_next())
    )
    if given:
        answer = come_in(found.person_id, given, url_for("recruiting.second_factor.show"), remembers=False)
        present = second_factor_of(found.person_id)
        left = present.codes_left if present else 0
        flash(ngettext("One recovery code is left.", "%(count)s recovery codes are left.", left), "warning")
        return answer
    page = render_template("public/accounts/second_factor_recovery.html", form=form, email=found.email, wanted=wanted)
    return page, status


@blueprint.route("/sign-in/second-factor/set-up", methods=["GET", "POST"])
def set_up() -> Answer:
    """For who must have a second factor before anything else, and for any member of staff who is signed in."""
    setter = _setter()
    if setter is None:
        return _elsewhere(halfway(), None)
    if setter.proof is Proof.MAIL:
        page = render_template("public/accounts/second_factor_prove.html", setter=setter)
        return page, 422 if request.method == "POST" else 200
    secret = offered_secret(setter.secret, second_factor_of(setter.person_id))
    form = EnrolForm(setter.proof)
    status, given = _try_code(form, setter, partial(_enrol, form, setter))
    if given:
        remember(given)
        return redirect(url_for("public.accounts.recovery_codes"), 303)
    page = render_template(
        "public/accounts/second_factor_set_up.html",
        form=form,
        setter=setter,
        picture=code_picture(app_address(secret, setter.email, company_name())),
        secret=in_fours(secret),
    )
    return page, status


def _enrol(form: EnrolForm, setter: _Setter, code: str, at: datetime) -> str:
    if form.password is not None:
        own = account_of_session(setter.session_id)
        if own is None:
            raise NotFound
        allow_password_change(own.account_id, at)
        check_present_password(own, form.password.data or "")
    present = (form.present.data or "") if form.present is not None else ""
    secret = next_secret(setter.secret, what_was_sent(), at)
    return set_up_second_factor(
        setter.person_id, setter.session_id, setter.secret, code, at, present_code=present, secret=secret
    )


@blueprint.post("/sign-in/second-factor/mail")
def prove_by_mail() -> Response:
    """Mail a link and a code to who is to set a second factor up and has not shown well enough who they are."""
    setter = _setter()
    if setter is None:
        return _elsewhere(halfway(), None)
    at, here = now(), url_for("public.accounts.set_up")
    try:
        allow_mail(setter.ask_at, client_address(), known_device(setter.ask_at), at)
    except TooOften as error:
        flash(error.message, "error")
        return redirect(here, 303)
    wanted = None if setter.must else here
    ask_to_sign_in(setter.ask_at, note_asking(TokenKind.SIGN_IN, setter.ask_at, wanted), at)
    return redirect(url_for("public.accounts.check_mail"), 303)


@blueprint.route("/sign-in/second-factor/codes", methods=["GET", "POST"])
def recovery_codes() -> Answer:
    """Shown in the browser that made them, until they are put away or an hour has passed."""
    me = maybe_identity()
    if me is None or not me.is_staff:
        return _elsewhere(halfway(), None)
    if request.method == "POST":
        put_codes_away(me.person_id, now())
        flash(_("Done. From now on your app is asked for when you sign in."), "success")
        return redirect(way_on(None), 303)
    codes = shown_recovery_codes(me.person_id, me.session_secret, now())
    if not codes:
        return redirect(url_for("recruiting.second_factor.show"), 303)
    return render_template("public/accounts/second_factor_codes.html", codes=codes, email=me.email)


def _setter() -> _Setter | None:
    me, found = maybe_identity(), halfway()
    if me is not None and me.is_staff:
        own = account_of_session(me.session_id)
        proof = proof_of_owner(
            has_factor=second_factor_of(me.person_id) is not None,
            is_fresh=is_fresh(beginning_of(me.session_id).at, now()),
            has_password=own is not None and own.password_hash is not None,
        )
        return _Setter(me.person_id, me.session_id, me.session_secret, me.email, False, proof, me.email)
    if found is not None and found.step is Step.SET_UP:
        entry = entry_address(found.person_id)
        began = beginning_of(found.session_id)
        proof = proof_of_newcomer(is_by_mail=began.is_by_mail, is_entry=found.email == entry)
        return _Setter(found.person_id, found.session_id, waiting_secret(), found.email, True, proof, entry)
    return None


def _elsewhere(found: SignedIn | None, wanted: str | None) -> Response:
    """Where somebody belongs who has nothing to do on the page they asked for."""
    if found is not None:
        return redirect(way_to(found, wanted), 303)
    me = maybe_identity()
    if me is None:
        return redirect(url_for("public.accounts.sign_in", next=wanted), 303)
    if not me.is_staff:
        raise NotFound
    return redirect(way_on(wanted), 303)


def way_to(found: SignedIn, wanted: str | None) -> str:
    """The page on which a browser that is halfway in goes on."""
    name = "second_factor" if found.step is Step.CODE else "set_up"
    return url_for(f"public.accounts.{name}", next=wanted)


def come_in(person_id: int, given: str, wanted: str | None, *, remembers: bool) -> Response:
    """Sign the browser in whose second factor was right; `given`: its session's secret from now on."""
    remember(given)
    answer = redirect(way_on(wanted), 303)
    present = second_factor_of(person_id)
    if remembers and present is not None:
        trust(answer, person_id, present.trust_key)
    return answer


def _next() -> str:
    """The secret of the session in this browser once the form that was sent has let it in."""
    return next_secret(waiting_secret(), what_was_sent(), now())


def _try_code(form: Form, who: SignedIn | _Setter, use: Callable[[str, datetime], str]) -> tuple[int, str]:
    """Let `use` have the code that was sent, if one was; the status of the page that answers, and the session's
    secret from now on, empty when it does not fit. A second click at the same moment has used nothing up.
    """
    if not form.validate_on_submit():
        return 422 if form.is_submitted() else 200, ""
    at = now()
    try:
        allow_factor_try(who.person_id, known_device(who.email), at)
        return 303, use(form.code.data or "", at)
    except (WrongCode, WrongPresentCode, WrongPassword) as error:
        former = who.secret if isinstance(who, _Setter) else waiting_secret()
        if isinstance(error, WrongCode) and (again := secret_after(former, what_was_sent(), at)):
            return 303, again
        form.put_error(_FIELDS[type(error)], error)
        status = 422
    except TooOften as error:
        form.put_error("", error)
        status = 429
    log.info("sign_in_refused", reason="second factor")
    return status, ""
