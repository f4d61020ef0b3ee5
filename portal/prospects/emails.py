"""The one invitation, and the words that it begins with."""

from collections.abc import Collection
from datetime import date

from portal.company.queries import company_name, privacy_contact
from portal.core.i18n import format_day, join_words, reading_as
from portal.core.i18n import gettext as _
from portal.core.mail import RenderedMail
from portal.people.queries import Recipient
from portal.prospects.queries import ProspectRow
from portal.prospects.states import GROUND_WORDS, SOURCE_WORDS
from portal.wording.queries import draft_text, render
from portal.wording.rules import Rows


def invitation(
    to: Recipient,
    prospect: ProspectRow,
    *,
    recruiter: str,
    words: str,
    erased_on: date,
    areas: Collection[str],
    has_links: bool,
) -> RenderedMail:
    """To somebody without an opening: what a colleague wrote, where we got their address, and the ways out.

    `areas` are the labels of those they may fit. Raises MissingValue.
    """
    return render(
        "prospects/invitation",
        to.locale,
        to.timezone,
        name=to.name,
        recruiter=recruiter or company_name(),
        message=words,
        erased_on=erased_on,
        what_we_hold=_what_we_hold(to, prospect, areas, has_links=has_links),
    )


def first_words(locale: str, zone: str, recruiter: str) -> str:
    """What the form begins with, in the company's words."""
    return draft_text("prospects/invitation_words", locale, zone, recruiter=recruiter)


def _what_we_hold(to: Recipient, prospect: ProspectRow, areas: Collection[str], *, has_links: bool) -> Rows:
    """What Article 14 of the GDPR asks for, in the reader's language."""
    contact = privacy_contact()
    with reading_as(to.locale, to.timezone):
        held = [_("your name")] if to.name else []
        held.append(_("your address"))
        if areas:
            held.append(_("that your work may be in %(areas)s", areas=join_words(list(areas))))
        if has_links:
            held.append(_("the addresses of public pages about your work that we looked at"))
        note = str(SOURCE_WORDS[prospect.source]) % {"note": prospect.source_note}
        return (
            (_("What we hold"), join_words(held)),
            (_("Where we got it"), note),
            (_("On"), format_day(prospect.obtained_on)),
            (_("Why we may"), str(GROUND_WORDS[prospect.ground])),
            (_("Who answers for it"), f"{contact.name}, {contact.email}" if contact.email else contact.name),
        )
