"""The front page, joining, and confirming the address one joined with."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from portal.accounts.actions import allow_code_try, allow_mail, end_session
from portal.accounts.queries import find_token
from portal.accounts.rules import TokenRefused, TooOften
from portal.community.actions import ask_to_join, confirm_joining, confirm_joining_by_code
from portal.community.forms import ConfirmCodeForm, JoinForm
from portal.community.queries import join_request_of
from portal.company.queries import areas, company_name, introduction, team
from portal.contact.rules import OFFERED_AT_JOINING
from portal.core.clock import now
from portal.core.i18n import gettext as _
from portal.core.identifiers import new_secret
from portal.core.logs import log
from portal.core.tokens import TokenKind
from portal.web.browser_zone import browser_zone
from portal.web.identity import identity, maybe_identity
from portal.web.known_device import known_device
from portal.web.signing_in import client_address, device_name, remember

Answer = Response | str | tuple[str, int]

blueprint = Blueprint("community", __name__)
_JOINING = "joining"


@dataclass(frozen=True)
class Asked:
    """The address this browser joins with; `secret` makes the code good here and nowhere else."""

    email: str
    secret: str


@blueprint.get("/")
def home() -> str:
    return render_template("public/community/home.html", introduction=introduction(), team=team())


@blueprint.route("/join", methods=["GET", "POST"])
def join() -> Answer:
    if maybe_identity() is not None:
        return redirect(url_for("candidate.community.preferences", _anchor="join"), 303)
    form = JoinForm(areas(), OFFERED_AT_JOINING)
    if not form.validate_on_submit():
        return _join_page(form, 422 if form.is_submitted() else 200)
    try:
        return _ask(form)
    except TooOften as error:
        log.info("join_refused", reason="too often")
        form.put_error("", error)
        return _join_page(form, 429)


def _join_page(form: JoinForm, status: int) -> tuple[str, int]:
    return render_template("public/community/join.html", form=form), status


def _ask(form: JoinForm) -> Response:
    email, at, secret = form.email.data or "", now(), new_secret()
    allow_mail(email, client_address(), known_device(email), at)
    ask_to_join(
        email,
        form.name.data or "",
        areas=form.areas.data or [],
        purposes=form.purposes,
        browser_secret=secret,
        now=at,
    )
    session[_JOINING] = {"email": email, "secret": secret}
    return redirect(url_for("public.community.check_mail"), 303)


@blueprint.route("/confirm/code", methods=["GET", "POST"])
def check_mail() -> Answer:
    asked = _asked()
    if asked is None:
        return redirect(url_for("public.community.join"), 303)
    form = ConfirmCodeForm()
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        at = now()
        try:
            allow_code_try(asked.email, client_address(), known_device(asked.email), at)
            return _welcome(
                confirm_joining_by_code(form.code.data or "", asked.secret, device_name(), at, zone=browser_zone())
            )
        except TokenRefused as error:
            log.info("join_refused", reason="code")
            form.put_error("code", error)
        except TooOften as error:
            log.info("join_refused", reason="too often")
            form.put_error("", error)
            status = 429
    return render_template("public/community/check_mail.html", form=form, email=asked.email), status


@blueprint.route("/confirm/<token>", methods=["GET", "POST"])
def confirm(token: str) -> Answer:
    at = now()
    if request.method == "POST":
        try:
            return _welcome(confirm_joining(token, device_name(), at, zone=browser_zone()))
        except TokenRefused:
            log.info("join_refused", reason="link")
            return _dead_link()
    found = find_token(TokenKind.CONFIRM, token, at)
    asked = join_request_of(found.id) if found else None
    if asked is None:
        return _dead_link()
    labels = {area.key: area.label for area in areas()}
    return render_template(
        "public/community/confirm.html",
        token=token,
        asked=asked,
        chosen_areas=[labels[key] for key in asked.areas if key in labels],
    )


def _dead_link() -> Answer:
    """The page for a link that does not work; who pressed its button twice is in already."""
    if request.method == "POST" and maybe_identity() is not None:
        return redirect(url_for("candidate.journey.home"), 303)
    return render_template("public/community/_dead_link.html"), 404


def _asked() -> Asked | None:
    kept = session.get(_JOINING) or {}
    return Asked(kept["email"], kept["secret"]) if kept else None


def _welcome(secret: str) -> Response:
    """Sign this browser in with its new device session; whoever was signed in here before is signed out."""
    before = maybe_identity()
    if before is not None:
        end_session(before.session_id, before.person_id, now())
    remember(secret)
    session.pop(_JOINING, None)
    me, company = identity(), company_name()
    greeting = _("Welcome, %(name)s.", name=me.name) if me.name else _("Welcome.")
    said = _("You are part of the community of %(org)s now. It is good to have you here.", org=company)
    flash(f"{greeting} {said}", "success")
    return redirect(url_for("candidate.journey.home"), 303)
