"""What decides about the feedback on applications, and which of them are to be looked at."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Integer, bindparam, exists, or_, select
from sqlalchemy.orm import aliased

from portal.applications.models import ApplicationEvent
from portal.applications.queries.promises import said_about
from portal.applications.queries.service import feedback_promises
from portal.applications.queries.shown import is_accepted
from portal.applications.states import ApplicationStatus
from portal.core.db import UTCDateTime, fetch
from portal.feedback.models import Feedback, FeedbackDebt
from portal.feedback.queries.owed import MISSED
from portal.feedback.rules import Called, Debt, Facts, Interviewed, Reached
from portal.feedback.states import DebtState, FeedbackState
from portal.interviews.models import Interview, InterviewHistory
from portal.interviews.states import HistoryKind, InterviewState
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState

#: Nobody is ended so long after their last interview; those are looked at where something else calls for it.
_INTERVIEWED_WITHIN: Final = timedelta(days=400)
_MAY_HAVE_BEEN: Final = (InterviewState.DONE, InterviewState.CONFIRMED, InterviewState.MOVED)
_IDS = bindparam("ids", expanding=True, type_=Integer)

#: What colleagues say became of an interview, and whether it took place then.
_OUTCOMES: Final = {
    HistoryKind.DONE: True,
    HistoryKind.MISSED_BY_THEM: False,
    HistoryKind.MISSED_BY_US: False,
}
_INTERVIEWS = (
    select(
        Interview.application_id,
        Interview.id,
        Interview.state,
        Interview.format,
        Interview.minutes,
        Interview.starts_at,
    )
    .where(Interview.application_id.in_(_IDS))
    .order_by(Interview.application_id, Interview.id)
)
_CALLED = (
    select(InterviewHistory.interview_id, InterviewHistory.kind, InterviewHistory.created_at)
    .where(InterviewHistory.interview_id.in_(_IDS))
    .where(InterviewHistory.kind.in_(_OUTCOMES))
    .order_by(InterviewHistory.interview_id, InterviewHistory.id)
)
_DEBTS = (
    select(
        FeedbackDebt.application_id,
        FeedbackDebt.event_id,
        FeedbackDebt.state,
        FeedbackDebt.form,
        FeedbackDebt.asked_at,
        FeedbackDebt.called_on,
        FeedbackDebt.settled_at,
    )
    .where(FeedbackDebt.application_id.in_(_IDS))
    .order_by(FeedbackDebt.application_id, FeedbackDebt.id)
)
_WRITTEN = (
    select(Feedback.application_id, Feedback.state, Feedback.retracted_at, Delivery.state, Delivery.sent_at)
    .outerjoin(Delivery, Delivery.id == Feedback.delivery_id)
    .where(Feedback.application_id.in_(_IDS))
    .order_by(Feedback.application_id, Feedback.id)
)


def facts_about(application_ids: Sequence[int]) -> dict[int, tuple[Facts, list[Debt]]]:
    """What decides about the feedback on each of these, and the debts that are noted; six statements at most."""
    values = {"ids": list(application_ids)}
    interviews = _interviews(values)
    debts = _grouped(fetch(_DEBTS, values))
    written = _grouped(fetch(_WRITTEN, values))
    promised = feedback_promises(application_ids)
    reached = {
        one: [Reached(event.event_id, event.kind, event.status, event.seen_at) for event in events]
        for one, events in said_about(application_ids).items()
    }
    return {
        one: (
            Facts(
                reached=reached.get(one, []),
                interviews=interviews[one],
                way=promised[one].way,
                days=promised[one].days,
                asked={row.event_id: row.asked_at for row in debts[one] if row.asked_at is not None},
                given=[*_written_at(written[one]), *_said_at(debts[one])],
                retracted_at=max((row.retracted_at for row in written[one] if row.retracted_at), default=None),
            ),
            [Debt(row.event_id, row.state, row.form) for row in debts[one]],
        )
        # Whoever was erased meanwhile is none of them.
        for one in promised
    }


def _interviews(values: dict[str, list[int]]) -> dict[int, list[Interviewed]]:
    """The interviews of each application; of those that are called missed, what was said of them before."""
    rows = fetch(_INTERVIEWS, values).all()
    called: dict[int, list[Called]] = defaultdict(list)
    if missed := [row.id for row in rows if row.state in MISSED]:
        for interview_id, kind, at in fetch(_CALLED, {"ids": missed}):
            called[interview_id].append(Called(_OUTCOMES[kind], at))
    found: dict[int, list[Interviewed]] = defaultdict(list)
    for application_id, interview_id, state, way, minutes, starts_at in rows:
        found[application_id].append(Interviewed(state, way, minutes, starts_at, called[interview_id]))
    return found


def _grouped(rows: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.application_id].append(row)
    return found


def _written_at(rows: Sequence[Any]) -> list[datetime]:
    """When the mail that says it is there was accepted; not what came back since, or was taken back."""
    return [
        sent_at
        for _id, state, _retracted_at, mail, sent_at in rows
        if state is FeedbackState.APPROVED and mail is DeliveryState.SENT
    ]


def _said_at(rows: Sequence[Any]) -> list[datetime]:
    """When a call was noted."""
    return [row.settled_at for row in rows if row.state is DebtState.GIVEN and row.called_on is not None]


_Noted = aliased(FeedbackDebt)
_Ended = aliased(ApplicationEvent)
#: Somebody was not selected, can read it, and nothing was noted about it yet.
_NEW = (
    select(ApplicationEvent.application_id)
    .join(Interview, Interview.application_id == ApplicationEvent.application_id)
    .outerjoin(Delivery, Delivery.id == ApplicationEvent.delivery_id)
    .where(Interview.starts_at > bindparam("since", type_=UTCDateTime()))
    .where(Interview.starts_at <= bindparam("now", type_=UTCDateTime()))
    .where(
        or_(
            Interview.state.in_(_MAY_HAVE_BEEN),
            # Called missed since, or although it had been called done.
            exists()
            .where(InterviewHistory.interview_id == Interview.id)
            .where(InterviewHistory.kind.in_(_OUTCOMES))
            .where(
                or_(
                    InterviewHistory.kind == HistoryKind.DONE,
                    InterviewHistory.created_at >= ApplicationEvent.created_at,
                )
            )
            .correlate(Interview, ApplicationEvent),
        )
    )
    .where(ApplicationEvent.status == ApplicationStatus.NOT_SELECTED)
    .where(is_accepted())
    .where(
        ~exists()
        .where(_Noted.application_id == ApplicationEvent.application_id)
        .where(_Noted.event_id >= ApplicationEvent.id)
        .correlate(ApplicationEvent)
    )
)
_STANDING = select(FeedbackDebt.application_id).where(FeedbackDebt.state.in_((DebtState.OPEN, DebtState.HELD)))
#: What was settled, and something has happened since that may unsettle it.
_UNSETTLED = (
    select(FeedbackDebt.application_id)
    .join(_Ended, _Ended.id == FeedbackDebt.event_id)
    .outerjoin(Delivery, Delivery.id == _Ended.delivery_id)
    .where(FeedbackDebt.state.in_((DebtState.GIVEN, DebtState.VOID)))
    .where(
        or_(
            Delivery.sent_at > FeedbackDebt.settled_at,
            exists()
            .where(Interview.application_id == FeedbackDebt.application_id)
            .where(Interview.changed_at >= FeedbackDebt.settled_at)
            .correlate(FeedbackDebt),
        )
    )
)
_MAIL = aliased(Delivery)
#: What was given in writing and is no more: taken back, or its mail came back.
_GONE = (
    select(FeedbackDebt.application_id)
    .join(Feedback, Feedback.application_id == FeedbackDebt.application_id)
    .outerjoin(_MAIL, _MAIL.id == Feedback.delivery_id)
    .where(FeedbackDebt.state == DebtState.GIVEN)
    .where(FeedbackDebt.called_on.is_(None))
    .where(or_(Feedback.state != FeedbackState.APPROVED, _MAIL.state != DeliveryState.SENT))
)


def applications_to_look_at(now: datetime) -> list[int]:
    """Ids of applications about whose feedback something may have to be noted."""
    found = {
        *fetch(_NEW, {"since": now - _INTERVIEWED_WITHIN, "now": now}).scalars(),
        *fetch(_STANDING).scalars(),
        *fetch(_UNSETTLED).scalars(),
        *fetch(_GONE).scalars(),
    }
    return sorted(found)
