"""Where an opening stands, and what its page can say by choosing."""

from enum import StrEnum
from typing import Final

from portal.community.states import PAY_PERIOD_LABELS, SENIORITY_LABELS, PayPeriod, Seniority
from portal.core.i18n import lazy_gettext as _l

__all__ = [
    "EMPLOYMENT_LABELS",
    "MOVES",
    "PAY_PERIOD_LABELS",
    "QUESTION_KIND_LABELS",
    "SENIORITY_LABELS",
    "STATE_LABELS",
    "WHY_AGAIN_LABELS",
    "Employment",
    "OpeningState",
    "PayPeriod",
    "QuestionKind",
    "Seniority",
    "WhyAgain",
]


class OpeningState(StrEnum):
    """Where an opening stands; who may see it depends on the clock as well, see `rules`."""

    #: Not on any page of candidates: being written, or so far only known from an import.
    DRAFT = "draft"
    #: People may apply: members whose interests match from `published_at`, everybody from `public_at`.
    PUBLISHED = "published"
    #: Nobody applies any more, page, lists, feed and structured data are gone; who applied still waits for an ending.
    STOPPED = "stopped"
    #: Everybody who applied has their ending.
    FINISHED = "finished"


#: The legal moves. Who stops an opening by mistake publishes it again; a finished one is copied, or first opened again
#: by a step of its own (`rules.state_again`), so that stopping or publishing never does it by the way.
MOVES: Final[dict[OpeningState, frozenset[OpeningState]]] = {
    OpeningState.DRAFT: frozenset({OpeningState.PUBLISHED, OpeningState.FINISHED}),
    OpeningState.PUBLISHED: frozenset({OpeningState.STOPPED}),
    OpeningState.STOPPED: frozenset({OpeningState.PUBLISHED, OpeningState.FINISHED}),
    OpeningState.FINISHED: frozenset(),
}

STATE_LABELS: Final[dict[OpeningState, str]] = {
    OpeningState.DRAFT: _l("Draft"),
    OpeningState.PUBLISHED: _l("Published"),
    OpeningState.STOPPED: _l("No longer accepting"),
    OpeningState.FINISHED: _l("Finished"),
}


class WhyAgain(StrEnum):
    """Why a finished opening was opened again; a word of ours, as the audit log keeps no texts."""

    BY_MISTAKE = "finished_by_mistake"
    LOOKING_AGAIN = "looking_again"
    WRONG_ENDING = "wrong_ending"
    #: An import, or what its words mean now, put somebody into it who has no ending.
    IMPORT = "import"


#: The reasons that a person can give.
WHY_AGAIN_LABELS: Final[dict[WhyAgain, str]] = {
    WhyAgain.BY_MISTAKE: _l("It was finished by mistake"),
    WhyAgain.LOOKING_AGAIN: _l("We are looking for somebody again"),
    WhyAgain.WRONG_ENDING: _l("Somebody was told a wrong ending, which has to be taken back"),
}


class Employment(StrEnum):
    """The kind of contract; the words of schema.org's `employmentType` are in `rules`."""

    FULL_TIME = "full_time"
    PART_TIME = "part_time"
    FIXED_TERM = "fixed_term"
    FREELANCE = "freelance"
    INTERNSHIP = "internship"


EMPLOYMENT_LABELS: Final[dict[Employment, str]] = {
    Employment.FULL_TIME: _l("Full time"),
    Employment.PART_TIME: _l("Part time"),
    Employment.FIXED_TERM: _l("Fixed term"),
    Employment.FREELANCE: _l("Freelance"),
    Employment.INTERNSHIP: _l("Internship or traineeship"),
}


class QuestionKind(StrEnum):
    """How a question of an opening is answered."""

    SHORT_TEXT = "short_text"
    LONG_TEXT = "long_text"
    YES_NO = "yes_no"
    SINGLE_CHOICE = "single_choice"


QUESTION_KIND_LABELS: Final[dict[QuestionKind, str]] = {
    QuestionKind.SHORT_TEXT: _l("A line of text"),
    QuestionKind.LONG_TEXT: _l("Some sentences"),
    QuestionKind.YES_NO: _l("Yes or no"),
    QuestionKind.SINGLE_CHOICE: _l("One of several answers"),
}
