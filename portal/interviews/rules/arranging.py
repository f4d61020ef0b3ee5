"""What makes an interview that can be proposed, and by when they hear after it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from portal.applications.rules import clean_text
from portal.applications.states import STEPS, ApplicationStatus
from portal.company.rules import WorkCalendar, working_days_after
from portal.core.errors import PortalError
from portal.core.i18n import gettext as _
from portal.core.i18n import ngettext
from portal.interviews.states import MOVES, OPEN_INTERVIEWS, InterviewFormat, InterviewState

TITLE_LENGTH: Final = 200
PLACE_LENGTH: Final = 500
TEXT_LENGTH: Final = 4000
PHONE_LENGTH: Final = 50
SHORTEST, LONGEST = 5, 480
MOST_CRITERIA: Final = 20
CRITERION_LENGTH: Final = 300
LARGEST_PANEL: Final = 12
_LIST_MARKS: Final = "-*•–·"


class ArrangementRefused(PortalError):
    """Something about an interview is not right; `field` names it."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class NotPossible(PortalError):
    """An interview that has gone on meanwhile cannot be changed like that; nothing was changed."""


@dataclass(frozen=True)
class Details:
    """What is said of an interview besides its times and its panel."""

    title: str
    format: InterviewFormat
    minutes: int
    place: str
    about: str
    prepare: str
    #: One a line.
    criteria: str
    contact_phone: str


@dataclass(frozen=True)
class Said:
    """What a person writes to the candidate with it, and by when they hear next; no day: the usual one."""

    words: str
    next_update_by: date | None
    date_reason: str


def checked_details(details: Details) -> Details:
    """The same as it is kept. Raises ArrangementRefused."""
    kept = replace(
        details,
        title=" ".join(clean_text(details.title).split()),
        place=clean_text(details.place),
        about=clean_text(details.about),
        prepare=clean_text(details.prepare),
        criteria="\n".join(criteria_in(details.criteria)),
        contact_phone=" ".join(clean_text(details.contact_phone).split()),
    )
    if not kept.title:
        raise ArrangementRefused("title", _("Please say what it is called."))
    if not SHORTEST <= kept.minutes <= LONGEST:
        raise ArrangementRefused("minutes", _("Please choose between 5 minutes and 8 hours."))
    if not kept.place:
        raise ArrangementRefused("place", _("Please say where you meet: an address, a number or a link."))
    if not kept.contact_phone:
        raise ArrangementRefused("contact_phone", _("Please give a number that is answered on the day."))
    _check_lengths(kept)
    return kept


def _check_lengths(kept: Details) -> None:
    lengths = {"title": TITLE_LENGTH, "place": PLACE_LENGTH, "about": TEXT_LENGTH, "prepare": TEXT_LENGTH}
    for field, most in {**lengths, "contact_phone": PHONE_LENGTH}.items():
        if len(getattr(kept, field)) > most:
            raise ArrangementRefused(field, _("Please keep this under %(max)d characters.", max=most))
    criteria = kept.criteria.splitlines()
    if len(criteria) > MOST_CRITERIA:
        most_words = ngettext(
            "Please keep to %(count)s criterion.", "Please keep to %(count)s criteria.", MOST_CRITERIA
        )
        raise ArrangementRefused("criteria", most_words)
    if any(len(one) > CRITERION_LENGTH for one in criteria):
        raise ArrangementRefused("criteria", _("Please keep each criterion under 300 characters."))


def criteria_in(text: str) -> list[str]:
    """The criteria that a text names, one a line; the marks of a list are left out, and what stands there twice."""
    lines = (" ".join(line.split()).lstrip(_LIST_MARKS).strip() for line in clean_text(text).splitlines())
    return list(dict.fromkeys(line for line in lines if line))


def check_panel(panel: Sequence[int], candidate_id: int, here: Mapping[int, str]) -> None:
    """Raise ArrangementRefused unless these can be the panel; `here` names those who work here, by id."""
    if not panel:
        raise ArrangementRefused("panel", _("Please choose who takes part."))
    if len(panel) > LARGEST_PANEL:
        raise ArrangementRefused("panel", _("Please choose at most 12 people; a larger panel frightens."))
    if candidate_id in panel:
        raise ArrangementRefused("panel", _("Nobody sits on the panel of their own interview."))
    if any(one not in here for one in panel):
        raise ArrangementRefused("panel", _("Please choose from those who work here now."))


def status_with(standing: ApplicationStatus) -> ApplicationStatus:
    """Where an application stands once an interview is proposed: at least at Interviewing."""
    early = STEPS[: STEPS.index(ApplicationStatus.INTERVIEWING)]
    return ApplicationStatus.INTERVIEWING if standing in early else standing


def usual_next_day(last_on: date, pace: Mapping[str, int], today: date, calendar: WorkCalendar) -> date:
    """By when they hear after an interview on `last_on`: the pace of interviewing, in working days."""
    return working_days_after(max(today, last_on), max(1, pace[ApplicationStatus.INTERVIEWING]), calendar)[-1]


def usual_reason() -> str:
    """Why the next date is after the promised one, when it is because of the interview."""
    return _("We want to talk with you first.")


def refuse_move(before: InterviewState, after: InterviewState) -> None:
    """Raise NotPossible unless an interview may go from one state to the other."""
    if after not in MOVES[before]:
        raise NotPossible(_("This interview has gone on in the meantime. Please look at it again."))


def refuse_closed(state: InterviewState) -> None:
    """Raise NotPossible when nothing about an interview can be changed any more."""
    if state not in OPEN_INTERVIEWS:
        raise NotPossible(_("This interview is over or was called off, so it cannot be changed."))


def is_past(starts_at: datetime | None, now: datetime) -> bool:
    """Whether its time has come."""
    return starts_at is not None and starts_at <= now
