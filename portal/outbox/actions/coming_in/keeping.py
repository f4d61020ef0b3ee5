"""Keeping mail as it came, once, and forgetting what it says."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.core.db import insert_into, transaction
from portal.core.identifiers import new_public_id
from portal.core.logs import redact
from portal.outbox.models import IncomingMail, MailboxProgress
from portal.outbox.rules.incoming import LARGEST
from portal.outbox.states import CameBy, IncomingState

#: What was dealt with is emptied after this; what still waits for somebody, after that.
KEPT_FOR = timedelta(days=30)
WAITING_KEPT_FOR = timedelta(days=90)
_WORDS_LENGTH = 300
_OVER = (IncomingState.PLACED, IncomingState.DONE)


def keep_mail(raw: bytes, came_by: CameBy, now: datetime) -> bool:
    """Keep a message as it came; False when it is here already. Joins the transaction."""
    values: dict[str, Any] = {
        "public_id": new_public_id(),
        "digest": hashlib.sha256(raw).hexdigest(),
        "came_by": came_by,
        "received_at": now,
        "raw": raw[:LARGEST],
        "is_cut": len(raw) > LARGEST,
        "state": IncomingState.NEW,
        "tries": 0,
        "sender": "",
        "subject": "",
        "bounce_status": "",
    }
    with transaction() as session:
        made = insert_into(IncomingMail, session.get_bind().dialect.name).values(**values)
        statement = made.on_conflict_do_nothing(index_elements=["digest"]).returning(IncomingMail.id)
        return session.scalar(statement) is not None


def keep_from_mailbox(mailbox: str, uid_validity: int, uid: int, raw: bytes, now: datetime) -> None:
    """Keep a message of a mailbox, and that it has been read so far: both or neither."""
    with transaction() as session:
        keep_mail(raw, CameBy.MAILBOX, now)
        _note_progress(session, mailbox, uid_validity, uid)


def skip_in_mailbox(mailbox: str, uid_validity: int, uid: int) -> None:
    """Go on behind a message that somebody has deleted before we came to it."""
    with transaction() as session:
        _note_progress(session, mailbox, uid_validity, uid)


def note_mailbox_works(mailbox: str, uid_validity: int, now: datetime) -> None:
    """Note that the mailbox has been read to its end."""
    with transaction() as session:
        row = _progress(session, mailbox)
        if row.uid_validity != uid_validity:
            row.uid_validity, row.last_uid = uid_validity, 0
        row.checked_at, row.trouble_since, row.words = now, None, ""


def note_mailbox_trouble(mailbox: str, words: str, now: datetime) -> bool:
    """Note that the mailbox cannot be read, and what was said; True when this is news."""
    with transaction() as session:
        row = _progress(session, mailbox)
        is_news = row.trouble_since is None
        row.trouble_since = row.trouble_since or now
        row.words = redact(words)[:_WORDS_LENGTH]
        return is_news


def empty_old_incoming(now: datetime, count: int = 500) -> int:
    """Empty at most `count` messages dealt with a month ago, or left lying for three; returns how many.

    Whom it was from and what it said goes. That it came stays, so that it is not taken for another when it comes again.
    """
    is_over = IncomingMail.state.in_(_OVER) & (IncomingMail.received_at < now - KEPT_FOR)
    is_left = IncomingMail.received_at < now - WAITING_KEPT_FOR
    old = select(IncomingMail.id).where(IncomingMail.emptied_at.is_(None)).where(is_over | is_left)
    with transaction() as session:
        ids = session.scalars(old.order_by(IncomingMail.id).limit(count)).all()
        session.execute(update(IncomingMail).where(IncomingMail.id.in_(ids)).values(**_emptied(now)))
        left = IncomingMail.id.in_(ids) & IncomingMail.state.in_([IncomingState.HELD, IncomingState.UNPLACED])
        session.execute(update(IncomingMail).where(left).values(state=IncomingState.DONE))
        return len(ids)


def _emptied(now: datetime) -> dict[str, Any]:
    return {"raw": None, "sender": "", "subject": "", "person_id": None, "delivery_id": None, "emptied_at": now}


def _note_progress(session: Session, mailbox: str, uid_validity: int, uid: int) -> None:
    row = _progress(session, mailbox)
    row.uid_validity, row.last_uid = uid_validity, uid


def _progress(session: Session, mailbox: str) -> MailboxProgress:
    made = insert_into(MailboxProgress, session.get_bind().dialect.name).values(
        mailbox=mailbox, uid_validity=0, last_uid=0, words=""
    )
    session.execute(made.on_conflict_do_nothing(index_elements=["mailbox"]))
    return session.scalars(select(MailboxProgress).where(MailboxProgress.mailbox == mailbox).with_for_update()).one()
