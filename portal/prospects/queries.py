"""Reading people without an opening: the list, one of them, what an address is, and who is erased when."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, and_, bindparam, case, exists, false, func, not_, or_, select
from sqlalchemy.orm import aliased

from portal.applications.models import Application
from portal.community.models import JoinRequest, Membership
from portal.company.queries import company_zone
from portal.contact.models import ConsentEvent, Suppression
from portal.contact.queries import address_hash
from portal.contact.rules.hours import start_of_day
from portal.contact.states import ConsentAction
from portal.core.clock import day_of
from portal.core.db import fetch
from portal.core.settings import current_settings
from portal.core.tokens import keyed_hash
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.people.models import Address, Person, Staff
from portal.prospects.models import ErasedAddress, LookedAt, Prospect
from portal.prospects.rules import (
    KEPT_DAYS,
    SOON_DAYS,
    AddressFacts,
    ProspectFacts,
    erased_on,
    may_invite,
    standing_of,
)
from portal.prospects.states import Among, LegalGround, ProspectSource, Standing


@dataclass(frozen=True)
class ProspectRow:
    """Somebody without an opening, as lists and their own page show them."""

    person_id: int
    public_id: str
    name: str
    email: str
    source: ProspectSource
    source_note: str
    obtained_on: date
    ground: LegalGround
    areas: tuple[str, ...]
    added_at: datetime
    added_by: str
    invited_at: datetime | None
    invited_by: str
    facts: ProspectFacts

    @property
    def standing(self) -> Standing:
        return standing_of(self.facts)

    @property
    def may_be_invited(self) -> bool:
        return may_invite(self.facts)

    @property
    def erased_on(self) -> date | None:
        """When they are erased if they do not answer; None while nothing says so."""
        return erased_on(self.facts)


@dataclass(frozen=True)
class LookedAtRow:
    """A public page about a person that was looked at."""

    public_id: str
    url: str
    found_by: str
    looked_on: date
    noted_by: str


_Added = aliased(Person, name="added_by")
_Invited = aliased(Person, name="invited_by")
_Noted = aliased(Person, name="noted_by")
_Given = aliased(ConsentEvent, name="given")
_Later = aliased(ConsentEvent, name="later")

_IS_HERE = or_(
    Person.claimed_at.is_not(None),
    exists().where(Membership.person_id == Person.id).correlate(Person),
    exists().where(Application.person_id == Person.id).correlate(Person),
    # Invited to work here: somebody else's care by now.
    exists().where(Staff.person_id == Person.id).correlate(Person),
)
#: They said yes, and nothing they said or that ran out since takes it back.
_HAS_CONSENT = exists().where(
    _Given.person_id == Person.id,
    _Given.action == ConsentAction.GIVEN,
    ~exists().where(
        _Later.person_id == _Given.person_id,
        _Later.purpose == _Given.purpose,
        _Later.id > _Given.id,
        _Later.action != ConsentAction.GIVEN,
    ),
)
_HAS_SAID_NO = and_(
    ~_HAS_CONSENT,
    exists().where(
        ConsentEvent.person_id == Person.id,
        ConsentEvent.action == ConsentAction.WITHDRAWN,
        ConsentEvent.actor_id.is_(None),
    ),
)
_STATE = func.coalesce(Delivery.state, DeliveryState.CANCELLED)
_IS_OURS = and_(not_(_IS_HERE), Prospect.leaves_at.is_(None))
_WAITS = _STATE.in_([DeliveryState.QUEUED, DeliveryState.LEASED])
_IS_ACCEPTED = _STATE == DeliveryState.SENT
_FACTS = (
    Prospect.added_at,
    case((_IS_HERE, True), else_=False).label("is_here"),
    case((_HAS_CONSENT, True), else_=False).label("has_consent"),
    case((_HAS_SAID_NO, True), else_=False).label("has_said_no"),
    Prospect.leaves_at,
    Delivery.state.label("delivery_state"),
    Delivery.sent_at,
)
#: Of `Person`: added by a colleague, and neither joined nor applied since.
IS_TO_INVITE: Final = and_(exists().where(Prospect.person_id == Person.id).correlate(Person), not_(_IS_HERE))
_PROSPECTS = (
    select(
        Person.id,
        Person.public_id,
        Person.name,
        Address.email,
        Prospect.source,
        Prospect.source_note,
        Prospect.obtained_on,
        Prospect.ground,
        Prospect.areas,
        _Added.name.label("added_by_name"),
        Prospect.invited_at,
        func.coalesce(_Invited.name, "").label("invited_by_name"),
        *_FACTS,
    )
    .join(Person, Person.id == Prospect.person_id)
    .join(Address, and_(Address.person_id == Person.id, Address.is_primary))
    .join(_Added, _Added.id == Prospect.added_by_id)
    .outerjoin(_Invited, _Invited.id == Prospect.invited_by_id)
    .outerjoin(Delivery, Delivery.id == Prospect.delivery_id)
)
_COUNTED = (
    select(Prospect.person_id)
    .join(Person, Person.id == Prospect.person_id)
    .join(Address, and_(Address.person_id == Person.id, Address.is_primary))
    .outerjoin(Delivery, Delivery.id == Prospect.delivery_id)
)
_FACTS_OF = (
    select(*_FACTS)
    .join(Person, Person.id == Prospect.person_id)
    .outerjoin(Delivery, Delivery.id == Prospect.delivery_id)
    .where(Prospect.person_id == bindparam("person_id"))
)
_WORDS: Final = 8


def facts_of(person_id: int) -> ProspectFacts | None:
    """What decides how somebody stands; None for people who came by themselves."""
    row = fetch(_FACTS_OF, {"person_id": person_id}).one_or_none()
    return _facts(row, company_zone()) if row else None


def prospects(among: Among | None, search: str, today: date, first: int, count: int) -> tuple[list[ProspectRow], int]:
    """`count` people from number `first`, the latest added on top, and how many there are in all.

    `search`: each word of it is a part of their name, their address or where they were found.
    """
    zone = company_zone()
    narrowed = [*_among(among, today, zone), *(_fits(word) for word in search.lower().split()[:_WORDS])]
    total = fetch(select(func.count()).select_from(_COUNTED.where(*narrowed).subquery())).scalar_one()
    rows = fetch(
        _PROSPECTS.where(*narrowed)
        .order_by(Prospect.added_at.desc(), Prospect.person_id.desc())
        .offset(first)
        .limit(count)
    )
    return [_row(row, zone) for row in rows], total


def prospect_counts(today: date) -> dict[Among, int]:
    """How many stand in each part of the list."""
    zone = company_zone()
    parts = [func.coalesce(func.sum(case((and_(*_among(one, today, zone)), 1), else_=0)), 0) for one in Among]
    row = fetch(
        select(*parts)
        .select_from(Prospect)
        .join(Person, Person.id == Prospect.person_id)
        .outerjoin(Delivery, Delivery.id == Prospect.delivery_id)
    ).one()
    return dict(zip(Among, row, strict=True))


def _among(among: Among | None, today: date, zone: str) -> list[ColumnElement[bool]]:
    """As `rules.standing_of` and `rules.erased_on` decide it, for the database."""
    if among is None:
        return []
    if among is Among.HERE:
        return [_IS_HERE]
    if among is Among.INVITED:
        return [_IS_OURS, or_(_WAITS, _IS_ACCEPTED)]
    if among is Among.NOT_INVITED:
        return [_IS_OURS, not_(_WAITS), not_(_IS_ACCEPTED)]
    return [_is_erased_by(today + timedelta(days=SOON_DAYS), zone)]


def _is_erased_by(day: date, zone: str) -> ColumnElement[bool]:
    """Whether they are erased on `day` or before, if they do not answer."""
    since = start_of_day(day - timedelta(days=KEPT_DAYS - 1), zone)
    is_over = or_(
        and_(_IS_ACCEPTED, Delivery.sent_at < since),
        and_(not_(_IS_ACCEPTED), not_(_WAITS), Prospect.added_at < since),
    )
    return and_(not_(_IS_HERE), or_(Prospect.leaves_at.is_not(None), and_(not_(_HAS_CONSENT), is_over)))


def _fits(word: str) -> ColumnElement[bool]:
    return or_(
        *(
            func.lower(column).contains(word, autoescape=True)
            for column in (Person.name, Address.email, Prospect.source_note)
        )
    )


def find_prospect(public_id: str) -> ProspectRow | None:
    """The person with this public id, if a colleague added them."""
    row = fetch(_PROSPECTS.where(Person.public_id == public_id)).one_or_none()
    return _row(row, company_zone()) if row else None


@dataclass(frozen=True)
class PersonName:
    """Whom a page is about."""

    person_id: int
    public_id: str
    name: str


def find_person(public_id: str, asker_id: int) -> PersonName | None:
    """Anybody we know with this public id but the asker, with their address where we know no name."""
    row = fetch(
        select(Person.id, Person.public_id, case((Person.name != "", Person.name), else_=Address.email))
        .join(Address, and_(Address.person_id == Person.id, Address.is_primary))
        .where(Person.public_id == public_id)
        .where(Person.id != asker_id)
    ).one_or_none()
    return PersonName(*row) if row else None


def prospects_named(public_ids: Collection[str]) -> list[ProspectRow]:
    """Those with these public ids, the first added first."""
    zone = company_zone()
    found = _PROSPECTS.where(Person.public_id.in_(bindparam("ids", expanding=True)))
    rows = fetch(found.order_by(Prospect.added_at, Prospect.person_id), {"ids": list(public_ids)})
    return [_row(row, zone) for row in rows]


def _row(row: Row[Any], zone: str) -> ProspectRow:
    return ProspectRow(
        person_id=row.id,
        public_id=row.public_id,
        name=row.name,
        email=row.email,
        source=row.source,
        source_note=row.source_note,
        obtained_on=row.obtained_on,
        ground=row.ground,
        areas=tuple(row.areas),
        added_at=row.added_at,
        added_by=row.added_by_name,
        invited_at=row.invited_at,
        invited_by=row.invited_by_name,
        facts=_facts(row, zone),
    )


def _facts(row: Row[Any], zone: str) -> ProspectFacts:
    return ProspectFacts(
        added_on=day_of(row.added_at, zone),
        is_here=bool(row.is_here),
        has_consent=bool(row.has_consent),
        has_said_no=bool(row.has_said_no),
        is_leaving=row.leaves_at is not None,
        delivery=row.delivery_state,
        accepted_on=day_of(row.sent_at, zone) if row.sent_at else None,
    )


def due_for_erasure(today: date, now: datetime, count: int) -> list[int]:
    """The ids of at most `count` people who asked to be erased or did not answer in time, by id.

    Whoever has asked to join and has not confirmed it yet is just answering.
    """
    own = select(Address.email).where(Address.person_id == Person.id).correlate(Person)
    is_joining = exists().where(
        JoinRequest.email.in_(own), JoinRequest.expires_at > bindparam("now", type_=JoinRequest.expires_at.type)
    )
    rows = fetch(
        _COUNTED.where(_is_erased_by(today, company_zone()))
        .where(or_(Prospect.leaves_at.is_not(None), ~is_joining))
        .order_by(Prospect.person_id)
        .limit(count),
        {"now": now},
    )
    return [row.person_id for row in rows]


def erased_hash(email: str) -> str:
    """What is kept of a (normalised) address whose person was erased."""
    return keyed_hash(current_settings().privacy_key, f"erased:{email}")


def erased_on_of(emails: Collection[str]) -> dict[str, date]:
    """Those of these (normalised) addresses whose person was erased, and on which day."""
    hashes = {erased_hash(one): one for one in emails}
    gone = fetch(
        select(ErasedAddress.address_hash, ErasedAddress.erased_on).where(
            ErasedAddress.address_hash.in_(bindparam("hashes", expanding=True))
        ),
        {"hashes": list(hashes)},
    )
    return {hashes[row.address_hash]: row.erased_on for row in gone}


def address_facts(emails: Collection[str]) -> dict[str, AddressFacts]:
    """What is known of (normalised) addresses before somebody is added with them; a few statements for all."""
    returned = {address_hash(one): one for one in emails}
    erased = erased_on_of(emails)
    suppressed = suppressed_among(returned)
    known = fetch(
        select(Address.email, Person.public_id, func.coalesce(Membership.left_at.is_not(None), false()).label("left"))
        .join(Person, Person.id == Address.person_id)
        .outerjoin(Membership, Membership.person_id == Person.id)
        .where(Address.email.in_(bindparam("emails", expanding=True))),
        {"emails": list(emails)},
    )
    people = {row.email: row for row in known}
    return {
        one: AddressFacts(
            public_id=people[one].public_id if one in people else "",
            has_left=one in people and bool(people[one].left),
            is_suppressed=one in suppressed,
            erased_on=erased.get(one),
        )
        for one in emails
    }


def suppressed_among(by_hash: dict[str, str]) -> set[str]:
    """Of addresses by their hash (`contact.queries.address_hash`), those that mail came back from."""
    rows = fetch(
        select(Suppression.address_hash)
        .where(Suppression.address_hash.in_(bindparam("hashes", expanding=True)))
        .where(Suppression.lifted_at.is_(None)),
        {"hashes": list(by_hash)},
    )
    return {by_hash[row.address_hash] for row in rows}


def looked_at(person_id: int) -> list[LookedAtRow]:
    """The public pages about a person that were looked at, the newest first."""
    rows = fetch(
        select(LookedAt.public_id, LookedAt.url, LookedAt.found_by, LookedAt.looked_on, _Noted.name)
        .join(_Noted, _Noted.id == LookedAt.noted_by_id)
        .where(LookedAt.person_id == person_id)
        .order_by(LookedAt.looked_on.desc(), LookedAt.id.desc())
    )
    return [LookedAtRow(*row) for row in rows]
