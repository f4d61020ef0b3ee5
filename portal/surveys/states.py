"""When candidates are asked, what a question looks like, and why somebody is not asked."""

from enum import StrEnum
from typing import Final

from portal.core.i18n import lazy_gettext as _l


class Touchpoint(StrEnum):
    """A moment after which we ask how it went."""

    #: On the page that says their application is here; no mail.
    APPLIED = "applied"
    #: Four hours after an interview.
    INTERVIEWED = "interviewed"
    #: After the feedback, or seven days after the letter.
    NOT_SELECTED = "not_selected"
    #: A day after they withdrew or declined our offer.
    LEFT = "left"
    #: Fourteen days after they were hired.
    HIRED = "hired"
    #: Once a year, to members who agreed to it.
    COMMUNITY = "community"


TOUCHPOINT_LABELS: Final[dict[Touchpoint, str]] = {
    Touchpoint.APPLIED: _l("Applied"),
    Touchpoint.INTERVIEWED: _l("Interviewed"),
    Touchpoint.NOT_SELECTED: _l("Not selected"),
    Touchpoint.LEFT: _l("Withdrew or declined"),
    Touchpoint.HIRED: _l("Hired"),
    Touchpoint.COMMUNITY: _l("Community pulse"),
}

#: When the survey of a touchpoint comes to somebody, as a recruiter reads it.
TOUCHPOINT_MOMENTS: Final[dict[Touchpoint, str]] = {
    Touchpoint.APPLIED: _l("At once, on the page that says their application is here. No mail."),
    Touchpoint.INTERVIEWED: _l("Four hours after an interview."),
    Touchpoint.NOT_SELECTED: _l("The day after their feedback, else seven days after the letter. No reminder."),
    Touchpoint.LEFT: _l("A day after they withdrew or declined our offer."),
    Touchpoint.HIRED: _l("Fourteen days after they were hired."),
    Touchpoint.COMMUNITY: _l("Once a year, to members who agreed to it."),
}

#: While these are asked, the decision may be open: their answers wait until it is made.
BEFORE_THE_DECISION: Final = frozenset({Touchpoint.APPLIED, Touchpoint.INTERVIEWED})


class SurveyState(StrEnum):
    """Whether anybody is asked."""

    #: Nothing was published yet.
    DRAFT = "draft"
    LIVE = "live"
    #: Nobody new is asked; who was asked can still answer.
    PAUSED = "paused"
    #: For good: no answer is taken any more.
    CLOSED = "closed"


STATE_LABELS: Final[dict[SurveyState, str]] = {
    SurveyState.DRAFT: _l("Draft"),
    SurveyState.LIVE: _l("Live"),
    SurveyState.PAUSED: _l("Paused"),
    SurveyState.CLOSED: _l("Closed"),
}
MOVES: Final[dict[SurveyState, frozenset[SurveyState]]] = {
    SurveyState.DRAFT: frozenset({SurveyState.LIVE}),
    SurveyState.LIVE: frozenset({SurveyState.PAUSED, SurveyState.CLOSED}),
    SurveyState.PAUSED: frozenset({SurveyState.LIVE, SurveyState.CLOSED}),
    SurveyState.CLOSED: frozenset(),
}


class QuestionKind(StrEnum):
    """What an answer looks like."""

    #: 0 to 10, in the one fixed wording (candidate NPS; detractors 0 to 6, promoters 9 and 10).
    RECOMMEND = "recommend"
    #: 0 to 10.
    FAIRNESS = "fairness"
    #: 1 to 5, five is best.
    SATISFACTION = "satisfaction"
    #: 1 (very easy) to 5 (very hard).
    EFFORT = "effort"
    ONE_OF = "one_of"
    SOME_OF = "some_of"
    SHORT_TEXT = "short_text"
    LONG_TEXT = "long_text"


KIND_LABELS: Final[dict[QuestionKind, str]] = {
    QuestionKind.RECOMMEND: _l("Recommendation, 0 to 10"),
    QuestionKind.FAIRNESS: _l("Fairness, 0 to 10"),
    QuestionKind.SATISFACTION: _l("Satisfaction, 1 to 5"),
    QuestionKind.EFFORT: _l("Effort, 1 to 5"),
    QuestionKind.ONE_OF: _l("One of several answers"),
    QuestionKind.SOME_OF: _l("Any of several answers"),
    QuestionKind.SHORT_TEXT: _l("A few words"),
    QuestionKind.LONG_TEXT: _l("A longer text"),
}
#: Lowest and highest answer of what is answered by a number.
SCALES: Final[dict[QuestionKind, tuple[int, int]]] = {
    QuestionKind.RECOMMEND: (0, 10),
    QuestionKind.FAIRNESS: (0, 10),
    QuestionKind.SATISFACTION: (1, 5),
    QuestionKind.EFFORT: (1, 5),
}
CHOICES: Final = frozenset({QuestionKind.ONE_OF, QuestionKind.SOME_OF})
TEXTS: Final = frozenset({QuestionKind.SHORT_TEXT, QuestionKind.LONG_TEXT})


class WhyNotAsked(StrEnum):
    """Why somebody who came past a touchpoint was not asked; each is counted."""

    #: They want no surveys about their applications.
    OPTED_OUT = "opted_out"
    #: They did not agree to the community pulse.
    NO_CONSENT = "no_consent"
    #: They were asked at the same touchpoint within six months.
    ASKED_LATELY = "asked_lately"
    #: A letter with the outcome waits to be sent.
    OUTCOME_QUEUED = "outcome_queued"
    #: They wait for a word from us that is overdue.
    UNANSWERED = "unanswered"
    #: Another application of theirs is open.
    ACTIVE_ELSEWHERE = "active_elsewhere"
    #: It ended before we knew of it.
    ENDED_BEFORE_US = "ended_before_us"
    #: Another system told them.
    TOLD_ELSEWHERE = "told_elsewhere"
    #: No mail told them of the outcome: none reaches them.
    NOT_TOLD_BY_MAIL = "not_told_by_mail"
    #: Mail to their address comes back.
    NO_ADDRESS = "no_address"
    #: Nothing automatic is sent until a recruiter releases the import.
    HELD_IMPORT = "held_import"
    #: The moment passed while nobody was asked.
    TOO_LATE = "too_late"


WHY_NOT_LABELS: Final[dict[WhyNotAsked, str]] = {
    WhyNotAsked.OPTED_OUT: _l("Asked for no more surveys"),
    WhyNotAsked.NO_CONSENT: _l("Did not agree to the community pulse"),
    WhyNotAsked.ASKED_LATELY: _l("Were asked the same within six months"),
    WhyNotAsked.OUTCOME_QUEUED: _l("A letter with their outcome waits to be sent"),
    WhyNotAsked.UNANSWERED: _l("Wait for a word from us that is overdue"),
    WhyNotAsked.ACTIVE_ELSEWHERE: _l("Have another application that is open"),
    WhyNotAsked.ENDED_BEFORE_US: _l("Their application ended before we knew of it"),
    WhyNotAsked.TOLD_ELSEWHERE: _l("Another system told them"),
    WhyNotAsked.NOT_TOLD_BY_MAIL: _l("Were not told of the outcome by mail"),
    WhyNotAsked.NO_ADDRESS: _l("Mail to their address comes back"),
    WhyNotAsked.HELD_IMPORT: _l("Came with an import that waits to be released"),
    WhyNotAsked.TOO_LATE: _l("It was too late to ask"),
}


class CountedAs(StrEnum):
    """As what somebody who came past a touchpoint was last counted; see `models.SurveyReach`."""

    ASKED = "asked"
    #: And asked before that.
    BEGAN = "began"
    NOT_ASKED = "not_asked"


class PostState(StrEnum):
    """Where a "You said, we did" post stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
