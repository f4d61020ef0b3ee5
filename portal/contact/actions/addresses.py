"""Addresses that mail came back from: not written to again until an admin says so."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal.audit.actions import record
from portal.contact.models import Suppression
from portal.contact.queries import address_hash
from portal.core.db import insert_into, transaction
from portal.core.errors import NotFound
from portal.core.logs import redact
from portal.people.models import Person
from portal.people.queries import known_person

_WORDS_LENGTH = 300


def suppress(address: str, *, code: int, words: str, now: datetime) -> None:
    """Write to `address` no more: the mail server said for good that it takes nothing; joins the transaction.

    `code` and `words` are its answer. Of an address that is nobody's, only a keyed hash is kept.
    """
    known = known_person(address.strip().lower())
    digest = address_hash(address)
    values: dict[str, Any] = {
        "address": address.strip().lower() if known else "",
        "person_id": known.person_id if known else None,
        "code": code,
        "words": redact(" ".join(words.split()))[:_WORDS_LENGTH],
        "suppressed_at": now,
        "lifted_at": None,
    }
    with transaction() as session:
        changed = session.scalar(
            insert_into(Suppression, session.get_bind().dialect.name)
            .values(address_hash=digest, **values)
            .on_conflict_do_update(
                index_elements=["address_hash"], set_=values, where=Suppression.lifted_at.is_not(None)
            )
            .returning(Suppression.id)
        )
        if changed is None:
            return
        subject = f"person:{known.public_id}" if known else f"address:{digest[:12]}"
        record("contact.suppress", subject, actor_id=None, now=now, person_id=values["person_id"], code=code)
        session.flush()


def lift_suppression(address: str, *, actor_id: int, now: datetime) -> None:
    """Let mail go to `address` again, as an admin decided; joins the transaction. Raises NotFound when it may."""
    with transaction() as session:
        row = session.scalar(
            select(Suppression)
            .where(Suppression.address_hash == address_hash(address))
            .where(Suppression.lifted_at.is_(None))
            .with_for_update()
        )
        if row is None:
            raise NotFound
        row.lifted_at = now
        person = session.get(Person, row.person_id) if row.person_id else None
        subject = f"person:{person.public_id}" if person else f"address:{row.address_hash[:12]}"
        record("contact.lift_suppression", subject, actor_id=actor_id, now=now, person_id=row.person_id)
        session.flush()
