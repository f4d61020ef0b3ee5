"""Answering to an interview with the link from the mail, without signing in: a GET shows, a POST does."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.queries import find_old_token, find_token
from portal.core.clock import now
from portal.core.errors import NotFound, PortalError
from portal.core.i18n import gettext as _
from portal.core.i18n import set_reader
from portal.core.tokens import TokenKind
from portal.interviews.actions.impressions import say_impression
from portal.interviews.forms.answering import Visit, add_pages
from portal.interviews.queries.impressions import may_say
from portal.interviews.queries.own import find_own_interview
from portal.interviews.rules.own import link_is_over
from portal.people.queries import recipient

blueprint = Blueprint("interviews", __name__)
#: What one tap says: whether it began on time, and whether there was time to ask.
_BEGINNINGS = {"both": (True, True), "on_time": (True, False), "asked": (False, True), "neither": (False, False)}


class _LinkIsOver(PortalError):
    """The link was good until the day after the interview."""


@blueprint.errorhandler(_LinkIsOver)
def over(_error: _LinkIsOver) -> tuple[str, int]:
    """Shown instead of the page of a link that is too old."""
    return render_template("public/interviews/over.html"), 410


def _visit(token: str) -> Visit:
    """The interview that the link is about; raises NotFound for a wrong one and _LinkIsOver for an old one."""
    person_id, public_id, is_old = _met(token)
    page = find_own_interview(person_id, public_id, now())
    if page is None:
        raise NotFound
    if is_old or link_is_over(page.one.starts_at, page.one.minutes, now()):
        raise _LinkIsOver(_("This link has done its work"))
    return Visit(page, {"token": token}, "public", reads_back=False)


add_pages(blueprint, "/interviews/<token>", _visit)


@blueprint.get("/interviews/began/<token>")
def began(token: str) -> str:
    """One tap after an interview: did it begin on time, was there time to ask. Looking counts nothing."""
    _person_id, public_id, _is_old = _met(token)
    return render_template("public/interviews/began.html", token=token, may_say=may_say(public_id))


@blueprint.post("/interviews/began/<token>")
def say_how_it_began(token: str) -> Response:
    _person_id, public_id, _is_old = _met(token)
    said = request.form.get("said", "")
    if said in _BEGINNINGS:
        was_on_time, had_time_to_ask = _BEGINNINGS[said]
        # Whoever taps twice has said it once.
        if say_impression(public_id, was_on_time=was_on_time, had_time_to_ask=had_time_to_ask, now=now()):
            flash(_("Your answer is counted, without your name."), "success")
    return redirect(url_for(".began", token=token), 303)


def _met(token: str) -> tuple[int, str, bool]:
    """Whom the link is for, the public id of its interview, and whether it is old; from here on in their language."""
    found = find_token(TokenKind.INTERVIEW, token, now())
    is_old = found is None
    found = found or find_old_token(TokenKind.INTERVIEW, token)
    if found is None or found.person_id is None:
        raise NotFound
    to = recipient(found.person_id)
    set_reader(to.locale, to.timezone)
    return found.person_id, found.subject, is_old
