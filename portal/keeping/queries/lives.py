"""Whose time with us may be near its end, and all that decides about one of them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import and_, exists, func, or_, select

from portal.accounts.models import DeviceSession
from portal.applications.models import Application, Submission
from portal.applications.queries import applications_of
from portal.applications.states import ENDINGS
from portal.community.models import Membership
from portal.company.queries import Retention, company_zone, retention
from portal.contact.models import SignOfLife
from portal.contact.queries import consent_states
from portal.contact.rules.hours import months_after
from portal.core.clock import day_of
from portal.core.db import fetch
from portal.interviews.queries.overdue import to_come_of
from portal.keeping.models import ErasureRequest, StayQuestion
from portal.keeping.rules import ASK_DAYS, Asked, PlaceRule, rule_of
from portal.openings.models import OpeningPlace
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.people.models import Address, Person, Staff
from portal.prospects.models import Prospect
from portal.tasks.models import Task
from portal.tasks.states import OPEN_STATES

_WAITING = (DeliveryState.QUEUED, DeliveryState.LEASED)


@dataclass(frozen=True)
class Standing:
    """How long a person may stay: counted from a day, until another, unless something of theirs is open."""

    person_id: int
    #: They joined, or agreed to hear from us.
    is_member: bool
    has_open_matters: bool
    counted_from: date
    ends_on: date
    asked: Asked | None


def place_rules(known: Retention) -> list[PlaceRule]:
    """What the company decided for applications in single places."""
    return [PlaceRule(one["place"], one["months"], one["sealed_years"]) for one in known.places]


def quiet_people(today: date, after_id: int, count: int) -> list[int]:
    """At most `count` people, by id, whom we have not heard from for so long that their time may be near its end.

    Not colleagues, not whoever is to be erased anyway, and not people without an opening, who have a rule of their own.
    """
    known, zone = retention(), ZoneInfo(company_zone())
    months = [known.community_months, known.rejected_months, *(one["months"] for one in known.places)]
    latest = months_after(today + timedelta(days=ASK_DAYS[0]), -min(months)) + timedelta(days=3)
    last_moment = datetime.combine(latest + timedelta(days=1), time(), zone)
    is_waiting_prospect = and_(
        Person.claimed_at.is_(None),
        exists().where(Prospect.person_id == Person.id),
        ~exists().where(Application.person_id == Person.id),
    )
    rows = fetch(
        select(Person.id)
        .outerjoin(SignOfLife, SignOfLife.person_id == Person.id)
        .where(Person.id > after_id)
        .where(
            or_(SignOfLife.last_on <= latest, and_(SignOfLife.last_on.is_(None), Person.created_at < last_moment)),
            exists().where(Address.person_id == Person.id),
            ~exists().where(Staff.person_id == Person.id, Staff.is_active),
            ~exists().where(ErasureRequest.person_id == Person.id),
            ~is_waiting_prospect,
        )
        .order_by(Person.id)
        .limit(count)
    )
    return [row.id for row in rows]


def standing_of(person_id: int, now: datetime) -> Standing:
    """How long this person may stay, as it is now."""
    zone, known = company_zone(), retention()
    is_member = _is_member(person_id)
    heard_on = _heard_on(person_id, zone)
    ended_on, months, is_open = _applications(person_id, zone, known)
    counted_from = heard_on if is_member or ended_on is None else max(heard_on, ended_on)
    kept_months = max(months, known.community_months) if is_member else months
    return Standing(
        person_id=person_id,
        is_member=is_member,
        has_open_matters=is_open or _has_tasks(person_id) or bool(to_come_of(person_id, now)),
        counted_from=counted_from,
        ends_on=months_after(counted_from, kept_months),
        asked=_asked(person_id, zone),
    )


def _is_member(person_id: int) -> bool:
    joined = exists().where(Membership.person_id == person_id, Membership.left_at.is_(None))
    return bool(fetch(select(joined)).scalar()) or any(one.is_given for one in consent_states(person_id).values())


def _heard_on(person_id: int, zone: str) -> date:
    """Their last sign of life: what was noted as one, a device that was here, an application that they sent."""
    row = fetch(
        select(
            Person.created_at,
            SignOfLife.last_on,
            select(func.max(DeviceSession.last_seen_at))
            .where(DeviceSession.person_id == Person.id)
            .scalar_subquery()
            .label("seen_at"),
            select(func.max(Application.created_at))
            .join(Submission, Submission.application_id == Application.id)
            .where(Application.person_id == Person.id)
            .scalar_subquery()
            .label("applied_at"),
        )
        .outerjoin(SignOfLife, SignOfLife.person_id == Person.id)
        .where(Person.id == person_id)
    ).one()
    noted = row.last_on or day_of(row.created_at, zone)
    return max([noted, *(day_of(at, zone) for at in (row.seen_at, row.applied_at) if at is not None)])


def _applications(person_id: int, zone: str, known: Retention) -> tuple[date | None, int, bool]:
    """When the last of their applications ended, the longest months that hold for one, and whether one is open."""
    cards = applications_of(person_id)
    if not cards:
        return None, known.rejected_months, False
    ended = [day_of(card.since, zone) for card in cards if card.status in ENDINGS]
    labels: dict[str, list[str]] = {card.public_id: [] for card in cards}
    rows = fetch(
        select(Application.public_id, OpeningPlace.label)
        .outerjoin(OpeningPlace, OpeningPlace.opening_id == Application.opening_id)
        .where(Application.person_id == person_id)
        .order_by(OpeningPlace.place)
    )
    for public_id, label in rows:
        if label:
            labels.setdefault(public_id, []).append(label)
    rules = [rule_of(one, place_rules(known)) for one in labels.values()]
    months = max(rule.months if rule is not None else known.rejected_months for rule in rules)
    return max(ended, default=None), months, len(ended) < len(cards)


def _has_tasks(person_id: int) -> bool:
    open_task = exists().where(Task.person_id == person_id, Task.state.in_(OPEN_STATES))
    return bool(fetch(select(open_task)).scalar())


def _asked(person_id: int, zone: str) -> Asked | None:
    row = fetch(
        select(
            StayQuestion.counted_from,
            StayQuestion.asked_count,
            StayQuestion.ends_on,
            StayQuestion.asked_on,
            Delivery.state,
            Delivery.sent_at,
        )
        .join(Delivery, Delivery.id == StayQuestion.delivery_id)
        .where(StayQuestion.person_id == person_id)
    ).one_or_none()
    if row is None:
        return None
    # Where no mail can go, for example because it comes back, it counts as asked on the day it was tried.
    reached_on = None if row.state in _WAITING else day_of(row.sent_at, zone) if row.sent_at else row.asked_on
    return Asked(row.counted_from, row.asked_count, row.ends_on, reached_on)
