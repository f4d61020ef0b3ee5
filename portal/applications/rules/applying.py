"""Applying here: what is asked and answered, who looks after it, and when a draft is forgotten."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from portal.applications.states import OPEN_STATUSES, ApplicationStatus
from portal.core.errors import PortalError
from portal.core.i18n import gettext as _
from portal.openings.rules import Question
from portal.openings.states import QuestionKind
from portal.people.rules import clean_line

COVER_NOTE_LENGTH: Final = 5_000
SHORT_ANSWER_LENGTH: Final = 300
LONG_ANSWER_LENGTH: Final = 4_000
PHONE_LENGTH: Final = 50
#: Said by who found us here; a link elsewhere brings its own with ?ref=.
OWN_CHANNEL: Final = "Careers page"
_CHANNEL_LENGTH: Final = 60
DRAFTS_KEPT: Final = timedelta(days=60)
#: What a stranger sent is kept so long for its link, which lives an hour, to be asked for anew.
REQUESTS_KEPT: Final = timedelta(hours=24)
#: Two applications of one person to one opening within this time are one that was sent twice.
_SAME_SENDING: Final = timedelta(minutes=10)
#: Whoever has taken back so many applications to one opening writes to us before they send the next.
MOST_TAKEN_BACK: Final = 3
YES: Final = "yes"
NO: Final = "no"


class NotAccepting(PortalError):
    """The opening takes no applications from this person now; nothing was kept."""


class NotAgain(PortalError):
    """They have applied to this opening, and do not now; `public_id` names the application to look at."""

    def __init__(self, message: str, public_id: str) -> None:
        super().__init__(message)
        self.public_id = public_id


class AlreadyApplied(NotAgain):
    """Their application to this opening is open; `is_same` says that it was just sent."""

    def __init__(self, public_id: str, is_same: bool) -> None:
        super().__init__(_("You have applied for this already, and your application is open."), public_id)
        self.is_same = is_same


class WithdrawnOften(NotAgain):
    """They have taken so many applications to this opening back that a person has a look first."""

    def __init__(self, public_id: str, count: int) -> None:
        text = _("You have applied for this %(count)s times, and taken it back each time.", count=count)
        super().__init__(text, public_id)


@dataclass(frozen=True)
class Answer:
    """What was asked, in the words of then, and what was answered; yes and no as `YES` and `NO`."""

    question_id: str
    words: str
    kind: QuestionKind
    answer: str

    @property
    def shown(self) -> str:
        """The answer as people read it."""
        if self.kind is QuestionKind.YES_NO:
            return _("Yes") if self.answer == YES else _("No")
        return self.answer


@dataclass(frozen=True)
class Sent:
    """What somebody sends to apply."""

    name: str
    phone: str = ""
    cover_note: str = ""
    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True)
class Earlier:
    """An application of this person to this opening, as they see it."""

    public_id: str
    status: ApplicationStatus
    created_at: datetime


@dataclass(frozen=True)
class Reader:
    """Somebody who can look after applications."""

    person_id: int
    lead_id: int | None
    is_here: bool
    may_own: bool


def answers_from(questions: Sequence[Question], given: Mapping[str, str]) -> tuple[Answer, ...]:
    """What was answered, in the order of the questions; one without an answer is left out."""
    return tuple(
        Answer(question.id, question.words, question.kind, text)
        for question in questions
        if (text := given.get(question.id, "").strip())
    )


def answers_as_json(answers: Sequence[Answer]) -> list[dict[str, str]]:
    """Answers as they are stored; `answers_from_json` reads them back."""
    return [{"id": one.question_id, "words": one.words, "kind": str(one.kind), "answer": one.answer} for one in answers]


def answers_from_json(stored: Sequence[Mapping[str, Any]]) -> tuple[Answer, ...]:
    """What `answers_as_json` made."""
    return tuple(Answer(one["id"], one["words"], QuestionKind(one["kind"]), one["answer"]) for one in stored)


def check_earlier(earlier: Sequence[Earlier], now: datetime) -> None:
    """One open application to an opening is enough; who has an ending may apply again, but not without end.

    `earlier` has the newest first. Raises AlreadyApplied, and WithdrawnOften when three were taken back.
    """
    for one in earlier:
        if one.status in OPEN_STATUSES:
            raise AlreadyApplied(one.public_id, now - one.created_at <= _SAME_SENDING)
    taken_back = [one for one in earlier if one.status is ApplicationStatus.WITHDRAWN]
    if len(taken_back) >= MOST_TAKEN_BACK:
        raise WithdrawnOften(taken_back[0].public_id, len(taken_back))


def owner_of(recruiter_id: int | None, manager_id: int | None, readers: Sequence[Reader]) -> int | None:
    """Who looks after a new application: the opening's recruiter, else the lead of its hiring manager, else an admin.

    Only somebody who is here and may own applications; None when there is nobody. `readers` lists admins before
    recruiters.
    """
    able = {one.person_id for one in readers if one.is_here and one.may_own}
    lead_id = next((one.lead_id for one in readers if one.person_id == manager_id), None)
    wanted = (recruiter_id, lead_id, *(one.person_id for one in readers))
    return next((person_id for person_id in wanted if person_id in able), None)


def clean_channel(ref: str) -> str:
    """How somebody found us, from ?ref= of the link they followed."""
    return clean_line(ref)[:_CHANNEL_LENGTH].strip() or OWN_CHANNEL


def week_of(day: date) -> date:
    """The Monday of its week."""
    return day - timedelta(days=day.weekday())
