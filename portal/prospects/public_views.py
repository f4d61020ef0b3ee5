"""What somebody who was invited can do without signing in: be deleted at once, and never be written to again."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.accounts.queries import find_token
from portal.accounts.rules import TokenRefused
from portal.company.queries import privacy_contact
from portal.core.clock import now
from portal.core.logs import log
from portal.core.tokens import TokenKind
from portal.prospects.actions import NotHere, say_no_thanks
from portal.prospects.queries import facts_of

blueprint = Blueprint("prospects", __name__)
Answer = Response | str | tuple[str, int]


@blueprint.get("/no-thanks/<token>")
def ask(token: str) -> Answer:
    """What the button would do; a mail scanner that opens the link does nothing."""
    found = find_token(TokenKind.NO_THANKS, token, now())
    facts = facts_of(found.person_id) if found and found.person_id else None
    if facts is None:
        return _dead_link()
    return render_template("public/prospects/ask.html", token=token, is_here=facts.is_here, contact=privacy_contact())


@blueprint.post("/no-thanks/<token>")
def say(token: str) -> Answer:
    """Delete them, and remember only a code of their address."""
    try:
        say_no_thanks(token, now())
    except TokenRefused:
        log.info("no_thanks_refused", reason="link")
        return _dead_link()
    except NotHere as error:
        flash(error.message, "warning")
        return redirect(url_for(".ask", token=token), 303)
    return redirect(url_for(".done"), 303)


@blueprint.get("/no-thanks")
def done() -> str:
    """The same page for everybody: it says nothing about anybody."""
    return render_template("public/prospects/done.html", contact=privacy_contact())


def _dead_link() -> tuple[str, int]:
    return render_template("public/prospects/dead_link.html", contact=privacy_contact()), 404
