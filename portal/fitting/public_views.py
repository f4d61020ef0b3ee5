"""Saying "not now" to an invitation to apply, with the link from the mail: without signing in, by a button."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.company.queries import company_zone
from portal.contact.queries import LinkedPerson, person_of_link
from portal.contact.rules import read_link
from portal.core.clock import day_of, now
from portal.core.errors import NotFound
from portal.core.settings import current_settings
from portal.core.tokens import TokenKind, read_signed_token
from portal.fitting.actions import say_not_now
from portal.fitting.queries import PURPOSE, invitations_for

blueprint = Blueprint("fitting", __name__)


@blueprint.get("/not-now/<token>")
def ask(token: str) -> str:
    """What pressing the button would say; mail scanners open links, so nothing has happened yet."""
    at = now()
    sent = invitations_for(_person(token).person_id, at, day_of(at, company_zone()))
    if not sent:
        raise NotFound
    return render_template(
        "public/fitting/not_now.html",
        token=token,
        open_ones=[one for one in sent if one.is_open],
        others=[one for one in sent if not one.is_open],
        has_said=any(one.not_now_at is not None for one in sent),
    )


@blueprint.post("/not-now/<token>")
def say(token: str) -> Response:
    say_not_now(_person(token).person_id, request.form.get("invitation", ""), now=now())
    return redirect(url_for(".ask", token=token), 303)


def _person(token: str) -> LinkedPerson:
    """Whose link it is; a forged, flipped, too old one or one of another kind is not there."""
    subject = read_signed_token(current_settings().secret_key, TokenKind.PREFERENCES, token, now())
    link = read_link(subject) if subject is not None else None
    # The link at the foot of any other mail, which people pass on, says nothing of what they were invited to.
    person = person_of_link(link.public_id) if link is not None and link.purpose is PURPOSE else None
    if person is None:
        raise NotFound
    return person
