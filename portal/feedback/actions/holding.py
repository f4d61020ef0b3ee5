"""An admin holds back feedback that is owed, with a reason; the candidate is told so, and whom to ask."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.headerregistry import Address
from typing import TypeVar

from sqlalchemy.orm import Session

from portal.accounts.actions import issue_token
from portal.applications.actions.locking import lock_people
from portal.applications.models import Application
from portal.applications.queries import StaffScope
from portal.applications.queries.service import feedback_promises
from portal.audit.actions import record
from portal.company.queries import company_zone, undo_minutes
from portal.contact.states import Timing
from portal.core.db import transaction
from portal.core.errors import Busy, NotFound
from portal.core.i18n import gettext as _
from portal.core.identifiers import new_public_id
from portal.core.mail import RenderedMail
from portal.core.permissions import Role
from portal.core.tokens import TokenKind
from portal.feedback.actions.folding import cause_of
from portal.feedback.emails import held, not_held_any_more
from portal.feedback.models import FeedbackDebt
from portal.feedback.queries import DebtView, find_debt
from portal.feedback.rules import due_day
from portal.feedback.rules.owing import NothingOwed, check_hold, check_may_hold, clean
from portal.feedback.states import DebtState
from portal.outbox.actions import enqueue, take_back
from portal.outbox.states import MailClass
from portal.people.queries import Recipient, StaffRow, find_active_staff, find_staff, recipient
from portal.tasks.actions import settle_tasks
from portal.tasks.states import TaskKind

#: How often the mail is made anew because what it says has changed while it was made.
_TRIES = 3
Result = TypeVar("Result")


@dataclass(frozen=True)
class Hold:
    """Why feedback is held back, for us and in words for the candidate, and the colleague whom they ask."""

    reason: str
    words: str
    #: Public id of somebody who works here.
    ask: str


def hold_feedback(public_id: str, hold: Hold, *, scope: StaffScope, now: datetime) -> None:
    """Hold back what is owed on this application, for admins. The candidate gets a mail in office hours. Recorded.

    Until the mail goes it can be lifted without a trace. Raises OwingRefused, NothingOwed, Busy and NotFound.
    """
    reason, words = clean(hold.reason), clean(hold.words)
    _attempt(lambda: _hold(public_id, reason, words, hold.ask, scope, now))


def lift_hold(public_id: str, *, scope: StaffScope, now: datetime) -> date:
    """Let it be owed again, for admins; the day by which. Who heard of the hold is told so by mail. Recorded.

    They have their feedback within the promised days from now, or by the day that was said before, whichever is later;
    by that day alone where the mail about the hold had not gone. Raises NothingOwed when it is not held any more, Busy
    and NotFound.
    """
    return _attempt(lambda: _lift(public_id, scope, now))


def _attempt(change: Callable[[], Result | None]) -> Result:
    """What `change` answers; it answers None when its mail does not hold any more and has to be made anew."""
    for _number in range(_TRIES):
        if (done := change()) is not None:
            return done
    raise Busy(_("This is being changed just now. Please try again in a minute. Nothing has been sent."))


def _hold(public_id: str, reason: str, words: str, ask: str, scope: StaffScope, now: datetime) -> bool | None:
    view = _found(public_id, scope)
    check_may_hold(view.state, view.written)
    contact = find_active_staff(ask) if ask else None
    check_hold(reason, words, has_contact=contact is not None and contact.is_here)
    if contact is None:
        raise NotFound
    to = recipient(view.person_id)
    mail = held(to, view, words, contact)
    with transaction() as session:
        lock_people(session, view.person_id, contact.person_id, scope.person_id)
        debt = _locked(session, view, scope)
        if debt is None or recipient(view.person_id) != to or find_active_staff(ask) != contact:
            return None
        if view.delivery_id is not None:
            # Word that an earlier hold was lifted would now come first and be wrong.
            take_back(view.delivery_id, now)
        debt.state, debt.settled_at = DebtState.HELD, now
        debt.hold_reason, debt.hold_words = reason, words
        debt.ask_id, debt.held_by_id = contact.person_id, scope.person_id
        start = now + timedelta(minutes=undo_minutes())
        debt.delivery_id = _enqueue(mail, view, to, contact, start, now)
        settle_tasks(cause_of(public_id), TaskKind.FEEDBACK_DUE, now)
        _record("feedback.hold", view, scope, now)
        session.flush()
        return True


def _lift(public_id: str, scope: StaffScope, now: datetime) -> date | None:
    view = _found(public_id, scope)
    if view.state is not DebtState.HELD:
        raise NothingOwed(_("It is not held back any more."))
    to, author = recipient(view.person_id), find_staff(scope.person_id)
    if author is None:
        raise NotFound
    days = feedback_promises([view.application_id])[view.application_id].days
    due_on = max(view.due_on, due_day(now, days, company_zone()))
    # Whether they have heard of it is known only when its mail is stopped; made in vain, the mail is forgotten.
    mail = not_held_any_more(to, view, due_on, author)
    with transaction() as session:
        lock_people(session, view.person_id, scope.person_id)
        debt = _locked(session, view, scope)
        if debt is None or recipient(view.person_id) != to or find_staff(scope.person_id) != author:
            return None
        is_untold = view.delivery_id is not None and take_back(view.delivery_id, now)
        due_on = view.due_on if is_untold else due_on
        debt.state, debt.settled_at, debt.due_on = DebtState.OPEN, None, due_on
        debt.hold_reason, debt.hold_words, debt.ask_id, debt.held_by_id = "", "", None, None
        debt.delivery_id = None if is_untold else _enqueue(mail, view, to, author, now, now)
        _record("feedback.lift_hold", view, scope, now)
        session.flush()
        return due_on


def _found(public_id: str, scope: StaffScope) -> DebtView:
    view = find_debt(public_id, scope) if scope.role is Role.ADMIN else None
    if view is None:
        raise NotFound
    return view


def _locked(session: Session, view: DebtView, scope: StaffScope) -> FeedbackDebt | None:
    """The row of this debt once nobody else changes it; None when it does not stand any more as it was seen."""
    session.get_one(Application, view.application_id, with_for_update=True)
    debt = session.get(FeedbackDebt, view.id, with_for_update=True, populate_existing=True)
    return debt if find_debt(view.public_id, scope) == view else None


def _enqueue(
    mail: RenderedMail, view: DebtView, to: Recipient, contact: StaffRow, start: datetime, now: datetime
) -> int:
    issue_token(TokenKind.FOLLOW, mail, subject=view.public_id, person_id=to.person_id, now=now)
    return enqueue(
        mail,
        to_address=to.email,
        to_name=to.name,
        person_id=to.person_id,
        mail_class=MailClass.OWN,
        timing=Timing.OFFICE,
        cause=cause_of(view.public_id),
        dedupe_key=f"feedback-hold:{new_public_id()}",
        now=now,
        not_before=start,
        reply_to=str(Address(contact.name, addr_spec=contact.email)),
    )


def _record(action: str, view: DebtView, scope: StaffScope, now: datetime) -> None:
    subject = f"application:{view.public_id}"
    record(action, subject, actor_id=scope.person_id, person_id=view.person_id, now=now)
