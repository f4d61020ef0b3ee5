"""Whether members gain from seeing openings first: who counts as early, how far somebody came, and what may be said."""

from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from typing import Final

from portal.applications.states import ApplicationStatus
from portal.core.i18n import lazy_gettext as _l

#: Fewer people than this in a group, and a single one would move its share by more than five in a hundred.
FEWEST: Final = 20
#: Two shares that differ by more than this many standard errors would do so by chance in one of twenty cases.
_CERTAIN: Final = 1.96


class Group(StrEnum):
    """When and as whom somebody applied."""

    #: Before everybody could see the opening, so as a member.
    EARLY = "early"
    #: As a member, when everybody could see it.
    MEMBER = "member"
    #: When everybody could see it, without being a member then.
    OTHER = "other"


class Reached(StrEnum):
    """How far an application came; who came further is in what comes before too."""

    APPLIED = "applied"
    INTERVIEW = "interview"
    OFFER = "offer"
    HIRED = "hired"


class Verdict(StrEnum):
    """How often the early ones came so far, compared with everybody else who applied."""

    TOO_FEW = "too_few"
    NO_DIFFERENCE = "no_difference"
    MORE_OFTEN = "more_often"
    LESS_OFTEN = "less_often"


GROUP_LABELS: Final[dict[Group, str]] = {
    Group.EARLY: _l("Members, in the early days"),
    Group.MEMBER: _l("Members, later"),
    Group.OTHER: _l("Everybody else"),
}
REACHED_LABELS: Final[dict[Reached, str]] = {
    Reached.APPLIED: _l("Applied"),
    Reached.INTERVIEW: _l("Interview or further"),
    Reached.OFFER: _l("Offer"),
    Reached.HIRED: _l("Hired"),
}
VERDICT_WORDS: Final[dict[Verdict, str]] = {
    Verdict.TOO_FEW: _l("Too few to say whether members gained."),
    Verdict.NO_DIFFERENCE: _l("Members who applied early came to an interview about as often as everybody else."),
    Verdict.MORE_OFTEN: _l("Members who applied early came to an interview more often than everybody else."),
    Verdict.LESS_OFTEN: _l("Members who applied early came to an interview less often than everybody else."),
}
#: What candidates have read at some time who came to an interview or further, and who got an offer.
INTERVIEW_OR_FURTHER: Final[frozenset[ApplicationStatus]] = frozenset(
    {
        ApplicationStatus.INTERVIEWING,
        ApplicationStatus.DECISION_PENDING,
        ApplicationStatus.OFFER_MADE,
        ApplicationStatus.HIRED,
        ApplicationStatus.OFFER_DECLINED,
    }
)
OFFER_OR_FURTHER: Final[frozenset[ApplicationStatus]] = frozenset(
    {ApplicationStatus.OFFER_MADE, ApplicationStatus.HIRED, ApplicationStatus.OFFER_DECLINED}
)


@dataclass(frozen=True)
class Counts:
    """How many of a group applied, and how many of them came how far."""

    applied: int = 0
    interview: int = 0
    offer: int = 0
    hired: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.applied + other.applied,
            self.interview + other.interview,
            self.offer + other.offer,
            self.hired + other.hired,
        )

    def of(self, reached: Reached) -> int:
        """How many came so far."""
        return {
            Reached.APPLIED: self.applied,
            Reached.INTERVIEW: self.interview,
            Reached.OFFER: self.offer,
            Reached.HIRED: self.hired,
        }[reached]

    def share(self, reached: Reached) -> float | None:
        """The share of those who applied that came so far, from 0 to 1; None while they are too few for one."""
        return self.of(reached) / self.applied if self.applied >= FEWEST else None


def verdict(early: Counts, others: Counts) -> Verdict:
    """Whether the early ones came to an interview more or less often than the others, beyond what chance would do.

    The interval of Agresti and Caffo (The American Statistician 54, 2000): it adds one who did and one who did not to
    each group, and so holds for small groups and for shares near nothing and near all.
    """
    if early.applied < FEWEST or others.applied < FEWEST:
        return Verdict.TOO_FEW
    first, second = ((one.interview + 1) / (one.applied + 2) for one in (early, others))
    error = sqrt(first * (1 - first) / (early.applied + 2) + second * (1 - second) / (others.applied + 2))
    if abs(first - second) <= _CERTAIN * error:
        return Verdict.NO_DIFFERENCE
    return Verdict.MORE_OFTEN if first > second else Verdict.LESS_OFTEN
