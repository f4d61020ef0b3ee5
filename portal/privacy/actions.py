"""Erasing a person, making two people one, and handing over what a colleague looks after."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.accounts.actions import address_notice, deactivate_staff, note_arrival, settle_address
from portal.accounts.queries import proven_address
from portal.audit.actions import record
from portal.core.db import transaction
from portal.core.errors import NotFound, PortalError
from portal.core.i18n import gettext as _
from portal.people.models import Person
from portal.people.queries import find_staff, known_person
from portal.privacy.queries import looked_after_by
from portal.privacy.registry import FROM_THE_GROUND, FROM_THE_TOP


class StillAtWork(PortalError):
    """Somebody on the staff is to be erased, and others still rely on them."""


class NotPossible(PortalError):
    """The two people cannot be merged or cannot hand over to each other."""


class NothingToJoin(PortalError):
    """No confirmed address waits for its record to be joined; perhaps it was done in another tab."""


def erase_person(person_id: int, actor_id: int | None, now: datetime) -> None:
    """Remove all that is held about a person, in one transaction; an empty row stays, so that links keep their place.

    A colleague is deactivated and handed over first. `actor_id` None: the system. Raises NotFound, StillAtWork.
    """
    staff = find_staff(person_id)
    if staff is not None and staff.is_active:
        raise StillAtWork(_("This person works here. End their access and hand over their work first."))
    try:
        with transaction():
            public_id = _public_id(person_id)
            for holder in FROM_THE_TOP:
                holder.erase(person_id, now)
            record("privacy.erase_person", f"person:{public_id}", actor_id=actor_id, now=now)
    except IntegrityError as error:
        if staff is None:
            raise
        raise StillAtWork(_("This person still looks after something here. Hand over their work first.")) from error


def merge_people(kept_id: int, gone_id: int, actor_id: int | None, now: datetime) -> None:
    """Make two people one: `kept_id` has all that either had, `gone_id` is an empty row; in one transaction.

    Raises NotFound, NotPossible when both are the same.
    """
    if kept_id == gone_id:
        raise NotPossible(_("These are the same person already."))
    with transaction():
        _lock_both(kept_id, gone_id)
        kept, gone = _public_id(kept_id), _public_id(gone_id)
        for holder in FROM_THE_GROUND:
            holder.merge(kept_id, gone_id, now)
        record(
            "privacy.merge_people", f"person:{kept}", actor_id=actor_id, now=now, person_id=kept_id, merged_from=gone
        )


def join_records(person_id: int, session_id: int, now: datetime) -> str:
    """Join the record of an address that this person has confirmed to theirs, in one transaction; the address.

    What they chose outranks what the other record says, and what either withdrew stays withdrawn. A colleague's record
    never joins another one: its rights would come by an address alone. Raises NothingToJoin, NotPossible.
    """
    asked = proven_address(person_id, now)
    if asked is None:
        raise _nothing_to_join()
    notice = address_notice(asked)
    other = known_person(asked.email)
    with transaction():
        _lock_both(person_id, other.person_id if other else person_id)
        found = known_person(asked.email)
        is_same = (found.person_id if found else None) == (other.person_id if other else None)
        if not is_same or proven_address(person_id, now) != asked:
            raise _nothing_to_join()
        if found is not None and found.person_id != person_id:
            if find_staff(found.person_id) is not None:
                raise NotPossible(
                    _("This address belongs to a colleague's account. Sign in there, and add your other address to it.")
                )
            note_arrival(found.person_id, now)
            merge_people(person_id, found.person_id, person_id, now)
        settle_address(asked.request_id, session_id, notice, now)
    return asked.email


def _nothing_to_join() -> NothingToJoin:
    return NothingToJoin(_("There is nothing to join any more. Perhaps it was done in another tab."))


def _lock_both(one_id: int, other_id: int) -> None:
    """Hold both people until the end of the transaction, always in the same order."""
    with transaction() as session:
        both = select(Person.id).where(Person.id.in_([one_id, other_id])).order_by(Person.id).with_for_update()
        session.execute(both).all()


def hand_over(from_id: int, to_id: int, actor_id: int | None, now: datetime) -> None:
    """Let `to_id` look after all that `from_id` does, in one transaction; `to_id` must be active on the staff.

    Raises NotFound, NotPossible.
    """
    receiver = find_staff(to_id)
    if from_id == to_id or receiver is None or not receiver.is_active:
        raise NotPossible(_("Please choose another colleague who works here."))
    with transaction():
        leaving = _public_id(from_id)
        for holder in FROM_THE_GROUND:
            holder.hand_over(from_id, to_id, now)
        record(
            "privacy.hand_over",
            f"person:{leaving}",
            actor_id=actor_id,
            now=now,
            person_id=from_id,
            to=receiver.public_id,
        )


def let_go(person_id: int, to_id: int | None, actor_id: int, now: datetime) -> None:
    """A member of staff leaves: `to_id` takes over all they look after, their access ends; in one transaction.

    Without `to_id` only somebody leaves who looks after nothing. Raises NotFound, NotPossible, LastAdmin.
    """
    with transaction():
        if to_id is not None:
            hand_over(person_id, to_id, actor_id, now)
        if looked_after_by(person_id):
            raise NotPossible(_("They still look after something here. Choose who takes it over."))
        deactivate_staff(person_id, actor_id, now)


def _public_id(person_id: int) -> str:
    with transaction() as session:
        person = session.get(Person, person_id, with_for_update=True)
        if person is None:
            raise NotFound
        return person.public_id
