"""What colleagues say about messages: that they have read them, or why one needs no answer."""

from datetime import datetime

from sqlalchemy import select, update

from portal.applications.actions.locking import lock_people
from portal.applications.queries import StaffScope
from portal.audit.actions import record
from portal.conversations.actions.owing import cause_of, settle_questions
from portal.conversations.actions.replying import refuse_stale, thread_to_change
from portal.conversations.models import ConversationMessage
from portal.conversations.rules import AnswersAtOnce, checked_reason
from portal.core.db import transaction
from portal.core.i18n import gettext as _


def note_read(public_id: str, *, scope: StaffScope, seen_id: str, now: datetime) -> bool:
    """Say that one has read what the person wrote, up to the message one had before one; the person sees it.

    Whoever said so first stays named. False when there was nothing that nobody had read. Raises NotFound.
    """
    thread = thread_to_change(public_id, scope)
    seen = next((one.id for one in thread.messages if one.public_id == seen_id), 0)
    with transaction() as session:
        lock_people(session, thread.person_id, scope.person_id)
        unread = session.scalars(
            select(ConversationMessage.id)
            .where(ConversationMessage.person_id == thread.person_id)
            .where(ConversationMessage.author_id.is_(None))
            .where(ConversationMessage.read_at.is_(None))
            .where(ConversationMessage.id <= seen)
        ).all()
        if not unread:
            return False
        session.execute(
            update(ConversationMessage)
            .where(ConversationMessage.id.in_(unread))
            .values(read_at=now, read_by_id=scope.person_id)
        )
        subject = cause_of(public_id)
        record("conversations.note_read", subject, actor_id=scope.person_id, person_id=thread.person_id, now=now)
        return True


def need_no_answer(public_id: str, *, scope: StaffScope, reason: str, seen_id: str, now: datetime) -> None:
    """Say why what waits needs no answer; the person reads nothing of it.

    Raises ProposalRefused, StaleConversation when something was written meanwhile, AnswersAtOnce when nothing waits,
    NotFound.
    """
    why = checked_reason(reason)
    first = thread_to_change(public_id, scope)
    with transaction() as session:
        lock_people(session, first.person_id, scope.person_id)
        thread = thread_to_change(public_id, scope)
        refuse_stale(thread, seen_id)
        waiting = [one.id for one in thread.waiting]
        if not waiting:
            raise AnswersAtOnce(_("Nothing waits for an answer here."))
        session.execute(
            update(ConversationMessage)
            .where(ConversationMessage.id.in_(waiting))
            .values(closed_at=now, closed_by_id=scope.person_id, answer_delivery_id=None, no_answer_reason=why)
        )
        settle_questions(public_id, now)
        subject = cause_of(public_id)
        record("conversations.need_no_answer", subject, actor_id=scope.person_id, person_id=thread.person_id, now=now)
