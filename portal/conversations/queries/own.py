"""A conversation as the person reads it: nothing internal is selected here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import aliased

from portal.applications.models import Application
from portal.conversations.models import ConversationMessage
from portal.core.db import fetch, session
from portal.openings.models import Opening
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.people.models import Person

_Reader = aliased(Person, name="message_reader")


@dataclass(frozen=True)
class OwnMessage:
    """One message of the conversation, as the person reads it."""

    id: int
    body: str
    #: Who of us wrote it; None: the person.
    author_name: str | None
    said_at: datetime
    opening_title: str | None
    application_public_id: str | None
    #: When a colleague said that they have read it, and who; None when nobody has said so.
    read_at: datetime | None
    reader_name: str | None
    #: Whether they wrote it as a mail, from which address if that is none of theirs, and what came with it.
    is_by_mail: bool = False
    sent_from: str = ""
    quoted: str = ""
    left_out: Sequence[str] = ()
    is_cut: bool = False


#: They read what we wrote from when the mail server took it.
_said_at = func.coalesce(Delivery.sent_at, ConversationMessage.created_at)
_OWN = (
    select(
        ConversationMessage.id,
        ConversationMessage.body,
        Person.name,
        _said_at,
        Opening.title,
        Application.public_id,
        ConversationMessage.read_at,
        _Reader.name,
        ConversationMessage.is_by_mail,
        ConversationMessage.sent_from,
        ConversationMessage.quoted,
        ConversationMessage.left_out,
        ConversationMessage.is_cut,
    )
    .select_from(ConversationMessage)
    .outerjoin(Delivery, Delivery.id == ConversationMessage.delivery_id)
    .outerjoin(Person, Person.id == ConversationMessage.author_id)
    .outerjoin(_Reader, _Reader.id == ConversationMessage.read_by_id)
    .outerjoin(Application, Application.id == ConversationMessage.application_id)
    .outerjoin(Opening, Opening.id == Application.opening_id)
    .where(ConversationMessage.person_id == bindparam("person_id"))
    .where(or_(ConversationMessage.author_id.is_(None), Delivery.state == DeliveryState.SENT))
    .order_by(_said_at, ConversationMessage.id)
)


def own_messages(person_id: int) -> list[OwnMessage]:
    """What the person wrote and what has reached them, the newest last."""
    return [OwnMessage(*row) for row in fetch(_OWN, {"person_id": person_id})]


def is_written(person_id: int, form_key: str) -> bool:
    """Whether this form has been sent already in this conversation; never for an empty key."""
    if not form_key:
        return False
    found = (
        select(ConversationMessage.id)
        .where(ConversationMessage.person_id == person_id)
        .where(ConversationMessage.form_key == form_key)
    )
    return session().scalar(found) is not None
