"""Who is asked when: the moment after each touchpoint, and what keeps somebody from being asked, for now or for good.

Who has another application that is open is not asked how an earlier one ended: they would wonder whether their answer
counts there. What is asked while a decision is open in any case (having applied, an interview) waits for none of
them, and the community pulse is about no application at all.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from portal.contact.rules.hours import later_by_days, months_after, start_of_day
from portal.interviews.rules.afterwards import Met, evening_of
from portal.interviews.states import OPEN_INTERVIEWS, InterviewState
from portal.surveys.states import Touchpoint, WhyNotAsked

#: So long an answer is taken, in calendar days; the link in the mail lives as long.
OPEN_DAYS: Final = 30
#: Nobody is asked the same within so many months.
APART_MONTHS: Final = 6
AFTER_AN_INTERVIEW: Final = timedelta(hours=4)
#: Days after the letter, where no feedback came.
DAYS_AFTER_A_NO: Final = 7
#: Days after feedback was given.
DAYS_AFTER_FEEDBACK: Final = 1
#: Days after the others can read how it ended.
DAYS_AFTER: Final[dict[Touchpoint, int]] = {Touchpoint.LEFT: 1, Touchpoint.HIRED: 14}
#: Days after somebody agreed to the pulse, and months between two.
DAYS_AFTER_CONSENT: Final = 30
PULSE_MONTHS: Final = 12
#: For so many days somebody is asked later rather than never; the pulse has no moment that passes.
PATIENCE_DAYS: Final[dict[Touchpoint, int]] = {
    Touchpoint.APPLIED: 7,
    Touchpoint.INTERVIEWED: 7,
    Touchpoint.NOT_SELECTED: 14,
    Touchpoint.LEFT: 14,
    Touchpoint.HIRED: 14,
}
#: Where nothing is sent, so nothing can come at a bad time.
WITHOUT_MAIL: Final = frozenset({Touchpoint.APPLIED})
#: Asked while an application is open, or about none.
_BESIDE_OTHERS: Final = frozenset({Touchpoint.APPLIED, Touchpoint.INTERVIEWED, Touchpoint.COMMUNITY})
#: After a rejection once is enough.
REMINDED: Final = frozenset(Touchpoint) - WITHOUT_MAIL - {Touchpoint.NOT_SELECTED}
REMINDED_AFTER_DAYS: Final = 3
#: A reminder that could not go for so many days does not go any more; nor one so long after the last day of asking.
_REMINDER_PATIENCE_DAYS: Final = 7
#: A mail that could not go for so long does not go any more.
_MAIL_WAITS: Final = timedelta(days=5)
#: So long it may wait in any case: whoever is asked at the last moment.
_MAIL_WAITS_AT_LEAST: Final = timedelta(hours=12)
#: What may be over tomorrow.
FOR_NOW: Final = frozenset(
    {
        WhyNotAsked.HELD_IMPORT,
        WhyNotAsked.OUTCOME_QUEUED,
        WhyNotAsked.UNANSWERED,
        WhyNotAsked.ACTIVE_ELSEWHERE,
    }
)


@dataclass(frozen=True)
class Standing:
    """All that decides whether somebody is asked who came past a touchpoint; each is read at this moment."""

    #: They asked for no more surveys about their applications.
    is_opted_out: bool = False
    #: They agreed to the community pulse.
    has_consent: bool = True
    #: Why the way in which it ended starts no survey: before us, told elsewhere, told without a mail.
    told: WhyNotAsked | None = None
    #: Of what was asked about: they can read how it ended.
    has_ended: bool = False
    is_held: bool = False
    #: An ending of any application of theirs is written, or waits to be, and they have not got it.
    is_outcome_queued: bool = False
    #: They wait for our word beyond the day we promised, for feedback that is overdue, or for an answer to a message.
    is_unanswered: bool = False
    is_active_elsewhere: bool = False
    #: When they were last asked at this touchpoint.
    asked_on: date | None = None


@dataclass(frozen=True)
class Ask:
    """They are asked now."""


@dataclass(frozen=True)
class Wait:
    """Not yet; `why` None: its moment has not come."""

    why: WhyNotAsked | None = None


@dataclass(frozen=True)
class PassOver:
    """They are not asked about this any more."""

    why: WhyNotAsked


Decision = Ask | Wait | PassOver


def cause_of(touchpoint: Touchpoint, what: str) -> str:
    """What somebody came past, once: `what` names the application, the event that ended it, or a person and a day."""
    return f"{touchpoint}:{what}"


def after_interviews(meetings: Iterable[Met], zone: str) -> datetime | None:
    """Four hours after the end of the first that took place; None where none did.

    Of one that nobody has closed it is the evening, in the company's `zone`: as with the thanks, somebody may still
    say that it did not happen. One that we or they missed is none.
    """
    for one in sorted(meetings, key=lambda met: met.starts_at):
        if one.state is InterviewState.DONE:
            return one.ends_at + AFTER_AN_INTERVIEW
        if one.state in OPEN_INTERVIEWS and one.state is not InterviewState.PROPOSED:
            day = one.starts_at.astimezone(ZoneInfo(zone)).date()
            return max(one.ends_at + AFTER_AN_INTERVIEW, evening_of(day, zone))
    return None


def after_ending(touchpoint: Touchpoint, told_at: datetime, feedback_at: datetime | None, zone: str) -> datetime:
    """When to ask somebody who can read since `told_at` how it ended, on their own clock (IANA `zone`).

    After Not selected a day after the feedback reached them, else a week after the letter did.
    """
    if touchpoint is not Touchpoint.NOT_SELECTED:
        return later_by_days(told_at, DAYS_AFTER[touchpoint], zone)
    if feedback_at is not None:
        return later_by_days(max(told_at, feedback_at), DAYS_AFTER_FEEDBACK, zone)
    return later_by_days(told_at, DAYS_AFTER_A_NO, zone)


def pulse_after(consented_at: datetime, last_on: date | None, zone: str) -> datetime:
    """When to ask a member how we are doing: a month after they agreed, and a year after they were asked last."""
    first = later_by_days(consented_at, DAYS_AFTER_CONSENT, zone)
    if last_on is None:
        return first
    return max(first, start_of_day(months_after(last_on, PULSE_MONTHS), zone))


def decide(touchpoint: Touchpoint, due_at: datetime, standing: Standing, now: datetime, today: date) -> Decision:
    """Whether somebody is asked now who came past a touchpoint; `today` is a day on the company's calendar.

    What is only for now makes them wait for some days; then they are passed over for that reason. Nobody is asked
    how their interview was who has read since how it ended: the next survey asks about all of it.
    """
    if now < due_at:
        return Wait()
    refused = _for_good(touchpoint, standing, today)
    if refused is not None:
        return PassOver(refused)
    hindrance = _for_now(touchpoint, standing)
    days = PATIENCE_DAYS.get(touchpoint)
    if days is not None and now >= due_at + timedelta(days=days):
        return PassOver(hindrance or WhyNotAsked.TOO_LATE)
    return Wait(hindrance) if hindrance is not None else Ask()


def _for_good(touchpoint: Touchpoint, standing: Standing, today: date) -> WhyNotAsked | None:
    if standing.told is not None:
        return standing.told
    if touchpoint is Touchpoint.COMMUNITY:
        return None if standing.has_consent else WhyNotAsked.NO_CONSENT
    if standing.is_opted_out:
        return WhyNotAsked.OPTED_OUT
    if standing.asked_on is not None and today < months_after(standing.asked_on, APART_MONTHS):
        return WhyNotAsked.ASKED_LATELY
    if touchpoint is Touchpoint.INTERVIEWED and standing.has_ended:
        return WhyNotAsked.TOO_LATE
    return None


def _for_now(touchpoint: Touchpoint, standing: Standing) -> WhyNotAsked | None:
    if touchpoint in WITHOUT_MAIL:
        return None
    hindrances = (
        (standing.is_held, WhyNotAsked.HELD_IMPORT),
        (standing.is_outcome_queued, WhyNotAsked.OUTCOME_QUEUED),
        (standing.is_unanswered, WhyNotAsked.UNANSWERED),
        (standing.is_active_elsewhere and touchpoint not in _BESIDE_OTHERS, WhyNotAsked.ACTIVE_ELSEWHERE),
    )
    return next((why for is_so, why in hindrances if is_so), None)


def may_hear(touchpoint: Touchpoint, standing: Standing) -> bool:
    """Whether a mail that asks somebody may go at this moment, who was asked before."""
    if standing.is_opted_out or not standing.has_consent or standing.told is not None:
        return False
    is_over = touchpoint is Touchpoint.INTERVIEWED and standing.has_ended
    return not is_over and _for_now(touchpoint, standing) is None


def reminder_at(sent_at: datetime, zone: str) -> datetime:
    """When to remind somebody whose mail was accepted at `sent_at`, on their own clock."""
    return later_by_days(sent_at, REMINDED_AFTER_DAYS, zone)


def is_reminder_due(sent_at: datetime, closes_on: date, zone: str, now: datetime, today: date) -> bool:
    """Whether the reminder is due: after three days, not much later, and while answers are taken."""
    due_at = reminder_at(sent_at, zone)
    return due_at <= now < due_at + timedelta(days=_REMINDER_PATIENCE_DAYS) and today <= closes_on


def mail_until(touchpoint: Touchpoint, due_at: datetime, now: datetime, *, is_reminder: bool = False) -> datetime:
    """Until when a mail may wait that is written now to somebody who was to be asked at `due_at`.

    No longer than they would be asked, and reminded for a week after that: nobody wants to hear about an interview of
    three weeks ago.
    """
    days = PATIENCE_DAYS.get(touchpoint)
    if days is None:
        return now + _MAIL_WAITS
    last = due_at + timedelta(days=days + (_REMINDER_PATIENCE_DAYS if is_reminder else 0))
    return min(now + _MAIL_WAITS, max(last, now + _MAIL_WAITS_AT_LEAST))


def is_too_late_to_remind(touchpoint: Touchpoint, due_at: datetime, now: datetime) -> bool:
    """Whether so much time has passed since somebody was to be asked at `due_at` that a reminder makes no sense."""
    days = PATIENCE_DAYS.get(touchpoint)
    return days is not None and now >= due_at + timedelta(days=days + _REMINDER_PATIENCE_DAYS)


def closes_on(asked_on: date) -> date:
    """The last day on which somebody can answer who is asked on this day."""
    return asked_on + timedelta(days=OPEN_DAYS)
