"""People with what a segment can ask, and short words for trees."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete

from portal.community.models import Membership, PersonArea, PersonPlace, PersonSkill, Preferences
from portal.contact.actions import record_consent
from portal.contact.models import SignOfLife
from portal.contact.states import Budget, ConsentAction, Purpose, Timing
from portal.core import clock
from portal.core.db import fetch, transaction
from portal.core.identifiers import new_secret
from portal.notes.models import PersonTag
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState, MailClass
from portal.segments.queries import people_in
from portal.segments.rules import Chosen, Condition, Group
from portal.segments.states import Field, Match, Operator
from tests.factories import make_person

TODAY = date(2026, 3, 4)
WARSAW, BERLIN = "geonames:756135", "geonames:2950159"


def asks(field: Field, operator: Operator, *keys: str, days: int | None = None) -> Condition:
    """A condition."""
    return Condition(field, operator, tuple(Chosen(key) for key in keys), days)


def every(*parts: Group | Condition) -> Group:
    """All of these hold."""
    return Group(Match.ALL, parts)


def some(*parts: Group | Condition) -> Group:
    """Any of these holds."""
    return Group(Match.ANY, parts)


def no(*parts: Group | Condition) -> Group:
    """None of these holds."""
    return Group(Match.NONE, parts)


def found(tree: Group, today: date = TODAY) -> set[int]:
    """Who is in it."""
    return set(fetch(people_in(tree, today)).scalars())


def make_member(
    name: str = "Ada Lind",
    *,
    areas: tuple[str, ...] = (),
    skills: tuple[str, ...] = (),
    places: tuple[str, ...] = (),
    tags: tuple[str, ...] = (),
    **preferences: Any,
) -> int:
    """Somebody who joined and said this of themselves; returns the person's id."""
    person_id = make_person(name)
    with transaction() as own:
        own.add(Membership(person_id=person_id, joined_at=clock.now()))
        told = {"work_modes": [], "industries": [], "changed_at": clock.now(), **preferences}
        own.add(Preferences(person_id=person_id, **told))
        own.add_all(PersonArea(person_id=person_id, area=area) for area in areas)
        own.add_all(PersonSkill(person_id=person_id, skill=skill, label=skill.title()) for skill in skills)
        own.add_all(PersonPlace(person_id=person_id, place=place, label=place) for place in places)
    for tag in tags:
        put_tag(person_id, tag)
    return person_id


def put_tag(person_id: int, tag: str) -> None:
    """A word of colleagues on a person."""
    with transaction() as own:
        own.add(PersonTag(person_id=person_id, name=tag, key=tag.lower(), added_by_id=person_id, added_at=clock.now()))


def write_to(
    person_id: int, at: datetime, kind: str = "applications/message", mail_class: MailClass = MailClass.OWN
) -> int:
    """A message that the mail server accepted at `at`; returns the delivery's id."""
    with transaction() as own:
        delivery = Delivery(
            key=new_secret()[:24],
            dedupe_key=new_secret(),
            kind=kind,
            mail_class=mail_class,
            timing=Timing.AT_ONCE,
            budget=Budget.NONE,
            cause="test",
            person_id=person_id,
            to_address="someone@example.org",
            to_name="",
            to_domain="example.org",
            reply_to="",
            subject="",
            text="",
            html="",
            places=[],
            state=DeliveryState.SENT,
            attempts=1,
            next_try_at=at,
            failed_code=0,
            failed_status="",
            last_error="",
            created_at=at,
            sent_at=at,
        )
        own.add(delivery)
        own.flush()
        return delivery.id


def hear_from(person_id: int, days_ago: int | None) -> None:
    """They did something with us then, and nothing since; None: never."""
    with transaction() as own:
        own.execute(delete(SignOfLife).where(SignOfLife.person_id == person_id))
        if days_ago is not None:
            own.add(SignOfLife(person_id=person_id, last_on=TODAY - timedelta(days=days_ago)))


def agree(
    person_id: int, action: ConsentAction, purpose: Purpose = Purpose.INSIDER_UPDATES, actor_id: int | None = None
) -> None:
    """An entry of the ledger."""
    record_consent(
        person_id,
        purpose,
        action,
        words="Yes.",
        text_version="1",
        locale="en",
        source="/join",
        now=clock.now(),
        actor_id=actor_id,
    )
