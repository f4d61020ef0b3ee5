"""What may be written to a candidate, and when a word is due."""

import unicodedata
from dataclasses import dataclass, replace
from datetime import date, timedelta

from portal.applications.states import ENDINGS, ENDINGS_BY_US, OPEN_STATUSES, ApplicationStatus, Channel
from portal.company.rules import NO_HOLIDAYS, WorkCalendar
from portal.contact.rules import Wanted
from portal.contact.states import Budget, MailClass, Timing
from portal.core.errors import PortalError
from portal.core.i18n import format_day
from portal.core.i18n import gettext as _

#: A promise further ahead than this is none.
LONGEST_PROMISE = timedelta(days=90)
MESSAGE_LENGTH = 10_000
REASON_LENGTH = 500


@dataclass(frozen=True)
class Proposal:
    """What a recruiter wants to write."""

    status: ApplicationStatus
    message: str
    next_update_by: date | None
    date_reason: str
    #: Of an ending: why, for us only, the key of one of the company's reasons, with more words; see `rules.endings`.
    end_reason: str | None = None
    internal_reason: str = ""
    #: The letter says "not yet" instead of "no".
    is_not_yet: bool = False
    #: Of a withdrawal: how they told us.
    channel: Channel | None = None


class ProposalRefused(PortalError):
    """Something about what was to be written is not right; `field` names it."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class StaleApplication(PortalError):
    """Somebody else wrote in between; nothing has been sent."""


class EndingWaits(PortalError):
    """An ending waits to go, and nothing may be written after it before it went; nothing has been sent."""


class GoneAlready(PortalError):
    """A letter cannot be taken back any more."""


def clean_text(text: str) -> str:
    """What somebody typed, without control characters and without space around it; lines end in a line feed.

    Empty when there is nothing to see in it.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(ch for ch in lines if ch in "\n\t" or unicodedata.category(ch) not in {"Cc", "Cs"}).strip()
    is_visible = any(unicodedata.category(ch)[0] not in "ZC" for ch in kept)
    return kept if is_visible else ""


def check_proposal(
    proposal: Proposal, promised: date | None, today: date, calendar: WorkCalendar = NO_HOLIDAYS
) -> None:
    """Raise ProposalRefused unless this may be written; `promised` is the date the candidate has seen."""
    if not clean_text(proposal.message):
        raise ProposalRefused("message", _("Please write what the candidate will read."))
    if len(proposal.message) > MESSAGE_LENGTH:
        raise ProposalRefused("message", _("Please keep the message under 10,000 characters."))
    if proposal.status in OPEN_STATUSES:
        check_date(proposal, promised, today, calendar)


def check_date(proposal: Proposal, promised: date | None, today: date, calendar: WorkCalendar = NO_HOLIDAYS) -> None:
    """Raise ProposalRefused unless this may be the next date; `promised` is the one the candidate goes by."""
    day = proposal.next_update_by
    if day is None:
        raise ProposalRefused("next_update_by", _("Please say by when they hear from us next."))
    if day < today:
        raise ProposalRefused("next_update_by", _("This day has passed. Please choose one to come."))
    # What was promised before a day became a holiday stands.
    if day != promised and not calendar.is_working_day(day):
        message = _("Nobody works here on %(day)s. Please choose a working day.", day=format_day(day))
        raise ProposalRefused("next_update_by", message)
    if day - today > LONGEST_PROMISE:
        raise ProposalRefused("next_update_by", _("Please choose a day within the next 90 days."))
    if len(proposal.date_reason) > REASON_LENGTH:
        raise ProposalRefused("date_reason", _("Please keep the reason under 500 characters."))
    if promised is not None and day > promised and not clean_text(proposal.date_reason):
        raise ProposalRefused(
            "date_reason",
            _(
                "They were promised word by %(day)s. Please say why the next date is later; they will read it.",
                day=format_day(promised),
            ),
        )


def settled(proposal: Proposal, promised: date | None) -> Proposal:
    """The proposal as it is kept: an ending has no date, and a reason stands only where a date moved later."""
    message = clean_text(proposal.message)
    if proposal.status in ENDINGS:
        internal = clean_text(proposal.internal_reason)
        return replace(proposal, message=message, next_update_by=None, date_reason="", internal_reason=internal)
    is_later = promised is not None and proposal.next_update_by is not None and proposal.next_update_by > promised
    reason = clean_text(proposal.date_reason) if is_later else ""
    return Proposal(proposal.status, message, proposal.next_update_by, reason)


def wanted_for(status: ApplicationStatus) -> Wanted:
    """What a letter with this status asks of `contact`: an ending waits for office hours, all else goes at once."""
    timing = Timing.OFFICE if status in ENDINGS_BY_US else Timing.AT_ONCE
    return Wanted(MailClass.OWN, None, timing, Budget.NONE)


def is_promised_before(promised: date | None, goes_on: date) -> bool:
    """Whether the candidate waits past the day they were promised when they hear on `goes_on` only."""
    return promised is not None and promised < goes_on


def is_due(next_update_by: date | None, has_reported_change: bool, today: date) -> bool:
    """Whether somebody has to write today: the promised day has come, or the source says something new."""
    return has_reported_change or (next_update_by is not None and next_update_by <= today)
