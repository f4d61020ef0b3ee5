"""Where an application stands, in words for the candidate, and what may be written to them."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from portal.applications.states import (
    ENDINGS,
    ENDINGS_BY_US,
    OPEN_STATUSES,
    STATUS_LABELS,
    STEPS,
    ApplicationStatus,
    EventKind,
)
from portal.company.rules import NO_HOLIDAYS, WorkCalendar
from portal.contact.rules import Wanted
from portal.contact.states import Budget, MailClass, Timing
from portal.core.errors import PortalError
from portal.core.i18n import format_day
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l

#: A promise further ahead than this is none.
LONGEST_PROMISE = timedelta(days=90)
MESSAGE_LENGTH = 10_000
REASON_LENGTH = 500
#: Where the day stands in a sentence; a character that no name can hold.
_DAY = "\ue000"


class Turn(StrEnum):
    """Who has something to do next."""

    US = "us"
    YOU = "you"
    DONE = "done"


@dataclass(frozen=True)
class SayFirst:
    """The sentence an application's page opens with: `before`, the promised day if there is one, `after`."""

    turn: Turn
    before: str
    day: date | None
    after: str
    detail: str
    is_late: bool = False

    @property
    def text(self) -> str:
        """The whole sentence."""
        return f"{self.before}{format_day(self.day)}{self.after}" if self.day else self.before


@dataclass(frozen=True)
class Step:
    """One step of the way: passed, current, to come, or the end."""

    title: str
    state: str
    reached_on: date | None


@dataclass(frozen=True)
class Happened:
    """The part of an event that the steps need; no day where an import does not say when it came to that."""

    status: ApplicationStatus
    on: date | None


@dataclass(frozen=True)
class Proposal:
    """What a recruiter wants to write."""

    status: ApplicationStatus
    message: str
    next_update_by: date | None
    date_reason: str


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


_NEXT = {
    ApplicationStatus.RECEIVED: _l("We have your application, and %(owner)s tells you what happens next by %(day)s."),
    ApplicationStatus.IN_REVIEW: _l("We are reading your application, and you hear from %(owner)s by %(day)s."),
    ApplicationStatus.INTERVIEWING: _l("We are getting to know each other, and you hear from %(owner)s by %(day)s."),
    ApplicationStatus.DECISION_PENDING: _l("We are deciding, and %(owner)s tells you the outcome by %(day)s."),
    ApplicationStatus.OFFER_MADE: _l(
        "We have made you an offer, and %(owner)s waits for your answer. You hear from us again by %(day)s."
    ),
}
_ENDED = {
    ApplicationStatus.HIRED: _l("You got the job. Welcome."),
    ApplicationStatus.OFFER_DECLINED: _l("You declined our offer, and this application has ended."),
    ApplicationStatus.NOT_SELECTED: _l("We did not choose you for this role, and this application has ended."),
    ApplicationStatus.WITHDRAWN: _l("You withdrew this application, and it has ended."),
    ApplicationStatus.OPENING_CANCELLED: _l("This opening was cancelled, and with it your application has ended."),
}
#: What the candidate has to do while it is open.
WHAT_TO_DO = {
    ApplicationStatus.RECEIVED: _l("You need not do anything now."),
    ApplicationStatus.IN_REVIEW: _l("You need not do anything now. People read it, and no machine decides."),
    ApplicationStatus.INTERVIEWING: _l("You need not do anything until we write to you."),
    ApplicationStatus.DECISION_PENDING: _l("You need not do anything now. You get an answer either way."),
    ApplicationStatus.OFFER_MADE: _l("Take the time you need to decide, and ask whatever you want to know."),
}


def whose_turn(status: ApplicationStatus) -> Turn:
    """Who has something to do next, as long as we keep our promises."""
    if status in ENDINGS:
        return Turn.DONE
    return Turn.YOU if status is ApplicationStatus.OFFER_MADE else Turn.US


def say_first(
    status: ApplicationStatus, kind: EventKind, next_update_by: date | None, owner_name: str, today: date
) -> SayFirst:
    """What happens next, whose turn it is, and by when they hear from us.

    `today` is the day in the company's zone, in which promises are made.
    """
    if kind is EventKind.ENDED_BEFORE_US:
        return _ended_before_us(status, owner_name)
    if status in ENDINGS or next_update_by is None:
        detail = _(
            "What we wrote to you about it is below. If you want to ask something, %(owner)s answers.", owner=owner_name
        )
        return SayFirst(Turn.DONE, str(_ENDED.get(status, STATUS_LABELS[status])), None, "", detail)
    if next_update_by < today:
        return _late(next_update_by, owner_name)
    before, _mark, after = (str(_NEXT[status]) % {"owner": owner_name, "day": _DAY}).partition(_DAY)
    detail = str(WHAT_TO_DO[status])
    if next_update_by == today:
        detail = _("That is today.") + " " + detail
    return SayFirst(whose_turn(status), before, next_update_by, after, detail)


def _ended_before_us(status: ApplicationStatus, owner_name: str) -> SayFirst:
    sentence = _("This application ended before this page existed: %(status)s.", status=STATUS_LABELS[status])
    detail = _(
        "So there is no letter here. If you would like to know more, ask %(owner)s.",
        owner=owner_name,
    )
    return SayFirst(Turn.DONE, sentence, None, "", detail)


def _late(promised: date, owner_name: str) -> SayFirst:
    text = _("We promised to write to you by %(day)s, and we have not done so.", day=_DAY)
    before, _mark, after = text.partition(_DAY)
    detail = _(
        "That is our mistake and says nothing about your application. It stands among the first on %(owner)s's list.",
        owner=owner_name,
    )
    return SayFirst(Turn.US, before, promised, after, detail, is_late=True)


def steps(status: ApplicationStatus, happened: Iterable[Happened], applied_on: date | None) -> list[Step]:
    """The way of an application: passed, current and to come; an ending closes the row.

    A step that came before the current one counts as passed although we may not know when. One that began twice
    shows when it began last.
    """
    reached: dict[ApplicationStatus, date | None] = {}
    before: ApplicationStatus | None = None
    for event in happened:
        if event.status is not before:
            reached[event.status] = event.on
        before = event.status
    if applied_on is not None:
        reached[ApplicationStatus.RECEIVED] = applied_on
    if status in ENDINGS:
        done = [Step(str(STATUS_LABELS[step]), "done", reached[step]) for step in STEPS if step in reached]
        is_good = status is ApplicationStatus.HIRED
        return [*done, Step(str(STATUS_LABELS[status]), "done" if is_good else "ended", reached.get(status))]
    here = STEPS.index(status)
    return [
        Step(
            str(STATUS_LABELS[step]),
            "done" if place < here else "current" if place == here else "ahead",
            reached.get(step) if place <= here else None,
        )
        for place, step in enumerate(STEPS)
    ]


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
        _check_date(proposal, promised, today, calendar)


def _check_date(proposal: Proposal, promised: date | None, today: date, calendar: WorkCalendar) -> None:
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
        return Proposal(proposal.status, message, None, "")
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


#: The place in the signed cookie that holds which applications this browser follows, and until when.
FOLLOWING = "following"
_MOST_FOLLOWED = 20


def follow_more(following: object, public_id: str, now: datetime, until: datetime) -> dict[str, int]:
    """What a browser follows after it began to follow one more; the ones that end soonest make room."""
    kept = {**_still(following, now), public_id: int(until.timestamp())}
    longest = sorted(kept, key=lambda one: kept[one], reverse=True)[:_MOST_FOLLOWED]
    return {one: kept[one] for one in longest}


def is_followed(following: object, public_id: str, now: datetime) -> bool:
    """Whether a browser may read this application without signing in."""
    return public_id in _still(following, now)


def _still(following: object, now: datetime) -> dict[str, int]:
    if not isinstance(following, dict):
        return {}
    return {str(one): ends for one, ends in following.items() if isinstance(ends, int) and ends > now.timestamp()}
