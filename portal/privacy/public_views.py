"""The privacy notice, and links in mails that take back what was done to somebody's addresses."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.queries import find_token
from portal.accounts.rules import TokenRefused
from portal.company.queries import privacy_contact, privacy_notice, retention
from portal.company.rules import blocks_of
from portal.contact.queries import LinkedPerson, person_of_link
from portal.contact.rules import read_link
from portal.core.clock import now
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.i18n import join_words
from portal.core.logs import log
from portal.core.settings import current_settings
from portal.core.tokens import TokenKind, read_signed_token
from portal.keeping.queries.lives import standing_of
from portal.people.queries import addresses_of, known_person
from portal.privacy.actions import keep_address, keep_apart, keep_me
from portal.privacy.rules import survivors
from portal.web.identity import maybe_identity
from portal.web.signing_in import forget

blueprint = Blueprint("privacy", __name__)
Answer = Response | str | tuple[str, int]


@blueprint.get("/privacy")
def notice() -> str:
    """What we hold, why, how long, who sees it, and whom to ask: in the company's words if it has written any."""
    return render_template(
        "public/privacy/notice.html",
        contact=privacy_contact(),
        blocks=blocks_of(privacy_notice()),
        survivors=survivors(),
        kept=retention(),
        log_days=current_settings().log_days,
    )


@blueprint.get("/keep/<token>")
def stay(token: str) -> str:
    """One button for somebody whose time with us ends; mail scanners open links, so nothing has happened yet."""
    person = _person(token)
    standing = standing_of(person.person_id, now())
    asked = standing.asked
    is_asked = asked is not None and asked.counted_from == standing.counted_from
    return render_template(
        "public/privacy/stay.html",
        token=token,
        is_asked=is_asked,
        erased_on=asked.ends_on if asked is not None else None,
        ends_on=standing.ends_on,
        contact=privacy_contact(),
    )


@blueprint.post("/keep/<token>")
def keep_them(token: str) -> Response:
    keep_me(_person(token).person_id, now())
    return redirect(url_for(".stay", token=token), 303)


def _person(token: str) -> LinkedPerson:
    subject = read_signed_token(current_settings().secret_key, TokenKind.PREFERENCES, token, now())
    link = read_link(subject) if subject is not None else None
    person = person_of_link(link.public_id) if link is not None else None
    if person is None:
        raise NotFound
    return person


@blueprint.route("/keep-address/<token>", methods=["GET", "POST"])
def keep(token: str) -> Answer:
    """Open to whoever reads the old address, signed in or not: a thief may have changed everything else."""
    return _take_back(TokenKind.KEEP_ADDRESS, token, keep_address)


@blueprint.route("/keep-address/apart/<token>", methods=["GET", "POST"])
def part(token: str) -> Answer:
    """The same for two records that were joined: open to whoever reads an address of either."""
    return _take_back(TokenKind.KEEP_APART, token, keep_apart)


def _take_back(kind: TokenKind, token: str, take_back: Callable[[str, datetime], str]) -> Answer:
    at = now()
    is_apart = kind is TokenKind.KEEP_APART
    if request.method == "POST":
        try:
            email = take_back(token, at)
        except TokenRefused:
            log.info("address_refused", reason="link")
            return _dead_link(is_apart=is_apart)
        forget()
        _say_what_stands(email, is_apart=is_apart)
        return redirect(url_for("public.accounts.sign_in"), 303)
    found = find_token(kind, token, at)
    if found is None:
        return _dead_link(is_apart=is_apart)
    page = "public/privacy/part.html" if is_apart else "public/privacy/keep.html"
    return render_template(page, token=token, email=found.subject)


def _say_what_stands(email: str, *, is_apart: bool) -> None:
    """Which addresses the record has now: whoever took it back could sign in and read them, and looks for strange ones.

    One of them may be a stranger's who came before.
    """
    if is_apart:
        flash(_("The two records are separate again. What belongs to %(email)s is on its own.", email=email), "success")
    else:
        flash(_("%(email)s is your address again, and every device is signed out.", email=email), "success")
    person = known_person(email)
    others = [one.email for one in addresses_of(person.person_id) if one.email != email] if person else []
    if others:
        words = _(
            "These addresses are part of that account, too: %(emails)s. Sign in, and remove what is not yours.",
            emails=join_words(others),
        )
        flash(words, "warning")


def _dead_link(*, is_apart: bool) -> Answer:
    what = "apart" if is_apart else "keep"
    return render_template("public/accounts/dead_address_link.html", what=what, me=maybe_identity()), 404
