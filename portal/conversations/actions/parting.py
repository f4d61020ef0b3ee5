"""Records that were joined part again: what was said about an application goes with it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, or_, select, update

from portal.applications.models import Application
from portal.conversations.actions.owing import cause_of, owe_answer, question_key, settle_questions
from portal.conversations.models import ConversationMessage, ReplyDraft
from portal.core.db import transaction
from portal.outbox.models import Delivery
from portal.people.models import Person
from portal.tasks.models import Task
from portal.tasks.states import TaskKind


def give_back(from_id: int, to_id: int, applications: Sequence[str], messages: Sequence[str], now: datetime) -> None:
    """What was said about these applications, and these messages (public ids), is in the conversation of `to_id` again.

    Whoever owes an answer owes it to whoever waits for it. The applications have been given back before, and both
    people are held. What was written about no application since they were joined stays. Joins the transaction.
    """
    with transaction() as own:
        ids = list(own.scalars(select(Application.id).where(Application.public_id.in_(applications))))
        is_theirs = (ConversationMessage.person_id == from_id) & or_(
            ConversationMessage.application_id.in_(ids), ConversationMessage.public_id.in_(messages)
        )
        rows = own.execute(
            select(ConversationMessage.id, ConversationMessage.public_id, ConversationMessage.delivery_id)
            .where(is_theirs)
            .order_by(ConversationMessage.id)
        ).all()
        own.execute(
            update(ConversationMessage)
            .where(ConversationMessage.id.in_([row.id for row in rows]))
            # The keys of sent forms are single within a conversation only.
            .values(person_id=to_id, form_key=None)
        )
        own.execute(
            update(ReplyDraft)
            .where(ReplyDraft.person_id == from_id, ReplyDraft.application_id.in_(ids))
            .values(person_id=to_id)
        )
        other = _public_id(to_id)
        sent = [row.delivery_id for row in rows if row.delivery_id is not None]
        own.execute(update(Delivery).where(Delivery.id.in_(sent)).values(cause=cause_of(other)))
        own.execute(
            update(Task)
            .where(Task.kind == TaskKind.QUESTION)
            .where(Task.dedupe_key.in_([question_key(row.public_id) for row in rows]))
            .values(cause=cause_of(other), about=other, person_id=to_id)
        )
        for person_id in (from_id, to_id):
            _owe(person_id, now)


def _owe(person_id: int, now: datetime) -> None:
    """As many tasks as somebody waits: one or none."""
    with transaction() as own:
        waits = (
            exists()
            .where(ConversationMessage.person_id == person_id)
            .where(ConversationMessage.author_id.is_(None))
            .where(ConversationMessage.closed_at.is_(None))
        )
        if own.scalar(select(waits)):
            owe_answer(person_id, None, now)
        else:
            settle_questions(_public_id(person_id), now)


def _public_id(person_id: int) -> str:
    with transaction() as own:
        return own.scalars(select(Person.public_id).where(Person.id == person_id)).one()
