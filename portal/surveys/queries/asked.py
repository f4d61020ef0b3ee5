"""Who was asked and may be reminded, which of these mails wait, and how the receipt stands to its survey."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, func, or_, select

from portal.applications.models import Application, Submission
from portal.core.db import UTCDateTime, fetch
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.surveys.models import Survey, SurveyInvitation, SurveyVersion
from portal.surveys.rules.inviting import REMINDED, REMINDED_AFTER_DAYS
from portal.surveys.rules.questions import content_from_json
from portal.surveys.states import SurveyState, Touchpoint, WhyNotAsked

#: Mails that were accepted longer ago are not reminded of.
_LOOK_BACK: Final = timedelta(days=14)


@dataclass(frozen=True)
class Asked:
    """Somebody who was asked by mail, or is to be, and has not answered."""

    invitation_id: int
    public_id: str
    cause: str
    touchpoint: Touchpoint
    person_id: int
    application_id: int | None
    closes_on: date
    #: When the mail was accepted.
    sent_at: datetime

    @property
    def about_id(self) -> int:
        """What `queries.inviting.came_again` knows it by."""
        return self.person_id if self.application_id is None else self.application_id


_DUE: Final = (
    select(
        SurveyInvitation.id,
        SurveyInvitation.public_id,
        SurveyInvitation.cause,
        Survey.touchpoint,
        SurveyInvitation.person_id,
        SurveyInvitation.application_id,
        SurveyInvitation.closes_on,
        Delivery.sent_at,
    )
    .join(Survey, Survey.id == SurveyInvitation.survey_id)
    .join(Delivery, Delivery.id == SurveyInvitation.delivery_id)
    .where(Survey.state == SurveyState.LIVE)
    .where(Survey.touchpoint.in_(REMINDED))
    .where(SurveyInvitation.why_not.is_(None))
    .where(SurveyInvitation.is_answered.is_(False))
    .where(SurveyInvitation.reminder_id.is_(None))
    .where(SurveyInvitation.asked_on > bindparam("asked_since"))
    .where(Delivery.sent_at <= bindparam("until", type_=UTCDateTime()))
    .order_by(SurveyInvitation.id)
)


def asked_and_silent(now: datetime, today: date) -> list[Asked]:
    """Who was asked by a mail that was accepted three days ago or more, and is not reminded yet.

    Having opened the survey is no answer.
    """
    until = now - timedelta(days=REMINDED_AFTER_DAYS) + timedelta(hours=1)
    return [Asked(*row) for row in fetch(_DUE, {"until": until, "asked_since": today - _LOOK_BACK})]


@dataclass(frozen=True)
class WaitingMail:
    """A mail with a survey, or a reminder of one, that no mail server has taken."""

    delivery_id: int
    invitation_id: int
    cause: str
    touchpoint: Touchpoint
    person_id: int
    application_id: int | None
    state: SurveyState
    is_answered: bool
    is_opened: bool
    expires_at: datetime | None
    is_reminder: bool

    @property
    def about_id(self) -> int:
        """What `queries.inviting.came_again` knows it by."""
        return self.person_id if self.application_id is None else self.application_id


_WAITING: Final = (
    select(
        Delivery.id,
        SurveyInvitation.id,
        SurveyInvitation.cause,
        Survey.touchpoint,
        SurveyInvitation.person_id,
        SurveyInvitation.application_id,
        Survey.state,
        SurveyInvitation.is_answered,
        SurveyInvitation.is_opened,
        Delivery.expires_at,
        SurveyInvitation.reminder_id.is_not(None) & (SurveyInvitation.reminder_id == Delivery.id),
    )
    .join(
        SurveyInvitation,
        or_(SurveyInvitation.delivery_id == Delivery.id, SurveyInvitation.reminder_id == Delivery.id),
    )
    .join(Survey, Survey.id == SurveyInvitation.survey_id)
    .where(Delivery.state == bindparam("queued", DeliveryState.QUEUED, literal_execute=True))
    .order_by(Delivery.id)
)


def waiting_mails() -> list[WaitingMail]:
    """Those that wait: the mail server was down or slow, or somebody's quiet hours began."""
    return [WaitingMail(*row) for row in fetch(_WAITING)]


@dataclass(frozen=True)
class OnReceipt:
    """How an application that was made here stands to the survey of its receipt."""

    application_id: int
    #: Of the invitation; empty: there is none yet.
    invitation_id: str
    why_not: WhyNotAsked | None


_ON_RECEIPT: Final = (
    select(Application.id, SurveyInvitation.public_id, SurveyInvitation.why_not)
    .join(Submission, Submission.application_id == Application.id)
    .outerjoin(SurveyInvitation, SurveyInvitation.cause == bindparam("cause"))
    .where(Application.public_id == bindparam("public_id"))
    .where(Application.person_id == bindparam("person_id"))
)


def on_receipt(person_id: int, public_id: str, cause: str) -> OnReceipt | None:
    """Their own application with this public id, if it was made here."""
    values = {"person_id": person_id, "public_id": public_id, "cause": cause}
    row = fetch(_ON_RECEIPT, values).one_or_none()
    return OnReceipt(row[0], row[1] or "", row[2]) if row is not None else None


_PUBLISHERS: Final = (
    select(SurveyVersion.published_by_id)
    .where(SurveyVersion.survey_id == bindparam("survey_id"))
    .where(SurveyVersion.published_by_id.is_not(None))
    .order_by(SurveyVersion.number.desc())
)


def publishers_of(survey_id: int) -> list[int]:
    """Who published its versions, the newest first."""
    return list(fetch(_PUBLISHERS, {"survey_id": survey_id}).scalars())


@dataclass(frozen=True)
class WaitingSurvey:
    """A survey about an application that its candidate can answer and has not."""

    public_id: str
    touchpoint: Touchpoint
    title: str
    closes_on: date
    is_opened: bool


_WAITING_ABOUT: Final = (
    select(
        SurveyInvitation.public_id,
        Survey.touchpoint,
        SurveyVersion.content,
        SurveyInvitation.closes_on,
        SurveyInvitation.is_opened,
    )
    .join(Application, Application.id == SurveyInvitation.application_id)
    .join(Survey, Survey.id == SurveyInvitation.survey_id)
    .join(
        SurveyVersion,
        (SurveyVersion.survey_id == Survey.id)
        & (SurveyVersion.number == func.coalesce(SurveyInvitation.version_number, Survey.version_number)),
    )
    .where(Application.public_id == bindparam("public_id"))
    .where(Application.person_id == bindparam("person_id"))
    .where(SurveyInvitation.person_id == bindparam("person_id"))
    .where(SurveyInvitation.why_not.is_(None))
    .where(SurveyInvitation.is_answered.is_(False))
    .where(SurveyInvitation.closes_on >= bindparam("today"))
    .where(Survey.state != SurveyState.CLOSED)
    .order_by(SurveyInvitation.id.desc())
    .limit(1)
)


def waiting_about(person_id: int, public_id: str, today: date) -> WaitingSurvey | None:
    """The newest survey about their own application that waits for them."""
    values = {"person_id": person_id, "public_id": public_id, "today": today}
    row = fetch(_WAITING_ABOUT, values).one_or_none()
    if row is None:
        return None
    public_id, touchpoint, content, closes_on, is_opened = row
    return WaitingSurvey(public_id, touchpoint, content_from_json(content).title, closes_on, is_opened)
