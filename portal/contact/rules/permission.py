"""May we write to this person now? The one decision for all senders, promises 4 and 5."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from portal.company.rules import Hours, WorkCalendar
from portal.contact.rules.hours import later_by_days, months_after, next_time, start_of_day
from portal.contact.states import Budget, MailClass, Purpose, Rhythm, Timing, WhyHeld, WhyNot

#: A month of the budget, in days of the person's own calendar.
BUDGET_MONTH_DAYS: Final = 30
#: For so long after Not selected there is no community mail at all.
REST_DAYS: Final = 7
#: A wait without an end is looked at again after this, so that a change of mind counts within a day.
LOOK_AGAIN: Final = timedelta(days=1)
#: The same for what an admin ends who looks at it now.
_LOOK_SOON: Final = timedelta(minutes=15)
#: Topics that a person asked to hear of more often than the default; they are not taken from the budget.
_FREE_RHYTHMS: Final = frozenset({Rhythm.AS_IT_HAPPENS, Rhythm.WEEKLY})
_OFFICE_DAYS_TO_SEARCH: Final = 60
#: More than the kinds of waits there are: each is met once or twice on the way to an instant that suits all.
_ROUNDS: Final = 24
_NIGHT: Final = Hours(time(21), time(8))
_OFFICE_DAY: Final = Hours(time(9), time(17))
_MONDAY_TO_FRIDAY: Final = WorkCalendar()


@dataclass(frozen=True)
class Wanted:
    """What somebody would like to send."""

    mail_class: MailClass
    purpose: Purpose | None
    timing: Timing
    budget: Budget


@dataclass(frozen=True)
class Go:
    """It may go now."""


@dataclass(frozen=True)
class Hold:
    """It waits. When `has_end` is False nobody knows how long, and `until` says when to look again."""

    reason: WhyHeld
    until: datetime
    has_end: bool = True


@dataclass(frozen=True)
class Never:
    """It must not go, today or later."""

    reason: WhyNot


Verdict = Go | Hold | Never

#: How each purpose is sent by default: when a reader is awake, and taken from its allowance.
WANTED_FOR: Final[dict[Purpose, Wanted]] = {
    purpose: Wanted(MailClass.COMMUNITY, purpose, Timing.WAKING, budget)
    for purpose, budget in {
        Purpose.INSIDER_UPDATES: Budget.COMMUNITY,
        Purpose.JOB_ALERTS: Budget.JOB_ALERTS,
        Purpose.EVENTS: Budget.COMMUNITY,
        Purpose.CHECK_INS: Budget.CHECK_IN,
        Purpose.COMMUNITY_PULSE: Budget.COMMUNITY,
    }.items()
}


@dataclass(frozen=True)
class CountedContact:
    """A message that was sent, or is just being sent, from an allowance."""

    budget: Budget
    purpose: Purpose | None
    at: datetime


@dataclass(frozen=True)
class Preferences:
    """What a person chose about mail, apart from the ledger."""

    rhythms: Mapping[Purpose, Rhythm] = field(default_factory=dict)
    is_paused: bool = False
    #: The first day of mail after a pause, in the person's zone; None while paused: until they say.
    paused_until_on: date | None = None
    #: Their own quiet hours; None: the company's.
    quiet: Hours | None = None
    is_without_surveys: bool = False
    rests_until: datetime | None = None

    def is_paused_on(self, today: date) -> bool:
        """Whether the pause still holds on `today`, a day in the person's zone."""
        return self.is_paused and (self.paused_until_on is None or today < self.paused_until_on)


@dataclass(frozen=True)
class Facts:
    """All that the decision needs to know about a person and the company."""

    #: The person exists and has an address, or the message goes to an address that is nobody's yet.
    is_there: bool
    is_suppressed: bool
    #: The person's IANA zone; the company's for somebody we do not know.
    zone: str
    company_zone: str
    consents: frozenset[Purpose] = frozenset()
    preferences: Preferences = Preferences()
    #: Other messages taken from the same allowance.
    counted: tuple[CountedContact, ...] = ()
    quiet: Hours = _NIGHT
    office: Hours = _OFFICE_DAY
    calendar: WorkCalendar = _MONDAY_TO_FRIDAY
    community_per_month: int = 2
    check_in_days: int = 90
    #: A backup was restored, and no admin has let mail go since.
    is_restored: bool = False


def hold_of(reason: WhyHeld, until: datetime, chosen: Preferences) -> Hold:
    """A hold of which only the reason and the time were kept: a pause without an end has none."""
    is_open = reason is WhyHeld.PAUSED and chosen.is_paused and chosen.paused_until_on is None
    return Hold(reason, until, has_end=not is_open and reason is not WhyHeld.RESTORED)


def may_contact(facts: Facts, wanted: Wanted, now: datetime) -> Verdict:
    """Whether `wanted` may go `now`; a Hold names the first reason and the first instant that suits every rule."""
    refusal = _why_not(facts, wanted)
    if refusal is not None:
        return Never(refusal)
    first = _first_hold(facts, wanted, now)
    if first is None:
        return Go()
    if not first.has_end:
        return first
    until = first.until
    for _round in range(_ROUNDS):
        another = _first_hold(facts, wanted, until)
        if another is None or not another.has_end:
            break
        until = another.until
    return Hold(first.reason, until)


def _why_not(facts: Facts, wanted: Wanted) -> WhyNot | None:
    if facts.is_suppressed:
        return WhyNot.SUPPRESSED
    if not facts.is_there:
        return WhyNot.GONE
    if wanted.mail_class is MailClass.SURVEY and facts.preferences.is_without_surveys:
        return WhyNot.SURVEYS_OFF
    if wanted.mail_class is MailClass.COMMUNITY and wanted.purpose not in facts.consents:
        return WhyNot.NO_CONSENT
    return None


def _first_hold(facts: Facts, wanted: Wanted, moment: datetime) -> Hold | None:
    """The first rule that lets `wanted` wait at `moment`: the person's own wish, then the budget, then the hour.

    Before all of them: a restore.
    """
    checks: tuple[Callable[[Facts, Wanted, datetime], Hold | None], ...] = (
        _restored,
        _pause,
        _rest,
        _rhythm,
        _allowance,
        _hour,
    )
    return next((hold for check in checks if (hold := check(facts, wanted, moment)) is not None), None)


def _restored(facts: Facts, wanted: Wanted, moment: datetime) -> Hold | None:
    if not facts.is_restored or wanted.mail_class is MailClass.OWN:
        return None
    return Hold(WhyHeld.RESTORED, moment + _LOOK_SOON, has_end=False)


def _pause(facts: Facts, wanted: Wanted, moment: datetime) -> Hold | None:
    chosen = facts.preferences
    if wanted.mail_class is not MailClass.COMMUNITY or not chosen.is_paused:
        return None
    if chosen.paused_until_on is None:
        return Hold(WhyHeld.PAUSED, moment + LOOK_AGAIN, has_end=False)
    return _hold_until(WhyHeld.PAUSED, start_of_day(chosen.paused_until_on, facts.zone), moment)


def _rest(facts: Facts, wanted: Wanted, moment: datetime) -> Hold | None:
    if wanted.mail_class is not MailClass.COMMUNITY:
        return None
    return _hold_until(WhyHeld.RESTING, facts.preferences.rests_until, moment)


def _rhythm(facts: Facts, wanted: Wanted, moment: datetime) -> Hold | None:
    """How often of this topic: what the person chose; of job alerts at most one mail a day in any case."""
    if wanted.budget is Budget.NONE:
        return None
    chosen = facts.preferences.rhythms.get(wanted.purpose) if wanted.purpose else None
    same = [one.at for one in facts.counted if (one.budget, one.purpose) == (wanted.budget, wanted.purpose)]
    if not same:
        return None
    last = max(same).astimezone(ZoneInfo(facts.zone)).date()
    if chosen is Rhythm.MONTHLY:
        return _hold_until(WhyHeld.RHYTHM, start_of_day(months_after(last, 1), facts.zone), moment)
    if chosen is Rhythm.WEEKLY:
        return _hold_until(WhyHeld.RHYTHM, start_of_day(last + timedelta(days=7), facts.zone), moment)
    if wanted.budget is Budget.JOB_ALERTS:
        return _hold_until(WhyHeld.BUDGET, start_of_day(last + timedelta(days=1), facts.zone), moment)
    return None


def _allowance(facts: Facts, wanted: Wanted, moment: datetime) -> Hold | None:
    """The default allowance, for all topics of which the person did not ask to hear more often."""
    rhythms = facts.preferences.rhythms
    if wanted.budget in {Budget.NONE, Budget.JOB_ALERTS} or _is_free(rhythms, wanted.purpose):
        return None
    allowed, days = facts.community_per_month, BUDGET_MONTH_DAYS
    if wanted.budget is Budget.CHECK_IN:
        allowed, days = 1, facts.check_in_days
    if allowed < 1:
        return Hold(WhyHeld.BUDGET, moment + LOOK_AGAIN, has_end=False)
    ends = _ends(facts, wanted.budget, days)
    return _hold_until(WhyHeld.BUDGET, ends[-allowed], moment) if len(ends) >= allowed else None


def _ends(facts: Facts, budget: Budget, days: int) -> list[datetime]:
    """When each contact that was taken from `budget` stops to count, the latest last."""
    taken: Iterable[CountedContact] = (
        one for one in facts.counted if one.budget is budget and not _is_free(facts.preferences.rhythms, one.purpose)
    )
    return sorted(later_by_days(one.at, days, facts.zone) for one in taken)


def _is_free(rhythms: Mapping[Purpose, Rhythm], purpose: Purpose | None) -> bool:
    return purpose is not None and rhythms.get(purpose) in _FREE_RHYTHMS


def _hour(facts: Facts, wanted: Wanted, moment: datetime) -> Hold | None:
    if wanted.timing is Timing.WAKING:
        return _quiet(facts, moment)
    if wanted.timing is Timing.OFFICE:
        return _office(facts, moment)
    return None


def _quiet(facts: Facts, moment: datetime) -> Hold | None:
    quiet, zone = facts.preferences.quiet or facts.quiet, ZoneInfo(facts.zone)

    def is_awake(instant: datetime) -> bool:
        return not quiet.covers(instant.astimezone(zone).time())

    if is_awake(moment):
        return None
    until = next_time(moment, quiet.end, facts.zone, is_awake)
    return Hold(WhyHeld.QUIET_HOURS, until or moment + LOOK_AGAIN, has_end=until is not None)


def _office(facts: Facts, moment: datetime) -> Hold | None:
    zone = ZoneInfo(facts.company_zone)

    def is_open(instant: datetime) -> bool:
        local = instant.astimezone(zone)
        return facts.calendar.is_working_day(local.date()) and facts.office.covers(local.time())

    if is_open(moment):
        return None
    until = next_time(moment, facts.office.start, facts.company_zone, is_open, _OFFICE_DAYS_TO_SEARCH)
    return Hold(WhyHeld.OFFICE_HOURS, until or moment + LOOK_AGAIN, has_end=until is not None)


def _hold_until(reason: WhyHeld, until: datetime | None, moment: datetime) -> Hold | None:
    return Hold(reason, until) if until is not None and until > moment else None
