"""One's own second factor: whether there is one, new recovery codes, devices that remember it."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.accounts.actions import allow_factor_try, forget_trusted_devices, make_recovery_codes
from portal.accounts.forms import FactorSetUpForm
from portal.accounts.queries import second_factor_of
from portal.accounts.rules import TooOften, WrongCode
from portal.core.clock import now
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.settings import current_settings
from portal.web.identity import identity
from portal.web.known_device import known_device

blueprint = Blueprint("second_factor", __name__)
Answer = Response | str | tuple[str, int]


@blueprint.get("/profile/second-factor")
def show() -> str:
    return _page(FactorSetUpForm())


@blueprint.post("/profile/second-factor/codes")
def new_codes() -> Answer:
    me, at = identity(), now()
    if second_factor_of(me.person_id) is None:
        raise NotFound
    form = FactorSetUpForm()
    if not form.validate_on_submit():
        return _page(form), 422
    try:
        allow_factor_try(me.person_id, known_device(me.email), at)
        make_recovery_codes(me.person_id, me.session_secret, form.code.data or "", at)
    except WrongCode as error:
        form.put_error("code", error)
        return _page(form), 422
    except TooOften as error:
        form.put_error("", error)
        return _page(form), 429
    return redirect(url_for("public.accounts.recovery_codes"), 303)


@blueprint.post("/profile/second-factor/devices")
def forget_devices() -> Response:
    forget_trusted_devices(identity().person_id, now())
    flash(_("Forgotten. Every device asks for the code at its next sign-in."), "success")
    return redirect(url_for("recruiting.second_factor.show"), 303)


def _page(form: FactorSetUpForm) -> str:
    return render_template(
        "recruiting/staff/second_factor.html",
        form=form,
        factor=second_factor_of(identity().person_id),
        is_required=current_settings().is_production,
    )
