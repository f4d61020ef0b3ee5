"""Erasing a person, making two people one, and handing over what a colleague looks after."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError

from portal.audit.actions import record
from portal.core.db import transaction
from portal.core.errors import NotFound, PortalError
from portal.core.i18n import gettext as _
from portal.people.models import Person
from portal.people.queries import find_staff
from portal.privacy.registry import FROM_THE_GROUND, FROM_THE_TOP


class StillAtWork(PortalError):
    """Somebody on the staff is to be erased, and others still rely on them."""


class NotPossible(PortalError):
    """The two people cannot be merged or cannot hand over to each other."""


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
        kept, gone = _public_id(kept_id), _public_id(gone_id)
        for holder in FROM_THE_GROUND:
            holder.merge(kept_id, gone_id, now)
        record(
            "privacy.merge_people", f"person:{kept}", actor_id=actor_id, now=now, person_id=kept_id, merged_from=gone
        )


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


def _public_id(person_id: int) -> str:
    with transaction() as session:
        person = session.get(Person, person_id, with_for_update=True)
        if person is None:
            raise NotFound
        return person.public_id
