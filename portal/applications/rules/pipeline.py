"""A pipeline: its stages, whose turn it is, and what one of many candidates reads of a change to all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from portal.applications.rules.changing import LEFT_OUT_WORDS, LeftOut, Standing, check_change, why_left_out
from portal.applications.rules.proposals import Proposal, ProposalRefused, check_proposal, settled
from portal.applications.states import ENDINGS, STEPS, ApplicationStatus, ManyKind
from portal.company.rules import WorkCalendar
from portal.core.i18n import gettext as _

#: Stands in a letter for many where each reads their own name.
NAME_PLACE: Final = "{name}"
_OPEN: Final = {str(status): status for status in STEPS}


@dataclass(frozen=True)
class StageOf:
    """A stage of an opening, and what a candidate reads who is in it."""

    name: str
    status: ApplicationStatus


@dataclass(frozen=True)
class Change:
    """What a colleague does to many at once."""

    kind: ManyKind
    stage: StageOf | None = None
    message: str = ""
    #: None: each keeps the day they were promised.
    day: date | None = None
    date_reason: str = ""
    is_hurried: bool = False


@dataclass(frozen=True)
class OneOfMany:
    """As much of an application as decides what becomes of it."""

    name: str
    stage: str
    #: Where it stands once what waits has gone, and without what waits and gives way.
    standing: ApplicationStatus
    standing_without: ApplicationStatus
    promised: date | None
    delay: Standing
    has_changed: bool


@dataclass(frozen=True)
class Outcome:
    """What becomes of one of many: what they are told, or why they are left out; neither: it changes for us only."""

    proposal: Proposal | None = None
    left_out: str = ""


def stages_of(stages: Sequence[tuple[str, str]]) -> list[StageOf]:
    """The stages of an opening from their names and words for the status; an unknown one reads *In review*."""
    return [StageOf(name, _OPEN.get(status, ApplicationStatus.IN_REVIEW)) for name, status in stages if name]


def with_stood_in(stages: Sequence[StageOf], people: Sequence[tuple[str, ApplicationStatus, int]]) -> list[StageOf]:
    """The stages of an opening and, by name, those that it does not name although people are in them.

    `people`: stage, what those in it read, how many read so. Such a stage reads as most of the people in it do.
    """
    named = {one.name for one in stages}
    most: dict[str, tuple[int, ApplicationStatus]] = {}
    for name, status, count in people:
        if name and name not in named and status in STEPS and (name not in most or count > most[name][0]):
            most[name] = count, status
    return [*stages, *(StageOf(name, most[name][1]) for name in sorted(most))]


def stage_for(stage: str, status: ApplicationStatus, stages: Sequence[StageOf]) -> str:
    """The stage of an application that was in `stage` when the candidate reads `status` from now on.

    It stays where it reads so, and where it has ended; else the first stage that reads so, else none. Whoever was put
    into no stage stays in none.
    """
    if not stage or status in ENDINGS or reads_as(stage, status, stages):
        return stage
    return next((one.name for one in stages if one.status is status), "")


def reads_as(stage: str, status: ApplicationStatus, stages: Sequence[StageOf]) -> bool:
    """Whether a candidate in this stage reads this status."""
    return any(one.name == stage and one.status is status for one in stages)


@dataclass(frozen=True)
class TakenBack:
    """Something that said a status, moved the stage from `before` to `put`, and is not sent after all."""

    announced: ApplicationStatus
    #: What the candidate reads without it, once the rest that waits has gone.
    reads: ApplicationStatus
    #: None where the stage did not move with it.
    before: str | None
    put: str


def stage_without(stage: str, taken: TakenBack, stages: Sequence[StageOf]) -> str:
    """The stage of an application once something is taken back.

    Back where it was, if it still stands where that put it. Whoever was moved on since stays there, unless that stage
    reads as what was taken back said, and the candidate now reads otherwise: then back as well, as far as the stage
    before reads so, else to the first that does.
    """
    if taken.before is not None and stage == taken.put:
        return taken.before
    if taken.announced is taken.reads or not reads_as(stage, taken.announced, stages):
        return stage
    if taken.before is not None and (taken.before == "" or reads_as(taken.before, taken.reads, stages)):
        return taken.before
    return stage_for(stage, taken.reads, stages)


def is_theirs(status: ApplicationStatus) -> bool:
    """Whether it is the candidate's turn: they have an offer to answer."""
    return status is ApplicationStatus.OFFER_MADE


def is_internal(change: Change, one: OneOfMany) -> bool:
    """Whether a move says nothing new to the candidate: what they read, or will in a moment, stays the same."""
    return change.kind is ManyKind.MOVE and change.stage is not None and change.stage.status is one.standing


def outcome_of(change: Change, one: OneOfMany, today: date, calendar: WorkCalendar) -> Outcome:
    """What becomes of one application; raises ProposalRefused where the day, its reason or the words are not right."""
    if one.has_changed:
        return Outcome(left_out=str(LEFT_OUT_WORDS[LeftOut.CHANGED]))
    if change.kind is ManyKind.MOVE:
        return _moved(change, one, today, calendar)
    reason = why_left_out(one.delay, change.day if change.kind is ManyKind.DELAY else None)
    if reason is not None:
        return Outcome(left_out=str(LEFT_OUT_WORDS[reason]))
    if change.kind is ManyKind.DELAY:
        # A move that waits gives way to a notice, which says both.
        return _told(Proposal(one.standing, "", change.day, change.date_reason), one, today, calendar)
    if NAME_PLACE in change.message and not one.name:
        return Outcome(left_out=_("The letter names them, and we do not know their name."))
    return _written(change, one, today, calendar)


def _moved(change: Change, one: OneOfMany, today: date, calendar: WorkCalendar) -> Outcome:
    if change.stage is None:
        raise ProposalRefused("stage", _("Please choose a stage."))
    if one.standing in ENDINGS or one.delay.status in ENDINGS:
        return Outcome(left_out=str(LEFT_OUT_WORDS[LeftOut.ENDED]))
    if one.stage == change.stage.name and is_internal(change, one):
        return Outcome(left_out=_("They are in this stage already."))
    if is_internal(change, one) or change.stage.status is one.standing_without:
        return Outcome()
    reason = why_left_out(one.delay, None)
    if reason is not None:
        return Outcome(left_out=str(LEFT_OUT_WORDS[reason]))
    day = _day_of(change, one, today)
    return _told(Proposal(change.stage.status, "", day, change.date_reason), one, today, calendar)


def _day_of(change: Change, one: OneOfMany, today: date) -> date | None:
    """By when they hear from us next. A day that is today can not be kept: by evening they would have nothing again."""
    if change.day is None and is_due_by(one.promised, today):
        raise ProposalRefused(
            "when", _("Their day has come. Please say by when they hear from you next, and why that is later.")
        )
    return change.day or one.promised


def is_due_by(promised: date | None, today: date) -> bool:
    """Whether the day they were promised has come."""
    return promised is not None and promised <= today


def _told(proposal: Proposal, one: OneOfMany, today: date, calendar: WorkCalendar) -> Outcome:
    check_change(proposal, one.standing_without, one.promised, today, calendar)
    return Outcome(proposal=settled(proposal, one.promised))


def _written(change: Change, one: OneOfMany, today: date, calendar: WorkCalendar) -> Outcome:
    words = in_words_for(change.message, one.name)
    proposal = Proposal(one.standing, words, _day_of(change, one, today), change.date_reason)
    check_proposal(proposal, one.promised, today, calendar)
    return Outcome(proposal=settled(proposal, one.promised))


def in_words_for(message: str, name: str) -> str:
    """A letter for many as one of them reads it."""
    return message.replace(NAME_PLACE, name)
