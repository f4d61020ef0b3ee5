"""What waits for digests: of whom to look next, what of it they may still read, and letters that belong to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import and_, bindparam, case, exists, false, func, or_, select

from portal.company.queries import company_zone
from portal.contact.models import ConsentEvent, ContactPreferences
from portal.contact.rules import TOPICS_WITH_RHYTHM
from portal.contact.states import ConsentAction, Purpose, Rhythm, WhyHeld
from portal.core.clock import day_of
from portal.core.db import fetch
from portal.core.i18n import is_zone
from portal.digests.models import MailedUpdate, UpdateMailing
from portal.digests.queries.mailing import rhythm_in
from portal.digests.rules import Waiting, is_long_wait
from portal.digests.states import MailingState, Way
from portal.outbox.models import Delivery
from portal.outbox.queries import has_surely_not_arrived, is_dead, is_waiting
from portal.outbox.states import DeliveryState
from portal.people.models import Address, Person
from portal.updates.models import InsiderUpdate, UpdateReader, UpdateVersion
from portal.updates.queries.visible import is_visible
from portal.updates.rules import UpdateContent, from_json
from portal.updates.states import Audience, UpdateState


@dataclass(frozen=True)
class Collector:
    """Somebody for whom updates wait, and their choices."""

    person_id: int
    public_id: str
    name: str
    locale: str
    zone: str
    email: str
    rhythm: Rhythm | None


@dataclass(frozen=True)
class Item:
    """An update of a digest, as it is to be read."""

    update_id: int
    version_number: int
    slug: str
    published_at: datetime
    content: UpdateContent

    @property
    def path(self) -> str:
        """Where it is read; what is not for everybody asks its reader to sign in."""
        return f"/updates/{self.slug}" if self.content.audience is Audience.EVERYBODY else f"/me/updates/{self.slug}"


_DUE = (
    select(MailedUpdate.person_id, MailedUpdate.purpose)
    .where(MailedUpdate.way == bindparam("collected", Way.COLLECTED, literal_execute=True))
    .where(MailedUpdate.look_at <= bindparam("now", type_=MailedUpdate.decided_at.type))
    .group_by(MailedUpdate.person_id, MailedUpdate.purpose)
    .order_by(func.min(MailedUpdate.look_at), MailedUpdate.person_id, MailedUpdate.purpose)
    .limit(bindparam("count"))
)
_COLLECTOR = (
    select(
        Person.id,
        Person.public_id,
        Person.name,
        Person.locale,
        Person.timezone,
        func.coalesce(Address.email, "").label("email"),
        ContactPreferences.rhythms,
    )
    .outerjoin(Address, and_(Address.person_id == Person.id, Address.is_primary))
    .outerjoin(ContactPreferences, ContactPreferences.person_id == Person.id)
    .where(Person.id == bindparam("person_id"))
)
_REFUSED_SINCE = (
    exists()
    .where(ConsentEvent.person_id == MailedUpdate.person_id)
    .where(ConsentEvent.purpose == MailedUpdate.purpose)
    .where(ConsentEvent.action != ConsentAction.GIVEN)
    .where(ConsentEvent.occurred_at >= MailedUpdate.decided_at)
)
_NEWEST_VERSION = and_(
    UpdateVersion.update_id == InsiderUpdate.id, UpdateVersion.number == InsiderUpdate.version_number
)
_WAITING = (
    select(
        MailedUpdate.update_id,
        MailedUpdate.decided_at,
        case((is_visible(), 1), else_=0).label("is_theirs"),
        UpdateReader.seen_at.is_not(None).label("is_read"),
        InsiderUpdate.state,
        UpdateMailing.state.label("mailing"),
        case((_REFUSED_SINCE, 1), else_=0).label("is_refused"),
        UpdateVersion.content["event_on"].as_string().label("event_on"),
    )
    .join(InsiderUpdate, InsiderUpdate.id == MailedUpdate.update_id)
    .outerjoin(UpdateVersion, _NEWEST_VERSION)
    .outerjoin(UpdateMailing, UpdateMailing.update_id == MailedUpdate.update_id)
    .outerjoin(
        UpdateReader,
        and_(UpdateReader.update_id == MailedUpdate.update_id, UpdateReader.person_id == MailedUpdate.person_id),
    )
    .where(MailedUpdate.person_id == bindparam("person_id"))
    .where(MailedUpdate.purpose == bindparam("purpose", type_=MailedUpdate.purpose.type))
    .where(MailedUpdate.way == Way.COLLECTED)
    .order_by(InsiderUpdate.published_at, InsiderUpdate.id)
)
_ITEMS = (
    select(
        InsiderUpdate.id,
        InsiderUpdate.version_number,
        InsiderUpdate.slug,
        InsiderUpdate.published_at,
        UpdateVersion.content,
    )
    .join(UpdateVersion, _NEWEST_VERSION)
    .where(InsiderUpdate.id.in_(bindparam("ids", expanding=True)))
    .order_by(InsiderUpdate.published_at, InsiderUpdate.id)
)
_UNDER_WAY = (
    select(MailedUpdate.update_id)
    .join(Delivery, Delivery.id == MailedUpdate.delivery_id)
    .where(MailedUpdate.person_id == bindparam("person_id"))
    .where(MailedUpdate.purpose == bindparam("purpose", type_=MailedUpdate.purpose.type))
    .where(MailedUpdate.way == Way.IN_DIGEST)
    .where(is_waiting())
    .limit(1)
)
_LONG_WAITS: Final = [reason for reason in WhyHeld if is_long_wait(reason)]
#: They have chosen digests since the letter was written.
_CHOSE_DIGESTS: Final = or_(
    false(),
    *(
        and_(
            MailedUpdate.purpose == purpose,
            ContactPreferences.rhythms[str(purpose)].as_string().in_([Rhythm.WEEKLY.value, Rhythm.MONTHLY.value]),
        )
        for purpose in TOPICS_WITH_RHYTHM
    ),
)
_HELD_LETTERS = (
    select(MailedUpdate.update_id, MailedUpdate.person_id)
    .join(Delivery, Delivery.id == MailedUpdate.delivery_id)
    .outerjoin(ContactPreferences, ContactPreferences.person_id == MailedUpdate.person_id)
    .where(Delivery.held_reason.is_not(None))
    .where(Delivery.state == DeliveryState.QUEUED)
    .where(has_surely_not_arrived())
    .where(or_(Delivery.held_reason.in_(_LONG_WAITS), and_(MailedUpdate.way == Way.OWN_LETTER, _CHOSE_DIGESTS)))
    .order_by(MailedUpdate.update_id, MailedUpdate.person_id)
    .limit(bindparam("count"))
)
_DEAD_DIGESTS = (
    select(Delivery.id)
    .where(is_dead())
    .where(Delivery.blanked_at.is_(None))
    .where(exists().where(MailedUpdate.delivery_id == Delivery.id).where(MailedUpdate.way == Way.IN_DIGEST))
    .order_by(Delivery.id)
    .limit(bindparam("count"))
)


def collectors_due(now: datetime, count: int) -> list[tuple[int, Purpose]]:
    """At most `count` people, each with a topic, of whose digest it is time to think."""
    return [(person_id, purpose) for person_id, purpose in fetch(_DUE, {"now": now, "count": count})]


def find_collector(person_id: int, purpose: Purpose) -> Collector | None:
    """The person, with what they chose for this topic."""
    row = fetch(_COLLECTOR, {"person_id": person_id}).one_or_none()
    if row is None:
        return None
    zone = row.timezone if is_zone(row.timezone) else company_zone()
    return Collector(row.id, row.public_id, row.name, row.locale, zone, row.email, rhythm_in(row.rhythms, purpose))


def waiting_for(person_id: int, purpose: Purpose, now: datetime) -> list[Waiting]:
    """What waits for this person's digest about this topic, the oldest first."""
    today = day_of(now, company_zone()).isoformat()
    rows: Any = fetch(_WAITING, {"person_id": person_id, "purpose": purpose})
    return [
        Waiting(
            update_id=row.update_id,
            decided_at=row.decided_at,
            is_theirs=bool(row.is_theirs),
            is_read=bool(row.is_read),
            is_withdrawn=row.state is UpdateState.WITHDRAWN,
            is_paused=row.mailing is MailingState.PAUSED,
            is_stopped=row.mailing is MailingState.STOPPED,
            is_refused=bool(row.is_refused),
            is_over=bool(row.event_on) and row.event_on < today,
        )
        for row in rows
    ]


def digest_under_way(person_id: int, purpose: Purpose) -> bool:
    """Whether a digest about this topic is written to them that no mail server has accepted yet."""
    return fetch(_UNDER_WAY, {"person_id": person_id, "purpose": purpose}).first() is not None


def items_of(ids: Sequence[int]) -> list[Item]:
    """These updates as they read now, the oldest first."""
    rows = fetch(_ITEMS, {"ids": list(ids)}) if ids else ()
    return [Item(row.id, row.version_number, row.slug, row.published_at, from_json(row.content)) for row in rows]


def held_letters(count: int) -> list[tuple[int, int]]:
    """At most `count` letters that wait for so long that they belong into a digest: update and person."""
    return [(update_id, person_id) for update_id, person_id in fetch(_HELD_LETTERS, {"count": count})]


def dead_digests(count: int) -> list[int]:
    """At most `count` digests that were given up: what they held belongs into the next."""
    return [delivery_id for (delivery_id,) in fetch(_DEAD_DIGESTS, {"count": count})]
