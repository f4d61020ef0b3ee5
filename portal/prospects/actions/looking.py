"""Noting the public pages about a person that a colleague looked at; the person may read of each."""

from datetime import date, datetime

from sqlalchemy import select

from portal.audit.actions import record
from portal.core.db import transaction
from portal.core.errors import NotFound
from portal.core.identifiers import new_public_id
from portal.people.models import Person
from portal.prospects.models import LookedAt


def note_link(public_id: str, *, url: str, found_by: str, looked_on: date, actor_id: int, now: datetime) -> None:
    """Note a page about the person with this public id. Recorded. Raises NotFound, also for the asker themselves."""
    with transaction() as session:
        found = select(Person.id).where(Person.public_id == public_id).where(Person.id != actor_id)
        person_id = session.scalar(found.with_for_update(key_share=True))
        if person_id is None:
            raise NotFound
        session.add(
            LookedAt(
                public_id=new_public_id(),
                person_id=person_id,
                url=url,
                found_by=found_by,
                looked_on=looked_on,
                noted_by_id=actor_id,
                noted_at=now,
            )
        )
        record("prospects.note_link", f"person:{public_id}", actor_id=actor_id, now=now, person_id=person_id)


def remove_link(link_id: str, *, actor_id: int, now: datetime) -> str:
    """Remove a page that was noted; the public id of whom it was about. Recorded. Raises NotFound."""
    with transaction() as session:
        row = session.scalar(select(LookedAt).where(LookedAt.public_id == link_id).with_for_update())
        if row is None or row.person_id == actor_id:
            raise NotFound
        public_id = session.get_one(Person, row.person_id).public_id
        record("prospects.remove_link", f"person:{public_id}", actor_id=actor_id, now=now, person_id=row.person_id)
        session.delete(row)
        return public_id
