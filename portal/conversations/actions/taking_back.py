"""An answer that has not gone yet: taken back, or sent at once."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.accounts.models import OneTimeToken
from portal.applications.actions import undo_word
from portal.applications.actions.locking import lock_people
from portal.applications.models import ApplicationEvent
from portal.applications.queries import StaffScope
from portal.audit.actions import record
from portal.conversations.actions.owing import cause_of, owe_answer
from portal.conversations.actions.replying import thread_to_change
from portal.conversations.models import ConversationMessage, ReplyDraft
from portal.conversations.rules import GoneAlready
from portal.core.db import transaction
from portal.core.i18n import gettext as _
from portal.core.settings import current_settings
from portal.core.tokens import TokenKind, mail_token, token_hash
from portal.outbox.actions import hurry, take_back
from portal.outbox.models import Delivery


def take_back_reply(public_id: str, message_id: str, *, scope: StaffScope, now: datetime) -> None:
    """Undo an answer that no mail server has been given: what it answered waits again, its words are kept for us.

    Recorded. Raises GoneAlready when it is on its way or was taken back before, NotFound.
    """
    thread = thread_to_change(public_id, scope)
    with transaction() as session:
        lock_people(session, thread.person_id, scope.person_id)
        message, delivery_id = _of_ours(session, thread.person_id, message_id)
        if not take_back(delivery_id, now):
            raise GoneAlready(_("It has gone already, so it cannot be taken back."))
        _keep_words(session, message, undo_word(delivery_id, now), now)
        _forget_link(session, delivery_id)
        session.execute(
            update(ConversationMessage)
            .where(ConversationMessage.answer_delivery_id == delivery_id)
            .values(closed_at=None, closed_by_id=None, answer_delivery_id=None)
        )
        session.delete(message)
        session.flush()
        owe_answer(thread.person_id, None, now)
        subject = cause_of(public_id)
        record("conversations.take_back", subject, actor_id=scope.person_id, person_id=thread.person_id, now=now)


def send_reply_now(public_id: str, message_id: str, *, scope: StaffScope, now: datetime) -> bool:
    """Let an answer go that waits for its while; False when it goes already. Raises GoneAlready, NotFound."""
    thread = thread_to_change(public_id, scope)
    with transaction() as session:
        lock_people(session, thread.person_id, scope.person_id)
        _message, delivery_id = _of_ours(session, thread.person_id, message_id)
        return hurry(delivery_id, now)


def throw_reply_away(public_id: str, *, scope: StaffScope) -> None:
    """Delete the words of an answer that was taken back. Raises NotFound."""
    thread = thread_to_change(public_id, scope)
    with transaction() as session:
        session.execute(delete(ReplyDraft).where(ReplyDraft.person_id == thread.person_id))


def forget_old_replies(before: datetime) -> None:
    """Delete words that nobody has used since then."""
    with transaction() as session:
        session.execute(delete(ReplyDraft).where(ReplyDraft.kept_at < before))


def _of_ours(session: Session, person_id: int, message_id: str) -> tuple[ConversationMessage, int]:
    message = session.scalar(
        select(ConversationMessage)
        .where(ConversationMessage.person_id == person_id)
        .where(ConversationMessage.public_id == message_id)
        .with_for_update()
    )
    if message is None or message.delivery_id is None:
        raise GoneAlready(_("This does not wait any more. Perhaps it was taken back before."))
    return message, message.delivery_id


def _keep_words(session: Session, message: ConversationMessage, event: ApplicationEvent | None, now: datetime) -> None:
    """The words wait in the form; those of an earlier answer stand below them, so that nothing typed is lost."""
    before = session.get(ReplyDraft, message.person_id)
    session.merge(
        ReplyDraft(
            person_id=message.person_id,
            application_id=message.application_id,
            body=f"{message.body}\n\n{before.body}" if before is not None else message.body,
            next_update_by=event.next_update_by if event is not None else None,
            date_reason=event.date_reason if event is not None else "",
            kept_at=now,
        )
    )


def _forget_link(session: Session, delivery_id: int) -> None:
    """Of an answer about an application that has ended; with an event, it went with that."""
    key = session.scalars(select(Delivery.key).where(Delivery.id == delivery_id)).one()
    token = mail_token(current_settings().secret_key, key, TokenKind.FOLLOW)
    session.execute(delete(OneTimeToken).where(OneTimeToken.token_hash == token_hash(token, TokenKind.FOLLOW)))
