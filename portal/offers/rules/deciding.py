"""What a candidate may ask for and say about an offer."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from portal.applications.rules import ProposalRefused, clean_text
from portal.company.rules import NO_HOLIDAYS, WorkCalendar, working_days_after
from portal.core.i18n import gettext as _
from portal.offers.rules.offering import LONGEST
from portal.offers.states import DECLINE_LABELS, DeclineReason

ANSWER_LENGTH: Final = 1000
#: Working days more that a page offers with one tap.
DAYS_MORE: Final = (2, 5, 10)


@dataclass(frozen=True)
class Answer:
    """A yes or no: to which version of the offer, and what they wrote with it."""

    version_id: str
    words: str = ""
    reason: DeclineReason | None = None


def days_more(decide_by: date, today: date, calendar: WorkCalendar = NO_HOLIDAYS) -> list[date]:
    """Days that a page offers to somebody who needs more time."""
    days = working_days_after(max(decide_by, today), max(DAYS_MORE), calendar)
    return [days[count - 1] for count in DAYS_MORE if days[count - 1] - today <= LONGEST]


def check_wanted(day: date | None, decide_by: date, today: date) -> date:
    """The day by which somebody would like to decide. Raises ProposalRefused."""
    if day is None:
        raise ProposalRefused("wanted_on", _("Please choose a day, or enter one."))
    if day <= today:
        raise ProposalRefused("wanted_on", _("Please choose a day to come."))
    if day <= decide_by:
        raise ProposalRefused("wanted_on", _("You have until then already. Please choose a later day."))
    if day - today > LONGEST:
        raise ProposalRefused("wanted_on", _("Please choose a day within the next 60 days, or ask us."))
    return day


def hears_after_yes(promised: date | None, due_on: date) -> date | None:
    """By when they hear from us once they have accepted: when a colleague owes them word, never later than promised.

    `promised`: the day they go by now; None where none is named to them, and then a yes of theirs names none.
    """
    return min(promised, due_on) if promised is not None else None


def checked_answer(text: str) -> str:
    """What somebody wrote with their answer, cleaned and perhaps empty. Raises ProposalRefused."""
    words = clean_text(text)
    if len(words) > ANSWER_LENGTH:
        raise ProposalRefused("words", _("Please keep this under 1,000 characters."))
    return words


def decline_words(reason: DeclineReason | None, words: str) -> str:
    """Why somebody declined, as colleagues and they themselves read it later; empty where they did not say."""
    label = str(DECLINE_LABELS[reason]) if reason else ""
    return "\n\n".join(part for part in (label, words) if part)
