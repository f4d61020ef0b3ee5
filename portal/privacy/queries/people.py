"""Whose request about their data it is, and the proof of what they agreed to."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select

from portal.contact.models import ConsentEvent
from portal.contact.rules import PURPOSE_LABELS
from portal.contact.states import ConsentAction
from portal.core.db import fetch
from portal.people.models import Address, Person
from portal.people.queries import KnownPerson


def whose_request(public_id: str) -> KnownPerson | None:
    """The person with this public id, if we hold anything about them."""
    row = fetch(
        select(Person.id, Person.public_id, Person.name, Person.locale, Person.timezone)
        .where(Person.public_id == public_id)
        .where(exists().where(Address.person_id == Person.id))
    ).one_or_none()
    return KnownPerson(*row) if row else None


@dataclass(frozen=True)
class Proof:
    """One entry of the ledger, as it shows what somebody agreed to."""

    label: str
    action: ConsentAction
    occurred_at: datetime
    #: What they saw beside the box or on the button, and which version of our texts that was.
    words: str
    text_version: str
    #: Where it was said, for example "/join".
    source: str
    is_by_colleague: bool


def proofs_of(person_id: int) -> list[Proof]:
    """Everything that this person agreed to or took back, newest first."""
    events = fetch(
        select(
            ConsentEvent.purpose,
            ConsentEvent.action,
            ConsentEvent.occurred_at,
            ConsentEvent.words,
            ConsentEvent.text_version,
            ConsentEvent.source,
            ConsentEvent.actor_id,
        )
        .where(ConsentEvent.person_id == person_id)
        .order_by(ConsentEvent.id.desc())
    )
    return [
        Proof(
            label=str(PURPOSE_LABELS[event.purpose]),
            action=event.action,
            occurred_at=event.occurred_at,
            words=event.words,
            text_version=event.text_version,
            source=event.source,
            is_by_colleague=event.actor_id not in {None, person_id},
        )
        for event in events
    ]
