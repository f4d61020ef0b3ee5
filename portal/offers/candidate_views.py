"""A candidate's offer: reading it, asking for time, saying yes or no. Only for who is signed in."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.applications.queries import ApplicationView
from portal.applications.rules import Ahead, AlreadyEnded
from portal.applications.states import ENDINGS
from portal.company.queries import calendar_from, company_zone
from portal.core.clock import day_of, now
from portal.core.errors import Busy, NotFound
from portal.core.i18n import format_day
from portal.core.i18n import gettext as _
from portal.offers import actions
from portal.offers.forms import AcceptForm, DeclineForm, TimeForm
from portal.offers.queries import OfferView, OwnOffer, ahead_of, find_own_offer, newest_reached, offers_to
from portal.offers.rules import (
    OfferChanged,
    OfferClosed,
    ProposalRefused,
    changed_parts,
    days_more,
    decline_words,
)
from portal.offers.states import OfferState
from portal.updates.rules import html_of
from portal.web.identity import identity, maybe_identity
from portal.web.panels import page_of

blueprint = Blueprint("offers", __name__)
Answer = Response | tuple[str, int]


@blueprint.get("/applications/<public_id>/offer")
def show(public_id: str) -> str:
    return render_template("candidate/offers/show.html", **_page(_find(public_id), now()))


@blueprint.route("/applications/<public_id>/offer/time", methods=["GET", "POST"])
def time(public_id: str) -> Answer:
    at, own = now(), _find(public_id)
    if not own.is_open:
        return _back(public_id)
    today = day_of(at, company_zone())
    form = TimeForm(days_more(own.decide_by, today, calendar_from(today)))
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            day = actions.ask_for_time(identity().person_id, public_id, form.day, form.words.data or "", at)
        except ProposalRefused as error:
            form.put_error(error.field, error)
        except OfferClosed as error:
            flash(error.message, "warning")
            return _back(public_id)
        except Busy as error:
            form.put_error("", error)
            status = 409
        else:
            name = own.application.owner_name
            flash(_("You asked for time until %(day)s. %(name)s answers.", day=format_day(day), name=name), "success")
            return _back(public_id)
    return render_template("candidate/offers/time.html", form=form, **_page(own, at)), status


@blueprint.route("/applications/<public_id>/offer/accept", methods=["GET", "POST"])
def accept(public_id: str) -> Answer:
    own = _find(public_id)
    form = AcceptForm(own.version.public_id)
    said = _("You accepted our offer. A mail confirms it.")
    return _answer(own, form, actions.accept_offer, OfferState.ACCEPTED, "candidate/offers/accept.html", said)


@blueprint.route("/applications/<public_id>/offer/decline", methods=["GET", "POST"])
def decline(public_id: str) -> Answer:
    own = _find(public_id)
    form = DeclineForm(own.version.public_id)
    said = _("You declined our offer. A mail confirms it.")
    return _answer(own, form, actions.decline_offer, OfferState.DECLINED, "candidate/offers/decline.html", said)


def _answer(
    own: OwnOffer,
    form: AcceptForm | DeclineForm,
    action: Callable[..., None],
    wanted: OfferState,
    template: str,
    said: str,
) -> Answer:
    """A page with one button; whoever presses it twice has pressed it once."""
    at, public_id = now(), own.application.public_id
    if _has_nothing_to_answer(own, form, wanted):
        return _back(public_id)
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            action(identity().person_id, public_id, form.answer, at)
        except ProposalRefused as error:
            form.put_error(error.field, error)
        except OfferChanged as error:
            form.put_error("", error)
            own, status = _find(public_id), 409
            form.version_id.data = own.version.public_id
        except Busy as error:
            form.put_error("", error)
            status = 409
        except (OfferClosed, AlreadyEnded) as error:
            flash(error.message, "warning")
            return _back(public_id)
        else:
            flash(said, "success")
            return _back(public_id)
    return render_template(template, form=form, has_changed=status == 409, **_page(own, at)), status


def _has_nothing_to_answer(own: OwnOffer, form: AcceptForm | DeclineForm, wanted: OfferState) -> bool:
    """Whether it is closed; the same answer a second time is no mistake, another one is told so."""
    if own.is_open or (form.is_submitted() and own.state is wanted):
        return False
    if form.is_submitted():
        flash(_("Nothing was changed: this offer is closed already."), "warning")
    return True


def _find(public_id: str) -> OwnOffer:
    own = find_own_offer(identity().person_id, public_id)
    if own is None:
        raise NotFound
    return own


def _back(public_id: str) -> Response:
    return redirect(url_for("candidate.offers.show", public_id=public_id, _anchor="main"), 303)


def _page(own: OwnOffer, at: datetime) -> dict[str, Any]:
    today = day_of(at, company_zone())
    before = own.earlier[0].as_terms() if own.earlier else None
    return {
        "own": own,
        "application": own.application,
        "offer": own.offer,
        "version": own.version,
        "state": own.state.value,
        "terms": html_of(own.version.terms),
        "earlier": [(one, html_of(one.terms)) for one in own.earlier],
        "changed": changed_parts(before, own.version.as_terms()) if before else [],
        "decide_by": own.decide_by,
        "hears_by": actions.hears_by_after_yes(own, at) if own.is_open else own.application.hears_by(today),
        "has_ended": own.application.status in ENDINGS,
        "is_over": own.is_open and own.decide_by < today,
        "is_today": own.is_open and own.decide_by == today,
        "answered_on": _answered_on(own),
        "answer": decline_words(own.offer.decline_reason, own.offer.answer_words),
        "tel": _tel(own.version.contact_phone),
    }


def _answered_on(own: OwnOffer) -> date | None:
    closed_at = own.offer.closed_at
    is_answered = own.state in {OfferState.ACCEPTED, OfferState.DECLINED}
    return day_of(closed_at, company_zone()) if closed_at and is_answered else None


def _tel(phone: str) -> str:
    """The number as a link dials it."""
    digits = "".join(ch for ch in phone if ch.isdigit())
    return f"tel:{'+' if phone.lstrip().startswith('+') else ''}{digits}" if digits else ""


# What lists and the page of the application show of it


def offers_ahead(person_id: int) -> dict[str, list[Ahead]]:
    """What the offers about each application of this person are to them, by its public id."""
    return ahead_of(_offers(person_id), day_of(now(), company_zone()))


def say_first(public_id: str) -> str:
    """In the box that says where it stands: that an offer waits, and where to read it."""
    own = _shown(public_id)
    if own is None or not own.is_open:
        return ""
    return render_template("candidate/offers/_first.html", is_own=_is_own(own), **_page(own, now()))


def show_card(public_id: str) -> str:
    """A card below: the offer, whom to talk to, and what they answered; nothing of it for who only follows."""
    own = _shown(public_id)
    if own is None or not _is_own(own):
        return ""
    return render_template("candidate/offers/_card.html", **_page(own, now()))


def _shown(public_id: str) -> OwnOffer | None:
    around = page_of(ApplicationView)
    about = [one for one in _offers(around.person_id) if one.application_public_id == public_id]
    return newest_reached(about, around)


def _offers(person_id: int) -> list[OfferView]:
    """All to this person, read once for all parts of one page."""
    kept: dict[int, list[OfferView]] = g.setdefault("own_offers", {})
    if person_id not in kept:
        kept[person_id] = offers_to(person_id, is_whole=False)
    return kept[person_id]


def _is_own(own: OwnOffer) -> bool:
    me = maybe_identity()
    return me is not None and me.person_id == own.application.person_id
