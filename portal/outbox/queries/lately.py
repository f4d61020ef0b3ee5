"""What came in lately for one person: how much of it waits, and whether the same stands here already."""

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, func, select

from portal.core.db import fetch
from portal.outbox.models import IncomingMail
from portal.outbox.states import IncomingState, MailSort

#: Messages from one sender with one subject that are looked at.
_MOST_ALIKE: Final = 20
_WAITING: Final = (
    select(func.count())
    .select_from(IncomingMail)
    .where(IncomingMail.person_id == bindparam("person_id"))
    .where(IncomingMail.state.in_([IncomingState.REPLY, IncomingState.HELD]))
)
_ALIKE: Final = (
    select(IncomingMail.raw)
    .where(IncomingMail.person_id == bindparam("person_id"))
    .where(IncomingMail.sort == MailSort.REPLY)
    .where(IncomingMail.sender == bindparam("sender"))
    .where(IncomingMail.subject == bindparam("subject"))
    .where(IncomingMail.received_at > bindparam("since", type_=IncomingMail.received_at.type))
    .where(IncomingMail.raw.is_not(None))
    .order_by(IncomingMail.id.desc())
    .limit(_MOST_ALIKE)
)


def waiting_for(person_id: int) -> int:
    """How many messages for this person's conversation are not in it yet."""
    return int(fetch(_WAITING, {"person_id": person_id}).scalar_one())


def alike(person_id: int, sender: str, subject: str, since: datetime) -> list[bytes]:
    """What came in for this person from this sender under this subject since then, the newest first."""
    values = {"person_id": person_id, "sender": sender, "subject": subject, "since": since}
    return list(fetch(_ALIKE, values).scalars())
