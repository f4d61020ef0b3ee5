"""What is sent about an offer. None of it says what is offered: mails get forwarded, the offer stands on their page."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from portal.core.i18n import format_day, reading_as
from portal.core.i18n import gettext as _
from portal.core.mail import RenderedMail
from portal.core.settings import Settings
from portal.offers.rules import Terms
from portal.offers.states import OfferState, WordKind
from portal.people.queries import Recipient
from portal.wording.queries import render
from portal.wording.rules import Rows

_MAILS: Final[dict[WordKind, str]] = {
    WordKind.MADE: "offers/made",
    WordKind.CHANGED: "offers/changed",
    WordKind.MORE_TIME: "offers/more_time",
    WordKind.NO_MORE_TIME: "offers/no_more_time",
    WordKind.WITHDRAWN: "offers/withdrawn",
}


@dataclass(frozen=True)
class About:
    """What every mail about an offer says besides the words of its author."""

    application_public_id: str
    opening_title: str
    author_name: str
    contact_name: str
    next_update_by: date
    date_reason: str


def word(kind: WordKind, to: Recipient, terms: Terms, about: About, settings: Settings) -> RenderedMail:
    """To the candidate: a person makes, changes or takes back an offer, or answers a wish for time."""
    values: dict[str, object] = {
        "opening": about.opening_title,
        "author": about.author_name or settings.org_name,
        "message": terms.words,
        "facts": _facts(kind, to, terms, about),
    }
    if kind is not WordKind.WITHDRAWN:
        values["decide_by"] = terms.decide_by
        values["offer_link"] = _link(to, about.application_public_id)
    return render(_MAILS[kind], to.locale, to.timezone, **values)


def accepted(
    to: Recipient,
    opening_title: str,
    owner_name: str,
    hears_by: date | None,
    application_public_id: str,
    settings: Settings,
) -> RenderedMail:
    """To the candidate: their yes has come, and what happens next; `hears_by` None: no day is named to them."""
    return render(
        "offers/accepted",
        to.locale,
        to.timezone,
        name=to.name,
        opening=opening_title,
        owner=owner_name or settings.org_name,
        next_by=hears_by,
        offer_link=_link(to, application_public_id),
    )


def declined(to: Recipient, opening_title: str, owner_name: str, settings: Settings) -> RenderedMail:
    """To the candidate: their no has come, what ends with it, and how they can stay in touch."""
    return render(
        "offers/declined",
        to.locale,
        to.timezone,
        name=to.name,
        opening=opening_title,
        owner=owner_name or settings.org_name,
    )


def answered(
    to: Recipient, what: OfferState | None, opening_title: str, due_on: date | None, application_public_id: str
) -> RenderedMail:
    """To a colleague: somebody answered an offer, or (None) asks for more time; it names nobody and repeats nothing."""
    with reading_as(to.locale, to.timezone):
        words = {
            OfferState.ACCEPTED: _("They accepted."),
            OfferState.DECLINED: _("They declined, and the application has ended."),
        }.get(what or OfferState.OPEN, _("They ask for more time to decide."))
        rows = ((_("See what they wrote"), f"/recruiting/applications/{application_public_id}/offer"),)
    return render(
        "offers/answered", to.locale, to.timezone, opening=opening_title, what=words, due_on=due_on, page=rows
    )


def why_later(to: Recipient, decide_by: date, *, is_over: bool) -> str:
    """Why they hear later than they were promised: they have until then to decide, or we wait for their answer."""
    with reading_as(to.locale, to.timezone):
        if is_over:
            return _("We wait for your answer to our offer.")
        return _("You have until %(day)s to decide.", day=format_day(decide_by))


def _link(to: Recipient, application_public_id: str) -> Rows:
    with reading_as(to.locale, to.timezone):
        return ((_("Read the offer"), f"/me/applications/{application_public_id}/offer"),)


def _facts(kind: WordKind, to: Recipient, terms: Terms, about: About) -> Rows:
    with reading_as(to.locale, to.timezone):
        rows = []
        if kind is not WordKind.WITHDRAWN:
            rows.append((_("Please decide by"), format_day(terms.decide_by)))
            rows.append((_("Why not later"), terms.short_reason))
            talk = ", ".join(part for part in (about.contact_name, terms.contact_phone) if part)
            rows.append((_("Who to talk to"), talk))
        day = format_day(about.next_update_by)
        rows.append((_("Our promise"), _("You hear from us next by %(day)s.", day=day)))
        if kind is WordKind.WITHDRAWN:
            rows.append((_("Why this date is later"), about.date_reason))
    return tuple(row for row in rows if row[1])
