"""What is sent about an application: to the candidate, because somebody wrote to them or they asked for the link."""

from dataclasses import dataclass
from datetime import date

from portal.applications.rules import WHAT_TO_DO, Proposal, Turn, whose_turn
from portal.applications.states import ENDINGS, STATUS_LABELS
from portal.core.i18n import format_day, reading_as
from portal.core.i18n import gettext as _
from portal.core.mail import RenderedMail
from portal.core.settings import Settings
from portal.people.queries import Recipient
from portal.wording.queries import render
from portal.wording.rules import Rows

#: So much of a message stands beside its subject in a list of mail.
_BEGINNING = 110


@dataclass(frozen=True)
class Letter:
    """Everything that a message about an application says."""

    opening_title: str
    author_name: str
    owner_name: str
    is_new_status: bool
    proposal: Proposal


def message(to: Recipient, letter: Letter, settings: Settings) -> RenderedMail:
    """To the candidate: a person wrote to them about their application; another mail when it moved or has ended."""
    proposal = letter.proposal
    kind = "applications/message"
    if proposal.status in ENDINGS:
        kind = "applications/ending"
    elif letter.is_new_status:
        kind = "applications/new_status"
    return render(
        kind,
        to.locale,
        to.timezone,
        opening=letter.opening_title,
        author=letter.author_name or settings.org_name,
        status=STATUS_LABELS[proposal.status],
        first_words=_beginning(proposal.message),
        message=proposal.message,
        where_it_stands=_where_it_stands(to, proposal),
    )


def follow(to: Recipient, opening_title: str, valid_until: date, settings: Settings) -> RenderedMail:
    """To the candidate: a fresh link, because somebody opened one that was too old."""
    return render("applications/follow", to.locale, to.timezone, opening=opening_title, valid_until=valid_until)


def _beginning(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _BEGINNING else words[:_BEGINNING].rsplit(" ", 1)[0] + "…"


def _where_it_stands(to: Recipient, proposal: Proposal) -> Rows:
    with reading_as(to.locale, to.timezone):
        rows = [(_("Where it stands"), str(STATUS_LABELS[proposal.status]))]
        if proposal.next_update_by:
            whose = _("Yours.") if whose_turn(proposal.status) is Turn.YOU else _("Ours.")
            rows.append((_("Whose turn"), f"{whose} {WHAT_TO_DO.get(proposal.status, '')}"))
            day = format_day(proposal.next_update_by)
            rows.append((_("Our promise"), _("You hear from us next by %(day)s.", day=day)))
        rows.append((_("Why this date is later"), proposal.date_reason))
    return tuple(rows)
