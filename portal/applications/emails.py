"""What is sent about an application: to the candidate, because somebody wrote to them or they asked for the link."""

from dataclasses import dataclass
from datetime import date

from portal.applications.rules import WHAT_TO_DO, Proposal, Turn, whose_turn
from portal.applications.states import ENDINGS, STATUS_LABELS
from portal.core.mail import RenderedMail, render_mail
from portal.core.settings import Settings
from portal.people.queries import Recipient


@dataclass(frozen=True)
class Letter:
    """Everything that a message about an application says."""

    opening_title: str
    author_name: str
    owner_name: str
    is_new_status: bool
    proposal: Proposal


def message(to: Recipient, letter: Letter, settings: Settings) -> RenderedMail:
    """To the candidate: a person wrote to them about their application."""
    proposal = letter.proposal
    return render_mail(
        "applications/message",
        to.locale,
        to.timezone,
        base_url=settings.base_url,
        org_name=settings.org_name,
        opening_title=letter.opening_title,
        author_name=letter.author_name,
        owner_name=letter.owner_name,
        is_new_status=letter.is_new_status,
        has_ended=proposal.status in ENDINGS,
        status_label=STATUS_LABELS[proposal.status],
        is_their_turn=whose_turn(proposal.status) is Turn.YOU,
        turn_detail=WHAT_TO_DO.get(proposal.status, ""),
        message=proposal.message,
        next_update_by=proposal.next_update_by,
        date_reason=proposal.date_reason,
    )


def follow(to: Recipient, opening_title: str, valid_until: date, settings: Settings) -> RenderedMail:
    """To the candidate: a fresh link, because somebody opened one that was too old."""
    return render_mail(
        "applications/follow",
        to.locale,
        to.timezone,
        base_url=settings.base_url,
        org_name=settings.org_name,
        opening_title=opening_title,
        valid_until=valid_until,
    )
