"""Feedback that is owed, as the page of their application tells the candidate of it: nothing internal is selected."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, case, func, select
from sqlalchemy.orm import aliased

from portal.applications.models import Application
from portal.applications.queries.shown import Owner, Shown, with_shown
from portal.applications.states import ApplicationStatus
from portal.company.states import FeedbackWay
from portal.core.db import fetch
from portal.feedback.models import Feedback, FeedbackDebt
from portal.feedback.queries.owed import HELD, MISSED, NEWEST
from portal.feedback.queries.staff import is_out
from portal.feedback.states import DebtState, FeedbackForm
from portal.interviews.models import Interview
from portal.openings.models import Opening
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.people.models import Address, Person


@dataclass(frozen=True)
class OwnDebt:
    """The debt of one application, if it has any; every field of a debt that there is not is None or empty."""

    application_id: int
    person_id: int
    status: ApplicationStatus
    opening_title: str
    owner_name: str
    interview_count: int
    state: DebtState | None
    form: FeedbackForm | None
    way: FeedbackWay | None
    due_on: date | None
    asked_at: datetime | None
    hold_words: str
    ask_name: str
    ask_email: str
    called_on: date | None
    called_by_name: str
    call_words: str
    #: How the mail stands that tells of a hold.
    delivery_state: DeliveryState | None
    #: Whether their page shows them written feedback since.
    is_there: bool


_HoldMail = aliased(Delivery, name="hold_mail")
_Ask = aliased(Person, name="ask")
_AskAddress = aliased(Address, name="ask_address")
_CalledBy = aliased(Person, name="called_by")

_OWN = (
    with_shown(
        select(
            Application.id,
            Application.person_id,
            Shown.status,
            Opening.title,
            Owner.name,
            select(func.count(Interview.id))
            .where(Interview.application_id == Application.id)
            .where(Interview.state.in_((*HELD, *MISSED)))
            .correlate(Application)
            .scalar_subquery(),
            FeedbackDebt.state,
            FeedbackDebt.form,
            FeedbackDebt.way,
            FeedbackDebt.due_on,
            FeedbackDebt.asked_at,
            func.coalesce(FeedbackDebt.hold_words, ""),
            func.coalesce(_Ask.name, ""),
            func.coalesce(_AskAddress.email, ""),
            FeedbackDebt.called_on,
            func.coalesce(_CalledBy.name, ""),
            func.coalesce(FeedbackDebt.call_words, ""),
            _HoldMail.state,
            case(
                (is_out() & (func.coalesce(Delivery.sent_at, Feedback.approved_at) >= FeedbackDebt.created_at), 1),
                else_=0,
            )
            == 1,
        )
        .select_from(Application)
        .join(Opening, Opening.id == Application.opening_id)
        .join(Owner, Owner.id == Application.owner_id)
        .outerjoin(FeedbackDebt, FeedbackDebt.id == NEWEST)
        .outerjoin(_Ask, _Ask.id == FeedbackDebt.ask_id)
        .outerjoin(_AskAddress, (_AskAddress.person_id == _Ask.id) & _AskAddress.is_primary)
        .outerjoin(_CalledBy, _CalledBy.id == FeedbackDebt.called_by_id)
        .outerjoin(_HoldMail, _HoldMail.id == FeedbackDebt.delivery_id)
        .outerjoin(Feedback, Feedback.application_id == Application.id)
        .outerjoin(Delivery, Delivery.id == Feedback.delivery_id)
    )
).where(Application.public_id == bindparam("public_id"))


def own_debt(public_id: str) -> OwnDebt | None:
    """What an application's page tells its candidate of feedback; the caller has checked who asks."""
    row = fetch(_OWN, {"public_id": public_id}).one_or_none()
    return OwnDebt(*row) if row else None
