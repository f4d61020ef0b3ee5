"""Mailings: which there are to begin and to go on with, whom to write to next, and what came of one."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Executable, and_, bindparam, exists, func, or_, select

from portal.company.queries import company_zone
from portal.contact.models import ConsentEvent, ContactPreferences
from portal.contact.states import ConsentAction, Purpose, Rhythm
from portal.core.db import fetch
from portal.core.i18n import is_zone
from portal.digests.models import MailedUpdate, UpdateMailing
from portal.digests.rules import Results, Share, count_results
from portal.digests.states import MailingState, Way
from portal.outbox.models import Delivery, IncomingMail
from portal.outbox.states import DeliveryState, MailSort
from portal.people.models import Address, Person
from portal.updates.models import InsiderUpdate, UpdateReader
from portal.updates.states import READABLE, UpdateState


@dataclass(frozen=True)
class MailingView:
    """A mailing as colleagues see it."""

    state: MailingState
    begun_at: datetime
    is_written: bool
    is_settled: bool
    changed_at: datetime | None
    changed_by_name: str


@dataclass(frozen=True)
class Reader:
    """Somebody of an audience, as far as mail to them goes."""

    person_id: int
    public_id: str
    name: str
    locale: str
    zone: str
    email: str
    rhythm: Rhythm | None
    is_read: bool


@dataclass(frozen=True)
class Batch:
    """The next of an audience, and what was true of the mailing when they were read."""

    update_id: int
    public_id: str
    slug: str
    purpose: Purpose
    author_id: int | None
    version_number: int
    up_to: int
    #: Whether they are people whose letters were taken back before, and are written again.
    is_again: bool
    readers: tuple[Reader, ...]


@dataclass(frozen=True)
class Aftermath:
    """What people did who got it by mail."""

    seen: int
    helpful: int
    replied: int
    #: Who took back their yes to such mail within `UNSUBSCRIBED_WITHIN` of getting it.
    unsubscribed: int


_NO_NAME: Final = ""
_WITH_NAME: Final = func.coalesce(Person.name, _NO_NAME)
_VIEW = (
    select(
        UpdateMailing.state,
        UpdateMailing.begun_at,
        UpdateMailing.is_written,
        UpdateMailing.is_settled,
        UpdateMailing.changed_at,
        _WITH_NAME,
    )
    .outerjoin(Person, Person.id == UpdateMailing.changed_by_id)
    .where(UpdateMailing.update_id == bindparam("update_id"))
)
_TO_BEGIN = (
    select(InsiderUpdate.id)
    .where(InsiderUpdate.state.in_(sorted(READABLE)))
    .where(InsiderUpdate.published_at > bindparam("since", type_=InsiderUpdate.created_at.type))
    .where(~exists().where(UpdateMailing.update_id == InsiderUpdate.id))
    .order_by(InsiderUpdate.published_at, InsiderUpdate.id)
)
_IS_LEFT_TO_WRITE = (
    exists().where(MailedUpdate.update_id == UpdateMailing.update_id).where(MailedUpdate.way == Way.TO_WRITE)
)
_TO_WRITE = (
    select(UpdateMailing.update_id)
    .where(UpdateMailing.state == MailingState.SENDING)
    .where(UpdateMailing.is_settled)
    .where(or_(UpdateMailing.is_written.is_(False), _IS_LEFT_TO_WRITE))
    .order_by(UpdateMailing.begun_at, UpdateMailing.update_id)
)
_CHANGED = (
    select(UpdateMailing.update_id)
    .join(InsiderUpdate, InsiderUpdate.id == UpdateMailing.update_id)
    .where(
        or_(
            UpdateMailing.is_settled.is_(False),
            and_(UpdateMailing.state != MailingState.STOPPED, InsiderUpdate.state == UpdateState.WITHDRAWN),
            and_(
                UpdateMailing.state != MailingState.STOPPED,
                UpdateMailing.version_number != InsiderUpdate.version_number,
            ),
        )
    )
    .order_by(UpdateMailing.update_id)
)
_BATCH = (
    select(
        InsiderUpdate.public_id,
        InsiderUpdate.slug,
        InsiderUpdate.author_id,
        InsiderUpdate.version_number,
        InsiderUpdate.state,
        UpdateMailing.purpose,
        UpdateMailing.state,
        UpdateMailing.written_up_to,
        UpdateMailing.is_written,
        UpdateMailing.is_settled,
    )
    .join(UpdateMailing, UpdateMailing.update_id == InsiderUpdate.id)
    .where(InsiderUpdate.id == bindparam("update_id"))
)
_ABOUT = (
    Person.id,
    Person.public_id,
    _WITH_NAME.label("name"),
    Person.locale,
    Person.timezone,
    func.coalesce(Address.email, "").label("email"),
    ContactPreferences.rhythms,
    UpdateReader.seen_at.is_not(None).label("is_read"),
)
_READERS = (
    select(*_ABOUT)
    .select_from(UpdateReader)
    .join(Person, Person.id == UpdateReader.person_id)
    .outerjoin(Address, and_(Address.person_id == Person.id, Address.is_primary))
    .outerjoin(ContactPreferences, ContactPreferences.person_id == Person.id)
    .where(UpdateReader.update_id == bindparam("update_id"))
    .where(UpdateReader.is_in_audience)
    .order_by(Person.id)
    .limit(bindparam("count"))
)
_NEXT = _READERS.where(UpdateReader.person_id > bindparam("up_to"))
_AGAIN = _READERS.join(
    MailedUpdate,
    and_(MailedUpdate.update_id == UpdateReader.update_id, MailedUpdate.person_id == UpdateReader.person_id),
).where(MailedUpdate.way == Way.TO_WRITE)
_SHARES = (
    select(
        MailedUpdate.way,
        MailedUpdate.why,
        Delivery.state,
        Delivery.stopped_reason,
        func.count(),
    )
    .outerjoin(Delivery, Delivery.id == MailedUpdate.delivery_id)
    .where(MailedUpdate.update_id == bindparam("update_id"))
    .group_by(MailedUpdate.way, MailedUpdate.why, Delivery.state, Delivery.stopped_reason)
)
_GOT_IT = and_(
    MailedUpdate.update_id == bindparam("update_id"),
    Delivery.id == MailedUpdate.delivery_id,
    Delivery.state == DeliveryState.SENT,
)
_OPENED = (
    select(func.count(UpdateReader.seen_at), func.count(UpdateReader.helpful_at))
    .select_from(MailedUpdate)
    .join(Delivery, _GOT_IT)
    .join(
        UpdateReader,
        and_(UpdateReader.update_id == MailedUpdate.update_id, UpdateReader.person_id == MailedUpdate.person_id),
    )
)
_REPLIED = (
    select(func.count())
    .select_from(MailedUpdate)
    .join(Delivery, _GOT_IT)
    .where(
        or_(
            exists()
            .where(UpdateReader.update_id == MailedUpdate.update_id)
            .where(UpdateReader.person_id == MailedUpdate.person_id)
            .where(UpdateReader.replied_at.is_not(None)),
            exists().where(IncomingMail.delivery_id == Delivery.id).where(IncomingMail.sort == MailSort.REPLY),
        )
    )
)
_SENT_AT = (
    select(MailedUpdate.person_id, MailedUpdate.purpose, Delivery.sent_at)
    .select_from(MailedUpdate)
    .join(Delivery, _GOT_IT)
    .subquery()
)
_REFUSED_AFTER = (
    select(_SENT_AT.c.person_id, _SENT_AT.c.sent_at, ConsentEvent.occurred_at)
    .select_from(_SENT_AT)
    .join(
        ConsentEvent,
        and_(ConsentEvent.person_id == _SENT_AT.c.person_id, ConsentEvent.purpose == _SENT_AT.c.purpose),
    )
    .where(ConsentEvent.action == ConsentAction.WITHDRAWN)
    .where(ConsentEvent.occurred_at >= _SENT_AT.c.sent_at)
)
#: Whoever says no to such mail so soon after one says it because of that one.
UNSUBSCRIBED_WITHIN: Final = timedelta(days=3)


def find_mailing(update_id: int) -> MailingView | None:
    """The mailing of this update, once it has begun."""
    row = fetch(_VIEW, {"update_id": update_id}).one_or_none()
    return MailingView(*row) if row is not None else None


def updates_to_mail(since: datetime) -> list[int]:
    """Updates published after `since` whose mailing has not begun, the oldest first."""
    return [update_id for (update_id,) in fetch(_TO_BEGIN, {"since": since})]


def mailings_to_write() -> list[int]:
    """The updates of which somebody is still to be written to, the oldest first."""
    return [update_id for (update_id,) in fetch(_TO_WRITE)]


def mailings_that_changed() -> list[int]:
    """The updates that were paused, stopped, corrected or withdrawn, and where what waits does not follow that yet."""
    return [update_id for (update_id,) in fetch(_CHANGED)]


def next_batch(update_id: int, count: int) -> Batch | None:
    """At most `count` people to decide about next, with no people when nobody is left; None when it does not go on."""
    row = fetch(_BATCH, {"update_id": update_id}).one_or_none()
    if row is None or row[4] not in READABLE or row[6] is not MailingState.SENDING or not row[9]:
        return None
    values: dict[str, Any] = {"update_id": update_id, "count": count}
    again = _readers(_AGAIN, values, row[5])
    fresh = () if again or row[8] else _readers(_NEXT, {**values, "up_to": row[7]}, row[5])
    return Batch(
        update_id=update_id,
        public_id=row[0],
        slug=row[1],
        author_id=row[2],
        version_number=row[3],
        purpose=row[5],
        up_to=row[7],
        is_again=bool(again),
        readers=again or fresh,
    )


def _readers(statement: Executable, values: dict[str, Any], purpose: Purpose) -> tuple[Reader, ...]:
    return tuple(
        Reader(
            person_id=row.id,
            public_id=row.public_id,
            name=row.name,
            locale=row.locale,
            zone=row.timezone if is_zone(row.timezone) else company_zone(),
            email=row.email,
            rhythm=rhythm_in(row.rhythms, purpose),
            is_read=bool(row.is_read),
        )
        for row in fetch(statement, values)
    )


def rhythm_in(chosen: dict[str, Any] | None, purpose: Purpose) -> Rhythm | None:
    """What somebody chose for this topic, in the column of their choices."""
    found = (chosen or {}).get(purpose)
    return Rhythm(found) if found else None


def results_of(update_id: int) -> Results:
    """What came of the mail about this update, counted."""
    return count_results(Share(*row) for row in fetch(_SHARES, {"update_id": update_id}))


def aftermath_of(update_id: int) -> Aftermath:
    """What those who got it by mail did."""
    values = {"update_id": update_id}
    seen, helpful = fetch(_OPENED, values).one()
    replied = fetch(_REPLIED, values).scalar_one()
    refused = {
        person_id
        for person_id, sent_at, refused_at in fetch(_REFUSED_AFTER, values)
        if refused_at - sent_at < UNSUBSCRIBED_WITHIN
    }
    return Aftermath(seen, helpful, replied, len(refused))
