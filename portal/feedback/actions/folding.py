"""Noting what feedback is owed, from the facts: how applications ended, who was interviewed, what was given."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.applications.models import Application
from portal.company.queries import company_zone
from portal.core.db import transaction
from portal.feedback.models import FeedbackDebt
from portal.feedback.queries import facts_about
from portal.feedback.rules import Change, Owed, settle
from portal.feedback.states import DebtState
from portal.outbox.actions import take_back
from portal.tasks.actions import settle_tasks
from portal.tasks.states import TaskKind


def cause_of(public_id: str) -> str:
    """What brings about the tasks and mails of feedback that is owed on an application."""
    return f"feedback:{public_id}"


def note_debts(application_id: int, now: datetime) -> bool:
    """Write down what feedback this application is owed; the same again changes nothing. Whether anything changed.

    What is settled leaves nobody's list: its task finishes itself.
    """
    with transaction() as session:
        application = session.get(Application, application_id, with_for_update=True)
        if application is None:
            return False
        rows = {
            row.event_id: row
            for row in session.scalars(
                select(FeedbackDebt).where(FeedbackDebt.application_id == application_id).with_for_update()
            )
        }
        facts, debts = facts_about([application_id])[application_id]
        changes = settle(facts, debts, company_zone(), now)
        for change in changes:
            _note(session, rows.get(change.event_id), change, application, now)
        return bool(changes)


def _note(session: Session, row: FeedbackDebt | None, change: Change, application: Application, now: datetime) -> None:
    if row is None and change.owed is not None:
        row = new_debt(application.id, change.owed, now)
        session.add(row)
    if row is None:
        return
    if change.owed is not None and row.state is not DebtState.OPEN and change.state is DebtState.OPEN:
        row.due_on = change.owed.due_on
    if change.owed is not None:
        row.form = change.owed.form
    if change.state is DebtState.VOID and row.delivery_id is not None:
        # That it is held back is no news any more, if they have not heard of it.
        take_back(row.delivery_id, now)
    row.state = change.state
    row.settled_at = None if change.state is DebtState.OPEN else change.settled_at or row.settled_at or now
    session.flush()
    if change.state is not DebtState.OPEN:
        settle_tasks(cause_of(application.public_id), TaskKind.FEEDBACK_DUE, now)


def new_debt(application_id: int, owed: Owed, now: datetime) -> FeedbackDebt:
    """A debt that stands, as the rules say it."""
    return FeedbackDebt(
        application_id=application_id,
        event_id=owed.event_id,
        way=owed.way,
        form=owed.form,
        due_on=owed.due_on,
        asked_at=owed.asked_at,
        state=DebtState.OPEN,
        hold_reason="",
        hold_words="",
        call_words="",
        created_at=now,
    )
