"""Changes that are told in the company's standard words: what may be told so, when it goes, and who is left out."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from portal.applications.rules.proposals import Proposal, ProposalRefused, check_date
from portal.applications.states import ENDINGS, OPEN_STATUSES, ApplicationStatus
from portal.company.rules import NO_HOLIDAYS, WorkCalendar
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l

#: Two changes within this time are one mail.
ONE_MAIL_WITHIN: Final = timedelta(hours=1)
#: What another system says reaches the candidate's page only after so long, so that a wrong file can be put right.
IMPORTED_AFTER: Final = timedelta(hours=24)


class LeftOut(StrEnum):
    """Why somebody gets no notice that it takes longer."""

    ENDED = "ended"
    HELD = "held"
    ENDING_WAITS = "ending_waits"
    LETTER_WAITS = "letter_waits"
    NO_ADDRESS = "no_address"
    SUPPRESSED = "suppressed"
    NOT_LATER = "not_later"
    CHANGED = "changed"


LEFT_OUT_WORDS: Final[dict[LeftOut, str]] = {
    LeftOut.ENDED: _l("Their application has ended."),
    LeftOut.HELD: _l("They came with an import that is held."),
    LeftOut.ENDING_WAITS: _l("An ending waits to go to them."),
    LeftOut.LETTER_WAITS: _l("A letter is on its way to them."),
    LeftOut.NO_ADDRESS: _l("We have no address of theirs."),
    LeftOut.SUPPRESSED: _l("Mail to their address came back, so they have to be told another way."),
    LeftOut.NOT_LATER: _l("They were promised word on this day or later."),
    LeftOut.CHANGED: _l("A colleague has just written to them."),
}


@dataclass(frozen=True)
class Standing:
    """As much of an application as decides whether it can be told that it takes longer."""

    status: ApplicationStatus
    #: The day that the candidate goes by, or that a notice on its way names.
    promised: date | None
    is_held: bool
    has_address: bool
    is_suppressed: bool
    #: What is on its way to them and cannot be replaced; None when nothing is.
    status_on_its_way: ApplicationStatus | None


def why_left_out(standing: Standing, day: date | None) -> LeftOut | None:
    """Why this candidate is not told that it takes until `day`; None when they are. No `day`: it is not chosen yet."""
    reasons = {
        LeftOut.ENDED: standing.status in ENDINGS,
        LeftOut.HELD: standing.is_held,
        LeftOut.ENDING_WAITS: standing.status_on_its_way in ENDINGS,
        LeftOut.LETTER_WAITS: standing.status_on_its_way is not None,
        LeftOut.NO_ADDRESS: not standing.has_address,
        LeftOut.SUPPRESSED: standing.is_suppressed,
        LeftOut.NOT_LATER: day is not None and standing.promised is not None and standing.promised >= day,
    }
    return next((reason for reason, is_so in reasons.items() if is_so), None)


def check_change(
    proposal: Proposal,
    standing: ApplicationStatus,
    promised: date | None,
    today: date,
    calendar: WorkCalendar = NO_HOLIDAYS,
) -> None:
    """Raise ProposalRefused unless this may be told without words of one's own.

    `standing` is where it stands once all that waits has gone, `promised` the date that the candidate goes by.
    """
    if standing in ENDINGS:
        raise ProposalRefused("status", _("It has ended. Please write a letter."))
    if proposal.status not in OPEN_STATUSES:
        raise ProposalRefused("status", _("An ending needs words of your own. Please write a letter."))
    check_date(proposal, promised, today, calendar)
    if proposal.status is standing and promised is None:
        raise ProposalRefused(
            "status",
            _("They were told that we have not kept our promise. Another day is no answer: please write a letter."),
        )
    is_later = promised is None or (proposal.next_update_by is not None and proposal.next_update_by > promised)
    if proposal.status is standing and not is_later:
        raise ProposalRefused(
            "status", _("Nothing would change. Choose another status or a later day; for anything else write a letter.")
        )


def goes_from(
    now: datetime,
    window: timedelta,
    *,
    waits_until: datetime | None = None,
    last_change_at: datetime | None = None,
    is_hurried: bool = False,
) -> datetime:
    """When something that is written now is handed over at the earliest.

    `window`: how long it can be undone. `waits_until`: when the last goes that waits already, for nothing overtakes
    it. `last_change_at`: of a change, when the one before it was accepted; what follows within an hour joins it.
    """
    if is_hurried:
        return now
    ends = [now + window, waits_until, last_change_at + ONE_MAIL_WITHIN if last_change_at else None]
    return max(end for end in ends if end is not None)
