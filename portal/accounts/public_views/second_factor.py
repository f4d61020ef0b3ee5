"""The second factor of staff: asked for after every way to sign in, set up before anything else is shown."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from portal.accounts.actions import (
    allow_factor_try,
    give_recovery_code,
    give_second_factor,
    offered_secret,
    set_up_second_factor,
    shown_recovery_codes,
)
from portal.accounts.adapters import app_address, code_picture
from portal.accounts.forms import FactorForm, FactorSetUpForm, RecoveryCodeForm
from portal.accounts.public_views.browser import blueprint, halfway, waiting_secret, way_on
from portal.accounts.public_views.trusted_device import trust
from portal.accounts.queries import SignedIn, second_factor_of
from portal.accounts.rules import Step, TooOften, WrongCode, in_fours
from portal.company.queries import company_name
from portal.core.clock import now
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.i18n import ngettext
from portal.core.logs import log
from portal.web.audiences import local_path
from portal.web.forms import Form
from portal.web.identity import maybe_identity
from portal.web.known_device import known_device
from portal.web.signing_in import remember

Answer = Response | str | tuple[str, int]
#: In the session: that the recovery codes made at this moment were put away.
_PUT_AWAY = "codes_put_away"


@blueprint.route("/sign-in/second-factor", methods=["GET", "POST"])
def second_factor() -> Answer:
    found, wanted = halfway(), local_path(request.args.get("next", ""))
    if found is None or found.step is not Step.CODE:
        return _elsewhere(found, wanted)
    form = FactorForm()
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        at = now()
        try:
            allow_factor_try(found.person_id, known_device(found.email), at)
            give_second_factor(found.person_id, found.session_id, form.code.data or "", at)
        except (WrongCode, TooOften) as error:
            status = _refuse(form, error)
        else:
            return _in(found, wanted, remembers=bool(form.remember.data))
    return render_template("public/accounts/second_factor.html", form=form, email=found.email, wanted=wanted), status


@blueprint.route("/sign-in/recovery-code", methods=["GET", "POST"])
def recovery_code() -> Answer:
    found, wanted = halfway(), local_path(request.args.get("next", ""))
    if found is None or found.step is not Step.CODE:
        return _elsewhere(found, wanted)
    form = RecoveryCodeForm()
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        at = now()
        try:
            allow_factor_try(found.person_id, known_device(found.email), at)
            left = give_recovery_code(found.person_id, found.session_id, form.code.data or "", at)
        except (WrongCode, TooOften) as error:
            status = _refuse(form, error)
        else:
            answer = _in(found, url_for("recruiting.second_factor.show"), remembers=False)
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
    secret = offered_secret(setter.secret, second_factor_of(setter.person_id))
    form = FactorSetUpForm()
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        at = now()
        try:
            allow_factor_try(setter.person_id, known_device(setter.email), at)
            set_up_second_factor(setter.person_id, setter.session_id, setter.secret, form.code.data or "", at)
        except (WrongCode, TooOften) as error:
            status = _refuse(form, error)
        else:
            remember(setter.secret)
            return redirect(url_for("public.accounts.recovery_codes"), 303)
    page = render_template(
        "public/accounts/second_factor_set_up.html",
        form=form,
        setter=setter,
        picture=code_picture(app_address(secret, setter.email, company_name())),
        secret=in_fours(secret),
    )
    return page, status


@blueprint.route("/sign-in/second-factor/codes", methods=["GET", "POST"])
def recovery_codes() -> Answer:
    """Shown in the browser that made them, until they are put away or an hour has passed."""
    me = maybe_identity()
    if me is None or not me.is_staff:
        return _elsewhere(halfway(), None)
    present = second_factor_of(me.person_id)
    made_at = present.codes_made_at.isoformat() if present else ""
    if request.method == "POST":
        session[_PUT_AWAY] = made_at
        flash(_("Done. From now on your app is asked for when you sign in."), "success")
        return redirect(way_on(None), 303)
    codes = shown_recovery_codes(me.person_id, me.session_secret, now())
    if not codes or session.get(_PUT_AWAY) == made_at:
        return redirect(url_for("recruiting.second_factor.show"), 303)
    return render_template("public/accounts/second_factor_codes.html", codes=codes, email=me.email)


@dataclass(frozen=True)
class _Setter:
    """Who may set a second factor up in this browser; `must`: before anything else is shown."""

    person_id: int
    session_id: int
    secret: str
    email: str
    must: bool


def _setter() -> _Setter | None:
    me, found = maybe_identity(), halfway()
    if me is not None and me.is_staff:
        return _Setter(me.person_id, me.session_id, me.session_secret, me.email, must=False)
    if found is not None and found.step is Step.SET_UP:
        return _Setter(found.person_id, found.session_id, waiting_secret(), found.email, must=True)
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


def _in(found: SignedIn, wanted: str | None, *, remembers: bool) -> Response:
    """Sign the browser in whose second factor was right."""
    remember(waiting_secret())
    answer = redirect(way_on(wanted), 303)
    present = second_factor_of(found.person_id)
    if remembers and present is not None:
        trust(answer, found.person_id, present.trust_key)
    return answer


def _refuse(form: Form, error: WrongCode | TooOften) -> int:
    log.info("sign_in_refused", reason="second factor")
    form.put_error("" if isinstance(error, TooOften) else "code", error)
    return 429 if isinstance(error, TooOften) else 422
