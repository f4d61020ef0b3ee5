"""Pages on which a colleague makes, changes or takes back an offer, and answers a wish for time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import flash, render_template, request
from werkzeug.wrappers import Response

from portal.applications.rules import EndingWaits
from portal.applications.states import ApplicationStatus
from portal.company.queries import calendar_from, company_zone, days_off, pace, undo_minutes
from portal.company.rules import Holiday, working_days_after
from portal.core.clock import day_of, now
from portal.core.errors import Busy, PortalError
from portal.core.i18n import format_day, format_moment, ngettext
from portal.core.i18n import gettext as _
from portal.core.mail import RenderedMail, token_place
from portal.core.tokens import TokenKind
from portal.offers import actions
from portal.offers.actions import Saying
from portal.offers.forms import MoreTimeForm, NoMoreTimeForm, OfferForm, WithdrawForm
from portal.offers.queries import SaidLine
from portal.offers.recruiter_views.finding import Answer, Found, back_to, blueprint, find, writer
from portal.offers.rules import (
    DAYS_OFFERED,
    DAYS_TO_DECIDE,
    NoOffer,
    OfferChanged,
    OfferClosed,
    ProposalRefused,
    days_more,
)
from portal.offers.states import VERSIONS, OfferState, WordKind
from portal.people.queries import active_staff, find_staff
from portal.web.identity import identity
from portal.wording.rules import MissingValue

_PREVIEW, _NOW = "preview", "now"
AnyForm = OfferForm | MoreTimeForm | NoMoreTimeForm | WithdrawForm


@dataclass(frozen=True)
class _Preview:
    """A mail as the candidate will read it."""

    subject: str
    text: str


@blueprint.route("/applications/<public_id>/offer/write", methods=["GET", "POST"])
def write(public_id: str) -> Answer:
    """Make an offer, or change the one that is open."""
    at, found = now(), find(public_id, writer())
    if found.offer is not None and found.offer.state is OfferState.ACCEPTED:
        return _nothing_to_do(public_id)
    kind = WordKind.CHANGED if _is_open(found) else WordKind.MADE
    form = _offer_form(found)

    def saying() -> Saying:
        return _saying(found, form, kind, at, terms=form.offered)

    return _answer(found, form, saying, "recruiting/offers/write.html", at, is_change=kind is WordKind.CHANGED)


@blueprint.route("/applications/<public_id>/offer/withdraw", methods=["GET", "POST"])
def withdraw(public_id: str) -> Answer:
    at, found = now(), find(public_id, writer())
    if not _is_open(found):
        return _nothing_to_do(public_id)
    today = day_of(at, company_zone())
    count = pace().get(ApplicationStatus.DECISION_PENDING, DAYS_TO_DECIDE)
    form = WithdrawForm(found.seen_id, working_days_after(today, max(1, count), calendar_from(today))[-1])

    def saying() -> Saying:
        return _saying(found, form, WordKind.WITHDRAWN, at, words=form.words.data or "", after=form.after)

    return _answer(found, form, saying, "recruiting/offers/withdraw.html", at)


@blueprint.route("/applications/<public_id>/offer/more-time", methods=["GET", "POST"])
def more_time(public_id: str) -> Answer:
    at, found = now(), find(public_id, writer())
    if not _is_open(found):
        return _nothing_to_do(public_id)
    asked = found.offer.open_request if found.offer else None
    words = _("You can take until then. Ask whatever you want to know.")
    form = MoreTimeForm(found.seen_id, decide_by=asked.wanted_on if asked else None, words=words)

    def saying() -> Saying:
        return _saying(found, form, WordKind.MORE_TIME, at, words=form.words.data or "", decide_by=form.decide_by.data)

    return _answer(found, form, saying, "recruiting/offers/more_time.html", at)


@blueprint.route("/applications/<public_id>/offer/no-more-time", methods=["GET", "POST"])
def no_more_time(public_id: str) -> Answer:
    at, found = now(), find(public_id, writer())
    if not _is_open(found) or found.offer is None or found.offer.open_request is None:
        return _nothing_to_do(public_id)
    form = NoMoreTimeForm(found.seen_id)

    def saying() -> Saying:
        return _saying(found, form, WordKind.NO_MORE_TIME, at, words=form.words.data or "")

    return _answer(found, form, saying, "recruiting/offers/no_more_time.html", at)


def _is_open(found: Found) -> bool:
    offer = found.offer
    return offer is not None and offer.state is OfferState.OPEN and offer.newest is not None


def _nothing_to_do(public_id: str) -> Response:
    flash(_("There is nothing to do about this offer just now."), "info")
    return back_to(public_id)


def _saying(found: Found, form: AnyForm, kind: WordKind, at: datetime, **said: Any) -> Saying:
    return Saying(
        public_id=found.view.public_id,
        scope=writer(),
        kind=kind,
        seen_id=form.seen_id.data or "",
        form_key=form.form_key.data or "",
        now=at,
        is_hurried=request.form.get("do") == _NOW,
        **said,
    )


def _answer(
    found: Found, form: AnyForm, saying: Callable[[], Saying], template: str, at: datetime, **page: Any
) -> Answer:
    """Show the form, the mail before it goes, or what keeps it from going; else say it and go back."""
    status, preview = 422 if form.is_submitted() else 200, None
    if form.validate_on_submit():
        try:
            wanted = saying()
            if request.form.get("do") == _PREVIEW:
                preview, status = _readable(actions.prepare(found.view, wanted).mail), 200
            else:
                start = actions.say(wanted)
                flash(_what_happens(found.name, start, at), "success")
                return back_to(found.view.public_id)
        except ProposalRefused as error:
            form.refuse(error)
        except MissingValue as error:
            form.put_error("", error)
        except (OfferChanged, EndingWaits, Busy) as error:
            found, status = _look_again(found, form, error), 409
        except (OfferClosed, NoOffer) as error:
            flash(error.message, "warning")
            return back_to(found.view.public_id)
    return render_template(template, **_page(found, form, preview, at), **page), status


def _look_again(found: Found, form: AnyForm, error: PortalError) -> Found:
    """What is shown is how it stands now, with what was typed; sending it again means having seen that."""
    found = find(found.view.public_id, writer())
    form.put_error("", error)
    form.begin_anew(found.seen_id)
    return found


def _page(found: Found, form: AnyForm, preview: _Preview | None, at: datetime) -> dict[str, Any]:
    today = day_of(at, company_zone())
    calendar = calendar_from(today)
    offer = found.offer
    newest = offer.newest if offer else None
    ahead = working_days_after(today, max(DAYS_OFFERED), calendar)
    count = undo_minutes()
    return {
        "view": found.view,
        "name": found.name,
        "offer": offer,
        "newest": newest,
        "asked": offer.open_request if offer else None,
        "form": form,
        "preview": preview,
        "days": [format_day(ahead[count - 1]) for count in DAYS_OFFERED],
        "days_more": [format_day(day) for day in days_more(newest.decide_by, today, calendar)] if newest else [],
        "holidays": _holidays(today, ahead[-1]),
        "undo": ngettext("%(count)s minute", "%(count)s minutes", count) if count else "",
    }


def _holidays(first: date, last: date) -> list[tuple[str, str]]:
    """Days off between today and the last day that is offered: when, and what they are called."""
    found: list[Holiday] = days_off(first, last)
    return [(format_day(one.on), one.name) for one in found]


def _offer_form(found: Found) -> OfferForm:
    """It begins with the offer as it stands, with words that were taken back, or with nothing but the obvious."""
    offer = found.offer
    said = offer.said if offer else ()
    unsaid = next((one for one in reversed(said) if one.is_unsaid and one.kind in VERSIONS), None)
    begins: SaidLine | None = unsaid or (offer.newest if offer and _is_open(found) else None)
    staff = [row for row in active_staff() if row.person_id != found.view.person_id]
    author = find_staff(identity().person_id)
    words = "" if offer and _is_open(found) else _begin_words(found)
    me = author.public_id if author else ""
    return OfferForm(found.seen_id, staff, begins, title=found.view.opening_title, me=me, words=words)


def _begin_words(found: Found) -> str:
    greeting = _("Dear %(name)s,", name=found.view.person_name) if found.view.person_name else _("Hello,")
    return "\n\n".join(
        [
            greeting,
            _("We enjoyed getting to know you, and we would like to work with you. Our offer stands on your page."),
            _("Read it in peace. If you want to talk about it, call or write; if you need more time, say so."),
        ]
    )


def _readable(mail: RenderedMail) -> _Preview:
    """The mail with dots where the secrets of its links will stand: they are made when the mail is sent."""
    text = mail.text
    for kind in TokenKind:
        text = text.replace(token_place(mail.key, kind), "…")
    return _Preview(mail.subject, text)


def _what_happens(name: str, start: datetime, at: datetime) -> str:
    if start > at:
        return _(
            "Goes at %(moment)s. Until then you can take it back; after that %(name)s reads it.",
            moment=format_moment(start),
            name=name,
        )
    return _("Sent. %(name)s sees it on their page once the mail is accepted.", name=name)
