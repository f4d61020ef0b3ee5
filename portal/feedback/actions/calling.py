"""Feedback that was given by telephone: it stands on the candidate's page at once, and no mail goes."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.applications.actions.locking import lock_people
from portal.applications.models import Application
from portal.applications.queries import StaffScope
from portal.audit.actions import record
from portal.company.queries import company_zone
from portal.company.states import FeedbackWay
from portal.core.clock import day_of
from portal.core.db import transaction
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.permissions import Role
from portal.feedback.actions.folding import cause_of
from portal.feedback.models import FeedbackDebt
from portal.feedback.queries import DebtView, find_debt
from portal.feedback.rules.owing import (
    CallInstead,
    LooksAfter,
    NothingOwed,
    NotYours,
    check_call,
    check_instead,
    clean,
    may_log_call,
)
from portal.feedback.states import DebtState
from portal.people.queries import find_staff, stands_in_for
from portal.tasks.actions import settle_tasks
from portal.tasks.states import TaskKind


@dataclass(frozen=True)
class FeedbackCall:
    """A call as it is logged; `words` stand on the candidate's page, `instead` says why it was not in writing."""

    called_on: date | None
    words: str
    instead: CallInstead | None = None


def is_call_theirs(view: DebtView, scope: StaffScope, now: datetime) -> bool:
    """Whether the asker, who may see the application, may log a call about this debt."""
    who = LooksAfter(view.owner_id, None)
    if may_log_call(view.way, scope.person_id, scope.role, who):
        return True
    owner = find_staff(view.owner_id)
    stood_in_for = stands_in_for(scope.person_id, day_of(now, company_zone()))
    who = LooksAfter(view.owner_id, owner.lead_id if owner else None, stood_in_for)
    return may_log_call(view.way, scope.person_id, scope.role, who)


def log_feedback_call(public_id: str, call: FeedbackCall, *, scope: StaffScope, now: datetime) -> None:
    """Say that somebody told them their feedback by telephone; nothing is owed any more. Recorded.

    Raises OwingRefused when the day, the sentence or the reason is not right, NotYours, NothingOwed when it was given
    or held back in the meantime, and NotFound.
    """
    words = clean(call.words)
    person_id = _found(public_id, scope).person_id
    with transaction() as session:
        view, debt = _locked(session, public_id, person_id, scope)
        if debt.state is not DebtState.OPEN:
            raise NothingOwed(_("It is not owed any more: a colleague has just given it or held it back."))
        if not is_call_theirs(view, scope, now):
            raise NotYours(whose_call(view))
        check_instead(view.way, call.instead)
        zone = company_zone()
        check_call(words, call.called_on, first_day=day_of(view.ended_at, zone), today=day_of(now, zone))
        debt.called_on, debt.called_by_id, debt.call_words = call.called_on, scope.person_id, words
        debt.state, debt.settled_at = DebtState.GIVEN, now
        session.flush()
        settle_tasks(cause_of(public_id), TaskKind.FEEDBACK_DUE, now)
        details = {"instead": str(call.instead)} if view.way is FeedbackWay.WRITTEN and call.instead else {}
        _record("feedback.log_call", view, scope, now, **details)


def whose_call(view: DebtView) -> str:
    """Who may turn what was promised in writing into a call, as a sentence."""
    return _(
        "They were promised feedback in writing. Only %(name)s, who looks after the application, and their lead can "
        "log a call instead.",
        name=view.owner_name,
    )


def take_call_back(public_id: str, *, scope: StaffScope, now: datetime) -> None:
    """It was logged by mistake: the feedback is owed again by its day. For who logged it, and admins. Recorded.

    Raises NothingOwed when no call is logged any more, and NotFound.
    """
    person_id = _found(public_id, scope).person_id
    with transaction() as session:
        view, debt = _locked(session, public_id, person_id, scope)
        if debt.state is not DebtState.GIVEN or debt.called_on is None:
            raise NothingOwed(_("No call is logged any more, so there is nothing to take back."))
        if debt.called_by_id != scope.person_id and scope.role is not Role.ADMIN:
            raise NotFound
        debt.called_on, debt.called_by_id, debt.call_words = None, None, ""
        debt.state, debt.settled_at = DebtState.OPEN, None
        _record("feedback.take_call_back", view, scope, now)


def _found(public_id: str, scope: StaffScope) -> DebtView:
    view = find_debt(public_id, scope)
    if view is None:
        raise NotFound
    return view


def _locked(session: Session, public_id: str, person_id: int, scope: StaffScope) -> tuple[DebtView, FeedbackDebt]:
    """The debt as it stands once nobody else changes it."""
    lock_people(session, person_id, scope.person_id)
    view = _found(public_id, scope)
    session.get_one(Application, view.application_id, with_for_update=True)
    debt = session.get_one(FeedbackDebt, view.id, with_for_update=True, populate_existing=True)
    return view, debt


def _record(action: str, view: DebtView, scope: StaffScope, now: datetime, **details: str) -> None:
    subject = f"application:{view.public_id}"
    record(action, subject, actor_id=scope.person_id, person_id=view.person_id, now=now, **details)
