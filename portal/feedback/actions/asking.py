"""A candidate asks for feedback after an ending that does not bring it by itself."""

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import select

from portal.applications.actions.locking import lock_people
from portal.applications.models import Application
from portal.audit.actions import record
from portal.company.queries import company_zone
from portal.contact.actions import note_life
from portal.core.db import transaction
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.feedback.actions.folding import new_debt
from portal.feedback.models import FeedbackDebt
from portal.feedback.queries import facts_about
from portal.feedback.rules import Facts, ending_of, may_ask, owed
from portal.feedback.rules.owing import NothingToAskFor
from portal.feedback.states import DebtState


def ask_for_feedback(person_id: int, public_id: str, *, now: datetime) -> date:
    """Let a candidate have feedback on their own application within the promised days; the last of them. Recorded.

    Asking again while it is owed says the same day. Raises NothingToAskFor, and NotFound for an application of
    somebody else.
    """
    with transaction() as session:
        lock_people(session, person_id)
        application = session.scalar(
            select(Application)
            .where(Application.public_id == public_id)
            .where(Application.person_id == person_id)
            .with_for_update()
        )
        if application is None:
            raise NotFound
        standing = session.scalar(
            select(FeedbackDebt.due_on)
            .where(FeedbackDebt.application_id == application.id)
            .where(FeedbackDebt.state == DebtState.OPEN)
        )
        if standing is not None:
            return standing
        facts, _debts = facts_about([application.id])[application.id]
        if not may_ask(facts, now):
            raise NothingToAskFor(_("There is no feedback to ask for on this application, or you have it already."))
        due = owed(_asked(facts, now), company_zone(), now)
        if due is None:
            raise NothingToAskFor(_("There is no feedback to ask for on this application."))
        session.add(new_debt(application.id, due, now))
        note_life(person_id, now)
        record(
            "feedback.ask_for",
            f"application:{public_id}",
            actor_id=person_id,
            person_id=person_id,
            now=now,
            due_on=due.due_on.isoformat(),
        )
        return due.due_on


def _asked(facts: Facts, now: datetime) -> Facts:
    ending = ending_of(facts.reached)
    return replace(facts, asked={**facts.asked, ending.event_id: now}) if ending is not None else facts
