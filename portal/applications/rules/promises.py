"""What a promised day brings about when it passes, what keeps it, and what may stand in a letter that keeps it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from portal.applications.rules.proposals import ProposalRefused, clean_text
from portal.applications.states import (
    AUTOMATIC,
    ENDINGS,
    STATUS_LABELS,
    WORDS_OF_PEOPLE,
    ApplicationStatus,
    EventKind,
    PromiseOutcome,
)
from portal.company.rules import Hours, WorkCalendar, working_days_after
from portal.core.i18n import format_day
from portal.core.i18n import gettext as _

#: Automatic notes without a word of a person between them; then the lead is asked.
NOTES_IN_A_ROW: Final = 2
#: Working days in which an escalated application is answered or ended; then an admin has to.
DAYS_TO_ANSWER: Final = 20
#: Working days before the promised day on which whoever looks after an application is reminded, with a draft.
REMINDED_BEFORE: Final = 2
CALL_LENGTH: Final = 500


class Standing(StrEnum):
    """Whether the candidate has got what an event says."""

    SEEN = "seen"
    ON_ITS_WAY = "on_its_way"
    LOST = "lost"


class Owed(StrEnum):
    """What an application needs now that no person does."""

    NOTHING = "nothing"
    NOTE = "note"
    ESCALATION = "escalation"


@dataclass(frozen=True)
class Past:
    """An event of an application, as far as promises go."""

    kind: EventKind
    standing: Standing


def ends_at(promised: date, hours: Hours, zone: str) -> datetime:
    """When a promised day is over: at the end of office hours of that day, in the company's IANA `zone`."""
    day = promised + timedelta(days=1) if hours.end <= hours.start else promised
    return datetime.combine(day, hours.end, ZoneInfo(zone))


def last_day_over(now: datetime, hours: Hours, zone: str) -> date:
    """The last promised day that is over at `now`."""
    day = now.astimezone(ZoneInfo(zone)).date()
    while ends_at(day, hours, zone) > now:
        day -= timedelta(days=1)
    return day


def owed(promised: date | None, last_over: date, history: Sequence[Past]) -> Owed:
    """What is owed when every promise up to `last_over` should have been kept.

    `promised` is the date the candidate has seen, `history` what happened, the newest first. Nothing while any message
    is on its way, or a note reached nobody and that is not settled yet; after two notes in a row without a word of a
    person that reached them, the lead is asked, once.
    """
    if promised is None or promised > last_over or any(one.standing is Standing.ON_ITS_WAY for one in history):
        return Owed.NOTHING
    if any(one.kind in AUTOMATIC and one.standing is Standing.LOST for one in history):
        # First the page itself tells them what it said; only then is it known how many they have got.
        return Owed.NOTHING
    silent = list(_since_a_word(history))
    if EventKind.ESCALATED in silent:
        return Owed.NOTHING
    return Owed.ESCALATION if silent.count(EventKind.HOLDING_NOTE) >= NOTES_IN_A_ROW else Owed.NOTE


def notes_in_a_row(history: Sequence[Past]) -> int:
    """How many automatic notes the candidate has got since a person's last word."""
    return list(_since_a_word(history)).count(EventKind.HOLDING_NOTE)


def _since_a_word(history: Sequence[Past]) -> Iterable[EventKind]:
    for one in history:
        if one.standing is not Standing.SEEN:
            continue
        if one.kind in WORDS_OF_PEOPLE:
            return
        yield one.kind


def next_day(status: ApplicationStatus, pace: dict[str, int], today: date, calendar: WorkCalendar) -> date:
    """The date that a note gives: the pace of an open status in working days from `today`."""
    return working_days_after(today, max(1, pace[status]), calendar)[-1]


def answer_by(today: date, calendar: WorkCalendar) -> date:
    """By when an escalated application is answered or ended; never shown as a promise."""
    return working_days_after(today, DAYS_TO_ANSWER, calendar)[-1]


def not_before(now: datetime, last_note_at: datetime | None, zones: Sequence[str]) -> datetime:
    """From when another automatic message may go: on a later day than the last, in each of the IANA `zones`."""
    if last_note_at is None:
        return now
    days_after = []
    for zone in zones:
        day = last_note_at.astimezone(ZoneInfo(zone)).date() + timedelta(days=1)
        days_after.append(datetime.combine(day, time(), ZoneInfo(zone)))
    return max(now, *days_after)


def reminded_on(day: date, calendar: WorkCalendar) -> date:
    """The day on which somebody is reminded of `day`: two working days before it."""
    left = REMINDED_BEFORE
    while left:
        day -= timedelta(days=1)
        left -= calendar.is_working_day(day)
    return day


def reminded_until(today: date, calendar: WorkCalendar) -> date:
    """The last promised day of which somebody is reminded today."""
    return working_days_after(today, REMINDED_BEFORE, calendar)[-1]


@dataclass(frozen=True)
class DraftFacts:
    """What a ready draft says."""

    name: str
    opening_title: str
    status: ApplicationStatus
    promised: date


def ready_draft(facts: DraftFacts) -> str:
    """A letter that keeps a promise when there is no news: true as it stands, with nothing left to fill in."""
    hello = _("Hello %(name)s,", name=facts.name) if facts.name else _("Hello,")
    told = _(
        "I promised you word about your application for %(opening)s by %(day)s, so here is where it stands.",
        opening=facts.opening_title,
        day=format_day(facts.promised),
    )
    news = _(
        "It stands at “%(status)s”, and nothing has been decided yet. As soon as something has, you hear it from me; "
        "the day by which I write again is below. You need not do anything until then.",
        status=STATUS_LABELS[facts.status],
    )
    if facts.status is ApplicationStatus.OFFER_MADE:
        news = _(
            "Our offer stands, and nothing has changed on our side. If you want to ask anything before you decide, "
            "answer this message. The day by which I write again is below."
        )
    return f"{hello}\n\n{told}\n\n{news}"


def check_call(words: str, on: date | None, *, first_day: date, today: date) -> None:
    """Raise ProposalRefused unless a call can be logged so: one sentence, today or earlier, not before they applied."""
    if not clean_text(words):
        raise ProposalRefused("message", _("Please say in a sentence what you talked about; they will read it."))
    if len(words) > CALL_LENGTH:
        raise ProposalRefused("message", _("Please keep this under 500 characters."))
    if on is None:
        raise ProposalRefused("happened_on", _("Please say on which day you spoke."))
    if on > today:
        raise ProposalRefused("happened_on", _("This day is still to come. Please choose today or an earlier one."))
    if on < first_day:
        message = _("They applied on %(day)s. Please choose that day or a later one.", day=format_day(first_day))
        raise ProposalRefused("happened_on", message)


@dataclass(frozen=True)
class Said:
    """An event that a candidate has got: when, and what it promised."""

    event_id: int
    kind: EventKind
    status: ApplicationStatus
    promised_on: date | None
    seen_at: datetime
    #: Of a logged call: the day on which they spoke.
    happened_on: date | None = None


@dataclass(frozen=True)
class PromiseFact:
    """A promise, and what became of it; `outcome` None while it is open."""

    event_id: int
    made_at: datetime
    promised_on: date
    settled_at: datetime | None
    outcome: PromiseOutcome | None
    settled_by: EventKind | None


def fold_promises(said: Sequence[Said], zone: str) -> list[PromiseFact]:
    """Every promise of an application and what became of it; `said` is the oldest first, days are in `zone`.

    The date on an escalated application is none of them: it is never shown. That another system moved it says nothing
    of when they hear, so the promise before it stands.
    """
    facts = []
    said = [one for place, one in enumerate(said) if place == 0 or one.kind is not EventKind.IMPORTED]
    for place, one in enumerate(said):
        if one.promised_on is None or one.status in ENDINGS or one.kind is EventKind.ESCALATED:
            continue
        after = next(iter(said[place + 1 :]), None)
        facts.append(_fact(one, one.promised_on, after, zone))
    return facts


def _fact(one: Said, promised_on: date, after: Said | None, zone: str) -> PromiseFact:
    if after is None:
        return PromiseFact(one.event_id, one.seen_at, promised_on, None, None, None)
    outcome = _outcome(promised_on, after, after.happened_on or after.seen_at.astimezone(ZoneInfo(zone)).date())
    return PromiseFact(one.event_id, one.seen_at, promised_on, max(after.seen_at, one.seen_at), outcome, after.kind)


def _outcome(promised_on: date, after: Said, on: date) -> PromiseOutcome:
    if on > promised_on or after.kind in {EventKind.HOLDING_NOTE, EventKind.ESCALATED}:
        return PromiseOutcome.BROKEN
    if after.kind not in WORDS_OF_PEOPLE:
        return PromiseOutcome.ENDED
    is_later = after.promised_on is not None and after.promised_on > promised_on
    return PromiseOutcome.MOVED if after.kind is EventKind.MOVED and is_later else PromiseOutcome.KEPT
