"""What a candidate can read about an application, and the kinds of events that say so."""

from enum import StrEnum
from typing import Final

from portal.company.states import SHIPPED_END_REASONS
from portal.core.i18n import lazy_gettext as _l


class ApplicationStatus(StrEnum):
    """Where an application stands, as the candidate reads it; apart from the internal stage."""

    RECEIVED = "received"
    IN_REVIEW = "in_review"
    INTERVIEWING = "interviewing"
    DECISION_PENDING = "decision_pending"
    OFFER_MADE = "offer_made"
    HIRED = "hired"
    OFFER_DECLINED = "offer_declined"
    NOT_SELECTED = "not_selected"
    WITHDRAWN = "withdrawn"
    OPENING_CANCELLED = "opening_cancelled"


#: The open statuses in the order a candidate passes them.
STEPS: Final[tuple[ApplicationStatus, ...]] = (
    ApplicationStatus.RECEIVED,
    ApplicationStatus.IN_REVIEW,
    ApplicationStatus.INTERVIEWING,
    ApplicationStatus.DECISION_PENDING,
    ApplicationStatus.OFFER_MADE,
)
OPEN_STATUSES: Final[frozenset[ApplicationStatus]] = frozenset(STEPS)
ENDINGS: Final[frozenset[ApplicationStatus]] = frozenset(ApplicationStatus) - OPEN_STATUSES
#: Endings of which the candidate hears from us first: their letters go in office hours on working days.
ENDINGS_BY_US: Final[frozenset[ApplicationStatus]] = ENDINGS - {ApplicationStatus.WITHDRAWN}

STATUS_LABELS: Final[dict[ApplicationStatus, str]] = {
    ApplicationStatus.RECEIVED: _l("Received"),
    ApplicationStatus.IN_REVIEW: _l("In review"),
    ApplicationStatus.INTERVIEWING: _l("Interviewing"),
    ApplicationStatus.DECISION_PENDING: _l("Decision pending"),
    ApplicationStatus.OFFER_MADE: _l("Offer made"),
    ApplicationStatus.HIRED: _l("Hired"),
    ApplicationStatus.OFFER_DECLINED: _l("Offer declined"),
    ApplicationStatus.NOT_SELECTED: _l("Not selected"),
    ApplicationStatus.WITHDRAWN: _l("Withdrawn"),
    ApplicationStatus.OPENING_CANCELLED: _l("Opening cancelled"),
}


class EventKind(StrEnum):
    """What happened to an application."""

    #: First seen in an import, and still open.
    IMPORTED = "imported"
    #: First seen in an import, and ended there already: no letter, no clocks.
    ENDED_BEFORE_US = "ended_before_us"
    #: A person wrote to the candidate, perhaps moved it, perhaps gave a new date.
    MESSAGE = "message"
    #: A candidate applied here.
    APPLIED = "applied"
    #: A person moved it or gave a new date, in the company's standard words.
    MOVED = "moved"
    #: A person answered in the conversation.
    REPLY = "reply"
    #: A person proposed times for an interview, moved it, or called it off.
    INTERVIEW = "interview"
    #: A person made an offer, or changed it.
    OFFER = "offer"
    #: The candidate accepted it; it needs no mail, and is no word of ours.
    ACCEPTED = "accepted"
    #: A person spoke with the candidate, and one sentence says of what; it needs no mail.
    CALL = "call"
    #: Automatic: the promised day came and there is no news.
    HOLDING_NOTE = "holding_note"
    #: Two notes in a row brought no word from a person: we say that we have not kept our promise.
    ESCALATED = "escalated"
    #: The candidate took it back; it needs no mail.
    WITHDRAWN = "withdrawn"
    #: No mail reached them: a person told them another way, or this page does.
    TOLD_HERE = "told_here"
    #: Another system told them of it; it needs no mail.
    TOLD_ELSEWHERE = "told_elsewhere"
    #: An ending was taken back after they had been told of it.
    REVERTED = "reverted"


#: What keeps a promise: a person worded it, or saw it before it went.
WORDS_OF_PEOPLE: Final[frozenset[EventKind]] = frozenset(
    {
        EventKind.MESSAGE,
        EventKind.MOVED,
        EventKind.REPLY,
        EventKind.INTERVIEW,
        EventKind.OFFER,
        EventKind.CALL,
        EventKind.TOLD_HERE,
        EventKind.TOLD_ELSEWHERE,
        EventKind.REVERTED,
    }
)
#: What was written on pages of its own, and is taken back there.
WRITTEN_ELSEWHERE: Final[frozenset[EventKind]] = frozenset({EventKind.REPLY, EventKind.INTERVIEW, EventKind.OFFER})
#: What no person wrote; never two on one day, never a third in a row.
AUTOMATIC: Final[frozenset[EventKind]] = frozenset({EventKind.HOLDING_NOTE, EventKind.ESCALATED})


class Channel(StrEnum):
    """How a person here told a candidate something when no mail of ours did."""

    TELEPHONE = "telephone"
    VIDEO = "video"
    IN_PERSON = "in_person"
    LETTER = "letter"
    OTHER = "other"


#: How somebody can be spoken with, as a choice reads it.
CALL_CHANNELS: Final[dict[Channel, str]] = {
    Channel.TELEPHONE: _l("By telephone"),
    Channel.VIDEO: _l("By video"),
    Channel.IN_PERSON: _l("In person"),
    Channel.OTHER: _l("Another way"),
}


class EndReason(StrEnum):
    """Why an application ended, as a new company begins; never shown to a candidate. Admins keep the words."""

    STRONGER_CANDIDATE = "stronger_candidate"
    MISSING_SKILL = "missing_skill"
    MISSING_EXPERIENCE = "missing_experience"
    EXPECTATIONS = "expectations"
    NOT_REACHED = "not_reached"
    BEST_FIT = "best_fit"
    OTHER_OFFER = "other_offer"
    THEIR_PLANS = "their_plans"
    NO_NEED = "no_need"
    NO_BUDGET = "no_budget"
    FILLED_OTHERWISE = "filled_otherwise"
    #: Only with words of one's own.
    OTHER = "other"


#: Which of them an outcome can have in a new company; admins add others, whose keys are no `EndReason`.
END_REASONS: Final[dict[ApplicationStatus, tuple[EndReason, ...]]] = {
    outcome: tuple(EndReason(key) for key, _label, endings in SHIPPED_END_REASONS if outcome in endings)
    for outcome in (
        ApplicationStatus.NOT_SELECTED,
        ApplicationStatus.HIRED,
        ApplicationStatus.OFFER_DECLINED,
        ApplicationStatus.WITHDRAWN,
        ApplicationStatus.OPENING_CANCELLED,
    )
}


class MarkKind(StrEnum):
    """That somebody was close, for colleagues; only where one is set may a letter say "not yet"."""

    NEAR_FIT = "near_fit"
    #: They had reached the final stage.
    SILVER_MEDAL = "silver_medal"


MARK_LABELS: Final[dict[MarkKind, str]] = {
    MarkKind.NEAR_FIT: _l("Near-fit"),
    MarkKind.SILVER_MEDAL: _l("Silver medal"),
}
#: Whoever came so far can have a silver medal without a word more.
FINAL_STEPS: Final[frozenset[ApplicationStatus]] = frozenset(
    {ApplicationStatus.DECISION_PENDING, ApplicationStatus.OFFER_MADE}
)


class PromiseOutcome(StrEnum):
    """What became of a day by which a candidate had been promised word."""

    #: A person's word came by that day.
    KEPT = "kept"
    #: The day passed without one.
    BROKEN = "broken"
    #: They were told by that day, with a reason, that it takes longer.
    MOVED = "moved"
    #: They took their application back before.
    ENDED = "ended"


OUTCOME_LABELS: Final[dict[PromiseOutcome, str]] = {
    PromiseOutcome.KEPT: _l("Kept"),
    PromiseOutcome.BROKEN: _l("Not kept"),
    PromiseOutcome.MOVED: _l("Put off in time, with a reason"),
    PromiseOutcome.ENDED: _l("Ended by you before"),
}


class ManyKind(StrEnum):
    """What a colleague does to many applications at once."""

    MOVE = "move"
    DELAY = "delay"
    WRITE = "write"


class ItemState(StrEnum):
    """How far one application of many has come."""

    WAITING = "waiting"
    DONE = "done"
    #: Something kept this one from it, and the others not.
    LEFT_OUT = "left_out"
    TAKEN_BACK = "taken_back"


class StayEnd(StrEnum):
    """Why the days to stay in touch with somebody stand no more."""

    WROTE = "wrote"
    APPLIED = "applied"
    MOVED_ON = "moved_on"
    NO_CHECK_INS = "no_check_ins"
    RATHER_NOT = "rather_not"
    #: Nobody counts on it any more; only colleagues know why.
    FOR_US = "for_us"


#: As the candidate reads it; nothing of what is for us only.
STAY_END_LABELS: Final[dict[StayEnd, str]] = {
    StayEnd.WROTE: _l("You wrote to us, so we talk, and the days on which you were to hear from us fell away."),
    StayEnd.APPLIED: _l("You applied here again, so the days on which you were to hear from us fell away."),
    StayEnd.MOVED_ON: _l("Another application of yours has ended, so the days to stay in touch fell away."),
    StayEnd.NO_CHECK_INS: _l("You asked us not to check in with you, so the days to stay in touch fell away."),
    StayEnd.RATHER_NOT: _l("You would rather not hear from us about it, and we do not write."),
    StayEnd.FOR_US: _l("The days on which you were to hear from us no longer stand. If you want to know why, ask us."),
}
