"""Erasing a person, making two people one, and handing over what a colleague looks after."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from portal.accounts.actions import change_role, deactivate_staff
from portal.audit.actions import record
from portal.company.queries import company_zone
from portal.core.clock import day_of
from portal.core.db import transaction
from portal.core.errors import NotFound, PortalError
from portal.core.i18n import gettext as _
from portal.core.i18n import reading_as
from portal.core.permissions import Permission, Role, is_allowed
from portal.interviews.actions.leaving import (
    Leaving,
    SeatChanged,
    hold_seats,
    ready_to_hand_over,
    ready_to_leave,
    tell_of_handing_over,
    tell_of_leaving,
)
from portal.openings.models import Opening
from portal.people.models import Person
from portal.people.queries import addresses_of, find_staff, recipient
from portal.privacy.actions.sealing import seal_what_must_stay
from portal.privacy.adapters import Erased, note_erased
from portal.privacy.queries import left_when_stepping_down, looked_after_by
from portal.privacy.queries.brought_back import joined_into
from portal.privacy.registry import FROM_THE_GROUND, FROM_THE_TOP
from portal.privacy.rules import work_words
from portal.prospects.queries import erased_hash
from portal.tasks.actions import add_task
from portal.tasks.queries import due_from
from portal.tasks.states import TaskKind


class StillAtWork(PortalError):
    """Somebody on the staff is to be erased, and others still rely on them."""


class NotPossible(PortalError):
    """The two people cannot be merged or cannot hand over to each other."""


def erase_person(person_id: int, actor_id: int | None, now: datetime, *, is_again: bool = False) -> None:
    """Remove all that is held about a person, in one transaction; an empty row stays, so that links keep their place.

    The journal of erasures has it on the disk before the database does: whoever a restored backup brings back is erased
    again, which `is_again` says; then nobody is told anew. A colleague is deactivated and handed over first.
    `actor_id` None: the system. Raises NotFound, StillAtWork, OSError when the journal cannot be written.
    """
    staff = find_staff(person_id)
    if staff is not None and staff.is_active:
        raise StillAtWork(_("This person works here. End their access and hand over their work first."))
    leaving = [] if is_again else ready_to_leave(person_id, now)
    try:
        with transaction() as session:
            # Held first: whoever adds something to this person, as an import does, comes before it or after it.
            hold_people(person_id)
            public_id = _public_id(person_id)
            hashes, joined = address_hashes_of(person_id), joined_into(person_id)
            told = [one for one in leaving if one.still_holds]
            seal_what_must_stay(person_id, now)
            for holder in FROM_THE_TOP:
                holder.erase(person_id, now)
            tell_of_leaving(told, now)
            record("privacy.erase_person", f"person:{public_id}", actor_id=actor_id, now=now)
            session.flush()
            if not is_again:
                # Last of all, once nothing can refuse any more: a line too many would erase after a restore.
                note_erased(Erased(now, public_id, hashes, joined))
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
        hold_people(kept_id, gone_id)
        kept, gone = _public_id(kept_id), _public_id(gone_id)
        for holder in FROM_THE_GROUND:
            holder.merge(kept_id, gone_id, now)
        record(
            "privacy.merge_people", f"person:{kept}", actor_id=actor_id, now=now, person_id=kept_id, merged_from=gone
        )


def hold_people(*person_ids: int) -> None:
    """Hold these people until the end of the transaction, always in the same order."""
    with transaction() as session:
        held = select(Person.id).where(Person.id.in_(person_ids)).order_by(Person.id).with_for_update()
        session.execute(held).all()


def hand_over(from_id: int, to_id: int, actor_id: int | None, now: datetime) -> None:
    """Let `to_id` look after all that `from_id` does, in one transaction; `to_id` must work here and have accepted.

    Both hear of the interviews that are still to come. Raises NotFound, NotPossible.
    """
    _hand_over(from_id, to_id, actor_id, ready_to_hand_over(from_id, to_id, now, stays=True), now)


def _hand_over(from_id: int, to_id: int, actor_id: int | None, seats: list[Leaving], now: datetime) -> None:
    """The same with mails that are ready."""
    receiver = find_staff(to_id)
    if from_id == to_id or receiver is None or not receiver.is_here:
        raise NotPossible(_("Please choose another colleague who works here."))
    with transaction():
        leaving = _public_id(from_id)
        try:
            hold_seats(seats)
        except SeatChanged as error:
            raise NotPossible(error.message) from error
        for holder in FROM_THE_GROUND:
            holder.hand_over(from_id, to_id, now)
        tell_of_handing_over(seats, now)
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

    Whoever takes over gets one task that says what is theirs now.

    Without `to_id` only somebody leaves who looks after nothing. Raises NotFound, NotPossible, LastAdmin.
    """
    # Their access ends with it, so nothing goes to them.
    seats = ready_to_hand_over(person_id, to_id, now, stays=False) if to_id is not None else []
    with transaction():
        if to_id is not None:
            left = {one.kind: one.count for one in looked_after_by(person_id)}
            _hand_over(person_id, to_id, actor_id, seats, now)
            if left:
                _owe_a_look(person_id, to_id, left, now)
        if looked_after_by(person_id):
            raise NotPossible(_("They still look after something here. Choose who takes it over."))
        deactivate_staff(person_id, actor_id, now)


def step_down(person_id: int, *, lead_id: int | None, to_id: int | None, actor_id: int, now: datetime) -> None:
    """A recruiter or admin becomes a hiring manager: `to_id` takes over what only recruiters look after.

    They keep the openings they hire for. In one transaction; without `to_id` only for somebody who looks after nothing
    else. Raises NotFound, NotPossible, LastAdmin, `accounts.rules.NotPossible`.
    """
    receiver = find_staff(to_id) if to_id is not None else None
    if receiver is not None and not is_allowed(receiver.role, Permission.WRITE_TO_CANDIDATES):
        raise NotPossible(_("Please choose a colleague who writes to candidates."))
    seats = ready_to_hand_over(person_id, to_id, now, stays=True) if to_id is not None else []
    with transaction() as session:
        theirs = select(Opening.id).where(Opening.hiring_manager_id == person_id).order_by(Opening.id)
        kept = session.scalars(theirs.with_for_update()).all()
        if to_id is not None:
            left = {one.kind: one.count for one in left_when_stepping_down(person_id)}
            _hand_over(person_id, to_id, actor_id, seats, now)
            session.execute(update(Opening).where(Opening.id.in_(kept)).values(hiring_manager_id=person_id))
            if left:
                _owe_a_look(person_id, to_id, left, now)
        if left_when_stepping_down(person_id):
            raise NotPossible(_("They look after more than hiring managers do. Choose who takes it over."))
        change_role(person_id, Role.HIRING_MANAGER, lead_id, actor_id, now)


def _owe_a_look(leaving_id: int, to_id: int, left: Mapping[str, int], now: datetime) -> None:
    """Whoever takes over is to look through what they have got; joins the transaction."""
    to = recipient(to_id)
    with reading_as(to.locale, to.timezone):
        title = work_words(left)
    today = day_of(now, company_zone())
    cause = f"person:{_public_id(leaving_id)}"
    add_task(
        owner_id=to_id,
        kind=TaskKind.HANDED_OVER,
        cause=cause,
        # Only applications have an owner to look for; else the list shows all that they may see.
        about=to.public_id if left.get("applications") else "",
        due_on=due_from(TaskKind.HANDED_OVER, today),
        dedupe_key=f"handed_over:{cause}:{now.isoformat()}",
        title=title,
        person_id=leaving_id,
        now=now,
    )


def address_hashes_of(person_id: int) -> tuple[str, ...]:
    """What is kept of each of a person's addresses once they are erased."""
    return tuple(sorted(erased_hash(one.email) for one in addresses_of(person_id)))


def _public_id(person_id: int) -> str:
    with transaction() as session:
        person = session.get(Person, person_id, with_for_update=True)
        if person is None:
            raise NotFound
        return person.public_id
