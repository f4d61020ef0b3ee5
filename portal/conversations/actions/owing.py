"""Who owes an answer, and the task that says so."""

from datetime import date, datetime

from sqlalchemy import select

from portal.company.queries import company_zone
from portal.conversations.models import ConversationMessage
from portal.conversations.queries import (
    LinkedApplication,
    applications_to_write_about,
    open_task_counts,
    wished_owners,
)
from portal.conversations.rules import choose_owner
from portal.core.clock import day_of
from portal.core.db import transaction
from portal.core.permissions import Role
from portal.people.models import Person
from portal.people.queries import active_recruiters
from portal.tasks.actions import add_task, settle_tasks
from portal.tasks.models import Task
from portal.tasks.queries import due_from
from portal.tasks.states import OPEN_STATES, TaskKind


def cause_of(person_public_id: str) -> str:
    """What brings about the tasks and mails of a conversation."""
    return f"conversation:{person_public_id}"


def question_key(message_public_id: str) -> str:
    """Names the task of a message that waits for an answer."""
    return f"question:{message_public_id}"


def answer_due_on(now: datetime) -> date:
    """By when an answer to what is asked now is due: the next working day."""
    today = day_of(now, company_zone())
    return due_from(TaskKind.QUESTION, today)


def owner_for(linked: list[LinkedApplication], about: LinkedApplication | None) -> int | None:
    """Who owes the answer: see `wished_owners`; else the recruiter with the fewest tasks, else such an admin.

    None when nobody works here.
    """
    here = active_recruiters()
    wishes = wished_owners(linked, about)
    at_work = [row.person_id for row in here]
    if any(wish in at_work for wish in wishes):
        return choose_owner(wishes, at_work, {})
    recruiters = [row.person_id for row in here if row.role is Role.RECRUITER]
    return choose_owner((), recruiters or at_work, open_task_counts())


def owe_answer(person_id: int, owner_id: int | None, now: datetime) -> None:
    """Let `owner_id` owe the answer to what waits; one task at a time. Joins the transaction.

    It belongs to the newest message: when somebody ticked off an earlier one, what is asked now is owed all the same.
    Without an owner whoever fits best owes it; nothing happens when nothing waits, or nobody works here.
    """
    with transaction() as session:
        person = session.get_one(Person, person_id)
        newest = session.scalars(
            select(ConversationMessage)
            .where(ConversationMessage.person_id == person_id)
            .where(ConversationMessage.author_id.is_(None))
            .where(ConversationMessage.closed_at.is_(None))
            .order_by(ConversationMessage.id.desc())
            .limit(1)
        ).first()
        cause = cause_of(person.public_id)
        if newest is None or _open_questions(cause):
            return
        linked = applications_to_write_about(person_id)
        about = next((one for one in linked if one.id == newest.application_id), None)
        owner_id = owner_id or owner_for(linked, about)
        if owner_id is None:
            return
        add_task(
            owner_id=owner_id,
            kind=TaskKind.QUESTION,
            cause=cause,
            about=person.public_id,
            due_on=answer_due_on(now),
            dedupe_key=question_key(newest.public_id),
            title=about.opening_title if about else "",
            person_id=person_id,
            now=now,
        )


def settle_questions(person_public_id: str, now: datetime) -> None:
    """Nothing waits any more: the tasks finish themselves, and come back with their reason. Joins the transaction."""
    settle_tasks(cause_of(person_public_id), TaskKind.QUESTION, now)


def _open_questions(cause: str) -> list[int]:
    with transaction() as session:
        found = (
            select(Task.id)
            .where(Task.cause == cause)
            .where(Task.kind == TaskKind.QUESTION)
            .where(Task.state.in_(OPEN_STATES))
            .order_by(Task.id)
        )
        return list(session.scalars(found))
