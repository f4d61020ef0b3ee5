"""The staff's page of an offer: what was said and asked, what to do next; and the card on the application's page."""

from datetime import date, datetime
from typing import Any

from flask import flash, render_template
from werkzeug.wrappers import Response

from portal.applications.states import OPEN_STATUSES
from portal.company.queries import company_zone
from portal.core.clock import day_of, now
from portal.core.i18n import gettext as _
from portal.core.permissions import Permission
from portal.offers import actions
from portal.offers.queries import OfferView, SaidLine
from portal.offers.recruiter_views import writing
from portal.offers.recruiter_views.finding import Found, asker, back_to, blueprint, find, writer
from portal.offers.rules import GoneAlready, decline_words
from portal.offers.states import OFFER_LABELS, WORD_LABELS, OfferState
from portal.updates.rules import html_of
from portal.web.identity import identity

#: The blueprint, and the module that adds pages to it.
__all__ = ["blueprint", "show_panel", "writing"]

_TONES = {
    OfferState.OPEN: "info",
    OfferState.ACCEPTED: "success",
    OfferState.DECLINED: "ended",
    OfferState.WITHDRAWN: "ended",
    OfferState.ENDED: "ended",
}


@blueprint.get("/applications/<public_id>/offer")
def show(public_id: str) -> str:
    found = find(public_id, asker())
    return render_template("recruiting/offers/show.html", **_page(found, now()))


@blueprint.post("/applications/<public_id>/offer/words/<word_id>/take-back")
def take_back(public_id: str, word_id: str) -> Response:
    try:
        actions.take_back_word(public_id, word_id, scope=writer(), now=now())
    except GoneAlready as error:
        flash(error.message, "warning")
    else:
        flash(_("Taken back. Nothing was sent."), "success")
    return back_to(public_id)


@blueprint.post("/applications/<public_id>/offer/words/<word_id>/send-now")
def send_now(public_id: str, word_id: str) -> Response:
    try:
        is_hurried = actions.send_word_now(public_id, word_id, scope=writer(), now=now())
    except GoneAlready as error:
        flash(error.message, "warning")
    else:
        flash(_("It goes now.") if is_hurried else _("It is on its way already."), "success")
    return back_to(public_id)


@blueprint.post("/applications/<public_id>/offer/throw-away")
def throw_away(public_id: str) -> Response:
    actions.throw_words_away(public_id, scope=writer())
    flash(_("The words were thrown away."), "success")
    return back_to(public_id)


def show_panel(public_id: str) -> str:
    """The card on the application's page: where the offer stands, and the way to it."""
    found = find(public_id, asker())
    may_write = identity().may(Permission.WRITE_TO_CANDIDATES)
    is_open = found.view.standing in OPEN_STATUSES and found.view.waiting_ending is None
    if found.offer is None and not (may_write and is_open):
        return ""
    return render_template("recruiting/offers/_panel.html", **_page(found, now()))


def _page(found: Found, at: datetime) -> dict[str, Any]:
    today = day_of(at, company_zone())
    offer = found.offer
    newest = offer.newest if offer else None
    has_ended = found.view.standing not in OPEN_STATUSES
    state = offer.state if offer else None
    if state is OfferState.OPEN and has_ended:
        state = OfferState.ENDED
    return {
        "view": found.view,
        "name": found.name,
        "offer": offer if newest else None,
        "newest": newest,
        "state": state,
        "state_label": OFFER_LABELS[state] if state and newest else "",
        "tone": _TONES[state] if state else "",
        "terms": html_of(newest.terms) if newest else "",
        "said": [(one, WORD_LABELS[one.kind], html_of(one.terms)) for one in reversed(offer.standing)] if offer else [],
        "unsaid": [one for one in offer.said if one.is_unsaid] if offer else [],
        "is_live": state is OfferState.OPEN and newest is not None,
        "is_over": _is_over(state, newest, today),
        "answer": decline_words(offer.decline_reason, offer.answer_words) if offer else "",
        "asked": offer.open_request if offer and state is OfferState.OPEN else None,
        "may_write": identity().may(Permission.WRITE_TO_CANDIDATES),
        "may_make": not has_ended and found.view.waiting_ending is None and _may_make(offer, state),
        "now": at,
    }


def _is_over(state: OfferState | None, newest: SaidLine | None, today: date) -> bool:
    return state is OfferState.OPEN and newest is not None and newest.decide_by < today


def _may_make(offer: OfferView | None, state: OfferState | None) -> bool:
    """Whether another offer can be made: none is open or accepted, and they know that the last was taken back."""
    if offer is None or offer.newest is None:
        return True
    if state is OfferState.WITHDRAWN:
        return offer.is_withdrawal_read
    return state not in {OfferState.OPEN, OfferState.ACCEPTED}
