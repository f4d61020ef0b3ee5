"""What feedback a candidate is owed after an application has ended, by when, and what becomes of a debt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from portal.applications.states import ENDINGS, ApplicationStatus, EventKind
from portal.company.states import FeedbackWay
from portal.feedback.states import DebtState, FeedbackForm
from portal.interviews.states import InterviewFormat, InterviewState

#: One interview by telephone or video that lasted no longer was a screen: after it the short form is enough.
SHORT_SCREEN_MINUTES: Final = 30
#: Endings after which feedback is given when they ask for it.
WHEN_ASKED: Final[frozenset[ApplicationStatus]] = frozenset(
    {ApplicationStatus.WITHDRAWN, ApplicationStatus.OFFER_DECLINED, ApplicationStatus.OPENING_CANCELLED}
)
_SCREENS: Final = frozenset({InterviewFormat.TELEPHONE, InterviewFormat.VIDEO})
_MISSED: Final = frozenset({InterviewState.MISSED_BY_THEM, InterviewState.MISSED_BY_US})
_NOT_CLOSED: Final = frozenset({InterviewState.CONFIRMED, InterviewState.MOVED})
_STANDING: Final = frozenset({DebtState.OPEN, DebtState.HELD})
#: What was called done by a slip of the finger is put right within this time; later than that it took place.
_SLIP: Final = timedelta(hours=1)


@dataclass(frozen=True)
class Reached:
    """Something that happened to an application, and since when the candidate can read it."""

    event_id: int
    kind: EventKind
    status: ApplicationStatus
    at: datetime


@dataclass(frozen=True)
class Called:
    """That a colleague said whether an interview took place."""

    took_place: bool
    at: datetime


@dataclass(frozen=True)
class Interviewed:
    """An interview here; `starts_at` None while no time is chosen.

    `called`: what colleagues said became of one that is now called missed, the oldest first.
    """

    state: InterviewState
    format: InterviewFormat
    minutes: int
    starts_at: datetime | None
    called: Sequence[Called] = ()

    @property
    def was_done(self) -> bool:
        """Whether it stood as done for longer than a slip of the finger."""
        until = [one.at for one in self.called[1:]]
        return any(one.took_place and at - one.at > _SLIP for one, at in zip(self.called, until, strict=False))

    @property
    def missed_since(self) -> datetime | None:
        """Since when it has been called missed without a break; None where nobody knows."""
        since = None
        for one in self.called:
            since = None if one.took_place else since or one.at
        return since


@dataclass(frozen=True)
class Facts:
    """All that decides about the feedback on one application; `reached` is the oldest first."""

    reached: Sequence[Reached]
    #: Those that were arranged here. What an import tells of earlier ones is none of them.
    interviews: Sequence[Interviewed]
    #: By which way, and within how many calendar days, as our promises said when they applied.
    way: FeedbackWay
    days: int
    #: When they asked, by the event of the ending.
    asked: Mapping[int, datetime]
    #: When feedback reached them that stands: its mail was accepted, or somebody spoke with them.
    given: Sequence[datetime] = ()
    #: When what they had was taken back last.
    retracted_at: datetime | None = None


@dataclass(frozen=True)
class Owed:
    """Feedback that is due after one ending; `due_on` is a calendar day in the company's zone."""

    event_id: int
    form: FeedbackForm
    way: FeedbackWay
    due_on: date
    asked_at: datetime | None


@dataclass(frozen=True)
class Debt:
    """A debt as it was noted."""

    event_id: int
    state: DebtState
    form: FeedbackForm


@dataclass(frozen=True)
class Change:
    """What is to be noted about the debt of one ending; `owed` where it stands from now on."""

    event_id: int
    state: DebtState
    owed: Owed | None = None
    settled_at: datetime | None = None


def ending_of(reached: Sequence[Reached]) -> Reached | None:
    """What ended the application as the candidate reads it: the first event since which it reads as it does.

    None while it is open, also where an ending was taken back.
    """
    if not reached or reached[-1].status not in ENDINGS:
        return None
    ending = reached[-1]
    for one in reversed(reached):
        if one.status is not ending.status:
            break
        ending = one
    return ending


def held_before(interviews: Sequence[Interviewed], ending: Reached, now: datetime) -> list[Interviewed]:
    """The interviews that took place: those a colleague calls done, and those nobody has said anything about.

    The latter count once their time is over, if they began before the candidate read the ending: whoever forgot to
    close one does not do away with a debt by it. One that the candidate missed is none. Nor is one that we missed:
    nobody met them, so nobody could write anything true; they are owed an apology and another time, not feedback.

    Calling an interview missed does not do away with a debt either: it counts all the same if it stood as done before,
    or if nobody said so until the candidate had read the ending. Where nothing can be given, an admin holds it.
    """
    return [one for one in interviews if _took_place(one, ending, now)]


def is_called_missed_too_late(one: Interviewed, ending: Reached) -> bool:
    """Whether an interview is called missed and counts as one that took place."""
    if one.state not in _MISSED:
        return False
    if one.was_done:
        return True
    since = one.missed_since
    return since is not None and since > ending.at and one.starts_at is not None and one.starts_at < ending.at


def _took_place(one: Interviewed, ending: Reached, now: datetime) -> bool:
    if one.state is InterviewState.DONE or is_called_missed_too_late(one, ending):
        return True
    if one.state not in _NOT_CLOSED or one.starts_at is None:
        return False
    return one.starts_at < ending.at and one.starts_at + timedelta(minutes=one.minutes) <= now


def form_after(held: Sequence[Interviewed]) -> FeedbackForm:
    """How much is owed: the short form where the only interview was a screen."""
    if len(held) > 1:
        return FeedbackForm.FULL
    is_screen = all(one.format in _SCREENS and one.minutes <= SHORT_SCREEN_MINUTES for one in held)
    return FeedbackForm.SHORT if is_screen else FeedbackForm.FULL


def due_day(since: datetime, days: int, zone: str) -> date:
    """The last day for feedback that is owed `since`: so many calendar days after, in the company's IANA `zone`.

    Days are counted on the calendar and not in hours, so a change of the clock moves nothing; and it is the company's
    calendar, wherever the candidate is, as for every other day that we promise.
    """
    return since.astimezone(ZoneInfo(zone)).date() + timedelta(days=days)


def owed(facts: Facts, zone: str, now: datetime) -> Owed | None:
    """The feedback that this application is owed, given or not; None where none is.

    Not selected owes it by itself, Withdrawn, Offer declined and Opening cancelled when they ask, all others never;
    only after an interview here, and only where our promises said that there is any. Counted in days from when the
    candidate could read of the ending, from when they asked, or from when what they had was taken back again.
    """
    ending = ending_of(facts.reached)
    if ending is None or not _may_be_owed(facts, ending, now):
        return None
    asked_at = facts.asked.get(ending.event_id) if ending.status in WHEN_ASKED else None
    if ending.status is not ApplicationStatus.NOT_SELECTED and asked_at is None:
        return None
    due_on = due_day(asked_at or ending.at, facts.days, zone)
    if facts.retracted_at is not None and facts.retracted_at > ending.at:
        due_on = max(due_on, due_day(facts.retracted_at, facts.days, zone))
    form = form_after(held_before(facts.interviews, ending, now))
    return Owed(ending.event_id, form, facts.way, due_on, asked_at)


def _may_be_owed(facts: Facts, ending: Reached, now: datetime) -> bool:
    if ending.kind is EventKind.ENDED_BEFORE_US or facts.way is FeedbackWay.NONE:
        return False
    return bool(held_before(facts.interviews, ending, now))


def may_ask(facts: Facts, now: datetime) -> bool:
    """Whether they can ask for feedback: it ended so that it is theirs to ask, and they have not asked nor got any."""
    ending = ending_of(facts.reached)
    if ending is None or ending.status not in WHEN_ASKED or ending.event_id in facts.asked:
        return False
    return _may_be_owed(facts, ending, now) and given_at(facts, now) is None


def is_none_given(facts: Facts, now: datetime) -> bool:
    """Whether they were interviewed and would get feedback, had our promises not said that we give none."""
    ending = ending_of(facts.reached)
    if ending is None or facts.way is not FeedbackWay.NONE or ending.kind is EventKind.ENDED_BEFORE_US:
        return False
    is_such = ending.status in WHEN_ASKED | {ApplicationStatus.NOT_SELECTED}
    return is_such and bool(held_before(facts.interviews, ending, now))


def given_at(facts: Facts, now: datetime) -> datetime | None:
    """When they got feedback that covers all their interviews; None while some of it is still to be said.

    What reached them before an ending was taken back covers the next ending as well, unless they were interviewed
    since: nobody is told the same twice.
    """
    ending = ending_of(facts.reached)
    if ending is None:
        return None
    begun = [one.starts_at for one in held_before(facts.interviews, ending, now) if one.starts_at is not None]
    return min((at for at in facts.given if not begun or at >= max(begun)), default=None)


def settle(facts: Facts, debts: Sequence[Debt], zone: str, now: datetime) -> list[Change]:
    """What is to be noted so that the debts of an application are as the facts say; nothing when they are already.

    At most one debt of an application stands: what stood for another ending is void, as that was taken back. One that
    is held stays held. What was given and was taken back, or came back as undeliverable, is owed again.
    """
    due = owed(facts, zone, now)
    given = given_at(facts, now)
    changes = [
        Change(one.event_id, DebtState.VOID, settled_at=now)
        for one in debts
        if one.state in _STANDING and (due is None or one.event_id != due.event_id)
    ]
    if due is None:
        return changes
    known = next((one for one in debts if one.event_id == due.event_id), None)
    wanted = _state_of(known, given)
    if known is None or known.state is not wanted or (wanted is DebtState.OPEN and known.form is not due.form):
        changes.append(Change(due.event_id, wanted, due, given if wanted is DebtState.GIVEN else None))
    return changes


def _state_of(known: Debt | None, given: datetime | None) -> DebtState:
    if given is not None:
        return DebtState.GIVEN
    return DebtState.HELD if known is not None and known.state is DebtState.HELD else DebtState.OPEN
