"""Mail that came in: what nobody has looked at, whose it is, and what an admin has to see to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, bindparam, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from portal.contact.queries import is_suppressed
from portal.core.db import fetch, session
from portal.outbox.models import Delivery, IncomingMail, MailboxProgress
from portal.outbox.states import Bounce, DeliveryState, IncomingState, MailSort, WhyNotPlaced
from portal.people.models import Address, Person
from portal.people.queries import addresses_of
from portal.wording.queries import find_mail
from portal.wording.rules import GoesTo

#: How the kinds begin whose answers belong to a conversation, whoever they name as the one who answers.
_CONVERSED: Final = ("applications/", "conversations/")
#: Held mail on one page; each is read anew, and the next come when the first are decided about.
_SHOWN_AT_ONCE: Final = 10
_COUNTED_IN: Final = (IncomingState.PLACED, IncomingState.DONE)


def goes_into_conversation(kind: str, reply_to: str) -> bool:
    """Whether an answer to mail of this kind belongs to the conversation with whom it went to.

    `reply_to`: who answers it, as the feature said; mail that nobody answers is about no conversation.
    """
    known = find_mail(kind)
    is_to_candidate = known is None or known.goes_to is GoesTo.PERSON
    return is_to_candidate and (bool(reply_to) or kind.startswith(_CONVERSED))


@dataclass(frozen=True)
class OurLetter:
    """A letter of ours that a message answers or speaks of."""

    delivery_id: int
    key: str
    person_id: int | None
    kind: str
    cause: str
    reply_to: str


_LETTERS = select(
    Delivery.id, Delivery.key, Delivery.person_id, Delivery.kind, Delivery.cause, Delivery.reply_to
).where(Delivery.key.in_(bindparam("keys", expanding=True)))
_NEW = (
    select(IncomingMail.id)
    .where(IncomingMail.state == bindparam("new", IncomingState.NEW, literal_execute=True))
    .order_by(IncomingMail.tries, IncomingMail.id)
    .limit(bindparam("count"))
)
_REPLIES = (
    select(IncomingMail.id, IncomingMail.person_id)
    .where(IncomingMail.state == bindparam("reply", IncomingState.REPLY, literal_execute=True))
    .order_by(IncomingMail.id)
)


def new_mail(count: int) -> list[int]:
    """Ids of at most `count` messages that nobody has looked at, the oldest first; those that broke us come last."""
    return list(fetch(_NEW, {"count": count}).scalars())


def replies_to_take_in() -> list[tuple[int, int]]:
    """Ids of messages that belong into a conversation and are not there yet, and whose it is; the oldest first."""
    return [(mail_id, person_id) for mail_id, person_id in fetch(_REPLIES)]


@dataclass(frozen=True)
class ReplyByMail:
    """A message that belongs into a conversation; `cause` is that of our letter which it answers, else empty."""

    id: int
    public_id: str
    person_id: int
    sender: str
    raw: bytes
    delivery_id: int | None
    cause: str


_REPLY = (
    select(
        IncomingMail.id,
        IncomingMail.public_id,
        IncomingMail.person_id,
        IncomingMail.sender,
        IncomingMail.raw,
        IncomingMail.delivery_id,
        func.coalesce(Delivery.cause, ""),
    )
    .outerjoin(Delivery, Delivery.id == IncomingMail.delivery_id)
    .where(IncomingMail.raw.is_not(None))
)


def find_reply(mail_id: int) -> ReplyByMail | None:
    """A message that waits to be put into a conversation; None when it waits no more."""
    statement = _REPLY.where(IncomingMail.id == mail_id).where(IncomingMail.state == IncomingState.REPLY)
    row = fetch(statement).one_or_none()
    return ReplyByMail(*row) if row else None


def find_held(public_id: str, person_id: int) -> ReplyByMail | None:
    """A message that is held for this person, by its public id."""
    statement = (
        _REPLY.where(IncomingMail.public_id == public_id)
        .where(IncomingMail.person_id == person_id)
        .where(IncomingMail.state == IncomingState.HELD)
    )
    row = fetch(statement).one_or_none()
    return ReplyByMail(*row) if row else None


def our_letters(keys: Sequence[str]) -> dict[str, OurLetter]:
    """Those of our letters that are called so, by their keys."""
    found = fetch(_LETTERS, {"keys": list(keys)}) if keys else ()
    return {row[1]: OurLetter(*row) for row in found}


def soft_bounce_count(address: str, since: datetime) -> int:
    """How often mail to `address` could not be taken for the moment since then."""
    statement = (
        select(func.count())
        .select_from(IncomingMail)
        .join(Delivery, Delivery.id == IncomingMail.delivery_id)
        .where(func.lower(Delivery.to_address) == address.lower())
        .where(IncomingMail.bounce == Bounce.SOFT)
        .where(IncomingMail.received_at > since)
    )
    return session().scalar(statement) or 0


@dataclass(frozen=True)
class HeldReply:
    """A message that may be an answer of somebody we know; a colleague decides."""

    id: int
    public_id: str
    person_id: int
    why: WhyNotPlaced
    sender: str
    subject: str
    received_at: datetime
    raw: bytes | None


_HELD = (
    select(
        IncomingMail.id,
        IncomingMail.public_id,
        IncomingMail.person_id,
        IncomingMail.why,
        IncomingMail.sender,
        IncomingMail.subject,
        IncomingMail.received_at,
        IncomingMail.raw,
    )
    .where(IncomingMail.state == bindparam("held", IncomingState.HELD, literal_execute=True))
    .where(IncomingMail.person_id == bindparam("person_id"))
    .order_by(IncomingMail.id)
    .limit(_SHOWN_AT_ONCE)
)
_HELD_BY = (
    select(IncomingMail.id, IncomingMail.public_id, Person.id, Person.public_id)
    .join(Person, Person.id == IncomingMail.person_id)
    .where(IncomingMail.state == bindparam("held", IncomingState.HELD, literal_execute=True))
    .order_by(IncomingMail.id)
)


def has_held(person_id: ColumnElement[int] | InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """For another query: whether something is held for this person."""
    is_held = IncomingMail.state == bindparam("held", IncomingState.HELD, literal_execute=True)
    return exists().where(IncomingMail.person_id == person_id).where(is_held)


def held_replies(person_id: int) -> list[HeldReply]:
    """What came in that may be this person's and stands in no conversation yet: the oldest few, the first one first."""
    return [HeldReply(*row) for row in fetch(_HELD, {"person_id": person_id})]


@dataclass(frozen=True)
class HeldMailOf:
    """That something is held, and for whom: ids and public ids of the message and of the person."""

    mail_id: int
    mail_public_id: str
    person_id: int
    person_public_id: str


def all_held_replies() -> list[HeldMailOf]:
    """Everything that waits for a colleague to decide, the oldest first."""
    return [HeldMailOf(*row) for row in fetch(_HELD_BY)]


@dataclass(frozen=True)
class IncomingLine:
    """A message in the list of those that nobody could place."""

    public_id: str
    sort: MailSort
    why: WhyNotPlaced | None
    sender: str
    subject: str
    received_at: datetime


@dataclass(frozen=True)
class IncomingMessage:
    """One of them with all of it; `person_name` is whose address it came from, if anybody's."""

    public_id: str
    sort: MailSort
    why: WhyNotPlaced | None
    sender: str
    subject: str
    received_at: datetime
    raw: bytes | None
    is_cut: bool
    person_email: str | None
    person_name: str | None


_Sender = aliased(Address, name="sender_address")
_IS_UNPLACED = IncomingMail.state == bindparam("unplaced", IncomingState.UNPLACED, literal_execute=True)
_UNPLACED = (
    select(
        IncomingMail.public_id,
        IncomingMail.sort,
        IncomingMail.why,
        IncomingMail.sender,
        IncomingMail.subject,
        IncomingMail.received_at,
    )
    .where(_IS_UNPLACED)
    .order_by(IncomingMail.id.desc())
)
_ONE = (
    select(
        IncomingMail.public_id,
        IncomingMail.sort,
        IncomingMail.why,
        IncomingMail.sender,
        IncomingMail.subject,
        IncomingMail.received_at,
        IncomingMail.raw,
        IncomingMail.is_cut,
        _Sender.email,
        Person.name,
    )
    .outerjoin(_Sender, _Sender.email == IncomingMail.sender)
    .outerjoin(Person, Person.id == _Sender.person_id)
    .where(_IS_UNPLACED)
    .where(IncomingMail.public_id == bindparam("public_id"))
)


def unplaced_count(asker_id: int) -> int:
    """How many messages nobody could place, without the asker's own (decision 0028)."""
    statement = select(func.count()).select_from(IncomingMail).where(_IS_UNPLACED).where(_is_from_another(asker_id))
    return session().scalar(statement) or 0


def unplaced_page(asker_id: int, first: int, count: int) -> list[IncomingLine]:
    """`count` of them from the `first` (0), newest first."""
    statement = _UNPLACED.where(_is_from_another(asker_id)).offset(first).limit(count)
    return [IncomingLine(*row) for row in fetch(statement)]


def find_unplaced(public_id: str, asker_id: int) -> IncomingMessage | None:
    """The message with this public id if nobody could place it and it is not the asker's own."""
    row = fetch(_ONE.where(_is_from_another(asker_id)), {"public_id": public_id}).one_or_none()
    return IncomingMessage(*row) if row else None


def incoming_counts(since: datetime) -> dict[MailSort, int]:
    """How many messages of each sort came in since then and are dealt with."""
    statement = (
        select(IncomingMail.sort, func.count())
        .where(IncomingMail.received_at > since)
        .where(IncomingMail.state.in_(_COUNTED_IN))
        .group_by(IncomingMail.sort)
        .order_by(IncomingMail.sort)
    )
    return {row[0]: row[1] for row in fetch(statement) if row[0] is not None}


def _is_from_another(asker_id: int) -> ColumnElement[bool]:
    own = select(Address.email).where(Address.person_id == asker_id).scalar_subquery()
    return IncomingMail.sender.not_in(own) & IncomingMail.person_id.is_distinct_from(asker_id)


@dataclass(frozen=True)
class MailboxStanding:
    """How far a mailbox has been read, and since when it cannot be."""

    uid_validity: int
    last_uid: int
    checked_at: datetime | None
    trouble_since: datetime | None
    words: str


def mailbox_standing(mailbox: str) -> MailboxStanding | None:
    """Of the mailbox called so; None when it was never read."""
    row = fetch(
        select(
            MailboxProgress.uid_validity,
            MailboxProgress.last_uid,
            MailboxProgress.checked_at,
            MailboxProgress.trouble_since,
            MailboxProgress.words,
        ).where(MailboxProgress.mailbox == mailbox)
    ).one_or_none()
    return MailboxStanding(*row) if row else None


@dataclass(frozen=True)
class CameBack:
    """A message to a person that came back."""

    kind: str
    bounce: Bounce
    status: str
    received_at: datetime


def came_back(person_id: int) -> list[CameBack]:
    """What of our mail to this person came back, newest first; what was only late is not in it."""
    statement = (
        select(Delivery.kind, IncomingMail.bounce, IncomingMail.bounce_status, IncomingMail.received_at)
        .join(Delivery, Delivery.id == IncomingMail.delivery_id)
        .where(or_(IncomingMail.person_id == person_id, Delivery.person_id == person_id))
        .where(IncomingMail.sort == MailSort.BOUNCE)
        .where(IncomingMail.bounce != Bounce.DELAYED)
        .order_by(IncomingMail.id.desc())
        .limit(20)
    )
    return [CameBack(*row) for row in fetch(statement)]


@dataclass(frozen=True)
class Reader:
    """Somebody we write to, and those of their addresses to which mail does not go any more."""

    person_id: int
    public_id: str
    name: str
    suppressed: tuple[str, ...]


def find_reader(public_id: str, asker_id: int) -> Reader | None:
    """The person with this public id; nobody looks after their own (decision 0028)."""
    statement = select(Person.id, Person.public_id, Person.name).where(Person.public_id == public_id)
    row = fetch(statement.where(Person.id != asker_id)).one_or_none()
    if row is None:
        return None
    emails = [one.email for one in addresses_of(row[0])]
    name = row[2] or (emails[0] if emails else "")
    return Reader(row[0], row[1], name, tuple(one for one in emails if is_suppressed(one)))


_Later = aliased(Delivery, name="later_delivery")


def is_followed(delivery_id: int) -> bool:
    """Whether something later about the same went to the same person or is on its way: an older one comes too late."""
    statement = (
        select(_Later.id)
        .join(Delivery, Delivery.id == delivery_id)
        .where(_Later.cause == Delivery.cause)
        .where(_Later.person_id.is_not_distinct_from(Delivery.person_id))
        .where(_Later.id > Delivery.id)
        .where(_Later.state.in_([DeliveryState.SENT, DeliveryState.QUEUED, DeliveryState.LEASED]))
        .limit(1)
    )
    return fetch(statement).first() is not None
