"""What a candidate reads of feedback: that there is some, and its words once they have chosen to read them.

No statement here selects a word of feedback that is not out, nor of any before its reader asked for it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, bindparam, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from portal.applications.models import Application
from portal.core.db import fetch
from portal.feedback.models import Feedback, FeedbackReading
from portal.feedback.queries.staff import is_out
from portal.feedback.rules.writing import FeedbackWords
from portal.openings.models import Opening
from portal.outbox.models import Delivery
from portal.people.models import Person, Staff, StaffPicture


@dataclass(frozen=True)
class UnreadFeedback:
    """Feedback that somebody may read and has not."""

    application_public_id: str
    opening_title: str
    given_at: datetime


@dataclass(frozen=True)
class OwnFeedback:
    """That there is feedback, or that it was taken back; and what its reader did with it."""

    application_public_id: str
    person_id: int
    opening_title: str
    #: False: it was taken back, and nothing new is there.
    is_out: bool
    #: Empty where whoever wrote it is not known any more.
    author_name: str
    author_introduction: str
    author_picture: str
    owner_name: str
    given_at: datetime | None
    retracted_at: datetime | None
    retracted_words: str
    read_at: datetime | None
    thanked_at: datetime | None
    has_helped: bool | None
    asked_at: datetime | None


_Author = aliased(Person, name="author")
_AuthorStaff = aliased(Staff, name="author_staff")
_Owner = aliased(Person, name="owner")


def _joined(statement: Any) -> Any:
    return (
        statement.select_from(Feedback)
        .join(Application, Application.id == Feedback.application_id)
        .outerjoin(Delivery, Delivery.id == Feedback.delivery_id)
        .outerjoin(FeedbackReading, FeedbackReading.feedback_id == Feedback.id)
        .where(Application.public_id == bindparam("public_id"))
    )


_NOTICE = (
    _joined(
        select(
            Application.public_id,
            Application.person_id,
            Opening.title,
            case((is_out(), 1), else_=0) == 1,
            func.coalesce(_Author.name, ""),
            func.coalesce(_AuthorStaff.introduction, ""),
            func.coalesce(StaffPicture.public_id, ""),
            _Owner.name,
            func.coalesce(Delivery.sent_at, Feedback.approved_at, type_=Feedback.approved_at.type),
            Feedback.retracted_at,
            Feedback.retracted_words,
            FeedbackReading.read_at,
            FeedbackReading.thanked_at,
            FeedbackReading.has_helped,
            FeedbackReading.asked_at,
        )
    )
    .join(Opening, Opening.id == Application.opening_id)
    .join(_Owner, _Owner.id == Application.owner_id)
    .outerjoin(_Author, _Author.id == Feedback.author_id)
    .outerjoin(_AuthorStaff, _AuthorStaff.person_id == Feedback.author_id)
    .outerjoin(StaffPicture, StaffPicture.person_id == Feedback.author_id)
    .where(or_(is_out(), Feedback.retracted_at.is_not(None)))
)
_GIVEN_AT: Any = func.coalesce(Delivery.sent_at, Feedback.approved_at, type_=Feedback.approved_at.type)
_UNREAD = (
    select(Application.public_id, Opening.title, _GIVEN_AT)
    .select_from(Feedback)
    .join(Application, Application.id == Feedback.application_id)
    .join(Opening, Opening.id == Application.opening_id)
    .outerjoin(Delivery, Delivery.id == Feedback.delivery_id)
    .where(Application.person_id == bindparam("person_id"))
    .where(is_out())
    .where(~exists().where(FeedbackReading.feedback_id == Feedback.id))
    .order_by(_GIVEN_AT.desc())
)
_TEXT = (
    _joined(
        select(
            Feedback.strong,
            Feedback.criterion,
            Feedback.missing,
            Feedback.try_this,
            Feedback.resource,
            Feedback.resource_url,
        )
    )
    .where(Application.person_id == bindparam("person_id", type_=Integer))
    .where(is_out())
    .where(FeedbackReading.read_at.is_not(None))
)


def unread_feedback(person_id: int) -> list[UnreadFeedback]:
    """What this person may read and has not chosen to yet, the newest first."""
    return [UnreadFeedback(*row) for row in fetch(_UNREAD, {"person_id": person_id})]


def feedback_notice(public_id: str) -> OwnFeedback | None:
    """What may be said about feedback on this application to whoever may read its page; nothing of its words."""
    row = fetch(_NOTICE, {"public_id": public_id}).one_or_none()
    return OwnFeedback(*row) if row else None


def own_feedback(person_id: int, public_id: str) -> OwnFeedback | None:
    """The same, for the person whose application it is and nobody else."""
    found = feedback_notice(public_id)
    return found if found is not None and found.person_id == person_id else None


def own_words(person_id: int, public_id: str) -> FeedbackWords | None:
    """What it says, once this person has chosen to read it; None before, and when it was taken back."""
    row = fetch(_TEXT, {"public_id": public_id, "person_id": person_id}).one_or_none()
    return FeedbackWords(*row) if row else None
