"""What colleagues read of feedback that is being written or was sent, and whom it is about."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Integer, bindparam, case, exists, func, literal, or_, select
from sqlalchemy.orm import aliased

from portal.applications.models import Application
from portal.applications.queries.shown import Shown, StaffScope, is_in_scope, with_people, with_shown
from portal.applications.states import ApplicationStatus
from portal.core.db import fetch
from portal.core.permissions import Role
from portal.feedback.models import Feedback, FeedbackDebt, FeedbackReading
from portal.feedback.queries.owed import VIEW_COLUMNS, DebtView, with_newest_debt
from portal.feedback.rules.writing import FeedbackWords
from portal.feedback.states import DebtState, FeedbackForm, FeedbackState
from portal.interviews.models import Interview, PanelMember
from portal.interviews.states import InterviewState
from portal.openings.models import Opening
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.people.models import Address, Person

#: Who took part in one of these may write: the interview took place, or nobody has said what became of it.
MET: Final = (InterviewState.CONFIRMED, InterviewState.MOVED, InterviewState.DONE)
_Author = aliased(Person, name="author")
_Approver = aliased(Person, name="approver")


@dataclass(frozen=True)
class FeedbackSubject:
    """The application that feedback is about, for somebody who may write it."""

    application_id: int
    public_id: str
    person_id: int
    person_name: str
    email: str
    opening_title: str
    owner_id: int
    manager_id: int | None
    #: What the candidate reads of where it stands.
    status: ApplicationStatus
    #: Whether the asker may see the application itself; who only took part in an interview may not.
    is_in_scope: bool

    @property
    def name(self) -> str:
        """As colleagues call them."""
        return self.person_name or self.email


@dataclass(frozen=True)
class Written:
    """Feedback as it stands, with its mail and what the candidate did with it."""

    id: int
    public_id: str
    application_id: int
    state: FeedbackState
    form: FeedbackForm
    author_id: int | None
    author_name: str
    approver_id: int | None
    approver_name: str
    is_alone: bool
    lint_reason: str
    returned_words: str
    revision: int
    changed_at: datetime
    approved_at: datetime | None
    retracted_at: datetime | None
    retracted_words: str
    delivery_id: int | None
    delivery_state: DeliveryState | None
    delivery_attempts: int | None
    goes_from: datetime | None
    is_held_back: bool | None
    accepted_at: datetime | None
    read_at: datetime | None
    thanked_at: datetime | None
    has_helped: bool | None
    asked_at: datetime | None
    words: FeedbackWords = field(default_factory=FeedbackWords)

    @property
    def may_be_taken_back(self) -> bool:
        """Whether it was approved and no mail server was given its mail."""
        is_untouched = self.delivery_state is DeliveryState.QUEUED and self.delivery_attempts == 0
        return self.state is FeedbackState.APPROVED and is_untouched

    @property
    def is_lost(self) -> bool:
        """Whether the mail that says it is there did not arrive."""
        return self.state is FeedbackState.APPROVED and self.delivery_state is DeliveryState.DEAD


@dataclass(frozen=True)
class OwedAs:
    """How much is owed, and whether an admin holds it."""

    form: FeedbackForm
    is_held: bool


@dataclass(frozen=True)
class PanelFacts:
    """What the application's page in recruiting says about its feedback."""

    status: ApplicationStatus
    state: FeedbackState | None
    author_name: str
    delivery_state: DeliveryState | None
    accepted_at: datetime | None
    read_at: datetime | None
    thanked_at: datetime | None
    has_helped: bool | None
    asked_at: datetime | None
    has_interview: bool
    is_owed: bool
    #: It was given by telephone, or an admin holds it: nobody is waited for.
    is_settled_otherwise: bool


def is_out() -> ColumnElement[bool]:
    """Of feedback with its delivery: the candidate may choose to read it.

    Its mail was accepted once; or no mail server will ever take it, and then their page alone tells them.
    """
    was_accepted = or_(Delivery.sent_at.is_not(None), Delivery.state.in_((DeliveryState.SENT, DeliveryState.DEAD)))
    return (Feedback.state == FeedbackState.APPROVED) & was_accepted


def _met(asker_id: Any) -> ColumnElement[bool]:
    return (
        exists()
        .where(Interview.application_id == Application.id)
        .where(Interview.state.in_(MET))
        .where(PanelMember.interview_id == Interview.id)
        .where(PanelMember.staff_id == asker_id)
        .correlate(Application)
    )


_SUBJECT: Final = (
    Application.id,
    Application.public_id,
    Application.person_id,
    Person.name,
    func.coalesce(Address.email, ""),
    Opening.title,
    Application.owner_id,
    Opening.hiring_manager_id,
    Shown.status,
)


@cache
def _subject(role: Role) -> Any:
    """Built once: building it costs more than running it."""
    asker = bindparam("asker_id", type_=Integer)
    sees = is_in_scope(asker, role)
    return (
        with_shown(with_people(select(*_SUBJECT, case((sees, 1), else_=0) == 1)))
        .where(Application.public_id == bindparam("public_id"))
        .where(Application.person_id != asker)
        .where(or_(sees, _met(asker)))
    )


def find_subject(public_id: str, scope: StaffScope) -> FeedbackSubject | None:
    """The application, for whoever may write feedback about it: those who may see it and those who met the candidate.

    Nobody writes about themselves.
    """
    row = fetch(_subject(scope.role), {"public_id": public_id, "asker_id": scope.person_id}).one_or_none()
    return FeedbackSubject(*row) if row else None


_WORDS = (
    Feedback.strong,
    Feedback.criterion,
    Feedback.missing,
    Feedback.try_this,
    Feedback.resource,
    Feedback.resource_url,
)
_WRITTEN = (
    select(
        Feedback.id,
        Feedback.public_id,
        Feedback.application_id,
        Feedback.state,
        Feedback.form,
        Feedback.author_id,
        func.coalesce(_Author.name, ""),
        Feedback.approver_id,
        func.coalesce(_Approver.name, ""),
        Feedback.is_alone,
        Feedback.lint_reason,
        Feedback.returned_words,
        Feedback.revision,
        Feedback.changed_at,
        Feedback.approved_at,
        Feedback.retracted_at,
        Feedback.retracted_words,
        Feedback.delivery_id,
        Delivery.state,
        Delivery.attempts,
        Delivery.next_try_at,
        Delivery.held_reason.is_not(None),
        Delivery.sent_at,
        FeedbackReading.read_at,
        FeedbackReading.thanked_at,
        FeedbackReading.has_helped,
        FeedbackReading.asked_at,
        *_WORDS,
    )
    .outerjoin(_Author, _Author.id == Feedback.author_id)
    .outerjoin(_Approver, _Approver.id == Feedback.approver_id)
    .outerjoin(Delivery, Delivery.id == Feedback.delivery_id)
    .outerjoin(FeedbackReading, FeedbackReading.feedback_id == Feedback.id)
    .where(Feedback.application_id == bindparam("application_id"))
)


def find_written(application_id: int) -> Written | None:
    """What was written about this application so far; the caller has checked who asks."""
    row = fetch(_WRITTEN, {"application_id": application_id}).one_or_none()
    if row is None:
        return None
    facts, words = row[: -len(_WORDS)], row[-len(_WORDS) :]
    return replace(Written(*facts), words=FeedbackWords(*words))


_OWED = (
    select(FeedbackDebt.form, FeedbackDebt.state)
    .where(FeedbackDebt.application_id == bindparam("application_id"))
    .where(FeedbackDebt.state != DebtState.VOID)
    .order_by(FeedbackDebt.id.desc())
    .limit(1)
)


def owed_as(application_id: int) -> OwedAs:
    """How much is owed; the full form where nothing is."""
    row = fetch(_OWED, {"application_id": application_id}).one_or_none()
    return OwedAs(row[0], row[1] is DebtState.HELD) if row else OwedAs(FeedbackForm.FULL, False)


_PANEL = (
    Shown.status,
    Feedback.state,
    func.coalesce(_Author.name, ""),
    Delivery.state,
    Delivery.sent_at,
    FeedbackReading.read_at,
    FeedbackReading.thanked_at,
    FeedbackReading.has_helped,
    FeedbackReading.asked_at,
    exists().where(Interview.application_id == Application.id).where(Interview.state.in_(MET)).correlate(Application),
    exists()
    .where(FeedbackDebt.application_id == Application.id)
    .where(FeedbackDebt.state == DebtState.OPEN)
    .correlate(Application),
    exists()
    .where(FeedbackDebt.application_id == Application.id)
    .where(FeedbackDebt.state.in_((DebtState.GIVEN, DebtState.HELD)))
    .correlate(Application),
)


@cache
def _panels(role: Role) -> Any:
    statement = with_shown(with_newest_debt(select(*_PANEL, *VIEW_COLUMNS)))
    return (
        statement.outerjoin(_Author, _Author.id == Feedback.author_id)
        .outerjoin(Delivery, Delivery.id == Feedback.delivery_id)
        .outerjoin(FeedbackReading, FeedbackReading.feedback_id == Feedback.id)
        .where(Application.public_id == bindparam("public_id"))
        .where(is_in_scope(bindparam("asker_id", type_=Integer), role))
    )


@dataclass(frozen=True)
class PanelsFound:
    """What the application's page says about its feedback, in all of its parts."""

    facts: PanelFacts
    #: What is or was owed; None where nothing ever was.
    debt: DebtView | None


def find_panels(public_id: str, scope: StaffScope) -> PanelsFound | None:
    """What the application's page says about its feedback, if the asker may see that."""
    row = fetch(_panels(scope.role), {"public_id": public_id, "asker_id": scope.person_id}).one_or_none()
    if row is None:
        return None
    facts, debt = row[: len(_PANEL)], row[len(_PANEL) :]
    return PanelsFound(PanelFacts(*facts), DebtView(*debt) if debt[0] is not None else None)


_WAITING = (
    select(Feedback.application_id)
    .join(Delivery, Delivery.id == Feedback.delivery_id)
    .where(Feedback.state == FeedbackState.APPROVED)
    .where(Delivery.state == DeliveryState.QUEUED)
    .order_by(Feedback.application_id)
)
_WAITING_SUBJECT = (
    with_shown(with_people(select(*_SUBJECT, literal(True))))
    .where(Application.id == bindparam("application_id"))
    .where(Application.id.in_(_WAITING.order_by(None)))
)


def waiting_feedback() -> list[int]:
    """Ids of applications whose feedback was approved and waits to go."""
    return list(fetch(_WAITING).scalars())


def find_waiting(application_id: int) -> FeedbackSubject | None:
    """The application whose feedback waits to go, for a job; None when none does."""
    row = fetch(_WAITING_SUBJECT, {"application_id": application_id}).one_or_none()
    return FeedbackSubject(*row) if row else None
