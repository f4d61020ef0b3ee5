"""How people stand with us at this moment, as far as it decides whether they are asked; read for many at once."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from sqlalchemy import Integer, String, bindparam, exists, func, select

from portal.applications.models import Application, EndingLetter
from portal.applications.queries.shown import Later, Shown, with_later, with_shown
from portal.applications.states import AUTOMATIC, ENDINGS, OPEN_STATUSES, ApplicationStatus, EventKind, ItemState
from portal.contact.models import ContactPreferences
from portal.conversations.models import ConversationMessage
from portal.core.db import fetch
from portal.feedback.models import FeedbackDebt
from portal.feedback.states import DebtState
from portal.people.models import Address, Person
from portal.surveys.models import Survey, SurveyInvitation
from portal.surveys.states import Touchpoint

_IDS: Final = bindparam("ids", expanding=True, type_=Integer)


@dataclass(frozen=True)
class Theirs:
    """One application of theirs, as they read it and as we know it."""

    application_id: int
    kind: EventKind
    status: ApplicationStatus
    next_update_by: date | None
    #: An ending is written that they have not got, or another system told of one.
    is_ending: bool

    def is_late(self, today: date) -> bool:
        """Whether they wait for a person's word beyond the day that was promised; a note by itself is none."""
        if self.status not in OPEN_STATUSES:
            return False
        return self.kind in AUTOMATIC or (self.next_update_by is not None and self.next_update_by < today)


@dataclass(frozen=True)
class PersonNow:
    """How one person stands."""

    timezone: str
    has_address: bool
    is_opted_out: bool
    #: They wait for an answer to a message, or for feedback that is overdue.
    is_waiting: bool
    #: When they were last asked at the touchpoint in question.
    asked_on: date | None
    applications: Sequence[Theirs] = field(default=())

    @property
    def is_outcome_queued(self) -> bool:
        """Whether an ending of any application is to reach them."""
        return any(one.is_ending for one in self.applications)

    def is_unanswered(self, today: date) -> bool:
        """Whether anything of theirs waits for us longer than it should."""
        return self.is_waiting or any(one.is_late(today) for one in self.applications)

    def is_active_beside(self, application_id: int | None) -> bool:
        """Whether another application of theirs is open."""
        return any(one.status in OPEN_STATUSES and one.application_id != application_id for one in self.applications)


_PEOPLE: Final = (
    select(
        Person.id,
        Person.timezone,
        exists().where(Address.person_id == Person.id).correlate(Person).label("has_address"),
        ContactPreferences.surveys_off_at.is_not(None).label("is_opted_out"),
    )
    .outerjoin(ContactPreferences, ContactPreferences.person_id == Person.id)
    .where(Person.id.in_(_IDS))
    .order_by(Person.id)
)
_IS_IN_A_ROUND: Final = (
    exists()
    .where(EndingLetter.application_id == Application.id)
    .where(EndingLetter.state == bindparam("waiting", ItemState.WAITING, literal_execute=True))
    .correlate(Application)
)
_APPLICATIONS: Final = (
    with_later(
        with_shown(
            select(
                Application.person_id,
                Application.id,
                Shown.kind,
                Shown.status,
                Shown.next_update_by,
                Later.status.label("later_status"),
                Application.source_ending,
                _IS_IN_A_ROUND.label("is_in_a_round"),
            ).select_from(Application)
        )
    )
    .where(Application.person_id.in_(_IDS))
    .order_by(Application.id)
)
_UNANSWERED: Final = (
    select(ConversationMessage.person_id)
    .distinct()
    .where(ConversationMessage.person_id.in_(_IDS))
    .where(ConversationMessage.author_id.is_(None))
    .where(ConversationMessage.closed_at.is_(None))
    .order_by(ConversationMessage.person_id)
)
_OVERDUE: Final = (
    select(Application.person_id)
    .distinct()
    .join(FeedbackDebt, FeedbackDebt.application_id == Application.id)
    .where(Application.person_id.in_(_IDS))
    .where(FeedbackDebt.state == DebtState.OPEN)
    .where(FeedbackDebt.due_on < bindparam("today"))
    .order_by(Application.person_id)
)
_ASKED: Final = (
    select(SurveyInvitation.person_id, func.max(SurveyInvitation.asked_on))
    .join(Survey, Survey.id == SurveyInvitation.survey_id)
    .where(SurveyInvitation.person_id.in_(_IDS))
    .where(SurveyInvitation.why_not.is_(None))
    .where(Survey.touchpoint == bindparam("touchpoint", type_=Survey.touchpoint.type))
    .group_by(SurveyInvitation.person_id)
    .order_by(SurveyInvitation.person_id)
)
_MAILED: Final = (
    select(SurveyInvitation.application_id)
    .distinct()
    .where(SurveyInvitation.application_id.in_(_IDS))
    .where(SurveyInvitation.delivery_id.is_not(None))
    .order_by(SurveyInvitation.application_id)
)
_CAUSES: Final = select(SurveyInvitation.cause).where(
    SurveyInvitation.cause.in_(bindparam("causes", expanding=True, type_=String))
)


def people_now(person_ids: Iterable[int], touchpoint: Touchpoint, today: date) -> dict[int, PersonNow]:
    """How each of these stands who is still known; five statements in all. `today` is a day in the company's zone."""
    values = {"ids": sorted(set(person_ids))}
    if not values["ids"]:
        return {}
    applications: dict[int, list[Theirs]] = defaultdict(list)
    for row in fetch(_APPLICATIONS, values):
        applications[row.person_id].append(_theirs(row))
    waiting = {*fetch(_UNANSWERED, values).scalars(), *fetch(_OVERDUE, {**values, "today": today}).scalars()}
    asked: dict[int, date] = {key: day for key, day in fetch(_ASKED, {**values, "touchpoint": touchpoint})}
    return {
        row.id: PersonNow(
            timezone=row.timezone,
            has_address=bool(row.has_address),
            is_opted_out=bool(row.is_opted_out),
            is_waiting=row.id in waiting,
            asked_on=asked.get(row.id),
            applications=applications[row.id],
        )
        for row in fetch(_PEOPLE, values)
    }


def _theirs(row: Any) -> Theirs:
    is_open = row.status in OPEN_STATUSES
    return Theirs(
        application_id=row.id,
        kind=row.kind,
        status=row.status,
        next_update_by=row.next_update_by,
        is_ending=row.later_status in ENDINGS or (is_open and (row.source_ending is not None or row.is_in_a_round)),
    )


def applications_with_mail(application_ids: Sequence[int]) -> set[int]:
    """About which of these a mail with a survey has been written."""
    return set(fetch(_MAILED, {"ids": list(application_ids)}).scalars())


def causes_noted(causes: Sequence[str]) -> set[str]:
    """For which of these somebody was asked or passed over already."""
    return set(fetch(_CAUSES, {"causes": list(causes)}).scalars()) if causes else set()
