"""Somebody without an opening says no, or a colleague lets them go; and whether it is time to erase them."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.actions import use_token
from portal.audit.actions import record
from portal.company.queries import company_zone
from portal.core.clock import day_of
from portal.core.db import insert_into, transaction
from portal.core.errors import NotFound, PortalError
from portal.core.i18n import gettext as _
from portal.core.leases import wake_job
from portal.core.tokens import TokenKind
from portal.outbox.actions import cancel
from portal.people.models import Person
from portal.prospects.actions.inviting import cause_of
from portal.prospects.models import ErasedAddress, Prospect
from portal.prospects.queries import facts_of
from portal.prospects.rules import is_due

#: Erases those whose time has come; it stands above us.
ERASING = "privacy/erase_prospects"


class NotHere(PortalError):
    """They came to us since: what is theirs now is not deleted by a link in an old mail."""


def say_no_thanks(token: str, now: datetime) -> None:
    """Use the link of an invitation up: no mail goes any more, and the worker erases them at once.

    Raises TokenRefused, and NotHere where they joined, applied or signed in since.
    """
    with transaction() as session:
        used = use_token(TokenKind.NO_THANKS, token, now)
        _let_go(session, used.person_id or 0, None, now)


def let_go(public_id: str, *, actor_id: int, now: datetime) -> None:
    """A colleague takes back that they were added: they are erased at once. Raises NotFound, NotHere."""
    with transaction() as session:
        person_id = session.scalar(select(Person.id).where(Person.public_id == public_id))
        _let_go(session, person_id or 0, actor_id, now)


def _let_go(session: Session, person_id: int, actor_id: int | None, now: datetime) -> None:
    person = session.get(Person, person_id, with_for_update=True)
    row = session.get(Prospect, person_id, with_for_update=True)
    facts = facts_of(person_id)
    if person is None or row is None or facts is None:
        raise NotFound
    if facts.is_here:
        raise NotHere(_("They came to us since, so nothing is deleted here. They can ask for it themselves."))
    if row.leaves_at is None:
        row.leaves_at = now
        record("prospects.let_go", f"person:{person.public_id}", actor_id=actor_id, now=now, person_id=person_id)
    cancel(cause_of(person.public_id), now)
    session.flush()
    wake_job(ERASING, now)


def is_still_due(person_id: int, now: datetime) -> bool:
    """Whether somebody is to be erased now: read within the caller's transaction, who holds the person."""
    facts = facts_of(person_id)
    return facts is not None and is_due(facts, day_of(now, company_zone()))


def keep_closed(erased_at: Mapping[str, datetime]) -> None:
    """Let nobody add or invite these addresses again, by their keyed hashes and when their people were erased.

    For what a restored backup does not know. What is known of an address stays, but for a later day. Safe to run twice.
    """
    with transaction() as session:
        zone, dialect = company_zone(), session.get_bind().dialect.name
        for address_hash, at in sorted(erased_at.items()):
            asked = insert_into(ErasedAddress, dialect).values(
                address_hash=address_hash, erased_on=day_of(at, zone), purposes={}
            )
            session.execute(
                asked.on_conflict_do_update(
                    index_elements=["address_hash"],
                    set_={"erased_on": asked.excluded.erased_on},
                    where=ErasedAddress.erased_on < asked.excluded.erased_on,
                )
            )
